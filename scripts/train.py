"""Train every replicate of one cell."""

import logging
from importlib import import_module
from pathlib import Path

from _job import begin

from fewpixels.artifacts import read_npz, read_subset, write_csv, write_npz
from fewpixels.streams import Streams

values = begin(snakemake)
wildcards = snakemake.wildcards
fit = import_module(f"fewpixels.models.{values['family']}").fit(
    read_subset(snakemake.input.train),
    read_subset(snakemake.input.validation),
    values["parameters"],
    grams={
        Path(file).stem.removeprefix("gram-"): read_npz(file, "train", "validation")
        for file in snakemake.input.grams
    },
    streams=Streams(values["seed"], wildcards.dataset, f"{wildcards.size}/{wildcards.model}"),
)
logging.info("trained %d replicates in %.3f s", len(fit.updates), fit.seconds)
write_npz(snakemake.output.model, **fit.parameters)
write_csv(
    snakemake.output.history, ["replicate", "step", "loss", "validation_accuracy"], fit.history
)
seconds = fit.seconds / len(fit.updates)
write_csv(
    snakemake.output.fit,
    ["replicate", "updates", "seconds"],
    ([r, updates, seconds] for r, updates in enumerate(fit.updates.tolist())),
)
for name, (header, rows) in fit.tables.items():
    write_csv(snakemake.output[name], header, rows)

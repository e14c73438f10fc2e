"""Train every replicate of one cell."""

import logging
from time import perf_counter

from _job import begin

from fewpixels.artifacts.arrays import COLUMNS, write_csv, write_npz
from fewpixels.artifacts.images import read_subset, read_training
from fewpixels.contract import checked, diverged
from fewpixels.models import load
from fewpixels.streams import Streams

values = begin(snakemake)
wildcards = snakemake.wildcards
size = int(wildcards.size)
replicates = values["replicates"]
train = read_training(snakemake.input.train, snakemake.input.copies, size, replicates)
validation = read_subset(snakemake.input.validation, size, replicates)
family = load(values["family"])
start = perf_counter()
fit = family.fit(
    train,
    validation,
    values["parameters"],
    streams=Streams(values["seed"], wildcards.dataset, f"{wildcards.size}/{wildcards.model}"),
)
seconds = perf_counter() - start
logging.info("trained %d replicates in %.3f s", replicates, seconds)
checked(fit.faults(replicates), values["family"], "fit")
write_npz(snakemake.output.model, **fit.parameters)
write_csv(snakemake.output.history, COLUMNS["history.csv"], fit.history)
lost = diverged(fit.parameters).astype(int).tolist()
if any(lost):
    logging.warning("%d of %d replicates diverged", sum(lost), replicates)
write_csv(
    snakemake.output.fit,
    COLUMNS["fit.csv"],
    ([r, updates, seconds / replicates, lost[r]] for r, updates in enumerate(fit.updates.tolist())),
)
for name, (header, rows) in fit.tables.items():
    write_csv(snakemake.output[name], header, rows)

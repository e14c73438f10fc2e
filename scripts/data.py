"""Fetch a dataset from its source, check it, and write it as arrays."""

from importlib import import_module

from _job import begin

from fewpixels.artifacts import write_npz
from fewpixels.datasets import check_dataset

entry = begin(snakemake)
dataset = import_module(f"fewpixels.datasets.{entry['source']}").load(entry["options"])
check_dataset(dataset, entry, snakemake.wildcards.dataset)
write_npz(
    snakemake.output[0],
    images=dataset.images,
    labels=dataset.labels,
    fresh_images=dataset.fresh_images,
    fresh_labels=dataset.fresh_labels,
)

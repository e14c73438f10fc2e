"""Load a dataset from its source, check it, and write it as arrays."""

from _job import begin

from fewpixels.artifacts.arrays import write_npz
from fewpixels.datasets import load

dataset = load(begin(snakemake), snakemake.wildcards.dataset)
write_npz(
    snakemake.output[0],
    images=dataset.images,
    labels=dataset.labels,
    fresh_images=dataset.fresh_images,
    fresh_labels=dataset.fresh_labels,
    names=dataset.names,
)

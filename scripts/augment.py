"""Compute the Gram matrices of each replicate's training and validation images."""

from _job import begin

from fewpixels.artifacts.arrays import PIXELS, read_npz, read_subset, write_npz
from fewpixels.images.downscale import downscale
from fewpixels.perceptrons.kernels import KERNELS, grams

begin(snakemake)
size = int(snakemake.wildcards.size)
pool = downscale(read_npz(snakemake.input.data, images=f"{PIXELS} N side side")["images"], size)
train, validation = grams(
    KERNELS[snakemake.wildcards.kernel],
    pool,
    read_subset(snakemake.input.train, size).ids,
    read_subset(snakemake.input.validation, size).ids,
)
write_npz(snakemake.output[0], train=train, validation=validation)

"""Compute the Gram matrices of each replicate's training and validation images."""

from _job import begin

from fewpixels.artifacts import read_subset, write_npz
from fewpixels.kernels import KERNELS, grams

begin(snakemake)
kernel = KERNELS[snakemake.wildcards.kernel]
train, validation = grams(
    kernel, read_subset(snakemake.input.train), read_subset(snakemake.input.validation)
)
write_npz(snakemake.output[0], train=train, validation=validation)

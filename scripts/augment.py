"""Compute the Gram matrices of each replicate's training and validation images."""

import numpy as np
from _job import begin

from fewpixels.artifacts import read_subset, write_npz
from fewpixels.kernels import KERNELS

begin(snakemake)
kernel = KERNELS[snakemake.wildcards.kernel]
train = read_subset(snakemake.input.train)
validation = read_subset(snakemake.input.validation)
write_npz(
    snakemake.output[0],
    train=np.stack([kernel(x, x) for x in train.x]),
    validation=np.stack([kernel(x, z) for x, z in zip(validation.x, train.x, strict=True)]),
)

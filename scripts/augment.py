"""Compute the Gram matrices of each replicate's training and validation images."""

from _job import begin

from fewpixels.artifacts.arrays import PIXELS, read_npz, write_npz
from fewpixels.artifacts.images import read_subset
from fewpixels.images.downscale import downscale
from fewpixels.perceptrons.kernels import KERNELS, grams

begin(snakemake)
size = int(snakemake.wildcards.size)
pool = downscale(read_npz(snakemake.input.data, images=f"{PIXELS} N side side")["images"], size)
train, validation = grams(
    KERNELS[snakemake.wildcards.kernel],
    pool,
    *(s.ids[s.place] for s in (read_subset(f, size) for f in list(snakemake.input)[1:])),
)
write_npz(snakemake.output[0], train=train, validation=validation)

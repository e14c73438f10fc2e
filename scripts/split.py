"""Choose training, validation and test images of the pool, for each replicate or for all."""

from _job import begin

from fewpixels.artifacts.arrays import read_npz, write_npz
from fewpixels.images.splits import deal

values = begin(snakemake)
pool = read_npz(snakemake.input[0], labels="int64 N", names="str C")
write_npz(snakemake.output[0], **deal(**pool, how=values, dataset=snakemake.wildcards.dataset))

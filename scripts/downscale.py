"""Average a split's images down to one size; those that all replicates share, once."""

from _job import begin

from fewpixels.artifacts.arrays import PIXELS, read_npz, write_npz
from fewpixels.images.downscale import downscale
from fewpixels.images.splits import SUBSETS

begin(snakemake)
data = read_npz(snakemake.input.data, images=f"{PIXELS} N side side", labels="int64 N")
split = read_npz(snakemake.input.split, train="int32 R n", validation="int32 R m", test="int32 R t")
pool = downscale(data["images"], int(snakemake.wildcards.size))
for subset in SUBSETS:
    ids = split[subset]
    write_npz(snakemake.output[subset], x=pool[ids], y=data["labels"][ids], ids=ids)

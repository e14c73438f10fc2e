"""Average a split's images down to one size; those that several replicates have, once."""

import numpy as np
from _job import begin

from fewpixels.artifacts.arrays import PIXELS, read_npz, smallest
from fewpixels.artifacts.images import write_images
from fewpixels.images.downscale import block_sums
from fewpixels.images.splits import SUBSETS

begin(snakemake)
data = read_npz(snakemake.input.data, images=f"{PIXELS} N side side", labels="int64 N")
split = read_npz(snakemake.input.split, train="int32 R n", validation="int32 R m", test="int32 R t")
sums, area = block_sums(data["images"], int(snakemake.wildcards.size))
for subset in SUBSETS:
    ids, place = np.unique(split[subset], return_inverse=True)
    place = smallest(place.reshape(split[subset].shape))
    labels = data["labels"][ids]
    write_images(snakemake.output[subset], sums[ids], area, labels, ids=ids, place=place)

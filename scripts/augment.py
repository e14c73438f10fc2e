"""Distort copies of the pool's images, and average them down to one size."""

import numpy as np
from _job import begin

from fewpixels.artifacts.arrays import PIXELS, read_npz
from fewpixels.artifacts.images import write_images
from fewpixels.images.distort import distort
from fewpixels.images.downscale import block_sums
from fewpixels.streams import of_augmentation

values = begin(snakemake)
wildcards, settings = snakemake.wildcards, values["settings"]
data = read_npz(snakemake.input[0], images=f"{PIXELS} N side side", labels="int64 N")
rng = of_augmentation(values["seed"], wildcards.dataset, wildcards.augmentation)
copies = distort(data["images"], settings, rng)
sums, area = block_sums(copies.reshape(-1, *copies.shape[2:]), int(wildcards.size))
ids = np.repeat(np.arange(len(copies), dtype=np.int32), settings["copies"])
write_images(snakemake.output[0], sums, area, data["labels"][ids], ids=ids)

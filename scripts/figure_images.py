"""Draw one fresh image of each class at each size."""

import numpy as np
from _figures import write_figure
from _job import begin

from fewpixels.artifacts.arrays import PIXELS, read_npz
from fewpixels.artifacts.images import read_images
from fewpixels.artifacts.places import size_of
from fewpixels.figures.gallery import brightness, images

begin(snakemake)
data = read_npz(snakemake.input.data, names="str C", fresh_images=f"{PIXELS} n side side")
examples = {}
for file in snakemake.input.fresh:
    size = size_of(file)
    x, y = read_images(file, size)
    _, first = np.unique(y, return_index=True)
    examples[size] = x[first]
limits = brightness(data["fresh_images"])
write_figure(images(examples, data["names"], limits), snakemake.output)

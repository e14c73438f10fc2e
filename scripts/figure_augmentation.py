"""Draw images of the pool beside their distorted copies, at each size."""

import numpy as np
from _figures import write_figure
from _job import begin

from fewpixels.artifacts.arrays import PIXELS, read_npz
from fewpixels.artifacts.images import read_copies
from fewpixels.artifacts.places import size_of
from fewpixels.figures.gallery import augmentation, brightness
from fewpixels.images.downscale import downscale

IMAGES, COPIES = 10, 3

begin(snakemake)
forms = {"images": f"{PIXELS} N side side", "labels": "int64 N", "names": "str C"}
data = read_npz(snakemake.input.data, **forms)
# Evenly spaced by class.
by_class = np.argsort(data["labels"], kind="stable")
chosen = by_class[np.linspace(0, len(by_class) - 1, min(IMAGES, len(by_class))).astype(int)]
examples = {}
for file in snakemake.input.copies:
    size = size_of(file)
    copies = read_copies(file, size, chosen)
    own = [copies.images[copies.ids == i][:COPIES] for i in chosen]
    images = downscale(data["images"][chosen], size)
    examples[size] = np.concatenate([images[:, None], np.stack(own)], axis=1)
names = data["names"][data["labels"][chosen]]
write_figure(augmentation(examples, names, brightness(data["images"])), snakemake.output)

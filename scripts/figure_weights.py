"""Draw what one model learned of each pixel, at each size, in its first replicate."""

from importlib import import_module
from pathlib import Path

from _figures import write_figure
from _job import begin

from fewpixels.artifacts import read_npz, read_subset
from fewpixels.figures import gallery

values = begin(snakemake)
(model,) = values["models"]
family = import_module(f"fewpixels.models.{model['family']}")
learned = {}
for file, images in zip(snakemake.input.models, snakemake.input.images, strict=True):
    size = int(Path(images).parent.name.removesuffix("px"))
    learned[size] = family.weights(read_npz(file), read_subset(images))[0]
names = [str(i) for i in range(len(learned[size]))]
write_figure(gallery.weights(learned, model["title"], names), snakemake.output)

"""Draw what one model learned of each pixel, at each size, in its first replicate."""

from _figures import write_figure
from _job import begin

from fewpixels.artifacts.arrays import read_model, read_npz
from fewpixels.artifacts.images import read_training
from fewpixels.artifacts.places import cell_of
from fewpixels.figures import gallery
from fewpixels.models import load

values = begin(snakemake)
(model,) = values["models"]
family = load(values["family"])
learned = {}
copies = [[file] for file in snakemake.input.copies] or [[]] * len(snakemake.input.models)
files = zip(snakemake.input.models, snakemake.input.images, copies, strict=True)
for file, images, own in files:
    _, size, _ = cell_of(file)
    train = read_training(images, own, size, values["replicates"])
    fitted = read_model(file, values["replicates"])
    learned[size] = family.weights(fitted, values["parameters"], train)[0]
names = read_npz(snakemake.input.data, names="str C")["names"]
if len(names) != len(learned[size]):  # not one set of weights a class
    names = [str(i) for i in range(len(learned[size]))]
write_figure(gallery.weights(learned, model["title"], names), snakemake.output)

"""Draw confusion matrices on fresh images, over all replicates."""

from _figures import write_figure
from _job import begin

from fewpixels.artifacts.arrays import read_labels, read_npz
from fewpixels.artifacts.places import cell_of
from fewpixels.figures.gallery import confusion, confusions

values = begin(snakemake)
y = read_npz(snakemake.input.data, fresh_labels="int64 n")["fresh_labels"]
shares = {model["name"]: {} for model in values["models"]}
for file in snakemake.input.predictions:
    _, size, model = cell_of(file)
    labels = read_labels(file, "fresh", len(y))
    shares[model][size] = confusion(labels, y, values["classes"])
titles = {model["name"]: model["title"] for model in values["models"]}
names = read_npz(snakemake.input.data, names="str C")["names"]
write_figure(confusions(shares, titles, names), snakemake.output)

"""Draw confusion matrices on fresh images, over all replicates."""

from _figures import write_figure
from _job import begin

from fewpixels.artifacts.arrays import read_npz
from fewpixels.artifacts.frames import cell_of, size_of
from fewpixels.figures.gallery import confusion, confusions

values = begin(snakemake)
fresh = {size_of(file): read_npz(file, y="int64 n")["y"] for file in snakemake.input.fresh}
shares = {model["name"]: {} for model in values["models"]}
for file in snakemake.input.predictions:
    _, size, model = cell_of(file)
    labels = read_npz(file, fresh=f"int64 R {len(fresh[size])}")["fresh"]
    share = confusion(labels, fresh[size], values["classes"])
    shares[model][size] = share
titles = {model["name"]: model["title"] for model in values["models"]}
names = read_npz(snakemake.input.data, names="str C")["names"]
write_figure(confusions(shares, titles, names), snakemake.output)

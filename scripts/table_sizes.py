"""Tabulate each model from size to size: the smallest that suffices, and where accuracy steps."""

from _job import begin

from fewpixels.artifacts.frames import each_score
from fewpixels.artifacts.markdown import write_table
from fewpixels.artifacts.pools import read_fresh_classes, read_sampling
from fewpixels.statistics.classes import guessing, uneven, weights
from fewpixels.statistics.sampling import by_class
from fewpixels.tables.sizes import smallest, steps

values = begin(snakemake)
files, models = snakemake.input, values["models"]
of, y = read_sampling(files.split, files.data), read_fresh_classes(files.data)
of, weight = (by_class(of, y), weights(y)) if uneven(y) else (of, 1.0)
scores = {model["name"]: {} for model in models}
for (name, size), own in each_score(files.predictions, files.fresh):
    scores[name][size] = own * weight
write_table(smallest(scores, models, of, guessing(y)), snakemake.output.csv, snakemake.output.md)
stepped = steps(scores, models, values["side"], of)
write_table(stepped, snakemake.output.steps_csv, snakemake.output.steps_md)

"""Tabulate each model from size to size: the smallest that suffices, and where accuracy steps."""

from _job import begin

from fewpixels.artifacts.frames import each_score, read_sampling
from fewpixels.artifacts.markdown import write_table
from fewpixels.tables.sizes import smallest, steps

values = begin(snakemake)
files, models = snakemake.input, values["models"]
of = read_sampling(files.split, files.data)
scores = {model["name"]: {} for model in models}
for (name, size), own in each_score(files.predictions, files.fresh):
    scores[name][size] = own
write_table(smallest(scores, models, of), snakemake.output.csv, snakemake.output.md)
stepped = steps(scores, models, values["side"], of)
write_table(stepped, snakemake.output.steps_csv, snakemake.output.steps_md)

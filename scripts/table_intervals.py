"""Tabulate accuracy with its intervals, held out and on fresh images."""

from _job import begin

from fewpixels.artifacts.frames import each_score, read_table
from fewpixels.artifacts.markdown import write_table
from fewpixels.artifacts.pools import read_fresh_classes, read_sampling
from fewpixels.tables.pairs import held_out, intervals

values = begin(snakemake)
files = snakemake.input
metrics, y = read_table(files.metrics), read_fresh_classes(files.data)
tests, balanced = (held_out(metrics, values["honest"], c) for c in ("accuracy", "balanced"))
of = read_sampling(files.split, files.data)
table = intervals(tests, each_score(files.predictions, files.fresh), of, y, balanced)
write_table(table, *snakemake.output)

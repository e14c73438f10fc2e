"""Tabulate accuracy with its intervals, held out and on fresh images."""

from _job import begin

from fewpixels.artifacts.frames import each_score, read_sampling, read_table
from fewpixels.artifacts.markdown import write_table
from fewpixels.tables.pairs import held_out, intervals

values = begin(snakemake)
files = snakemake.input
tests = held_out(read_table(files.metrics), values["honest"])
of = read_sampling(files.split, files.data)
table = intervals(tests, each_score(files.predictions, files.fresh), of)
write_table(table, *snakemake.output)

"""Tabulate accuracy with its intervals, held out and on fresh images."""

from _frames import read_table
from _job import begin
from _scores import each_score, read_sampling
from _tables import write_table

from fewpixels.tables.pairs import held_out, intervals

values = begin(snakemake)
files = snakemake.input
tests = held_out(read_table(files.metrics), values["honest"])
of = read_sampling(values["sampling"], files.data)
table = intervals(tests, each_score(files.predictions, files.fresh), of)
write_table(table, snakemake.output)

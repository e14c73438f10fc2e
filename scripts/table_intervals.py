"""Tabulate accuracy with its intervals, held out and on fresh images."""

from _frames import read_table
from _job import begin
from _scores import each_score, pool_size
from _tables import write_table

from fewpixels.comparisons import Sampling, held_out, intervals

values = begin(snakemake)
files = snakemake.input
tests = held_out(read_table(files.metrics), values["honest"])
of = Sampling(**values["sampling"], n_pool=pool_size(files.data))
table = intervals(tests, each_score(files.predictions, files.fresh), of)
write_table(table, snakemake.output)

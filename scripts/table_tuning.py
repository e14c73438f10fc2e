"""Tabulate what validation images say of each value on the axis of a grid."""

from _job import begin

from fewpixels.artifacts.frames import read_cells
from fewpixels.artifacts.markdown import write_table
from fewpixels.tables.tuning import tuning

values = begin(snakemake)
table = tuning(read_cells(snakemake.input.metrics), values["models"])
write_table(table, *snakemake.output)

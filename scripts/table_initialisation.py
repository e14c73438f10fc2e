"""Tabulate what networks look like before training."""

from _job import begin

from fewpixels.artifacts.frames import read_cells, read_table
from fewpixels.artifacts.markdown import write_table
from fewpixels.tables.training import initialisation

values = begin(snakemake)
table = initialisation(
    read_cells(snakemake.input.diagnostics),
    read_table(snakemake.input.metrics),
    values["models"],
    values["honest"],
)
write_table(table, *snakemake.output)

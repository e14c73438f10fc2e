"""Tabulate single runs: how long they train, where validation peaks, how they end."""

from _job import begin

from fewpixels.artifacts.frames import read_cells, read_table
from fewpixels.artifacts.markdown import write_table
from fewpixels.tables.training import runs

values = begin(snakemake)
table = runs(
    read_table(snakemake.input.metrics),
    read_cells(snakemake.input.histories),
    values["models"],
    values["honest"],
)
write_table(table, *snakemake.output)

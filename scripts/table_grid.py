"""Tabulate the cells of one grid, published figures beside ours."""

from _job import begin

from fewpixels.artifacts.frames import read_cells, read_table
from fewpixels.artifacts.markdown import write_table
from fewpixels.tables.accuracy import grid

values = begin(snakemake)
table = grid(
    read_table(snakemake.input.metrics),
    read_cells(snakemake.input.fits),
    values["models"],
    snakemake.wildcards.entry,
    values["honest"],
)
write_table(table, *snakemake.output)

"""Tabulate the cells of one grid, published figures beside ours."""

import pandas as pd
from _frames import read_cells, write_table
from _job import begin

from fewpixels.tables import grid

values = begin(snakemake)
table = grid(
    pd.read_csv(snakemake.input.metrics),
    read_cells(snakemake.input.fits),
    values["models"],
    snakemake.wildcards.entry,
    values["honest"],
)
write_table(table, snakemake.output)

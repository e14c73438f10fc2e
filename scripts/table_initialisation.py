"""Tabulate what networks look like before training."""

import pandas as pd
from _frames import read_cells, write_table
from _job import begin

from fewpixels.tables import initialisation

values = begin(snakemake)
table = initialisation(
    read_cells(snakemake.input.diagnostics),
    pd.read_csv(snakemake.input.metrics),
    values["models"],
    values["honest"],
)
write_table(table, snakemake.output)

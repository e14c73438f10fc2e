"""Tabulate single runs: how long they train, where validation peaks, how they end."""

import pandas as pd
from _frames import read_cells, write_table
from _job import begin

from fewpixels.tables import runs

values = begin(snakemake)
table = runs(
    pd.read_csv(snakemake.input.metrics),
    read_cells(snakemake.input.histories),
    values["models"],
    values["honest"],
)
write_table(table, snakemake.output)

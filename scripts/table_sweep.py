"""Tabulate the best k at each size, chosen on validation and chosen on the test images."""

import pandas as pd
from _frames import read_cells, write_table
from _job import begin

from fewpixels.tables import sweeps

values = begin(snakemake)
table = sweeps(
    read_cells(snakemake.input.sweeps),
    pd.read_csv(snakemake.input.metrics),
    read_cells(snakemake.input.timings),
    values["models"],
)
write_table(table, snakemake.output)

"""Tabulate the best k at each size, chosen on validation and chosen on the test images."""

from _job import begin

from fewpixels.artifacts.frames import read_cells, read_table
from fewpixels.artifacts.markdown import write_table
from fewpixels.tables.sweeps import sweeps

values = begin(snakemake)
table = sweeps(
    read_cells(snakemake.input.sweeps),
    read_table(snakemake.input.metrics),
    read_cells(snakemake.input.timings),
    values["models"],
)
write_table(table, *snakemake.output)

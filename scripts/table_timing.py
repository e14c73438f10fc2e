"""Tabulate the time that training and look-ups took, beside published times."""

from _job import begin

from fewpixels.artifacts.frames import read_cells
from fewpixels.artifacts.markdown import write_table
from fewpixels.tables.timing import timing

values = begin(snakemake)
fits, timings = read_cells(snakemake.input.fits), read_cells(snakemake.input.timings)
write_table(timing(fits, timings, values["models"]), *snakemake.output)

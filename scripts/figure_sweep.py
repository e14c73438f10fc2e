"""Draw the curve over k."""

from _figures import write_figure
from _job import begin

from fewpixels.artifacts.frames import read_cells
from fewpixels.figures.sweep import sweep

values = begin(snakemake)
frame = read_cells(snakemake.input.sweeps)
write_figure(sweep(frame, values["models"], values["classes"]), snakemake.output)

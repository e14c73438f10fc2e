"""Draw accuracy against iteration, at each size."""

from _figures import write_figure
from _job import begin

from fewpixels.artifacts.frames import read_cells
from fewpixels.figures.training import curves

values = begin(snakemake)
history = read_cells(snakemake.input.histories)
write_figure(curves(history, values["models"], values["classes"]), snakemake.output)

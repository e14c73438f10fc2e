"""Draw loss and accuracy of single runs, update by update."""

from _figures import write_figure
from _job import begin

from fewpixels.artifacts.frames import read_cells
from fewpixels.figures.training import runs

values = begin(snakemake)
history = read_cells(snakemake.input.histories)
diagnostics = read_cells(snakemake.input.diagnostics)
figure = runs(history, diagnostics, values["models"], values["classes"])
write_figure(figure, snakemake.output)

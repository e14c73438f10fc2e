"""Draw accuracy against iteration, at each size."""

from _figures import write_figure
from _job import begin

from fewpixels.artifacts.frames import read_cells, read_table
from fewpixels.figures.training import curves
from fewpixels.tables.summary import line_of_chance

values = begin(snakemake)
metrics = read_table(snakemake.input.metrics)
shown = (metrics["split"] == values["honest"]) & (metrics["subset"] == "validation")
chance = line_of_chance(metrics[shown], values["classes"])
history = read_cells(snakemake.input.histories)
figure = curves(history, values["models"], chance, values["counted"])
write_figure(figure, snakemake.output)

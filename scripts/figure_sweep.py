"""Draw the curve over k."""

from _figures import write_figure
from _job import begin

from fewpixels.artifacts.frames import read_cells, read_table
from fewpixels.figures.sweep import sweep
from fewpixels.tables.summary import line_of_chance

values = begin(snakemake)
metrics = read_table(snakemake.input.metrics)
shown = (metrics["split"] == values["honest"]) & (metrics["subset"] == "fresh")
chance = line_of_chance(metrics[shown], values["classes"])
frame = read_cells(snakemake.input.sweeps)
write_figure(sweep(frame, values["models"], chance), snakemake.output)

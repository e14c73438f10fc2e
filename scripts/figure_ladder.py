"""Draw what each remedy brings, at each size."""

from _figures import write_figure
from _job import begin

from fewpixels.artifacts.frames import read_made
from fewpixels.figures.accuracy import ladder

values = begin(snakemake)
intervals = read_made(snakemake.input.intervals)
figure = ladder(intervals, values["models"], values["classes"])
write_figure(figure, snakemake.output)

"""Draw accuracy on fresh images against pixels."""

from _figures import write_figure
from _job import begin

from fewpixels.artifacts.frames import read_made
from fewpixels.figures.accuracy import headline

values = begin(snakemake)
intervals = read_made(snakemake.input.intervals)
best = read_made(snakemake.input.answer)
figure = headline(intervals, best, values["models"], values["classes"], values["title"])
write_figure(figure, snakemake.output)

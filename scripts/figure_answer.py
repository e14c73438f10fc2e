"""Draw how few pixels are enough, and accuracy against cost."""

from _figures import write_figure
from _job import begin

from fewpixels.artifacts.frames import read_made
from fewpixels.figures.answer import draw

values = begin(snakemake)
tables = [read_made(snakemake.input[name]) for name in ("answer", "pareto")]
figure = draw(*tables, values["classes"], values["title"], values["another"])
write_figure(figure, snakemake.output)

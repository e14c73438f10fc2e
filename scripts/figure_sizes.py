"""Draw accuracy from size to size, the smallest sizes that suffice, and where accuracy steps."""

from _figures import write_figure
from _job import begin

from fewpixels.artifacts.frames import read_made
from fewpixels.figures.sizes import draw

values = begin(snakemake)
tables = [read_made(snakemake.input[name]) for name in ("intervals", "sizes", "steps")]
titles = {model["name"]: model["title"] for model in values["models"]}
figure = draw(*tables, titles, values["classes"], values["title"], values["another"])
write_figure(figure, snakemake.output)

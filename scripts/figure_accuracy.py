"""Draw accuracy on fresh images against pixels."""

from _figures import write_figure
from _frames import read_table
from _job import begin

from fewpixels.figures.accuracy import headline

values = begin(snakemake)
metrics = read_table(snakemake.input.metrics)
figure = headline(metrics, values["models"], values["honest"], values["classes"], values["title"])
write_figure(figure, snakemake.output)

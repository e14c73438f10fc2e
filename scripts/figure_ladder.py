"""Draw what each remedy brings, at each size."""

from _figures import write_figure
from _frames import read_table
from _job import begin

from fewpixels.figures.accuracy import ladder

values = begin(snakemake)
metrics = read_table(snakemake.input.metrics)
figure = ladder(metrics, values["models"], values["honest"], values["classes"])
write_figure(figure, snakemake.output)

"""Draw what each remedy brings, at each size."""

import pandas as pd
from _figures import write_figure
from _job import begin

from fewpixels.figures.accuracy import ladder

values = begin(snakemake)
metrics = pd.read_csv(snakemake.input.metrics)
figure = ladder(metrics, values["models"], values["honest"], values["classes"])
write_figure(figure, snakemake.output)

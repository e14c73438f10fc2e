"""Draw accuracy on fresh images against pixels."""

import pandas as pd
from _figures import write_figure
from _job import begin

from fewpixels.figures.accuracy import headline

values = begin(snakemake)
metrics = pd.read_csv(snakemake.input.metrics)
figure = headline(metrics, values["models"], values["honest"], values["classes"], values["title"])
write_figure(figure, snakemake.output)

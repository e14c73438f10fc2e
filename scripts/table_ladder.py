"""Tabulate the accuracy on fresh images as each remedy is added."""

import pandas as pd
from _frames import write_table
from _job import begin

from fewpixels.tables import remedies

values = begin(snakemake)
metrics = pd.read_csv(snakemake.input.metrics)
write_table(remedies(metrics, values["models"], values["honest"]), snakemake.output)

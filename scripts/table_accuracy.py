"""Tabulate accuracy by size: published, as published, held out, fresh, remedied."""

import pandas as pd
from _frames import write_table
from _job import begin

from fewpixels.tables import by_size

values = begin(snakemake)
metrics = pd.read_csv(snakemake.input.metrics)
table = by_size(metrics, values["models"], values["splits"], values["honest"])
write_table(table, snakemake.output)

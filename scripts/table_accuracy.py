"""Tabulate accuracy by size: published, as published, held out, fresh, remedied."""

from _job import begin

from fewpixels.artifacts.frames import read_table
from fewpixels.artifacts.markdown import write_table
from fewpixels.tables.accuracy import by_size

values = begin(snakemake)
metrics = read_table(snakemake.input.metrics)
table = by_size(metrics, values["models"], values["splits"], values["honest"])
write_table(table, *snakemake.output)

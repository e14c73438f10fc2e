"""Tabulate accuracy by size: published, as published, held out, fresh, remedied."""

from _frames import read_table
from _job import begin
from _tables import write_table

from fewpixels.tables.accuracy import by_size

values = begin(snakemake)
metrics = read_table(snakemake.input.metrics)
table = by_size(metrics, values["models"], values["splits"], values["honest"])
write_table(table, snakemake.output)

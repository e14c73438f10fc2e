"""Tabulate the accuracy on fresh images as each remedy is added."""

from _job import begin

from fewpixels.artifacts.frames import read_table
from fewpixels.artifacts.markdown import write_table
from fewpixels.tables.accuracy import remedies

values = begin(snakemake)
metrics = read_table(snakemake.input.metrics)
write_table(remedies(metrics, values["models"], values["honest"]), *snakemake.output)

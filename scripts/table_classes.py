"""Tabulate the classes and their images."""

from _job import begin

from fewpixels.artifacts.arrays import read_npz
from fewpixels.artifacts.markdown import write_table
from fewpixels.tables.classes import classes

begin(snakemake)
data = read_npz(snakemake.input.data, names="str C", labels="int64 N", fresh_labels="int64 n")
write_table(classes(**data), *snakemake.output)

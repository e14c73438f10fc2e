"""Gather every cell's metrics in one tidy table."""

from _job import begin

from fewpixels.artifacts.arrays import check_header
from fewpixels.artifacts.files import read_text, write_text

begin(snakemake)
rows = []
for file in snakemake.input:
    header, _, own = read_text(file).partition("\n")
    check_header(file, header.split(","))
    rows.append(own)
write_text(snakemake.output[0], f"{header}\n" + "".join(rows))

"""Gather every cell's metrics in one tidy table."""

from pathlib import Path

from _job import begin

from fewpixels.artifacts import write_text

begin(snakemake)
tables = [Path(file).read_text(encoding="utf-8") for file in snakemake.input]
header = tables[0].partition("\n")[0]
write_text(snakemake.output[0], f"{header}\n" + "".join(t.partition("\n")[2] for t in tables))

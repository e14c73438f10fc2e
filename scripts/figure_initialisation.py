"""Draw what networks look like before training against how they end."""

from _figures import write_figure
from _job import begin

from fewpixels.artifacts.frames import read_cells, read_table
from fewpixels.figures.training import initialisation

values = begin(snakemake)
metrics = read_table(snakemake.input.metrics)
figure = initialisation(
    read_cells(snakemake.input.diagnostics),
    metrics[metrics["split"] == values["honest"]],
    values["models"],
)
write_figure(figure, snakemake.output)

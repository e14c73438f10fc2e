"""Draw what validation images say of each value on the axis of a grid."""

from _figures import write_figure
from _job import begin

from fewpixels.artifacts.frames import read_made
from fewpixels.figures.tuning import draw

begin(snakemake)
write_figure(draw(read_made(snakemake.input.tuning)), snakemake.output)

"""Draw some images of each class, as the source has them."""

from _figures import write_figure
from _job import begin

from fewpixels.artifacts.arrays import PIXELS, read_npz
from fewpixels.figures.samples import samples

values = begin(snakemake)
pool = read_npz(
    snakemake.input.data, images=f"{PIXELS} N side side", labels="int64 N", names="str C"
)
write_figure(samples(**pool, title=values["title"]), snakemake.output)

"""Average the fresh images down to one size."""

from _job import begin

from fewpixels.artifacts.arrays import PIXELS, read_npz
from fewpixels.artifacts.images import write_images
from fewpixels.images.downscale import block_sums

begin(snakemake)
data = read_npz(snakemake.input[0], fresh_images=f"{PIXELS} n side side", fresh_labels="int64 n")
sums = block_sums(data["fresh_images"], int(snakemake.wildcards.size))
write_images(snakemake.output[0], *sums, data["fresh_labels"])

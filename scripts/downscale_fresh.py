"""Average the fresh images down to one size."""

from _job import begin

from fewpixels.artifacts.arrays import PIXELS, read_npz, write_npz
from fewpixels.images.downscale import downscale

begin(snakemake)
data = read_npz(snakemake.input[0], fresh_images=f"{PIXELS} n side side", fresh_labels="int64 n")
x = downscale(data["fresh_images"], int(snakemake.wildcards.size))
write_npz(snakemake.output[0], x=x, y=data["fresh_labels"])

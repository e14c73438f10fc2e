"""Deal the pool out into training, validation and test images, once for each replicate."""

from _job import begin

from fewpixels.artifacts import read_npz, write_npz
from fewpixels.splits import draw_splits

values = begin(snakemake)
labels = read_npz(snakemake.input[0], labels="int64 N")["labels"]
split = draw_splits(
    labels,
    values["subsets"],
    values["test"],
    seed=values["seed"],
    dataset=snakemake.wildcards.dataset,
    replicates=values["replicates"],
)
write_npz(snakemake.output[0], **split)

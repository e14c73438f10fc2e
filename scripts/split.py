"""Choose training, validation and test images of the pool, for each replicate or for all."""

from _job import begin

from fewpixels.artifacts.arrays import read_npz, write_npz
from fewpixels.images.splits import draw_splits, fixed_split

values = begin(snakemake)
labels = read_npz(snakemake.input[0], labels="int64 N")["labels"]
if "fixed" in values:
    where = f"splits.{snakemake.wildcards.split}"
    split = fixed_split(len(labels), **values["fixed"], where=where)
else:
    split = draw_splits(
        labels,
        values["subsets"],
        values["test"],
        seed=values["seed"],
        dataset=snakemake.wildcards.dataset,
        replicates=values["replicates"],
    )
write_npz(snakemake.output[0], **split)

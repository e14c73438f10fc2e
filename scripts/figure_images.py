"""Draw one fresh image of each class at each size."""

from pathlib import Path

import numpy as np
from _figures import write_figure
from _job import begin

from fewpixels.artifacts import read_npz
from fewpixels.figures.gallery import images

begin(snakemake)
examples = {}
for file in snakemake.input:
    size = int(Path(file).stem.removesuffix("px"))
    x, y = read_npz(file, x=f"float32 n {size**2}", y="int64 n").values()
    classes, first = np.unique(y, return_index=True)
    examples[size] = x[first]
write_figure(images(examples, [str(c) for c in classes]), snakemake.output)

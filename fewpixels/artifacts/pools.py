"""The pool and the fresh images of a dataset, and how the pool is dealt out."""

import numpy as np
from numpy.typing import NDArray

from fewpixels.artifacts.arrays import read_npz
from fewpixels.statistics.sampling import Sampling, sampling


def read_sampling(split: str, data: str) -> Sampling:
    """How a study's images were drawn, by its ``split.npz`` and its pool, ``data/*.npz``."""
    dealt = read_npz(split, train="int32 R n", validation="int32 R m", test="int32 R t")
    counts = {f"n_{name}": dealt[name].shape[1] for name in ("train", "test")}
    return sampling(counts if counts["n_test"] else {}, count_images(data))


def count_images(data: str) -> int:
    """How many images a dataset's pool has."""
    return len(read_npz(data, labels="int64 N")["labels"])


def read_fresh_classes(data: str) -> NDArray[np.int64]:
    """Classes of a dataset's fresh images, (n,)."""
    return read_npz(data, fresh_labels="int64 n")["fresh_labels"]

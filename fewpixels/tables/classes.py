"""The table of a dataset's classes."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def classes(
    names: NDArray[np.str_], labels: NDArray[np.int64], fresh_labels: NDArray[np.int64]
) -> pd.DataFrame:
    """Count the images of each class.

    Parameters
    ----------
    names : ndarray of str, shape (C,)
    labels, fresh_labels : ndarray, shape (N,)
        Classes, 0…C−1, of the pool and of the fresh images.

    Returns
    -------
    DataFrame
        A row a class: its number ``class``, its ``name``, and how many images of it are in the
        ``pool`` and ``fresh``.
    """
    count = len(names)
    counts = {
        "pool": np.bincount(labels, minlength=count),
        "fresh": np.bincount(fresh_labels, minlength=count),
    }
    return pd.DataFrame({"class": range(count), "name": names, **counts})

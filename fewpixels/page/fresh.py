"""Which fresh images the page holds."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def shown(labels: NDArray[Any], most: int) -> NDArray[np.int64]:
    """Choose fresh images to show: the first of each class, as evenly as there are.

    Parameters
    ----------
    labels : ndarray of int, shape (n,)
        Classes of all fresh images.
    most : int
        Images at most, ≥ 0.

    Returns
    -------
    ndarray of int64
        Their indices, ascending. Of two classes, one has more than one image more than the
        other only where that has no others; where the last images do not go round, the first
        classes have them.
    """
    by_class = np.argsort(labels, kind="stable")
    _, first, counts = np.unique(labels[by_class], return_index=True, return_counts=True)
    rank = np.empty(len(labels), np.int64)  # of each image within its class
    rank[by_class] = np.arange(len(labels)) - np.repeat(first, counts)
    return np.sort(np.lexsort((labels, rank))[:most])

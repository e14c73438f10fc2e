"""Images of one subset (training, validation, test), for every replicate."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Subset:
    """Images that each replicate drew from one pool.

    Attributes
    ----------
    x : ndarray of float32, shape (R, n, d)
        Pixels.
    y : ndarray of int64, shape (R, n)
        Classes, 0…C−1.
    ids : ndarray of int32, shape (R, n)
        Index of each image in the pool.
    """

    x: NDArray[np.float32]
    y: NDArray[np.int64]
    ids: NDArray[np.int32]

    @property
    def classes(self) -> int:
        """Number of classes C."""
        return int(self.y.max()) + 1

    def pooled(self) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
        """Find the distinct images of all replicates.

        Replicates share most of their images, so what is computed for an image is best
        computed once.

        Returns
        -------
        pool : ndarray of float32, shape (U, d)
            Each image once.
        place : ndarray of int, shape (R, n)
            ``pool[place]`` is `x`.
        """
        _, first, place = np.unique(self.ids, return_index=True, return_inverse=True)
        pool = self.x.reshape(-1, self.x.shape[-1])[first]
        return pool, place.reshape(self.ids.shape)


def accuracy(labels: NDArray[Any], y: NDArray[Any]) -> NDArray[np.float64]:
    """Share of labels that are right, along the last axis; both broadcast."""
    return (labels == y).mean(axis=-1, dtype=np.float64)

"""Images of one subset (training, validation, test), for every replicate."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Subset:
    """Images that each replicate drew from one pool.

    Where all replicates have the same images, they can be held once: as arrays that are
    broadcast, with a stride of 0 along R.

    Attributes
    ----------
    x : ndarray of float32, shape (R, n, d)
        Pixels.
    y : ndarray of int64, shape (R, n)
        Classes, 0…C−1.
    ids : ndarray of int32, shape (R, n)
        Index of each image in the pool.

    Examples
    --------
    Two replicates of three images, which are of four in all:

    >>> ids = np.array([[5, 8, 9], [8, 7, 5]], np.int32)
    >>> x = np.float32(ids[:, :, None]) / 10
    >>> subset = Subset(x, y=np.array([[0, 1, 1], [1, 0, 0]]), ids=ids)
    >>> subset.classes
    2
    >>> pool, place = subset.pooled()
    >>> pool.ravel()
    array([0.5, 0.7, 0.8, 0.9], dtype=float32)
    >>> place
    array([[0, 2, 3],
           [2, 1, 0]])
    """

    x: NDArray[np.float32]
    y: NDArray[np.int64]
    ids: NDArray[np.int32]

    @property
    def classes(self) -> int:
        """Number of classes C."""
        return int(self.y.max()) + 1

    @property
    def shared(self) -> bool:
        """Whether all replicates have the same images, held once."""
        return len(self.ids) > 1 and self.ids.strides[0] == 0

    def pooled(self) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
        """Find the distinct images of all replicates.

        Replicates share most of their images, so what is computed for an image is best
        computed once.

        Returns
        -------
        pool : ndarray of float32, shape (U, d)
            Each image once; of shared images, all in their order.
        place : ndarray of int, shape (R, n)
            ``pool[place]`` is `x`.
        """
        if self.shared:
            own = np.arange(self.ids.shape[1])
            return self.x[0], np.broadcast_to(own, self.ids.shape)
        _, first, place = np.unique(self.ids, return_index=True, return_inverse=True)
        pool = self.x.reshape(-1, self.x.shape[-1])[first]
        return pool, place.reshape(self.ids.shape)


def accuracy(labels: NDArray[Any], y: NDArray[Any]) -> NDArray[np.float64]:
    """Share of labels that are right, along the last axis; both broadcast."""
    return (labels == y).mean(axis=-1, dtype=np.float64)

"""Images of one subset (training, validation, test), for every replicate."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Subset:
    """Images that each replicate drew from one pool, each of them held once.

    Replicates share most of their images, so what is computed for an image is best computed once,
    of `images`, and looked up by `place`.

    Attributes
    ----------
    images : ndarray of float32, shape (U, d)
        Pixels of the images that any replicate has.
    labels : ndarray of int64, shape (U,)
        Their classes, 0…C−1.
    ids : ndarray of int32, shape (U,)
        Their indices in the pool.
    place : ndarray of int, shape (R, n)
        Rows of `images`: those of each replicate. Where all replicates have the same ones, it can
        be held once: broadcast, with a stride of 0 along R.

    Examples
    --------
    Two replicates of three images, which are of four in all:

    >>> images = np.float32([[0.5], [0.7], [0.8], [0.9]])
    >>> place = np.array([[0, 2, 3], [2, 1, 0]])
    >>> subset = Subset(images, np.array([0, 0, 1, 1]), np.int32([5, 7, 8, 9]), place)
    >>> subset.classes
    2
    >>> subset.x[1].ravel()
    array([0.8, 0.7, 0.5], dtype=float32)
    >>> subset.y[1]
    array([1, 0, 0])
    """

    images: NDArray[np.float32]
    labels: NDArray[np.int64]
    ids: NDArray[np.int32]
    place: NDArray[np.intp]

    @classmethod
    def of(cls, x: NDArray[np.float32], y: NDArray[np.int64], ids: NDArray[np.int32]) -> "Subset":
        """Make a subset of images (R, n, d) with classes and ids (R, n).

        Images with the same id are the same. Arrays of one replicate, or broadcast along R, are
        not copied.
        """
        if len(ids) == 1 or not ids.strides[0]:
            place = np.broadcast_to(np.arange(ids.shape[1]), ids.shape)
            return cls(x[0], y[0], ids[0], place)
        distinct, first, place = np.unique(ids, return_index=True, return_inverse=True)
        images, labels = x.reshape(-1, x.shape[-1])[first], y.reshape(-1)[first]
        return cls(images, labels, distinct, place.reshape(ids.shape))

    @cached_property
    def x(self) -> NDArray[np.float32]:
        """Pixels (R, n, d); copies, unless replicates have all images in their order."""
        shape = (*self.place.shape, self.images.shape[1])
        if self._as_held:
            return np.broadcast_to(self.images, shape)
        gathered = self.images[self.place]
        gathered.setflags(write=False)
        return gathered

    @cached_property
    def y(self) -> NDArray[np.int64]:
        """Classes (R, n)."""
        if self._as_held:
            return np.broadcast_to(self.labels, self.place.shape)
        gathered = self.labels[self.place]
        gathered.setflags(write=False)
        return gathered

    @property
    def classes(self) -> int:
        """Number of classes C."""
        return int(self.labels.max()) + 1

    @property
    def shared(self) -> bool:
        """Whether all replicates have the same images, held once."""
        return len(self.place) > 1 and self.place.strides[0] == 0

    @property
    def _as_held(self) -> bool:
        """Whether every replicate has all images, in their order."""
        once = len(self.place) == 1 or self.shared
        return once and np.array_equal(self.place[0], np.arange(len(self.images)))

    def replicate(self, r: int) -> "Subset":
        """Images of one replicate alone."""
        rows = self.place[r]
        return Subset.of(self.images[rows][None], self.labels[rows][None], self.ids[rows][None])


def accuracy(labels: NDArray[Any], y: NDArray[Any]) -> NDArray[np.float64]:
    """Share of labels that are right, along the last axis; both broadcast."""
    return (labels == y).mean(axis=-1, dtype=np.float64)

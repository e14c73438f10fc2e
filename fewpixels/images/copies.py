"""Distorted copies of the images that each replicate trains on, and of no others."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fewpixels.images.subset import Subset


@dataclass(frozen=True)
class Copies:
    """Copies of images of the pool, as many of each.

    Attributes
    ----------
    images : ndarray of float32, shape (K, d)
    ids : ndarray of int32, shape (K,)
        Indices in the pool of the images that they are of.
    """

    images: NDArray[np.float32]
    ids: NDArray[np.int32]


def with_copies(train: Subset, copies: Copies) -> Subset:
    """Give each replicate the copies of its own images.

    Parameters
    ----------
    train : Subset
        Of n images of each replicate, all of which have copies.
    copies : Copies
        What they hold of other images is not looked at.

    Returns
    -------
    Subset
        Of each replicate its n images, then c copies of the first, of the second and so on:
        ``place`` (R, n + n·c). A copy has the class and the id of its image.

    Examples
    --------
    >>> train = Subset.of(np.float32([[[1], [2]]]), np.array([[0, 1]]), np.int32([[5, 7]]))
    >>> images = np.float32([[10], [11], [30], [20], [21], [31]])
    >>> larger = with_copies(train, Copies(images, np.int32([5, 5, 6, 7, 7, 6])))
    >>> larger.x[0].ravel()
    array([ 1.,  2., 10., 11., 20., 21.], dtype=float32)
    >>> larger.y[0]
    array([0, 1, 0, 0, 1, 1])
    """
    order = np.argsort(copies.ids, kind="stable")
    known, first, counts = np.unique(copies.ids[order], return_index=True, return_counts=True)
    each = int(counts[0])
    if (counts != each).any() or not np.isin(train.ids, known).all():
        raise ValueError("expected as many copies of every training image")
    own = order[first[np.searchsorted(known, train.ids)][:, None] + np.arange(each)]  # (U, c)
    images = np.concatenate([train.images, copies.images[own.ravel()]])
    labels, ids = (np.concatenate([a, np.repeat(a, each)]) for a in (train.labels, train.ids))
    # What all replicates share stays held once.
    place = train.place[:1] if train.shared else train.place
    copied = len(train.ids) + place[..., None] * each + np.arange(each)
    place = np.concatenate([place, copied.reshape(len(place), -1)], axis=1)
    return Subset(images, labels, ids, np.broadcast_to(place, (len(train.place), place.shape[1])))

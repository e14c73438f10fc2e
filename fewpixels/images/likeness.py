"""What images look like, roughly: copies of one another, and other images in another form."""

import numpy as np
from numpy.typing import NDArray

from fewpixels.arrays import Floats
from fewpixels.images.downscale import downscale

SIDE = 16
"""Pixels a side, at the most, that images are compared by."""

ALIKE = 0.998
"""Correlation from which two images are copies: one that was packed anew as JPEG, or made brighter,
has .999 with the other, and the two most alike of 5,000 digits of MNIST .993."""

MOST = 60_000
"""Images that are compared with one another; it takes a quarter of a minute."""

_ROWS = 500

FORMS = ("transposed", "negative")
"""Of images: rows as columns, dark as light."""


def near_copies(images: NDArray[np.number]) -> NDArray[np.int64]:
    """Find pairs of images that are nearly the same.

    Parameters
    ----------
    images : ndarray, shape (N, side, side)
        Of more than `MOST`, so many are looked at, evenly spread.

    Returns
    -------
    ndarray of int64, shape (P, 2)
        Each image that is like an earlier one, and the earlier one that it is most like. Images
        without any contrast are like no other.

    Examples
    --------
    >>> ramp, step = np.arange(16).reshape(4, 4), np.eye(4)
    >>> near_copies(np.stack([ramp, step, 2 * ramp + 1]))
    array([[2, 0]])
    """
    chosen = np.linspace(0, len(images) - 1, min(len(images), MOST)).astype(np.int64)
    x = _standardised(images if len(chosen) == len(images) else images[chosen])
    pairs = []
    for start in range(0, len(x), _ROWS):
        rows = x[start : start + _ROWS]
        alike = rows @ x[: start + len(rows)].T
        # Of each image, those before it.
        alike[np.arange(alike.shape[1]) >= start + np.arange(len(rows))[:, None]] = 0
        first = alike.argmax(axis=1)
        found = np.flatnonzero(alike[np.arange(len(rows)), first] >= ALIKE)
        pairs.append(np.stack([chosen[start + found], chosen[first[found]]], axis=1))
    return np.concatenate(pairs)


def other_form(
    pool: tuple[NDArray[np.number], NDArray[np.int64]],
    fresh: tuple[NDArray[np.number], NDArray[np.int64]],
) -> str:
    """Find out whether fresh images look like those of the pool only in another form.

    Parameters
    ----------
    pool, fresh : tuple of ndarray
        Images (N, side, side) and their classes (N,), 0…C−1.

    Returns
    -------
    str
        One of `FORMS`, or nothing: the form in which the classes' mean images correlate best, on
        average over the classes that both have, and by more than a half.
    """
    both = np.intersect1d(pool[1], fresh[1])
    here, there = (_means(*own, both) for own in (pool, fresh))
    side = int(np.sqrt(here.shape[1]))
    turned = there.reshape(-1, side, side).swapaxes(1, 2).reshape(there.shape)
    as_is = (here * there).sum(axis=1).mean()
    likeness = dict(zip(FORMS, ((here * turned).sum(axis=1).mean(), -as_is), strict=True))
    best = max(likeness, key=lambda form: float(likeness[form]))
    return best if likeness[best] > max(0.5, as_is) else ""


def _means(
    images: NDArray[np.number], labels: NDArray[np.int64], classes: NDArray[np.integer]
) -> Floats:
    """Standardised mean image of each class."""
    means = [images[labels == c].mean(axis=0, dtype=np.float64) for c in classes]
    return _standardised(np.array(means))


def _standardised(images: NDArray[np.number]) -> Floats:
    """Small pixels (N, d) of mean 0 and length 1, so that products are correlations."""
    # Of pixels of 1 at the most, squares are neither too large for float32 nor too small.
    x = downscale(images, min(SIDE, images.shape[-1])) / (np.abs(images).max(initial=0) or 1)
    x = x - x.mean(axis=1, keepdims=True)
    length = np.linalg.norm(x, axis=1, keepdims=True)
    contrast = length > 1e-6
    return np.where(contrast, x / np.where(contrast, length, 1), 0).astype(np.float32)

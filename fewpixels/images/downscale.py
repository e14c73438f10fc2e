"""Fewer pixels: averaging images down by area."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

# Pixels at a time, for the sake of memory.
_PIXELS = 2**20


def overlaps(side: int, size: int) -> NDArray[np.float64]:
    """Length that each of `size` equal intervals shares with each of `side` unit intervals.

    Parameters
    ----------
    side : int
        Pixels a side before.
    size : int
        Pixels a side after, 1…side.

    Returns
    -------
    ndarray of float64, shape (size, side)
        In pixels; each row sums to ``side / size``.

    Raises
    ------
    ValueError
        If `size` is not in 1…side.
    """
    if not 1 <= size <= side:
        raise ValueError(f"size is {size}, expected 1 to {side}, the images' side in pixels")
    edges = np.arange(size + 1) * side / size
    left, right = edges[:-1, None], edges[1:, None]
    pixel = np.arange(side)
    return np.clip(np.minimum(right, pixel + 1) - np.maximum(left, pixel), 0.0, None)


def block_sums(images: NDArray[np.number], size: int) -> tuple[NDArray[Any], int]:
    """Sum square images over blocks of equal area, in the smallest type that is exact.

    Parameters
    ----------
    images : ndarray, shape (n, side, side)
    size : int
        Pixels a side, 1…side.

    Returns
    -------
    sums : ndarray of unsigned whole numbers or float32, shape (n, size²)
        Of whole grey values, if `size` divides the side; else means, in float32.
    area : int
        Pixels of a block; 1 of means.
    """
    side = images.shape[-1]
    share, area = overlaps(side, size), (side / size) ** 2
    whole = images.dtype.kind == "u" and side % size == 0
    kind: Any = np.float32
    if whole:
        largest = int(images.max(initial=0)) * int(area)
        kind = next(
            k for k in (np.uint8, np.uint16, np.uint32, np.uint64) if largest <= np.iinfo(k).max
        )
    sums = np.empty((len(images), size * size), kind)
    many = max(1, _PIXELS // side**2)
    for start in range(0, len(images), many):
        block = images[start : start + many].astype(np.float64)
        # Sums first, one division last: sums of integers are exact.
        own = share @ block @ share.T
        sums[start : start + many] = (own if whole else own / area).reshape(-1, size * size)
    return sums, int(area) if whole else 1


def means(sums: NDArray[Any], area: int) -> NDArray[np.float32]:
    """Means of blocks, float32, from what `block_sums` gives."""
    if area == 1:
        return sums.astype(np.float32, copy=False)
    # Divided in float64, of which no copy is kept.
    divided = np.empty_like(sums, np.float32)
    return np.divide(sums, np.float64(area), out=divided, casting="same_kind")


def downscale(images: NDArray[np.number], size: int) -> NDArray[np.float32]:
    """Average square images over blocks of equal area.

    Where `size` divides the side, a new pixel is the mean of a block of pixels; elsewhere a
    pixel on a border counts by the fraction that lies inside.

    Parameters
    ----------
    images : ndarray, shape (n, side, side)
    size : int
        Pixels a side, 1…side.

    Returns
    -------
    ndarray of float32, shape (n, size²)
        Pixels row by row, in the units of `images`.

    Examples
    --------
    >>> image = np.array([[0, 2, 8, 8], [4, 6, 8, 8], [1, 1, 0, 0], [1, 1, 0, 4]])
    >>> downscale(image[None], 2)
    array([[3., 8., 1., 1.]], dtype=float32)
    """
    return means(*block_sums(images, size))

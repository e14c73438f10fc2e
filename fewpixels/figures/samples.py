"""A sheet of images as their source has them."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from fewpixels.figures.gallery import MOST_CLASSES, TILE, brightness, mosaic
from fewpixels.figures.style import as_written
from fewpixels.images.downscale import downscale

SAMPLES = 6
"""Images of a class on the sheet."""


def samples(
    images: NDArray[np.number], labels: NDArray[np.int64], names: Sequence[str], title: str
) -> Figure:
    """Draw some images of each class, evenly spaced in their order.

    Parameters
    ----------
    images : ndarray, shape (N, side, side)
    labels : ndarray, shape (N,)
        Classes, 0…C−1.
    names : sequence of str
        Of the C classes; the first `MOST_CLASSES` are drawn.
    title : str
        Of the dataset.

    Returns
    -------
    Figure
        A column a class, of up to `SAMPLES` images.
    """
    drawn, side = list(names)[:MOST_CLASSES], min(images.shape[-1], TILE)
    tiles = np.full((SAMPLES, len(drawn), side**2), np.nan, np.float32)
    for c in range(len(drawn)):
        own = np.flatnonzero(labels == c)
        chosen = own[np.linspace(0, len(own) - 1, min(SAMPLES, len(own))).astype(int)]
        tiles[: len(chosen), c] = downscale(images[chosen], side)
    figure = mosaic([("", row) for row in tiles], drawn, "gray_r", brightness(images))
    part = "" if len(drawn) == len(names) else f", {len(drawn)} of {len(names)} classes"
    figure.suptitle(f"{as_written(title)}{part}")
    return figure

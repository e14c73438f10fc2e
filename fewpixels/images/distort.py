"""Distorted copies of images: turned, scaled, sheared and shifted a little, each at random."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import affine_transform


def distort(
    images: NDArray[np.number], settings: Mapping[str, Any], rng: np.random.Generator
) -> NDArray[Any]:
    """Make distorted copies of square images, by bilinear interpolation at their own size.

    A copy shows the image turned about its centre, then sheared along the rows and scaled in both
    directions alike, and shifted. Every amount is uniform between minus and plus its bound.

    Parameters
    ----------
    images : ndarray, shape (n, side, side)
    settings : mapping
        ``copies`` of each image; bounds of the ``rotation`` (degrees), of ``scale`` and ``shear``
        (shares), and of the ``shift`` (pixels); ``filling``, the grey value beyond the border.
    rng : Generator
        Five numbers are drawn for each copy, image by image.

    Returns
    -------
    ndarray of the images' type, shape (n, copies, side, side)
        Whole grey values are rounded to the nearest one.

    Examples
    --------
    >>> still = dict(copies=2, rotation=0, scale=0, shear=0, shift=0, filling=0)
    >>> image = np.arange(9, dtype=np.uint8).reshape(1, 3, 3)
    >>> (distort(image, still, np.random.default_rng(1)) == image).all()
    np.True_
    """
    n, side = images.shape[:2]
    copies = settings["copies"]
    bounds = [np.deg2rad(settings["rotation"]), settings["scale"], settings["shear"]]
    bounds += [settings["shift"]] * 2
    drawn = rng.uniform(-1, 1, (n, copies, 5)) * bounds
    angle, scale, shear = np.moveaxis(drawn[..., :3], -1, 0)
    cosine, sine = np.cos(angle), np.sin(angle)
    # From a pixel of the copy to the place in the image that it shows.
    turn = np.stack([np.stack([cosine, -sine], -1), np.stack([sine, cosine], -1)], -2)
    slant = np.zeros((n, copies, 2, 2))
    slant[..., 0, 0] = slant[..., 1, 1] = 1
    slant[..., 1, 0] = shear
    matrix = turn @ slant / (1 + scale)[..., None, None]
    centre = (side - 1) / 2
    offset = centre - (matrix @ (centre + drawn[..., 3:])[..., None])[..., 0]
    whole = images.dtype.kind != "f"
    found = np.empty((n, copies, side, side), images.dtype)
    for i, c in np.ndindex(n, copies):
        moved = affine_transform(
            images[i].astype(np.float64),
            matrix[i, c],
            offset[i, c],
            order=1,
            cval=settings["filling"],
        )
        found[i, c] = np.rint(moved) if whole else moved
    return found

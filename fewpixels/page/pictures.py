"""One image at each size, for the page to show where it has no code to draw it."""

from base64 import b64encode
from io import BytesIO

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PIL import Image

from fewpixels.images.downscale import downscale


def typical(images: NDArray[np.number], y: NDArray[np.int64]) -> NDArray[np.number]:
    """Choose an image to show: of a third of the way through the classes, the nearest to its mean.

    Parameters
    ----------
    images : ndarray, shape (n, side, side) or (n, side, side, 3)
    y : ndarray of int64, shape (n,)
        Their classes.

    Returns
    -------
    ndarray, shape (side, side) or (side, side, 3)
        Of equally near ones the first.
    """
    classes = np.unique(y)
    own = images[y == classes[len(classes) // 3]].astype(np.float64)
    distance = ((own - own.mean(axis=0)) ** 2).reshape(len(own), -1).sum(axis=1)
    chosen: NDArray[np.number] = images[y == classes[len(classes) // 3]][distance.argmin()]
    return chosen


def pictured(
    image: NDArray[np.number], sizes: list[int], limits: tuple[float, float]
) -> pd.DataFrame:
    """Average an image down to each size, and make pictures of it, with all contrast there is.

    Parameters
    ----------
    image : ndarray, shape (side, side) or (side, side, 3)
    sizes : list of int
        Pixels a side, 1…side.
    limits : (float, float)
        What is drawn as nothing, and as full ink (of colours, black and full light), of an image
        of one value alone. Others go from the one to the other.

    Returns
    -------
    DataFrame
        Columns size, url, a data: URL of a PNG, and whether it is ``ink``: of a grey image black on
        nothing, for the page to show in a colour of its own.
    """
    channels = np.moveaxis(np.atleast_3d(image), -1, 0)
    rows, ink = [], len(channels) == 1
    for size in sizes:
        small = downscale(channels, size)
        low, high = (small.min(), small.max()) if small.min() < small.max() else limits
        light = ((small - low) / ((high - low) or 1)).clip(0, 1)
        shares = np.round(255 * light).astype(np.uint8)
        grid = np.moveaxis(shares.reshape(-1, size, size), 0, -1)
        if ink:
            grid = np.concatenate([np.zeros((size, size, 1), np.uint8), grid], axis=-1)
        file = BytesIO()
        Image.fromarray(grid).save(file, "png")
        url = "data:image/png;base64," + b64encode(file.getvalue()).decode("ascii")
        rows.append({"size": size, "url": url, "ink": ink})
    return pd.DataFrame(rows, columns=["size", "url", "ink"])

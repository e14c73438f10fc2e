"""Files of images: each image once, exact and small, with what replicates have of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fewpixels.artifacts.arrays import read_npz, smallest, unexpected, write_npz
from fewpixels.images.copies import Copies, with_copies
from fewpixels.images.downscale import means
from fewpixels.images.subset import Subset


def write_images(
    path: str | Path, sums: NDArray[Any], area: int, labels: NDArray[np.int64], **own: NDArray[Any]
) -> None:
    """Write images once each, as sums over blocks, with what replicates have of them."""
    write_npz(path, sums=sums, area=np.array(area), labels=smallest(labels), **own)


def read_images(path: str | Path, size: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Read images that all replicates share.

    Parameters
    ----------
    path : path
    size : int
        Pixels a side.

    Returns
    -------
    x : ndarray of float32, shape (n, size²)
    y : ndarray of int64, shape (n,)
    """
    arrays = _read(path, size)
    return means(arrays["sums"], int(arrays["area"])), arrays["labels"].astype(np.int64)


def read_subset(path: str | Path, size: int, replicates: int | None = None) -> Subset:
    """Read the images of one subset.

    Parameters
    ----------
    path : path
    size : int
        Pixels a side.
    replicates : int, optional
        R; images that the file holds once for all replicates are broadcast, and not copied.
        Without it they are left as the file has them.

    Returns
    -------
    Subset
    """
    arrays = _read(path, size, ids="int32 U", place="whole R n")
    place = arrays["place"]
    for image in (place.min(initial=0), place.max(initial=0)):
        if place.size and not 0 <= image < len(arrays["ids"]):
            raise unexpected(path, f"image {image}", f"0 to {len(arrays['ids']) - 1}")
    place = place.astype(np.intp)
    if replicates is not None:
        if len(place) not in (1, replicates):
            raise unexpected(path, f"{len(place)} replicates", f"{replicates}, or one for all")
        place = np.broadcast_to(place, (replicates, place.shape[1]))
    x, y = means(arrays["sums"], int(arrays["area"])), arrays["labels"].astype(np.int64)
    return Subset(x, y, arrays["ids"], place)


def read_copies(path: str | Path, size: int, ids: NDArray[np.integer]) -> Copies:
    """Read the distorted copies of some images of a pool, `size` pixels a side.

    A pool can be many times as large as what is needed of it.
    """
    arrays = _read(path, size, ids="int32 U")
    own = np.isin(arrays["ids"], ids)
    return Copies(means(arrays["sums"][own], int(arrays["area"])), arrays["ids"][own])


def read_training(
    train: str | Path, copies: Sequence[str | Path], size: int, replicates: int
) -> Subset:
    """Read what a model trains on: its images, and its own copies of them if there is a file."""
    images = read_subset(train, size, replicates)
    for file in copies:
        images = with_copies(images, read_copies(file, size, images.ids))
    return images


def _read(path: str | Path, size: int, **others: str) -> dict[str, NDArray[Any]]:
    """Read a file of images, whose area and labels make sense."""
    kinds = "float32|uint8|uint16|uint32|uint64"
    forms = {"sums": f"{kinds} U {size**2}", "area": "int64", "labels": "whole U"}
    arrays = read_npz(path, **forms, **others)
    if arrays["area"] < 1:
        raise unexpected(path, f"an area of {arrays['area']}", "1 or more")
    if arrays["labels"].min(initial=0) < 0:
        raise unexpected(path, f"the class {arrays['labels'].min()}", "0 or more")
    return arrays

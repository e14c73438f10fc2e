"""Sources of images: each module is one source, with a function ``load(options) -> Dataset``.

Its ``OPTIONS``, a JSON Schema literal, says what a dataset's entry in ``config.yaml`` may set.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fewpixels import FewpixelsError


class DatasetError(FewpixelsError):
    """A source does not hold what was expected."""


@dataclass(frozen=True)
class Dataset:
    """A pool of images that splits draw from, and fresh images that none touches.

    Attributes
    ----------
    images, fresh_images : ndarray of uint8, shape (N, H, W)
    labels, fresh_labels : ndarray of int64, shape (N,)
        Classes, 0…C−1.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    fresh_images: NDArray[np.uint8]
    fresh_labels: NDArray[np.int64]


def check_dataset(dataset: Dataset, entry: Mapping[str, Any], name: str) -> None:
    """Check a dataset against its entry in the configuration.

    Parameters
    ----------
    dataset : Dataset
    entry : mapping
        ``side`` and ``classes``, and ``sha256`` of the bytes of the pool's images, if known.
    name : str
        The entry's name.

    Raises
    ------
    DatasetError
        If something differs.
    """
    side, classes = dataset.images.shape[1:], int(dataset.labels.max()) + 1
    if side != (entry["side"], entry["side"]):
        raise DatasetError(
            f"datasets.{name}.side: the images are {side[0]} × {side[1]} pixels, expected "
            f"{entry['side']} × {entry['side']}; correct the entry"
        )
    if classes != entry["classes"]:
        raise DatasetError(
            f"datasets.{name}.classes: the labels have {classes} classes, expected "
            f"{entry['classes']}; correct the entry"
        )
    found = sha256(dataset.images.tobytes()).hexdigest()
    if found != entry.get("sha256", found):
        raise DatasetError(
            f"datasets.{name}.sha256: the images have {found}, expected {entry['sha256']}; "
            "install the pinned packages, or correct the entry"
        )

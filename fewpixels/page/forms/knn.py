"""k-nearest neighbours in the page: their training images are there."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fewpixels.images.subset import Subset
from fewpixels.page.portable import Portable

WORDS = {"voters": "neighbours"}


def portable(
    parameters: Mapping[str, NDArray[Any]],
    hyperparameters: Mapping[str, Any],
    train: Subset,
    x: NDArray[np.float32],
    labels: NDArray[np.int64],
) -> Portable:
    """The first replicate's k and rule of ties; the page holds its training images.

    Parameters
    ----------
    parameters : mapping
        Of a `Fit`.
    hyperparameters : mapping
        Those of the fit.
    train, x, labels
        Not used: nothing is rounded.
    """
    values = {"k": int(parameters["chosen"][0]), "ties": hyperparameters["ties"]}
    return Portable("knn", values, {})

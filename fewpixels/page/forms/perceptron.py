"""Perceptrons in the page: coefficients of training images, or weights where those are smaller."""

from collections.abc import Mapping
from itertools import combinations, permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fewpixels.images.subset import Subset
from fewpixels.models.perceptron import predict
from fewpixels.page.portable import Portable, first_equal, smallest, whole
from fewpixels.perceptrons.features import MOST_EXPLICIT, Features, count
from fewpixels.perceptrons.schemes import signs_of
from fewpixels.perceptrons.scoring import coefficients

WORDS = {
    "loss": "mistakes in the epoch",
    "about_loss": "Perceptrons have no loss that falls: counted are the mistakes of all of them in "
    "an epoch, and each mistake moves weights. Where no weights are right for every image, the "
    "count goes up and down.",
}


def portable(
    parameters: Mapping[str, NDArray[Any]],
    hyperparameters: Mapping[str, Any],
    train: Subset,
    x: NDArray[np.float32],
    labels: NDArray[np.int64],
) -> Portable | None:
    """The first replicate in kernel form, or by weights of explicit features where that is smaller.

    Parameters
    ----------
    parameters : mapping
        Of a `Fit`.
    hyperparameters : mapping
        Those of the fit.
    train : Subset
        The images that the fit saw.
    x : ndarray of float32, shape (n, d)
    labels : ndarray of int64, shape (n,)
        Those of the first replicate.

    Returns
    -------
    Portable or None
        ``coefficients`` (P, m), each times the ``visits`` of its perceptron, so that those of
        averaged weights are whole too; or ``weights`` (P, f), float32 if all labels stay, as
        those of a fit that saw copies, which the page lacks. None of voted weights, or where
        neither form runs.
    """
    if "mistakes" in parameters:
        return None
    kernel, degree, scheme = (hyperparameters[name] for name in ("kernel", "degree", "scheme"))
    constant, pixels = float(parameters["constant"][0]), x.shape[1]
    values = {"kernel": kernel, "degree": degree, "scheme": scheme, "constant": constant}
    forms = []
    if "alpha" in parameters:
        sign = signs_of(scheme, train.classes)
        alpha = coefficients(parameters, 0, sign[train.y[0]] != 0)
        visits = np.ones(len(alpha))
        if hyperparameters["weights"] == "averaged":
            visits = hyperparameters["epochs"] * _members(scheme, train.y[0])
        own = {"coefficients": whole(alpha * visits[:, None]), "visits": visits.astype(np.float64)}
        if len(np.unique(train.ids)) == len(train.ids):  # no copies
            forms.append(Portable("kernel", values, own))
    if count(kernel, degree, pixels + (constant != 0)) <= MOST_EXPLICIT:
        form = Features(kernel, degree, constant, pixels)
        if "alpha" in parameters:
            learned = alpha @ form.of(train.x[0]) * form.scale
        else:
            learned = parameters["weights"][0]

        def label(arrays: Mapping[str, NDArray[Any]], images: NDArray[Any]) -> NDArray[np.int64]:
            weights = arrays["weights"][None].astype(np.float64)
            own = {"weights": weights, "constant": parameters["constant"][:1]}
            return predict(own, hyperparameters, train, images).labels[0]

        candidates = [{"weights": learned.astype(kind)} for kind in (np.float32, np.float64)]
        arrays = first_equal(candidates, label, x, labels)
        if arrays is not None:
            forms.append(Portable("weights", values, arrays))
    return smallest(forms) if forms else None


def trained_in_page(hyperparameters: Mapping[str, Any]) -> bool:
    """Whether the page can train it again: one weight a pixel and class, and whole numbers only.

    Parameters
    ----------
    hyperparameters : mapping
        Those of the fit.

    Returns
    -------
    bool
    """
    scheme, kernel, bias = (hyperparameters[name] for name in ("scheme", "kernel", "bias"))
    return scheme == "one-vs-rest" and kernel == "linear" and not bias


def _members(scheme: str, y: NDArray[np.int64]) -> NDArray[np.float64]:
    """Training images of each perceptron of a scheme, (P,)."""
    counts = np.bincount(y).astype(np.float64)
    if scheme == "one-vs-rest":
        return np.full(len(counts), counts.sum())
    choose = combinations if scheme == "one-vs-one-unordered" else permutations
    return np.array([a + b for a, b in choose(counts, 2)])

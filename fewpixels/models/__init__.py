"""The model families: each module is one family, with the same names.

``HYPERPARAMETERS``
    A JSON Schema of what an entry of ``config.yaml`` may set, with its defaults.
``TABLES``
    ``{"train": [...], "evaluate": [...]}``: tables that only this family writes.
``ITERATES``
    Whether training goes step by step, and so has a history to draw. All three are literals,
    which are read without importing the module.
``fit(train, validation, hyperparameters, *, grams, streams)``
    Train every replicate of one cell; returns a `Fit`.
``predict(parameters, hyperparameters, train, x)``
    Label images with the parameters of a fit; returns a `Prediction`.
``cost(parameters, hyperparameters, images, pixels)``
    What labelling one image takes, with the parameters of a fit on so many ``images`` of so
    many ``pixels``; returns a `Cost`.
``weights(parameters, train)``, optional
    What was learned of each pixel, (R, P, d), to be shown as images.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Table = tuple[list[str], list[list[Any]]]
"""The header and the rows of a CSV file."""


@dataclass(frozen=True)
class Fit:
    """What training one cell gave.

    Attributes
    ----------
    parameters : dict of str to ndarray
        Everything `predict` needs, each array with the replicates first. An entry
        ``chosen`` (R,) is the hyperparameter that validation picked. A replicate whose
        training diverged has NaN among its parameters (see `diverged`).
    updates : ndarray of int64, shape (R,)
        Updates (or epochs) that each replicate trained for.
    seconds : float
        Wall time of the training of all replicates together, in seconds.
    history : list of rows
        ``[replicate, step, loss, validation_accuracy]`` for each update (or epoch).
    tables : dict of str to Table
        The family's own tables, by the names of its ``TABLES["train"]``.
    """

    parameters: dict[str, NDArray[Any]]
    updates: NDArray[np.int64]
    seconds: float
    history: list[list[Any]] = field(default_factory=list)
    tables: dict[str, Table] = field(default_factory=dict)


@dataclass(frozen=True)
class Prediction:
    """Labels for images.

    Attributes
    ----------
    labels : ndarray of int64, shape (R, n)
    margin : ndarray of float32, shape (R, n)
        Top score minus the second.
    sweep : ndarray of int64, shape (K, R, n), optional
        Labels for each value 1…K of the hyperparameter that validation chose among.
    """

    labels: NDArray[np.int64]
    margin: NDArray[np.float32]
    sweep: NDArray[np.int64] | None = None


@dataclass(frozen=True)
class Cost:
    """What a fitted replicate needs to label one image.

    Attributes
    ----------
    parameters : ndarray of int64, shape (R,)
        Numbers that it keeps.
    multiplications : ndarray of int64, shape (R,)
        Products and quotients of two numbers; not sums, comparisons, roots, nor the
        activation functions of a network.
    bytes : ndarray of int64, shape (R,)
        Of the numbers that it keeps, in the types that they are computed and stored in.
    """

    parameters: NDArray[np.int64]
    multiplications: NDArray[np.int64]
    bytes: NDArray[np.int64]

    @classmethod
    def equal(cls, replicates: int, parameters: int, multiplications: int, size: int) -> "Cost":
        """All replicates cost the same; `size` is in bytes."""
        return cls(*(np.full(replicates, n, np.int64) for n in (parameters, multiplications, size)))


def diverged(parameters: Mapping[str, NDArray[Any]]) -> NDArray[np.bool_]:
    """Tell which replicates diverged: those with a parameter that is not finite.

    Parameters
    ----------
    parameters : mapping
        Of a `Fit`.

    Returns
    -------
    ndarray of bool, shape (R,)
    """
    finite = [np.isfinite(p).reshape(len(p), -1).all(axis=1) for p in parameters.values()]
    return ~np.logical_and.reduce(finite)


def top_and_margin(
    scores: NDArray[Any],
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Pick the class with the largest score.

    Parameters
    ----------
    scores : ndarray, shape (..., C)
        C ≥ 2 scores for each image.

    Returns
    -------
    labels : ndarray of int64, shape (...)
        The class with the largest score; the smallest such class on a tie.
    margin : ndarray of float32, shape (...)
        The largest score minus the second largest, ≥ 0.
    """
    second, first = np.moveaxis(np.partition(scores, -2, axis=-1)[..., -2:], -1, 0)
    return scores.argmax(axis=-1), (first - second).astype(np.float32)

"""What a family of models gives: it is one module, with these names.

``fit(train, validation, hyperparameters, *, streams)``
    Train every replicate of one cell; returns a `Fit`.
``predict(parameters, hyperparameters, train, x)``
    Label images with the parameters of a fit; returns a `Prediction`.

The others are optional:

``HYPERPARAMETERS``
    A JSON Schema of what an entry of ``config.yaml`` may set, with its defaults; nothing, unless
    set.
``TABLES``
    ``{"train": [...], "evaluate": [...]}``: tables that only this family writes.
``ITERATES``
    Whether training goes step by step, and so has a history to draw.
``PACKAGES``
    ``["torch"]``: what it imports that can be missing. A study that needs it is then refused
    before any job. All four are literals, which are read without importing the module.
``cost(parameters, hyperparameters, images, pixels)``
    What labelling one image takes, with the parameters of a fit on so many ``images`` of so
    many ``pixels``; returns a `Cost`. A family without it is not on the Pareto front.
``weights(parameters, hyperparameters, train)``
    What was learned of each pixel, (R, P, d), to be shown as images.
``needs(job)``
    What training or evaluating one cell is expected to take, before it runs: of a `Job`, its
    `Needs`. Without it a cluster is asked for an hour, and for memory for Python and the images.

``lacks(hyperparameters)``
    What this machine lacks for a model, such as a GPU: what was found, what is expected and what
    helps, in one line, or nothing. A study that is to run here is then refused before any job.

``python -m fewpixels check-model`` tells whether a module keeps to this.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fewpixels import FewpixelsError

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
        Updates (or epochs) that each replicate trained for; zeros unless given.
    history : list of rows
        ``[replicate, step, loss, validation_accuracy]`` for each update (or epoch).
    tables : dict of str to Table
        The family's own tables, by the names of its ``TABLES["train"]``.
    """

    parameters: dict[str, NDArray[Any]]
    updates: NDArray[np.int64] = field(default_factory=lambda: np.array(0, np.int64))
    history: list[list[Any]] = field(default_factory=list)
    tables: dict[str, Table] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not np.ndim(self.updates):  # a number for all replicates
            replicates = [np.shape(p)[:1] for p in self.parameters.values()]
            updates = np.full(replicates[0] if replicates else (), self.updates, np.int64)
            object.__setattr__(self, "updates", updates)

    def faults(self, replicates: int) -> Iterator[str]:
        """Say what of it cannot be kept, in a line each."""
        if not self.parameters:
            yield "found no parameters, expected one array or more"
        for name, array in self.parameters.items():
            if not isinstance(array, np.ndarray) or array.dtype.hasobject:
                kind = getattr(array, "dtype", type(array).__name__)
                yield f"parameters[{name!r}]: found {kind}, expected an array of numbers"
            elif array.shape[:1] != (replicates,):
                yield (
                    f"parameters[{name!r}]: found the shape {array.shape}, expected the "
                    f"{replicates} replicates first"
                )
        yield from _differences("updates", self.updates, np.int64, (replicates,))


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

    def faults(self, replicates: int, images: int, classes: int) -> Iterator[str]:
        """Say what of it cannot be scored, in a line each."""
        shape = (replicates, images)
        yield from _differences("margin", self.margin, np.float32, shape)
        labels = {"labels": (self.labels, shape)}
        if self.sweep is not None:
            labels["sweep"] = self.sweep, (*np.shape(self.sweep)[:1], *shape)
        for name, (array, expected) in labels.items():
            faults = list(_differences(name, array, np.int64, expected))
            if not faults and array.size and not 0 <= array.min() <= array.max() < classes:
                found = f"{array.min()} to {array.max()}"
                faults = [f"{name}: found {found}, expected the classes 0 to {classes - 1}"]
            yield from faults


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


@dataclass(frozen=True)
class Job:
    """Training of one cell, or its evaluation, before it runs."""

    trains: bool
    replicates: int
    held: int  # times that images are held: once for all replicates, or for each
    images: int  # that a replicate trains on
    labelled: int  # images that a replicate labels
    pixels: int
    classes: int
    hyperparameters: Mapping[str, Any]


@dataclass(frozen=True)
class Needs:
    """What a job is expected to take, besides Python and the images."""

    seconds: float  # of one core; a third of what a cluster is asked for
    numbers: float  # float64, or as many bytes, that it holds at a time


def checked(faults: Iterable[str], family: str, function: str) -> None:
    """Refuse what a function of a family gave, if it has faults.

    Raises
    ------
    FewpixelsError
        The first of them.
    """
    for fault in faults:
        raise FewpixelsError(
            f"{family}: {function}: {fault}; run: python -m fewpixels check-model {family}"
        )


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


def _differences(
    name: str, array: NDArray[Any], dtype: type[np.generic], shape: tuple[int, ...]
) -> Iterator[str]:
    """Say how an array differs from what is expected."""
    if not isinstance(array, np.ndarray):
        yield f"{name}: found {type(array).__name__}, expected an array"
    elif array.dtype != dtype or array.shape != shape:
        expected = f"{np.dtype(dtype)} {shape}"
        yield f"{name}: found {array.dtype} {array.shape}, expected {expected}"

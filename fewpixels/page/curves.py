"""Curves of a fit: accuracy and loss by step, or by k, over the replicates, thinned."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Curve = tuple[NDArray[np.int64], NDArray[np.float64]]
"""Places on the axis (n,), and by row values there."""

STEP = 1e-4
"""Accuracies are written as multiples of this."""
MISSING = 65535
"""Written where there is no accuracy."""


def thinned(places: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Keep some of many places on an axis, evenly on a logarithmic one; both ends stay.

    Parameters
    ----------
    places : ndarray of int, shape (n,)
        Ascending.
    most : int
        To keep, 2 or more.

    Returns
    -------
    ndarray of int
    """
    if len(places) <= most:
        return places
    kept = np.geomspace(1, len(places), most).round().astype(np.int64)
    return places[np.unique(kept) - 1]


def over_replicates(
    own: pd.DataFrame, along: str, values: list[str], most: int | None = None
) -> Curve:
    """Summarise a cell's curves over those of its replicates that have a value.

    Parameters
    ----------
    own : DataFrame
        ``replicate``, the column `along` and those of `values`; NaN where one diverged.
    along : str
        Column of the axis, of integers.
    values : list of str
    most : int, optional
        Places to keep; all of them by default.

    Returns
    -------
    places : ndarray of int64, shape (n,)
        Ascending.
    curves : ndarray of float64, shape (3 · len(values) + 1, n)
        Of each of `values` the mean, the lowest and the highest, NaN where no replicate has
        one; then how many replicates have the last of them.
    """
    where, replicate = own[along].to_numpy(), own["replicate"].to_numpy()
    places = np.unique(where)
    if most is not None:
        places = thinned(places, most)
    kept = np.isin(where, places)
    index = np.searchsorted(places, where[kept]), replicate[kept]
    rows = []
    shape = len(places), int(replicate.max(initial=-1)) + 1
    for name in values:
        table = np.full(shape, np.nan)
        table[index] = own[name].to_numpy()[kept]
        known = np.isfinite(table)
        count = known.sum(axis=1)
        none = count == 0
        mean = np.where(known, table, 0).sum(axis=1) / np.maximum(count, 1)
        low = np.where(known, table, np.inf).min(axis=1, initial=np.inf)
        high = np.where(known, table, -np.inf).max(axis=1, initial=-np.inf)
        rows += [np.where(none, np.nan, own) for own in (mean, low, high)]
    return places, np.array([*rows, count.astype(np.float64)])


def in_steps(values: NDArray[np.float64], step: NDArray[np.float64]) -> NDArray[np.uint16]:
    """Write numbers as multiples of a step, in two bytes each.

    Parameters
    ----------
    values : ndarray of float64
        0 to 65534 steps; NaN where there is none.
    step : ndarray of float64
        Above 0; of each number, or broadcast.

    Returns
    -------
    ndarray of uint16
        The nearest multiple; 65535 where there is none.
    """
    multiples = np.where(np.isnan(values), MISSING, np.rint(values / step).clip(0, 65534))
    return multiples.astype(np.uint16)


def in_shares(multiples: NDArray[np.uint16]) -> NDArray[np.float64]:
    """Read accuracies that `in_steps` wrote.

    Parameters
    ----------
    multiples : ndarray of uint16
        Of `STEP`.

    Returns
    -------
    ndarray of float64
        In [0, 1]; NaN where there is none.
    """
    return np.where(multiples == MISSING, np.nan, multiples * STEP)


def joined(parts: Sequence[NDArray[Any]], none: tuple[int, ...]) -> NDArray[Any]:
    """Join arrays along their last axis; zeros of shape `none` where there is no array."""
    return np.concatenate(parts, axis=-1) if parts else np.zeros(none)

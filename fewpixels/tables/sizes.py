"""Accuracy of one model from size to size: the smallest that suffices, and where it steps.

Scores are 1 where a replicate labels a fresh image rightly, 0 where not, and NaN where it
diverged; where classes are uneven they are weighted by class. All contrasts between sizes are
paired, by replicate and by image.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fewpixels.statistics.decisions import smallest_sufficient
from fewpixels.statistics.intervals import (
    Interval,
    converged,
    other_images,
)
from fewpixels.statistics.sampling import Sampling

ScoresBySize = Mapping[int, NDArray[np.float64]]

SHARES = (0.5, 0.8, 0.9, 0.95, 0.99)
"""Of the accuracy at the largest size."""

DIFFERENCE = ["difference", "difference_low", "difference_high"]
SIZES = ["size", "size_low", "size_high"]
REACHING = [*SIZES, "ratio", *DIFFERENCE]
"""Columns of `reaching`."""


def reaching(scores: ScoresBySize, share: float, of: Sampling) -> dict[str, Any]:
    """Find the smallest size that reaches a share of the accuracy at the largest.

    Parameters
    ----------
    scores : mapping of int to ndarray of float64, shape (R, n)
        By size; in the order of neither.
    share : float
        q, in (0, 1).
    of : Sampling

    Returns
    -------
    dict
        ``size`` is the smallest whose accuracy a(s) is at least that share of the largest
        size's, q·a(S); ``size_low`` and ``size_high`` are the ends of the 95% confidence set for
        it (`smallest_sufficient`). ``ratio`` is a(s)/a(S), and ``difference`` is
        d(s) = a(s) − q·a(S), with its 95% interval. Accuracies are over the replicates that
        diverged at neither size. Empty without a size.
    """
    sizes = sorted(scores)
    contrasts = [converged(scores[size], scores[sizes[-1]]) for size in sizes]
    # An image has −q at the least, but ends around 0 favour neither answer. d(S) cannot be less.
    within = [(-1.0, 1.0) if size < sizes[-1] else (0.0, 1 - share) for size in sizes]
    bounds = [
        of.difference(own - share * largest, ends)[0]
        for (own, largest), ends in zip(contrasts, within, strict=True)
    ]
    for size, (own, largest), interval in zip(sizes, contrasts, bounds, strict=True):
        if own.size and own.sum() >= share * largest.sum():
            low, high = smallest_sufficient(bounds)
            return {
                **dict(zip(SIZES, (size, sizes[low], sizes[high]), strict=True)),
                "ratio": own.sum() / largest.sum() if largest.any() else np.nan,
                **_difference((own - share * largest).mean(), interval),
            }
    return {}


def learned(scores: ScoresBySize, of: Sampling, chance: float) -> bool:
    """Whether accuracy at the largest size is certainly above chance.

    If not, shares of it tell nothing, and no size is enough.

    Parameters
    ----------
    scores : mapping of int to ndarray of float64, shape (R, n)
        By size; at least one.
    of : Sampling
    chance : float
        What guessing gives.

    Returns
    -------
    bool
        Whether its 95% interval lies above. A single replicate of many splits has none: then it
        is that for other fresh images, of the model as it was trained.
    """
    (largest,) = converged(scores[max(scores)])
    low, high = of.accuracy(largest)
    if not np.isfinite(high - low):
        low, _ = other_images(largest, classes=of.classes)
    return low > chance


def smallest(
    scores: Mapping[str, ScoresBySize],
    models: Iterable[Mapping[str, Any]],
    of: Sampling,
    chance: float,
) -> pd.DataFrame:
    """Find each model's smallest size that reaches some share of its own accuracy at the largest.

    Parameters
    ----------
    scores : mapping of str to mapping
        By model, as for `reaching`.
    models : iterable of mappings
        As `fewpixels.study.model.Model.shown` gives them.
    of : Sampling
    chance : float
        As for `learned`.

    Returns
    -------
    DataFrame
        A row for each model and each of `SHARES`: ``model, title, share``, and the columns of
        `reaching`; NaN of a model that has not `learned`.
    """
    rows = [
        {"model": model["name"], "title": model["title"]} | row
        for model in models
        for row in shares_reached(scores[model["name"]], of, chance)
    ]
    table = pd.DataFrame(rows, columns=["model", "title", "share", *REACHING])
    return table.astype(dict.fromkeys(SIZES, "Int64"))


def shares_reached(scores: ScoresBySize, of: Sampling, chance: float) -> list[dict[str, Any]]:
    """Rows of each of `SHARES`, with the columns of `reaching` if anything was `learned`."""
    known = bool(scores) and learned(scores, of, chance)
    return [{"share": share} | (reaching(scores, share, of) if known else {}) for share in SHARES]


def steps(
    scores: Mapping[str, ScoresBySize],
    models: Iterable[Mapping[str, Any]],
    side: int,
    of: Sampling,
) -> pd.DataFrame:
    """Compare accuracy at each size with a smooth curve through the sizes around it.

    The curve is the cubic through the two sizes below and the two above, in the logarithm of the
    size; so neither slope nor curvature counts as a step, which a mean of two neighbours would
    take for one wherever accuracy levels off.

    Parameters
    ----------
    scores, models, of
        As for `smallest`.
    side : int
        Pixels a side of the original images. Where a size divides it, a pixel is the mean of
        whole ones.

    Returns
    -------
    DataFrame
        A row for each model and size with two sizes on either side: ``model, title, size``,
        whether it ``divides`` the side, ``yes`` or ``no``, and ``difference``, accuracy above
        that curve, with its 95% interval. And a row without a size, of the mean over those that
        divide, if there are any.
    """
    rows = []
    for model in models:
        own, sizes = scores[model["name"]], sorted(scores[model["name"]])
        above = {}  # by size, the weights of accuracy at all sizes
        for i, size in list(enumerate(sizes))[2:-2]:
            around = [*range(i - 2, i), *range(i + 1, i + 3)]
            above[size] = np.eye(len(sizes))[i]
            above[size][around] = -interpolation(np.log(size), np.log(np.take(sizes, around)))
        found = [(size, side % size == 0, weights) for size, weights in above.items()]
        dividing = [weights for _, divides, weights in found if divides]
        if dividing:
            found.append((pd.NA, True, np.mean(dividing, axis=0)))
        for size, divides, weights in found:
            (kept,) = converged(sum(w * own[s] for s, w in zip(sizes, weights, strict=True) if w))
            most = float(np.abs(weights).sum()) / 2  # they add up to 0
            mean = kept.mean() if kept.size else np.nan
            row = {"model": model["name"], "title": model["title"], "size": size}
            row |= {"divides": "yes" if divides else "no"}
            rows.append(row | _difference(mean, of.difference(kept, (-most, most))[0]))
    table = pd.DataFrame(rows, columns=["model", "title", "size", "divides", *DIFFERENCE])
    return table.astype({"size": "Int64"})


def interpolation(at: float, nodes: Sequence[float] | NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights of values at some nodes that give a polynomial through them elsewhere.

    Lagrange's form: Π over k ≠ j of (x − x_k)/(x_j − x_k).

    Parameters
    ----------
    at : float
        x.
    nodes : sequence of float, length m
        All different.

    Returns
    -------
    ndarray of float64, shape (m,)
        Their sum is 1.

    Examples
    --------
    >>> interpolation(0, [-2, -1, 1, 2]).round(3)
    array([-0.167,  0.667,  0.667, -0.167])
    """
    x = np.asarray(nodes, dtype=np.float64)
    apart = x[:, None] - x
    np.fill_diagonal(apart, 1)
    toward = np.where(np.eye(len(x), dtype=bool), 1, at - x)
    return (toward / apart).prod(axis=1)


def pixels(size: Any) -> str:
    """Write a size: ``7×7``; nothing of one that is missing."""
    return "" if pd.isna(size) else f"{size}×{size}"


def confidence_set(row: Any) -> str:
    """Write the confidence set of a row: ``7×7 to 14×14``, or ``7×7 alone``."""
    if pd.isna(row.size_low):
        return ""
    low, high = pixels(row.size_low), pixels(row.size_high)
    return f"{low} alone" if low == high else f"{low} to {high}"


def _difference(mean: float, interval: Interval) -> dict[str, float]:
    """Columns of a difference; NaN where its interval has no bounds."""
    ends = interval if np.isfinite(interval[1] - interval[0]) else (np.nan, np.nan)
    return dict(zip(DIFFERENCE, (mean, *ends), strict=True))

"""Intervals of each model's accuracy, and models in pairs: functions from results to data frames.

All are of the honest split's models. Replicates that diverged are left out; of a pair, those in
which either did.
"""

from collections.abc import Iterable, Mapping
from itertools import combinations, pairwise
from math import isfinite, nan
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fewpixels.statistics.classes import chance, uneven, weights
from fewpixels.statistics.decisions import holm
from fewpixels.statistics.intervals import (
    Interval,
    another_split,
    converged,
    corrected_resampled,
    outperforms,
)
from fewpixels.statistics.sampling import Dealt, Sampling, by_class
from fewpixels.tables.ladders import Models, ladders, spanning

PAIR = ["comparison", "size", "model", "other"]
PAIR += ["difference", "difference_low", "difference_high", "holm_p"]
PAIR += ["probability", "probability_low", "probability_high"]
"""Columns of `pairs`, and these of splits that hold test images out."""
TESTED = ["test_difference", "test_difference_low", "test_difference_high"]
BALANCED = ["balanced_difference", "balanced_difference_low", "balanced_difference_high"]
"""And these of uneven classes."""

Scores = NDArray[np.float64]
ModelSize = tuple[str, int]


def held_out(
    metrics: pd.DataFrame, honest: str, column: str = "accuracy"
) -> dict[ModelSize, NDArray[np.float64]]:
    """Accuracy on the held-out test images, (R,), by model and size; NaN where a fit diverged.

    Or another column: that of ``balanced`` accuracy has only NaN where classes are even.
    """
    own = metrics[(metrics["subset"] == "test") & (metrics["split"] == honest)]
    ordered = own.sort_values("replicate").groupby(["model", "size"])[column]
    return {cell: values.to_numpy() for cell, values in ordered}


def intervals(
    tests: Mapping[ModelSize, NDArray[np.float64]],
    scores: Iterable[tuple[ModelSize, Scores]],
    of: Sampling,
    y: NDArray[np.integer] | None = None,
    balanced_tests: Mapping[ModelSize, NDArray[np.float64]] | None = None,
) -> pd.DataFrame:
    """Accuracy of each cell, held out and on fresh images, with 95% intervals.

    Parameters
    ----------
    tests : mapping
        Of `held_out`; not used where all replicates have the same images.
    scores : iterable of (cell, scores)
        (R, n), 1 where a fresh image was labelled rightly; NaN where a fit diverged.
    of : Sampling
    y : ndarray of int, shape (n,), optional
        Classes of the fresh images; not needed where they are even.
    balanced_tests : mapping, optional
        As `tests`, balanced by class; NaN where test images' classes are even.

    Returns
    -------
    DataFrame
        A row for each cell. ``test_low`` and ``test_high`` are the corrected resampled
        interval; on ``fresh`` images ``sample`` is for training on another sample of images,
        and ``split`` for another split of these. Without two replicates that converged there
        are none. Where all replicates have the same images, ``images`` is for other fresh
        images, and ``runs`` ranges from the lowest to the highest replicate. Of uneven classes
        there is the same balanced by class, as ``test_balanced``, ``sample_balanced_low``, …,
        and the share of the ``majority`` among fresh images.
    """
    rows = []
    for (model, size), own in scores:
        (fresh,) = converged(own)
        row: dict[str, Any] = {"model": model, "size": size, "replicates": len(fresh)}
        row |= {"diverged": len(own) - len(fresh)}
        if isinstance(of, Dealt):
            row |= _on_test(tests[model, size], of)
        row |= _on_fresh(fresh, of)
        if isinstance(of, Dealt) and balanced_tests:
            balanced = balanced_tests[model, size]
            row |= _on_test(balanced, of, "_balanced") if np.isfinite(balanced).any() else {}
        if y is not None and uneven(y):
            row |= _on_fresh(fresh * weights(y), by_class(of, y), "_balanced")
            row |= {"majority": chance(y)}
        rows.append(row)
    return pd.DataFrame(rows)


def _on_test(values: Scores, of: Dealt, kind: str = "") -> dict[str, float]:
    """Mean accuracy on held-out test images of the replicates that converged."""
    (test,) = converged(values)
    ends = corrected_resampled(test, of.n_train, of.n_test)
    return {f"test{kind}": _mean(test)} | _ends(f"test{kind}", ends, (0, 1))


def _on_fresh(fresh: Scores, of: Sampling, kind: str = "") -> dict[str, float]:
    """Mean accuracy on fresh images, and what it may be otherwise."""
    row = {f"fresh{kind}": _mean(fresh)}
    if isinstance(of, Dealt):
        row |= _ends(f"sample{kind}", of.accuracy(fresh), (0, 1))
        return row | _ends(f"split{kind}", another_split(fresh, classes=of.classes), (0, 1))
    runs = fresh.mean(axis=1)
    row |= _ends(f"images{kind}", of.accuracy(fresh), (0, 1))
    lowest = (float(runs.min()), float(runs.max())) if len(runs) else (nan, nan)
    return row | _ends(f"runs{kind}", lowest, (0, 1))


def compared(models: Models) -> list[tuple[str, str, str, int]]:
    """Choose the pairs to compare: the last rungs of the ladders, and each rung with that below.

    Parameters
    ----------
    models : iterable of mappings
        All models.

    Returns
    -------
    list of (comparison, model, other, size)
        ``models`` or ``remedy``. Of the former only ladders that span several sizes, if any do.
    """
    models = list(models)
    tops = [rungs[-1] for rungs in spanning(models)]
    found = [("models", a, b) for a, b in combinations(tops, 2)]
    found += [("remedy", b, a) for rungs in ladders(models) for a, b in pairwise(rungs)]
    return [
        (comparison, a["name"], b["name"], size)
        for comparison, a, b in found
        for size in a["sizes"]
        if size in b["sizes"]
    ]


def pairs(
    chosen: Iterable[tuple[str, str, str, int]],
    tests: Mapping[ModelSize, NDArray[np.float64]],
    scores: Mapping[ModelSize, Scores],
    of: Sampling,
    y: NDArray[np.integer] | None = None,
) -> pd.DataFrame:
    """Paired differences of accuracy, with 95% intervals.

    Parameters
    ----------
    chosen : iterable
        Of `compared`.
    tests, scores, of, y
        As for `intervals`; scores by cell.

    Returns
    -------
    DataFrame
        A row for each pair: ``difference`` on fresh images with the interval for another
        sample; ``probability`` that the model beats the other on another split of these
        images; ``holm_p``, of no difference between samples, adjusted for all pairs of the
        same comparison and size; and the difference on held-out test images. Where all
        replicates have the same images, intervals are for other fresh images, the
        probability is that of another run, and there is nothing held out. Of uneven classes
        there is the ``balanced_difference`` on fresh images too.
    """
    rows = []
    for comparison, model, other, size in chosen:
        a, b = converged(scores[model, size], scores[other, size])
        row: dict[str, Any] = {"comparison": comparison, "size": size}
        row |= {"model": model, "other": other, "difference": _mean(a - b)}
        interval, p = of.difference(a - b)
        row |= _ends("difference", interval, (-1, 1)) | {"holm_p": p}
        probability = outperforms((a - b).mean(axis=1)) if len(a) else (nan, nan, nan)
        row |= dict(
            zip(("probability", "probability_low", "probability_high"), probability, strict=True)
        )
        if isinstance(of, Dealt):
            a, b = converged(tests[model, size], tests[other, size])
            row |= {"test_difference": _mean(a - b)}
            interval = corrected_resampled(a - b, of.n_train, of.n_test)
            row |= _ends("test_difference", interval, (-1, 1))
        if y is not None and uneven(y):
            row |= _balanced(scores[model, size], scores[other, size], of, y)
        rows.append(row)
    columns = PAIR + (TESTED if isinstance(of, Dealt) else [])
    columns = columns + (BALANCED if y is not None and uneven(y) else [])
    frame = pd.DataFrame(rows, columns=columns)
    families = frame.groupby(["comparison", "size"])["holm_p"]
    if rows:
        frame["holm_p"] = families.transform(lambda p: holm(p.to_numpy()))
    order = {"comparison": True, "size": False}
    return frame.sort_values(
        list(order), ascending=list(order.values()), kind="stable", ignore_index=True
    )


def _balanced(a: Scores, b: Scores, of: Sampling, y: NDArray[np.integer]) -> dict[str, float]:
    """Columns of a difference that is balanced by class."""
    a, b = converged(a, b)
    difference = (a - b) * weights(y)
    interval, _ = by_class(of, y).difference(difference)
    name = BALANCED[0]
    return {name: _mean(difference)} | _ends(name, interval, (-1, 1))


def _mean(values: Scores) -> float:
    return float(values.mean()) if len(values) else nan


def _ends(name: str, interval: Interval, within: Interval) -> dict[str, float]:
    """Columns of an interval, within what is possible; NaN where it has no bounds."""
    low, high = (float(np.clip(end, *within)) if isfinite(end) else nan for end in interval)
    return {f"{name}_low": low, f"{name}_high": high}

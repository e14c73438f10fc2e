"""A hyperparameter along its axis: what validation images say of each value."""

from typing import Any

import numpy as np
import pandas as pd

from fewpixels.statistics.intervals import another_split, deviation
from fewpixels.tables.ladders import Models
from fewpixels.tables.summary import spread


def tuning(metrics: pd.DataFrame, models: Models) -> pd.DataFrame:
    """Accuracy on validation images for each value on the axis of a grid.

    Parameters
    ----------
    metrics : DataFrame
        Columns of ``metrics.csv``; of one split.
    models : iterable of mappings
        The cells of grids with one axis, of numbers, as `fewpixels.study.model.Model.shown` gives
        them.

    Returns
    -------
    DataFrame
        A row for each cell and size, by entry and size: ``entry, axis, size, value``;
        ``validation_mean`` and ``validation_sd`` of replicates; ``validation_low`` and
        ``validation_high``, the 95% interval of their mean for other splits of these images; and
        its ``standard_error``, 0 for a single replicate. In one row of an entry and size
        ``enough`` is ``yes``: at the smallest value whose mean is within one standard error of the
        best (the rule of Breiman, Friedman, Olshen and Stone, Classification and Regression Trees,
        1984).
    """
    validation = metrics[metrics["subset"] == "validation"]
    accuracy = dict(iter(validation.groupby(["model", "size"])["accuracy"]))
    groups: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for model in models:
        ((axis, value),) = model["axes"].items()
        for size in model["sizes"]:
            row = {"entry": model["entry"], "axis": axis, "size": size, "value": value}
            row |= _measured(accuracy[model["name"], size])
            groups.setdefault((model["entry"], size), []).append(row)
    rows = []
    for own in groups.values():
        own.sort(key=lambda row: row["value"])
        enough = _enough(own)
        rows += [row | {"enough": "yes" if row is enough else "no"} for row in own]
    return pd.DataFrame(rows)


def _measured(accuracy: "pd.Series[float]") -> dict[str, float]:
    """Mean, spread and interval over the replicates that did not diverge."""
    kept = accuracy.dropna()
    # A single replicate tells no interval.
    low, high = np.clip(another_split(kept), 0, 1) if len(kept) > 1 else (np.nan, np.nan)
    interval = {"validation_low": low, "validation_high": high, "standard_error": np.nan}
    if len(kept):
        interval["standard_error"] = deviation(kept) / len(kept) ** 0.5
    return spread(accuracy, "validation") | interval


def _enough(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The first row within one standard error of the best; none if all diverged."""
    there = [row for row in rows if not np.isnan(row["validation_mean"])]
    if not there:
        return None
    best = max(there, key=lambda row: row["validation_mean"])
    least = best["validation_mean"] - best["standard_error"]
    return next(row for row in there if row["validation_mean"] >= least)

"""What tables of results share: replicates summarised.

Accuracies are shares in [0, 1]. A pair of columns ``x_mean`` and ``x_sd`` summarises
replicates, and ``x_diverged``, where there are any, counts those that diverged and are left
out of it. No function names a model: each takes the models as the configuration describes them
(`fewpixels.study.model.Model.shown`).
"""

from typing import Any

import pandas as pd

from fewpixels.statistics.intervals import deviation

CELL = ["split", "size", "model"]


def told(table: pd.DataFrame, column: str) -> bool:
    """Whether a table has a number in a column: some are of uneven classes only."""
    return column in table and bool(table[column].notna().any())


def line_of_chance(table: pd.DataFrame, classes: int) -> float:
    """Accuracy that looking at no pixel gives: what the commonest class has, or 1/C.

    Parameters
    ----------
    table : DataFrame
        With a column ``majority`` where classes are uneven.
    classes : int
        C.

    Returns
    -------
    float
        In (0, 1].
    """
    return float(table["majority"].max()) if told(table, "majority") else 1 / classes


def summary(metrics: pd.DataFrame) -> pd.DataFrame:
    """Mean and standard deviation over the replicates that did not diverge.

    Parameters
    ----------
    metrics : DataFrame
        Columns of ``metrics.csv``; a replicate that diverged has no accuracy.

    Returns
    -------
    DataFrame
        ``mean`` and ``sd`` of the accuracy, and how many ``diverged``, indexed by split, size,
        model and subset. Where any are of uneven classes, ``balanced_mean`` and ``balanced_sd``.
    """
    by = [*CELL, "subset"]
    lost = metrics.assign(lost=metrics["accuracy"].isna()).groupby(by, sort=False)["lost"].sum()
    kept = metrics.dropna(subset="accuracy").groupby(by, sort=False)
    columns = {"mean": kept["accuracy"].mean(), "sd": kept["accuracy"].agg(deviation)}
    columns |= {"diverged": lost}
    if told(metrics, "balanced"):
        own = kept["balanced"]
        columns |= {"balanced_mean": own.mean(), "balanced_sd": own.agg(deviation)}
    return pd.DataFrame(columns, index=lost.index)


def columns(means: pd.DataFrame, key: tuple[Any, ...], name: str) -> dict[str, float]:
    """Columns of one row of a `summary`, by names that begin with `name`; NaN without the row."""
    if key not in means.index:
        return {f"{name}_mean": float("nan"), f"{name}_sd": float("nan")}
    mean, sd, lost, *balanced = means.loc[key]
    found = _named(mean, sd, lost, name)
    if balanced and not pd.isna(balanced[0]):
        found |= _named(balanced[0], balanced[1], 0, f"{name}_balanced")
    return found


def spread(values: "pd.Series[float]", name: str) -> dict[str, float]:
    """Columns that summarise values of replicates.

    Parameters
    ----------
    values : Series of float, shape (R,)
        NaN where a replicate diverged.
    name : str
        What the columns' names begin with.

    Returns
    -------
    dict of str to float
        ``{name}_mean``, ``{name}_sd`` and, if any diverged, ``{name}_diverged``.
    """
    kept = values.dropna()
    return _named(kept.mean(), deviation(kept), len(values) - len(kept), name)


def _named(mean: float, sd: float, diverged: float, name: str) -> dict[str, float]:
    columns = {f"{name}_mean": mean, f"{name}_sd": sd}
    return columns | ({f"{name}_diverged": int(diverged)} if diverged else {})

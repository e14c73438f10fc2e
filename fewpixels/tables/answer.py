"""How few pixels are enough: the best model at each size, and what it costs.

Accuracies are shares of fresh images, in [0, 1]; a replicate that diverged is left out of all
means, and counted. Where classes are uneven, accuracy balanced by class stands beside them, and is
what models are judged by (`judged`). Costs are means over replicates of `fewpixels.contract.Cost`.
Intervals are those of `fewpixels.statistics.sampling`.
"""

from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fewpixels.statistics.classes import chance, guessing, weights
from fewpixels.statistics.intervals import Interval, converged, deviation
from fewpixels.statistics.sampling import Sampling, by_class
from fewpixels.tables.sizes import (
    REACHING,
    SIZES,
    ScoresBySize,
    shares_reached,
)
from fewpixels.tables.summary import told

COST = ["parameters", "multiplications", "bytes"]
# Means of equal numbers differ in the last digits where they are of different sums.
_DIGITS = 12
ENDS = ("mean", "low", "high")


def pareto(
    metrics: pd.DataFrame,
    fits: pd.DataFrame,
    costs: pd.DataFrame,
    models: Iterable[Mapping[str, Any]],
    honest: str,
) -> pd.DataFrame:
    """Set accuracy against cost, and find the cells that no other cell dominates.

    Parameters
    ----------
    metrics : DataFrame
        Columns of ``metrics.csv``.
    fits : DataFrame
        Columns of ``fit.csv``, with split, size and model; of the honest split.
    costs : DataFrame
        ``size, model, replicate`` and the fields of `Cost`; of the honest split. NaN where a
        family does not count them.
    models : iterable of mappings
        All models, as `fewpixels.study.model.Model.shown` gives them.
    honest : str
        The split whose models label the fresh images.

    Returns
    -------
    DataFrame
        A row for each cell of the honest split, the largest size first and models in the order
        of the configuration. ``train_seconds`` is of one replicate. ``front`` is ``yes`` for a
        cell where no other is at least as accurate on fresh images with no more
        multiplications, and better in one of the two; never for one whose cost is unknown.
        Of uneven classes there are ``validation_balanced_mean`` and ``fresh_balanced_mean`` too.
    """
    key = ["size", "model", "replicate"]
    frame = costs.merge(fits[[*key, "seconds"]], on=key)
    names: list[str] = []
    for subset in ("validation", "fresh"):
        own = metrics[(metrics["split"] == honest) & (metrics["subset"] == subset)]
        measured = {"accuracy": subset}
        if told(own, "balanced"):
            measured |= {"balanced": f"{subset}_balanced"}
        frame = frame.merge(own[[*key, *measured]].rename(columns=measured), on=key)
        names += measured.values()
    cells = dict(list(frame.groupby(["size", "model"])))
    rows = []
    models = list(models)
    for size in sorted({size for size, _ in cells}, reverse=True):
        for model in models:
            if (size, model["name"]) not in cells:
                continue
            own = cells[size, model["name"]]
            kept = own.dropna(subset="fresh")
            row = {"size": size, "model": model["name"], "title": model["title"]}
            for name in names:
                row |= {f"{name}_mean": kept[name].mean()}
                row |= {f"{name}_sd": deviation(kept[name])}
            row |= {"fresh_diverged": len(own) - len(kept)}
            row |= {name: kept[name].mean() for name in COST}
            rows.append(row | {"train_seconds": kept["seconds"].mean()})
    table = pd.DataFrame(rows)
    accuracy = table[f"{judged(table)}_mean"].round(_DIGITS)
    front = _undominated(accuracy, table["multiplications"])
    return table.assign(front=np.where(front, "yes", "no"))


def judged(table: pd.DataFrame, subset: str = "fresh") -> str:
    """What accuracy is judged by, as columns begin: ``fresh``, or ``fresh_balanced``.

    Parameters
    ----------
    table : DataFrame
        Of `pareto`, or of what is made from it.
    subset : str

    Returns
    -------
    str
    """
    balanced = f"{subset}_balanced"
    return balanced if told(table, f"{balanced}_mean") else subset


def best(cells: pd.DataFrame) -> pd.DataFrame:
    """Choose the model at each size that is the most accurate on validation images.

    Parameters
    ----------
    cells : DataFrame
        Of `pareto`.

    Returns
    -------
    DataFrame
        A row of `cells` for each size at which not all models diverged, the largest first. Of
        equally accurate models, the one with the fewest multiplications, then the first.
    """
    column = f"{judged(cells, 'validation')}_mean"
    rank = cells.dropna(subset=column)
    rank = rank.assign(validation=rank[column].round(_DIGITS), row=range(len(rank)))
    order = ["size", "validation", "multiplications", "row"]
    rank = rank.sort_values(order, ascending=[False, False, True, True])
    return rank.groupby("size", sort=False).head(1)[cells.columns].reset_index(drop=True)


def with_interval(
    chosen: pd.DataFrame, scores: ScoresBySize, of: Sampling, name: str = "fresh"
) -> pd.DataFrame:
    """Give each size's accuracy on fresh images its interval.

    Parameters
    ----------
    chosen : DataFrame
        Of `best`.
    scores : mapping of int to ndarray of float64, shape (R, n)
        By size: 1 where a replicate of the chosen model labels a fresh image rightly, 0 where
        not, NaN where it diverged.
    of : Sampling
    name : str
        What its columns begin with; scores are weighted by class for ``fresh_balanced``.

    Returns
    -------
    DataFrame
        With ``{name}_low`` and ``{name}_high``, the 95% interval, clipped to [0, 1]; NaN where it
        has no bounds.
    """
    ends = [_bounded(of.accuracy(*converged(scores[size]))) for size in chosen["size"]]
    low, high = np.clip(np.array(ends).reshape(-1, 2), 0, 1).T
    table = chosen.drop(columns="front", errors="ignore")
    for place, (end, values) in enumerate({"low": low, "high": high}.items(), 1):
        table.insert(table.columns.get_loc(f"{name}_sd") + place, f"{name}_{end}", values)
    return table


def enough(chosen: pd.DataFrame, scores: ScoresBySize, of: Sampling, chance: float) -> pd.DataFrame:
    """Find the smallest size that reaches some share of the accuracy at the largest.

    Parameters
    ----------
    chosen, scores, of
        As for `with_interval`; scores as they are judged.
    chance : float
        What guessing gives.

    Returns
    -------
    DataFrame
        A row for each of `SHARES`: ``share``, and the columns of
        `fewpixels.tables.sizes.reaching`; NaN where the largest size is not certainly above
        chance (`fewpixels.tables.sizes.learned`).
    """
    rows = shares_reached({size: scores[size] for size in chosen["size"]}, of, chance)
    return pd.DataFrame(rows, columns=["share", *REACHING]).astype(dict.fromkeys(SIZES, "Int64"))


def answered(
    chosen: pd.DataFrame,
    scores: Mapping[tuple[str, int], NDArray[np.float64]],
    of: Sampling,
    y: NDArray[np.integer],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Answer with the models that were chosen: `with_interval`, and `enough`.

    Parameters
    ----------
    chosen : DataFrame
        Of `best`.
    scores : mapping of (str, int) to ndarray of float64, shape (R, n)
        By model and size; see `with_interval`.
    of : Sampling
    y : ndarray of int, shape (n,)
        Classes of the fresh images.

    Returns
    -------
    (DataFrame, DataFrame)
        The former of uneven classes with intervals of ``fresh_balanced`` too, and the share of the
        ``majority``.
    """
    cells = zip(chosen["model"], chosen["size"], strict=True)
    own = {size: scores[model, size] for model, size in cells}
    table, name = with_interval(chosen, own, of), judged(chosen)
    if name != "fresh":
        own = {size: right * weights(y) for size, right in own.items()}
        of = by_class(of, y)
        table = with_interval(table, own, of, name).assign(majority=chance(y))
    return table, enough(chosen, own, of, guessing(y))


def beside(
    answer: pd.DataFrame, shares: pd.DataFrame, within: pd.DataFrame, within_shares: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Set the answer beside that of the models alone that go beyond no other.

    Parameters
    ----------
    answer, within : DataFrame
        Of `with_interval`; ``within`` is of those models.
    shares, within_shares : DataFrame
        Of `enough`, of the same.

    Returns
    -------
    (DataFrame, DataFrame)
        ``answer`` with the columns ``within_model``, ``within_title`` and ``within_fresh_mean``,
        ``…_low`` and ``…_high``, and ``shares`` with ``within_size``.
    """
    names = dict.fromkeys(["fresh", judged(answer)])
    fresh = [f"{name}_{part}" for name in names for part in ENDS]
    own = within.set_index("size").reindex(columns=["model", "title", *fresh]).add_prefix("within_")
    sizes = within_shares.set_index("share")[["size"]].add_prefix("within_")
    return answer.join(own, on="size"), shares.join(sizes, on="share")


def _undominated(accuracy: "pd.Series[float]", cost: "pd.Series[float]") -> NDArray[np.bool_]:
    """Find the cells, of those with an accuracy and a cost, that are on the Pareto front."""
    a, c = accuracy.to_numpy(), cost.to_numpy()
    no_worse = (a[:, None] >= a) & (c[:, None] <= c)
    better = (a[:, None] > a) | (c[:, None] < c)
    return ~np.isnan(a) & ~np.isnan(c) & ~(no_worse & better).any(axis=0)


def _bounded(ends: Interval) -> Interval:
    """An interval, or NaN where it has no bounds."""
    return ends if isfinite(ends[1] - ends[0]) else (np.nan, np.nan)

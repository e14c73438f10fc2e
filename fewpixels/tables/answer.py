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

from fewpixels.artifacts.markdown import markdown, plain, with_ends
from fewpixels.statistics.classes import chance, guessing, weights
from fewpixels.statistics.intervals import Interval, converged, deviation
from fewpixels.statistics.sampling import Sampling, by_class
from fewpixels.tables.sizes import (
    DIFFERENCE,
    REACHING,
    SIZES,
    ScoresBySize,
    confidence_set,
    pixels,
    shares_reached,
)
from fewpixels.tables.summary import told

COST = ["parameters", "multiplications", "bytes"]
# Means of equal numbers differ in the last digits where they are of different sums.
_DIGITS = 12
_ENDS = ("mean", "low", "high")
# Sizes that a sentence can name.
_MOST = 6
_BALANCED = (
    " Classes have unequal numbers of images, so models are judged by accuracy balanced by class: "
    "the mean of the classes' recalls."
)


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
    fresh = [f"{name}_{part}" for name in names for part in _ENDS]
    own = within.set_index("size").reindex(columns=["model", "title", *fresh]).add_prefix("within_")
    sizes = within_shares.set_index("share")[["size"]].add_prefix("within_")
    return answer.join(own, on="size"), shares.join(sizes, on="share")


def answer_report(
    answer: pd.DataFrame, cells: pd.DataFrame, shares: pd.DataFrame, classes: int, of: Sampling
) -> str:
    """Write the answer in Markdown: in a sentence, and in three tables.

    Parameters
    ----------
    answer, shares : DataFrame
        Of `with_interval` and `enough`, or of `beside`.
    cells : DataFrame
        Of `pareto`.
    classes : int
    of : Sampling

    Returns
    -------
    str
    """
    balanced = judged(answer) != "fresh"
    by_size = {
        "pixels": [pixels(size) for size in answer["size"]],
        "best model": answer["title"],
        "validation": [f"{value:.3f}" for value in answer["validation_mean"]],
        "fresh": _with_ends(answer, "fresh"),
        "balanced": _with_ends(answer, judged(answer)),
        "diverged": answer["fresh_diverged"],
        **_costs(answer),
    }
    if not answer["fresh_diverged"].any():
        del by_size["diverged"]
    if not balanced:
        del by_size["balanced"]
    if "within_model" in answer:
        by_size["best without those beyond"] = answer["within_title"]
        by_size["its fresh"] = _with_ends(answer, "within_fresh")
        if balanced:
            by_size["its balanced"] = _with_ends(answer, f"within_{judged(answer)}")
    front = cells[cells["front"] == "yes"].sort_values("multiplications", kind="stable")
    uncounted = cells.dropna(subset="fresh_mean").query("multiplications.isna()")["title"].unique()
    besides = (
        f" Costs are not counted of {', '.join(map(plain, uncounted))}." if len(uncounted) else ""
    )
    on_front = {
        "pixels": [pixels(size) for size in front["size"]],
        "model": front["title"],
        "fresh": [f"{value:.3f}" for value in front["fresh_mean"]],
        "balanced": [f"{value:.3f}" for value in front[f"{judged(front)}_mean"]],
        **_costs(front),
    }
    if not balanced:
        del on_front["balanced"]
    kind = "balanced accuracy" if balanced else "accuracy"
    reached = {
        "share": [f"{share:.0%}" for share in shares["share"]],
        "enough": [pixels(size) for size in shares["size"]],
        "95% confidence set": [confidence_set(row) for row in shares.itertuples()],
        "of the largest": ["" if pd.isna(r) else f"{r:.3f}" for r in shares["ratio"]],
        "above the share": [with_ends(*row) for row in shares[DIFFERENCE].itertuples(index=False)],
    }
    return "\n".join(
        [
            f"**{sentence(answer, shares, classes)}**\n",
            "The best model at each size, chosen on validation images. Accuracy on fresh images "
            f"stands with its 95% interval for {of.another}; costs are of labelling one image, "
            "and seconds of training one replicate."
            f"{_BALANCED if balanced else ''}{_choice(answer, cells)}\n",
            markdown(pd.DataFrame(by_size)),
            f"How few pixels reach a share of the {kind} at the largest size: the smallest size "
            "measured to do so, and the sizes that the truly smallest one is among, with 95% "
            f"confidence. Above the share by how much, with its 95% interval for {of.another}.\n",
            markdown(pd.DataFrame(reached)),
            "The Pareto front: no other cell of the study is at least as accurate on fresh images "
            f"{'(balanced) ' if balanced else ''}with no more multiplications, and better in one "
            "of the two. Being on it was chosen on the fresh images, and so is a little "
            f"optimistic.{besides}\n",
            markdown(pd.DataFrame(on_front)),
        ]
    )


def sentence(answer: pd.DataFrame, shares: pd.DataFrame, classes: int) -> str:
    """Say in a few sentences what the sizes reach, and how few pixels are enough.

    Parameters
    ----------
    answer, shares : DataFrame
        Of `with_interval` and `enough`, or of `beside`.
    classes : int

    Returns
    -------
    str
        Of many sizes, only the largest and the smallest are named.
    """
    if answer.empty:
        return "Every replicate of every model diverged."
    largest, name = pixels(answer["size"].iloc[0]), judged(answer)
    named = answer if len(answer) <= _MOST else answer.iloc[[0, -1]]
    at = [f" at {pixels(size)}" for size in named["size"]]
    reached, balanced = (
        _listed([own + place for own, place in zip(_with_ends(named, which), at, strict=True)])
        for which in ("fresh", name)
    )
    guessing = f"guessing gives {1 / classes:.2f}"
    told = f"Of the fresh images the best model labels {reached} pixels rightly, where "
    if name == "fresh":
        told += f"{guessing}."
    else:
        told += (
            f"always naming the commonest class gives {answer['majority'].iloc[0]:.2f}. Balanced "
            f"by class, so that each counts alike, that is {balanced}, where {guessing}."
        )
    return f"{told} {_enough(shares, largest, answer, name)}"


def _enough(shares: pd.DataFrame, largest: str, answer: pd.DataFrame, name: str) -> str:
    """Say how few pixels are enough, if anything was learned, and how certain that is."""
    certain = answer[f"{name}_low"].notna().any()
    rows = list(shares.dropna(subset="size").itertuples())
    if not rows:
        return (
            f"At {largest} that is not certainly better than guessing: nothing was learned that is "
            f"certain, and no size is enough.{' In parentheses: 95% intervals.' if certain else ''}"
        )
    takes = _listed(
        [
            f"{row.share:.0%} takes {pixels(row.size)}"
            + (f" ({confidence_set(row)})" if certain else "")
            for row in rows
        ]
    )
    kind = "accuracy" if name == "fresh" else "balanced accuracy"
    known = (
        "In parentheses: 95% intervals, and the sizes that it may be, with 95% confidence."
        if certain
        else "Of one replicate: how far these numbers would be others in another is not known."
    )
    return f"Of the {kind} at {largest}, {takes}.{_ceiling(answer, shares)} {known}"


def _with_ends(table: pd.DataFrame, name: str) -> list[str]:
    """Write accuracies with their intervals."""
    columns = (table[f"{name}_{part}"] for part in _ENDS)
    return [with_ends(*row) for row in zip(*columns, strict=True)]


def _listed(parts: list[str]) -> str:
    """Join parts of a sentence."""
    return " and ".join([part for part in (", ".join(parts[:-1]), parts[-1]) if part])


def _ceiling(answer: pd.DataFrame, shares: pd.DataFrame) -> str:
    """Say for which share fewer pixels seemed to be enough, without the models beyond others."""
    if "within_size" not in shares:
        return ""
    fewer = shares[(shares["within_size"] < shares["size"]).fillna(False)]
    if fewer.empty:
        return ""
    *_, row = fewer.itertuples()
    reached = answer.set_index("size")[f"within_{judged(answer)}_mean"]
    return (
        f" An earlier answer, of models that go no further than remedies, was that {row.share:.0%} "
        f"takes {pixels(row.within_size)}, with {reached[row.within_size]:.3f} there and "
        f"{reached.iloc[0]:.3f} at {pixels(reached.index[0])}: a ceiling of those classifiers, not "
        "of the pixels."
    )


def _choice(answer: pd.DataFrame, cells: pd.DataFrame) -> str:
    """Say what it means that models were chosen, where there were several to choose from."""
    models = cells.dropna(subset="validation_mean").groupby("size")
    most = models.size().max()
    if not most > 1:
        return ""
    lost = models["fresh_mean"].max() - answer.set_index("size")["fresh_mean"]
    told = (
        f"another labels up to {lost.max():.3f} more of the fresh images rightly (at "
        f"{pixels(lost.idxmax())})"
        if lost.max() >= 0.0005
        else "here no other labels more of the fresh images rightly"
    )
    return (
        f" Each is chosen among up to {most} models, and among near equals few validation images "
        f"choose by luck: {told}. What they chose looks better on them than it is; on the fresh "
        "images it does not."
    )


def _undominated(accuracy: "pd.Series[float]", cost: "pd.Series[float]") -> NDArray[np.bool_]:
    """Find the cells, of those with an accuracy and a cost, that are on the Pareto front."""
    a, c = accuracy.to_numpy(), cost.to_numpy()
    no_worse = (a[:, None] >= a) & (c[:, None] <= c)
    better = (a[:, None] > a) | (c[:, None] < c)
    return ~np.isnan(a) & ~np.isnan(c) & ~(no_worse & better).any(axis=0)


def _bounded(ends: Interval) -> Interval:
    """An interval, or NaN where it has no bounds."""
    return ends if isfinite(ends[1] - ends[0]) else (np.nan, np.nan)


def _costs(frame: pd.DataFrame) -> dict[str, Any]:
    columns: dict[str, Any] = {
        name: ["" if pd.isna(value) else f"{value:,.0f}" for value in frame[name]] for name in COST
    }
    return columns | {"training seconds": frame["train_seconds"]}

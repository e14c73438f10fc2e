"""What the explorer shows of one cell: accuracies with intervals, labels, mistakes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fewpixels.statistics.intervals import Interval, corrected_resampled, deviation, next_replicate
from fewpixels.statistics.sampling import Dealt, Sampling
from fewpixels.tables.pairs import intervals

CellKey = tuple[str, int, str]
"""Split, size and model."""
Measured = Mapping[str, Mapping[str, Any]]
"""By subset: ``accuracy``, ``correct`` and ``chosen`` of each replicate (R,), and images ``n``."""

EVALUATED = ("validation", "test", "fresh")
NONE = (np.nan, np.nan)


@dataclass(frozen=True)
class Described:
    """A study, as its configuration describes it.

    Attributes
    ----------
    names : sequence of str
        Of the classes.
    models : sequence of mappings
        All models, as `fewpixels.study.model.Model.shown` gives them.
    splits : mapping
        By name.
    samplings : mapping of str to Sampling
        How each split's replicates drew their images.
    honest : str
        The split whose models label the fresh images in tables.
    """

    names: Sequence[str]
    models: Sequence[Mapping[str, Any]]
    splits: Mapping[str, Mapping[str, Any]]
    samplings: Mapping[str, Sampling]
    honest: str

    def fit_of(self, cell: CellKey) -> CellKey:
        """Where a cell's model is trained: splits can share it."""
        split, size, model = cell
        return self.splits[split].get("trains_as", split), size, model

    def tested(self, split: str) -> bool:
        """Whether accuracy on a split's test images tells of others: they are not trained on."""
        return split == self.honest or self.splits[split].get("test") != "last"


def shown(labels: NDArray[Any], most: int) -> NDArray[np.int64]:
    """Choose fresh images to show: the first of each class, as evenly as there are.

    Parameters
    ----------
    labels : ndarray of int, shape (n,)
        Classes of all fresh images.
    most : int
        Images at most, ≥ 0.

    Returns
    -------
    ndarray of int64
        Their indices, ascending. Of two classes, one has more than one image more than the
        other only where that has no others; where the last images do not go round, the first
        classes have them.
    """
    by_class = np.argsort(labels, kind="stable")
    _, first, counts = np.unique(labels[by_class], return_index=True, return_counts=True)
    rank = np.empty(len(labels), np.int64)  # of each image within its class
    rank[by_class] = np.arange(len(labels)) - np.repeat(first, counts)
    return np.sort(np.lexsort((labels, rank))[:most])


def by_cell(metrics: pd.DataFrame, replicates: int) -> dict[CellKey, dict[str, dict[str, Any]]]:
    """Sort metrics by cell.

    Parameters
    ----------
    metrics : DataFrame
        Columns of ``metrics.csv``.
    replicates : int
        R.

    Returns
    -------
    dict of CellKey to Measured
        Of a replicate that diverged ``correct`` is −1; a subset without images has an ``n`` of 0.
    """
    none: dict[str, Any] = {name: np.full(replicates, np.nan) for name in ("accuracy", "chosen")}
    none |= {"correct": np.full(replicates, -1, np.int32), "n": 0}
    found: dict[CellKey, dict[str, dict[str, Any]]] = {}
    by = ["split", "size", "model", "subset"]
    for (split, size, model, subset), own in metrics.groupby(by, sort=False):
        entry: dict[str, Any] = {"n": int(own["n"].max())}
        place = own["replicate"].to_numpy()
        for name in ("accuracy", "chosen", "correct"):
            entry[name] = np.full(replicates, np.nan)
            entry[name][place] = own[name].to_numpy(np.float64)
        lost = np.isnan(entry["accuracy"])
        entry["correct"] = np.where(lost, -1, entry["correct"]).astype(np.int32)
        cell = found.setdefault((split, int(size), model), dict.fromkeys(EVALUATED, none))
        cell[subset] = entry
    return found


def summary(accuracy: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """Mean, standard deviation, lowest and highest of the replicates that converged, if any."""
    kept = accuracy[~np.isnan(accuracy)]
    if not kept.size:
        return (np.nan,) * 4
    return float(kept.mean()), deviation(kept), float(kept.min()), float(kept.max())


def held_intervals(
    cell: CellKey, own: Measured, known: pd.DataFrame, study: Described
) -> tuple[Interval, Interval]:
    """95% intervals of the accuracy on validation and on test images.

    Parameters
    ----------
    cell : CellKey
    own : Measured
    known : DataFrame
        Of `fewpixels.tables.pairs.intervals`, of the honest split, indexed by model and size.
    study : Described

    Returns
    -------
    validation : low, high
        For one more replicate: models can choose on these images.
    test : low, high
        For training on another sample; where test images are trained on, or all replicates
        have the same, for one more replicate. NaN where there are none.
    """
    split, size, model = cell
    of = study.samplings[split]
    kept = {s: own[s]["accuracy"][~np.isnan(own[s]["accuracy"])] for s in ("validation", "test")}
    validation = _clipped(next_replicate(kept["validation"]))
    if split == study.honest and "test_low" in known:
        row = known.loc[(model, size)]
        return validation, (float(row["test_low"]), float(row["test_high"]))
    if isinstance(of, Dealt) and study.tested(split):
        return validation, _clipped(corrected_resampled(kept["test"], of.n_train, of.n_test))
    return validation, _clipped(next_replicate(kept["test"]))


def fresh_intervals(
    cell: CellKey, right: NDArray[np.float64], known: pd.DataFrame, study: Described
) -> tuple[Interval, Interval]:
    """95% intervals of the accuracy on fresh images.

    Parameters
    ----------
    cell : CellKey
    right : ndarray of float64, shape (R, n)
        1 where a replicate labels an image rightly, 0 where not; NaN where it diverged.
    known, study
        As for `held_intervals`.

    Returns
    -------
    tuple of (low, high)
        For another sample of images, and for other splits of these. Where all replicates have
        the same, for other fresh images, and NaN.
    """
    split, size, model = cell
    of = study.samplings[split]
    if study.fit_of(cell)[0] == study.honest:
        row = known.loc[(model, size)]
    else:
        none = {(model, size): np.full(len(right), np.nan)}
        row = intervals(none, [((model, size), right)], of).iloc[0]
    if not isinstance(of, Dealt):
        return (float(row["images_low"]), float(row["images_high"])), NONE
    sample, split_ = [
        (float(row[f"{q}_low"]), float(row[f"{q}_high"])) for q in ("sample", "split")
    ]
    return sample, split_


def balanced(
    cell: CellKey, metrics: pd.DataFrame, known: pd.DataFrame, study: Described
) -> list[tuple[float | None, float | None, float | None] | None]:
    """Accuracy balanced by class on each subset, with its interval where tables have it.

    Parameters
    ----------
    cell : CellKey
    metrics : DataFrame
        Means over replicates of the columns of ``metrics.csv``, indexed by split, size, model and
        subset.
    known, study
        As for `held_intervals`.

    Returns
    -------
    list of (mean, low, high)
        None of a subset whose classes are even, and where there is no interval.
    """
    split, size, model = cell
    fresh = "sample" if "sample_balanced_low" in known else "images"
    of = {"test": "test"} if split == study.honest else {}
    of |= {"fresh": fresh} if study.fit_of(cell)[0] == study.honest else {}
    found: list[tuple[float | None, float | None, float | None] | None] = []
    for subset in EVALUATED:
        mean = metrics["balanced"].get((split, size, model, subset), np.nan)
        columns = [f"{of.get(subset, '')}_balanced_{end}" for end in ("low", "high")]
        there = columns[0] in known
        ends = known.loc[(model, size), columns] if there else NONE
        low, high = (None if np.isnan(end) else float(end) for end in ends)
        found.append(None if np.isnan(mean) else (float(mean), low, high))
    return found


def confused(
    labels: NDArray[np.integer], y: NDArray[np.integer], classes: int
) -> NDArray[np.integer]:
    """Count labels by true class, over the replicates that did not diverge.

    Parameters
    ----------
    labels : ndarray of int, shape (R, n)
        −1 where a replicate diverged.
    y : ndarray of int, shape (n,) or (R, n)
        True classes.
    classes : int
        C.

    Returns
    -------
    ndarray of int64, shape (C, C)
        How many images of each true class (row) have each label (column).
    """
    kept = (labels >= 0).all(axis=1)
    true = np.broadcast_to(y, labels.shape)[kept]
    counts = np.bincount((true * classes + labels[kept]).ravel(), minlength=classes**2)
    return counts.reshape(classes, classes)


def most_wrong(
    labels: NDArray[np.integer],
    y: NDArray[np.integer],
    margins: NDArray[np.floating],
    agreed: NDArray[np.integer],
    most: int,
) -> tuple[NDArray[np.int64], NDArray[np.integer], NDArray[np.floating]]:
    """Find the images that are labelled wrongly by the largest margins.

    Parameters
    ----------
    labels, y : ndarray of int, shape (n,)
        Of one replicate, and true; a label of −1 is none.
    margins : ndarray of float, shape (n,)
        Top score minus second.
    agreed : ndarray of int, shape (n,)
        How many replicates give an image this label.
    most : int
        Images to find.

    Returns
    -------
    images : ndarray of int64, shape (most,)
        Their places; of equal margins, as votes have them, first those of which the most
        replicates agree, then the first. −1 where there are no more.
    labels : ndarray of int, shape (most,)
        What they are labelled, 0 where there are no more.
    margins : ndarray of float, shape (most,)
        Descending; then 0 where there are no more.
    """
    wrong = np.flatnonzero((labels != y) & (labels >= 0))
    order = np.lexsort((-agreed[wrong], -margins[wrong].astype(np.float64)))
    found = wrong[order][:most]
    rest = (0, most - len(found))
    return (
        np.pad(found, rest, constant_values=-1),
        np.pad(labels[found], rest),
        np.pad(margins[found], rest),
    )


def _clipped(interval: Interval) -> Interval:
    """An interval within what is possible; NaN where it has no bounds."""
    if not isfinite(interval[1] - interval[0]):
        return NONE
    return max(0.0, interval[0]), min(1.0, interval[1])

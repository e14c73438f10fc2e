"""The leak: test images that are training images too, and what accuracy is without them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fewpixels.images.downscale import downscale
from fewpixels.images.subset import Subset
from fewpixels.page.cells import CellKey, Described, shown
from fewpixels.statistics.sampling import Dealt
from fewpixels.tables.leakage import leaks

MOST, SIDE = 100, 28
"""Test images that are shown, and pixels a side of each, at the most."""

Arrays = dict[str, NDArray[Any]]


def leaking(accuracy: pd.DataFrame, study: Described) -> list[CellKey]:
    """Find the cells of the first split whose test images are training images too.

    Parameters
    ----------
    accuracy : DataFrame
        Of ``tables/leakage-accuracy.csv``.
    study : Described

    Returns
    -------
    list of CellKey
        Of the models that its largest size has, at all sizes; none without such a split.
    """
    for split, own in accuracy.groupby("split", sort=False):
        dealt = isinstance(study.samplings[split], Dealt) and not study.tested(split)
        if dealt and own["leaked_images"].any():
            models = own[own["size"] == own["size"].max()]["model"]
            kept = own[own["model"].isin(models)]
            return [(split, int(row.size), row.model) for row in kept.itertuples(name="Row")]
    return []


def figures(
    cells: list[CellKey],
    accuracy: pd.DataFrame,
    metrics: pd.DataFrame,
    intervals: pd.DataFrame,
    study: Described,
) -> list[dict[str, Any]]:
    """Gather the accuracy of cells on all test images, on copies, on others, and on fresh images.

    Parameters
    ----------
    cells : list of CellKey
        Of `leaking`.
    accuracy : DataFrame
        Of ``tables/leakage-accuracy.csv``.
    metrics, intervals : DataFrame
        Of ``metrics.csv`` and ``tables/intervals.csv``.
    study : Described

    Returns
    -------
    list of dict
        ``model``, ``title``, ``size``; ``published``, the accuracy that was; ``test``, ``copies``,
        ``others`` and ``fresh``, means over the replicates that have any; ``images``, how many
        ``test``, ``copies`` and ``others`` are in all replicates, and ``fresh`` in each;
        ``spread``, the standard error of ``others``; and ``interval``, of ``fresh``. Null is what
        there is none of.
    """
    leaked = accuracy.set_index(["split", "size", "model"])
    measured = metrics.groupby(["split", "size", "model", "subset"], sort=False)
    means, most = measured["accuracy"].mean(), measured["n"].max()
    replicates = metrics["replicate"].nunique()
    known = intervals.set_index(["size", "model"])
    published = {own["name"]: own["published"].get("accuracy", {}) for own in study.models}
    found = []
    for cell in cells:
        row, (_, size, model) = leaked.loc[cell], cell
        entry = {"model": model, "size": size, "title": row["title"]}
        entry["published"] = published[model].get(f"{size}px")
        entry |= {subset: _number(means[(*cell, subset)]) for subset in ("test", "fresh")}
        entry |= {"copies": _number(row["leaked_mean"]), "others": _number(row["unleaked_mean"])}
        copies, others = int(row["leaked_images"]), int(row["unleaked_images"])
        images = {"test": copies + others, "copies": copies, "others": others}
        entry["images"] = images | {"fresh": int(most[(*cell, "fresh")])}
        spread = row["unleaked_sd"] / np.sqrt(replicates)
        if entry["others"] is not None and np.isnan(spread):  # of one replicate
            spread = np.sqrt(entry["others"] * (1 - entry["others"]) / others)
        entry["spread"] = _number(spread)
        entry["interval"] = None
        if study.fit_of(cell)[0] == study.honest:
            ends = known.loc[(size, model)]
            low, high = _number(ends["sample_low"]), _number(ends["sample_high"])
            entry["interval"] = None if low is None or high is None else [low, high]
        found.append(entry)
    return found


def leak(
    figured: list[dict[str, Any]],
    title: str,
    images: NDArray[Any],
    labels: NDArray[np.int64],
    dealt: Mapping[str, NDArray[np.int32]],
    labelled: NDArray[np.int64],
    study: Described,
) -> tuple[dict[str, Any], tuple[dict[str, Any], Arrays]]:
    """Gather what the section of the leak shows.

    Parameters
    ----------
    figured : list of dict
        Of `figures`.
    title : str
        Of the split.
    images : ndarray, shape (N, side, side)
        The pool.
    labels : ndarray of int64, shape (N,)
        Its classes, 0…C−1.
    dealt : mapping
        ``train`` and ``test``, (R, n), indices into the pool.
    labelled : ndarray of int64, shape (cells, n)
        Each cell's labels of the first replicate's test images; −1 where it diverged.
    study : Described

    Returns
    -------
    part : dict
        For the template: ``title``; ``figures`` and ``first``, the one to show at first; ``share``
        of the test images that are copies; ``replicates``, ``images`` of a replicate, and
        ``shown`` of these.
    pack : (record, arrays)
        ``figures``, ``replicates``, ``classes``, ``sizes`` and ``side``; and of each test image
        shown ``pixels`` (n, side²), uint8, ``classes`` (n,), its ``labels`` (cells, n), C for none,
        and whether it is one of the ``copies`` (sizes, n).
    """
    train, test = dealt["train"][0], dealt["test"][0]
    rows = shown(labels[test], MOST)
    test = test[rows]
    sizes = sorted({own["size"] for own in figured}, reverse=True)
    side = min(SIDE, images.shape[-1])
    low, high = float(images.min(initial=0)), float(images.max(initial=1))
    pixels = (downscale(images[test], side) - low) * (255 / (high - low))
    kind = np.uint8 if len(study.names) < 256 else np.uint16
    none = len(study.names)
    arrays: Arrays = {
        "pixels": np.rint(pixels).astype(np.uint8),
        "classes": labels[test].astype(kind),
        "labels": np.where(labelled < 0, none, labelled)[:, rows].astype(kind),
        "copies": np.stack([_copies(images, labels, train, test, size) for size in sizes]),
    }
    # Of a model that diverged in fewest replicates.
    counts = max((own["images"] for own in figured), key=lambda own: int(own["test"]))
    replicates = len(dealt["test"])
    common = {"figures": figured, "replicates": replicates}
    share = counts["copies"] / counts["test"]
    part = {"title": title, "first": figured[0], "share": share}
    part |= {"images": dealt["test"].shape[1], "shown": len(rows)}
    record = {"classes": [str(name) for name in study.names], "sizes": sizes, "side": side}
    return common | part, (common | record, arrays)


def _copies(
    images: NDArray[Any],
    labels: NDArray[np.int64],
    train: NDArray[np.int32],
    test: NDArray[np.int32],
    size: int,
) -> NDArray[np.uint8]:
    """Which test images (n,) are training images too, by id or by pixels."""
    known, own = (
        Subset.of(downscale(images[ids], size)[None], labels[ids][None], ids[None])
        for ids in (train, test)
    )
    found = leaks(own, known)
    return (found["by_id"] | found["by_pixels"])[0].astype(np.uint8)


def _number(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None

"""The explorer: what the page shows of each cell, and of any two.

A *fit* is a trained model. Splits that differ in their test images only share their fits, and
with them learning curves, costs, and all labels of fresh images.
"""

from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from fewpixels.page.cells import (
    EVALUATED,
    CellKey,
    Described,
    balanced,
    by_cell,
    confused,
    fresh_intervals,
    held_intervals,
    most_wrong,
    shown,
    summary,
)
from fewpixels.page.curves import STEP, in_steps, joined, over_replicates
from fewpixels.page.forms import words_of
from fewpixels.page.paired import right_by_class, squares, squares_by_class, tally
from fewpixels.statistics.classes import uneven
from fewpixels.statistics.sampling import Dealt
from fewpixels.tables.answer import COST, best
from fewpixels.tables.ladders import way_beyond
from fewpixels.tables.summary import line_of_chance, told

Record = dict[str, Any]
Arrays = dict[str, NDArray[Any]]
Tables = Iterable[tuple[CellKey, pd.DataFrame]]

WRONG = 12
"""Most confidently wrong images that are shown of a fit."""

# What the pack holds at most: labels of images, pairs of fits, places on learning curves, and
# entries of confusion matrices, which are shown of so many classes.
LABELS, PAIRS, PLACES, ENTRIES, CLASSES = 1_500_000, 60_000, 20_000, 2_000_000, 40


def explorer(
    cells: Iterable[tuple[CellKey, Mapping[str, NDArray[Any]]]],
    histories: Tables,
    sweeps: Tables,
    metrics: pd.DataFrame,
    intervals: pd.DataFrame,
    pareto: pd.DataFrame,
    y: NDArray[np.int64],
    images: NDArray[np.int64],
    study: Described,
) -> tuple[Record, Arrays]:
    """Collect what the explorer shows.

    Parameters
    ----------
    cells : iterable of (cell, arrays)
        In the order to show them in. ``test`` int64 (R, m), labels of the test images, and their
        classes ``test_y``, where the split has any; ``fresh`` int64 (R, n) and ``fresh_margin``
        float32 (R, n), which only the first cell of each fit needs.
    histories : iterable of (cell, DataFrame)
        Columns of ``history.csv``, of one cell of each fit.
    sweeps : iterable of (cell, DataFrame)
        Columns of ``sweep.csv``, of the cells that have one.
    metrics : DataFrame
        Columns of ``metrics.csv``.
    intervals, pareto : DataFrame
        Columns of ``tables/intervals.csv`` and ``tables/pareto.csv``, of the honest split.
    y : ndarray of int64, shape (n,)
        Classes of all fresh images.
    images : ndarray of int64, shape (k,)
        Those of them that the page holds, of `fewpixels.page.cells.shown`.
    study : Described

    Returns
    -------
    record : dict
        For JSON.
    arrays : dict of str to ndarray
        ``accuracy`` (cells, subsets, 4): mean, standard deviation, lowest, highest;
        ``interval`` (cells, 4, 2) of validation, test and, for two questions, fresh images;
        ``correct`` (cells, subsets, R), −1 where one diverged; ``lost`` (fits, R). Of replicate
        0, ``labels`` (fits, l) of the page's images ``labelled`` (l,), C for none; ``wrong``,
        ``wrong_labels`` and ``wrong_margins`` (fits, 12). ``squares`` of
        `fewpixels.page.paired` and ``confused_fresh`` (fits, C, C) and ``confused_test`` are
        left out where they are too many; so are, of uneven classes, ``class_right`` (fits, R, C)
        and ``class_squares`` (pairs, C). Curves: ``steps`` (p,), ``losses`` (3, p), ``curves``
        (4, p), ``k`` (q,) and ``sweep`` (9, q), see `fewpixels.page.curves`.
    """
    replicates = int(metrics["replicate"].max()) + 1
    measured = by_cell(metrics, replicates)
    lost = [np.isnan(own["fresh"]["accuracy"]) for own in measured.values()]
    patterns = list({own.tobytes(): own for own in lost}.values())
    known = intervals.set_index(["model", "size"])
    place = {name: i for i, name in enumerate(study.splits)}
    number = {model["name"]: i for i, model in enumerate(study.models)}
    balances = told(metrics, "balanced")
    means = metrics.groupby(["split", "size", "model", "subset"]).mean(numeric_only=True)
    fits: dict[CellKey, Record] = {}
    rows: list[Record] = []
    names: list[CellKey] = []
    tests: list[NDArray[np.integer]] = []
    for cell, own in cells:
        fit = study.fit_of(cell)
        if fit not in fits:
            fits[fit] = _fit(cell, own, y, images, patterns, known, study)
        found = measured[cell]
        chosen = found["validation"]["chosen"]
        row: Record = {"split": place[cell[0]], "size": cell[1], "model": number[cell[2]]}
        row |= {"fit": list(fits).index(fit), "images": [found[s]["n"] for s in EVALUATED]}
        if not np.isnan(chosen).all():
            spread = np.nanmin(chosen), np.nanmedian(chosen), np.nanmax(chosen)
            row["chosen"] = [float(value) for value in spread]
            row |= {"first": float(chosen[0])} if np.isfinite(chosen[0]) else {}
        if balances:
            row["balanced"] = balanced(cell, means, known, study)
        if "test" in own:
            row["test"] = len(tests)
            tests.append(confused(own["test"], own["test_y"], len(study.names)))
        rows.append(row)
        names.append(cell)
    ends = [
        (*held_intervals(cell, measured[cell], known, study), *fits[study.fit_of(cell)]["interval"])
        for cell in names
    ]
    of_cells = [[measured[cell][s] for s in EVALUATED] for cell in names]
    arrays: Arrays = {
        "accuracy": np.array([[summary(own["accuracy"]) for own in cell] for cell in of_cells]),
        "correct": np.array([[own["correct"] for own in cell] for cell in of_cells], np.int32),
        "interval": np.array(ends, np.float64),
    }
    arrays |= _of_fits(list(fits.values()), tests, y[images], len(study.names))
    if uneven(y):
        arrays |= _by_class(list(fits.values()), y, len(study.names))
    shared = [_cost(fit, pareto, study) for fit in fits]
    trained = dict(zip(fits, shared, strict=True))
    arrays |= _learning(histories, trained, study)
    arrays |= _sweeping(sweeps, dict(zip(names, rows, strict=True)))
    record = {
        "classes": [str(name) for name in study.names],
        "replicates": replicates,
        "splits": [_split(name, metrics, study) for name in study.splits],
        "models": [_model(model) for model in study.models],
        "cells": rows,
        "fits": shared,
        "start": _start(pareto, names, study),
        "fresh": len(y),
        "counts": np.bincount(y, minlength=len(study.names)).tolist(),
        "honest": study.splits[study.honest].get("title", study.honest),
        "quantiles": {
            # Of Student's distribution with 1, 2, … degrees of freedom, and of the normal one.
            "t": [float(stdtrit(freedom, 0.975)) for freedom in range(1, replicates)],
            "z": float(ndtri(0.975)),
        },
    }
    return record, arrays


def _model(model: Mapping[str, Any]) -> Record:
    """Name a model, the axes of its grid, and what its family's numbers are called."""
    named = {key: model[key] for key in ("name", "entry", "title")}
    return named | {"axes": list(model["axes"])} | words_of(model["family"])


def _fit(
    cell: CellKey,
    own: Mapping[str, NDArray[Any]],
    y: NDArray[np.int64],
    images: NDArray[np.int64],
    patterns: list[NDArray[np.bool_]],
    known: pd.DataFrame,
    study: Described,
) -> Record:
    """What a fit says of fresh images."""
    labels, classes = own["fresh"], len(study.names)
    lost: NDArray[np.bool_] = np.asarray((labels < 0).any(axis=1))
    right = np.equal(labels, y)
    first = labels[0, images]
    agreed = (labels[:, images] == first).sum(axis=0)
    wrong = most_wrong(first, y[images], own["fresh_margin"][0, images], agreed, WRONG)
    scores = np.where(lost[:, None], np.nan, right)
    return {
        "lost": lost,
        "tally": tally(right, lost, patterns),
        "right": right_by_class(right, y, classes),
        "confused_fresh": confused(labels, y, classes),
        "labels": np.where(first < 0, classes, first),
        "interval": fresh_intervals(cell, scores, known, study),
        **dict(zip(("wrong", "wrong_labels", "wrong_margins"), wrong, strict=True)),
    }


def _of_fits(
    fits: list[Record], tests: list[NDArray[np.integer]], y: NDArray[np.int64], classes: int
) -> Arrays:
    """Join what fits say; what would be too much is left out."""
    kind = np.uint8 if classes < 256 else np.uint16
    kept = shown(y, LABELS // len(fits))
    found: Arrays = {
        "lost": np.array([fit["lost"] for fit in fits], np.uint8),
        "labelled": kept.astype(np.int32),
        "labels": np.array([fit["labels"][kept] for fit in fits], kind),
        "wrong": np.array([fit["wrong"] for fit in fits], np.int32),
        "wrong_labels": np.array([fit["wrong_labels"] for fit in fits], kind),
        "wrong_margins": np.array([fit["wrong_margins"] for fit in fits], np.float32),
    }
    if len(fits) * (len(fits) - 1) // 2 <= PAIRS:
        sums = squares([fit["tally"] for fit in fits], [fit["lost"] for fit in fits])
        found["squares"] = _whole(sums)
    if classes <= CLASSES and (len(fits) + len(tests)) * classes**2 <= ENTRIES:
        found["confused_fresh"] = _whole(np.array([fit["confused_fresh"] for fit in fits]))
        found["confused_test"] = _whole(np.array(tests).reshape(-1, classes, classes))
    return found


def _by_class(fits: list[Record], y: NDArray[np.int64], classes: int) -> Arrays:
    """What differences that are balanced by class are made from, as far as it is not too much."""
    right = np.array([fit["right"] for fit in fits])
    found = {"class_right": _whole(right)} if right.size <= ENTRIES else {}
    if found and len(fits) * (len(fits) - 1) // 2 * classes <= PAIRS:
        tallies, lost = ([fit[name] for fit in fits] for name in ("tally", "lost"))
        found["class_squares"] = _whole(squares_by_class(tallies, lost, y, classes))
    return found


def _learning(histories: Tables, fits: Mapping[CellKey, Record], study: Described) -> Arrays:
    """Join learning curves; each fit is told where its own begins and ends."""
    most = min(100, max(10, PLACES // len(fits)))
    steps, losses, curves, start = [], [], [], 0
    most_loss = np.finfo(np.float32).max
    for cell, own in histories:
        fit = fits.get(study.fit_of(cell))
        if own.empty or fit is None:
            continue
        places, values = over_replicates(own, "step", ["loss", "validation_accuracy"], most)
        fit["curve"] = [start, start := start + len(places)]
        steps.append(places)
        losses.append(values[:3].clip(-most_loss, most_loss))
        curves.append(in_steps(values[3:], np.array([STEP, STEP, STEP, 1])[:, None]))
    return {
        "steps": joined(steps, (0,)).astype(np.int32),
        "losses": joined(losses, (3, 0)).astype(np.float32),
        "curves": joined(curves, (4, 0)).astype(np.uint16),
    }


def _sweeping(sweeps: Tables, cells: Mapping[CellKey, Record]) -> Arrays:
    """Join sweeps over k; each cell is told where its own begins and ends."""
    ks, curves, start = [], [], 0
    for cell, own in sweeps:
        if own.empty or cell not in cells:
            continue
        places = np.unique(own["k"])
        values = np.full((3 * len(EVALUATED), len(places)), np.nan)
        for i, subset in enumerate(EVALUATED):
            part = own[own["subset"] == subset]
            at, curve = over_replicates(part, "k", ["accuracy"])
            values[3 * i : 3 * i + 3, np.searchsorted(places, at)] = curve[:3]
        cells[cell]["sweep"] = [start, start := start + len(places)]
        ks.append(places)
        curves.append(in_steps(values, np.array(STEP)))
    return {
        "k": joined(ks, (0,)).astype(np.int32),
        "sweep": joined(curves, (9, 0)).astype(np.uint16),
    }


def _cost(fit: CellKey, pareto: pd.DataFrame, study: Described) -> Record:
    """What a fit costs, if it is of the honest split; null for what its family does not count."""
    trained, size, model = fit
    if trained != study.honest:
        return {"honest": False}
    row = pareto[(pareto["size"] == size) & (pareto["model"] == model)].iloc[0]
    return {"honest": True} | {n: float(row[n]) if isfinite(row[n]) else None for n in COST}


def _split(name: str, metrics: pd.DataFrame, study: Described) -> Record:
    """Describe a split, and what intervals are for: each subset, and a second of fresh ones."""
    own = metrics[metrics["split"] == name]
    chance = [line_of_chance(own[own["subset"] == s], len(study.names)) for s in EVALUATED]
    of, tested = study.samplings[name], study.tested(name)
    if isinstance(of, Dealt):
        counts = {"n_train": of.n_train, "n_test": of.n_test, "n_pool": of.n_pool}
        test = "training on another sample of images" if tested else "one more replicate"
        about = ["one more replicate", test, of.another, "other splits of these images"]
    else:
        counts = {}
        about = ["one more run", "one more run", "other never-seen images", ""]
    title = study.splits[name].get("title", name)
    found = {"name": name, "title": title, "sampling": counts, "about": about, "tested": tested}
    return found | {"chance": chance}


def _start(pareto: pd.DataFrame, cells: list[CellKey], study: Described) -> list[int]:
    """Choose what to show first: the best model at the middle size, and the best of the others.

    Of these it is the best that goes beyond no corrections, if there is any.
    """
    chosen = best(pareto)
    if chosen.empty:
        return [0, min(1, len(cells) - 1)]
    size, model = chosen.iloc[(len(chosen) - 1) // 2][["size", "model"]]
    own = pareto[(pareto["size"] == size) & (pareto["model"] != model)]
    mended = own[[not way_beyond(study.models, name) for name in own["model"]]]
    first = cells.index((study.honest, int(size), model))
    for others in (mended, own):
        for other in best(others)["model"] if len(others) else []:
            cell = (study.honest, int(size), other)
            if cell in cells:
                return [first, cells.index(cell)]
    return [first, next((i for i in range(len(cells)) if i != first), first)]


def _whole(values: NDArray[Any]) -> NDArray[Any]:
    """Whole numbers in as few bytes as hold them."""
    highest = values.max(initial=0)
    for kind in (np.uint16, np.uint32):
        if highest <= np.iinfo(kind).max:
            return values.astype(kind)
    return values.astype(np.float64)

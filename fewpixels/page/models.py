"""The models and images that the page holds, so that it can label a drawing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fewpixels.contract import diverged
from fewpixels.images.copies import Copies, with_copies
from fewpixels.images.downscale import downscale
from fewpixels.images.subset import Subset
from fewpixels.page.forms import form_of
from fewpixels.page.portable import Portable

ELSEWHERE = "running in Python only"
DIVERGED = "diverged in training"
TOO_LARGE = "too large for the page"
COPIED = "keeping thousands of distorted copies, which the page lacks"


@dataclass(frozen=True)
class Trained:
    """A trained cell.

    Attributes
    ----------
    name, title, entry : str
        Of the model, and of its entry of the configuration.
    size : int
        Pixels a side.
    family : str
        As the configuration names it.
    hyperparameters : dict
    parameters : mapping of str to ndarray
        Of a `fewpixels.contract.Fit`, of the first replicate or of more.
    labels : ndarray of int64, shape (n,)
        Of the fresh images that the page holds, by the first replicate.
    copies : Copies, optional
        Those that it was trained on too, of all images of the pool.
    """

    name: str
    title: str
    entry: str
    size: int
    family: str
    hyperparameters: Mapping[str, Any]
    parameters: Mapping[str, NDArray[Any]]
    labels: NDArray[np.int64]
    copies: Copies | None = None


def models(
    cells: Iterable[Trained],
    train: tuple[NDArray[Any], NDArray[np.int64], NDArray[np.int32]],
    fresh: tuple[NDArray[Any], NDArray[np.int64]],
    names: Sequence[str],
    best: pd.DataFrame,
    most: int,
) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Gather what the page runs.

    Parameters
    ----------
    cells : iterable of Trained
    train : ndarray, shape (m, side, side), ndarray of int64 and ndarray of int32, shape (m,)
        Images, classes and ids of what the first replicate was trained on.
    fresh : ndarray, shape (n, side, side), and ndarray of int64, shape (n,)
        Those that the page holds.
    names : sequence of str
        Of the classes.
    best : DataFrame
        ``size`` and ``model`` of those to hold before all others.
    most : int
        Characters that models and training images may take, about. Where they would take more,
        the largest models are left out.

    Returns
    -------
    record : dict
        ``side``, ``classes``, ``range`` (the least and the largest pixel), ``models`` and
        ``omitted``, each with the reason.
    arrays : dict of str to ndarray
        ``fresh``, ``fresh_labels``; ``train``, ``train_labels`` where a model runs on them; and
        each model's, after its number and a point.
    """
    side = train[0].shape[-1]
    seen: dict[int, tuple[Subset, NDArray[np.float32]]] = {}
    forms: list[tuple[dict[str, Any], Portable]] = []
    omitted: list[dict[str, Any]] = []
    for cell in cells:
        if cell.size not in seen:
            x = downscale(train[0], cell.size)
            trained = Subset.of(x[None], train[1][None], train[2][None])
            seen[cell.size] = trained, downscale(fresh[0], cell.size)
        form = _form(cell, *seen[cell.size])
        # Of the cell no more than this is kept, since all parameters can be gigabytes.
        own = {name: getattr(cell, name) for name in ("name", "title", "entry", "size")}
        if isinstance(form, str):
            omitted.append(own | {"reason": form})
        else:
            forms.append((own, form))
    first = set(zip(best["size"], best["model"], strict=True))
    later = [(own["size"], own["name"]) not in first for own, _ in forms]
    kept = _within([form for _, form in forms], later, train[0], most)
    omitted += [own | {"reason": TOO_LARGE} for i, (own, _) in enumerate(forms) if i not in kept]
    forms = [forms[i] for i in kept]

    arrays = {"fresh": fresh[0], "fresh_labels": fresh[1].astype(np.uint16)}
    if any(form.needs_train for _, form in forms):
        arrays |= {"train": train[0], "train_labels": train[1].astype(np.uint16)}
    for i, (_, form) in enumerate(forms):
        arrays |= {f"{i}.{name}": array for name, array in form.arrays.items()}
    record = {
        "side": side,
        "classes": list(names),
        "range": [float(f(train[0])) for f in (np.min, np.max)],
        "models": [own | {"kind": form.kind} | form.values for own, form in forms],
        "omitted": omitted,
    }
    return record, arrays


def _form(cell: Trained, train: Subset, x: NDArray[np.float32]) -> Portable | str:
    """A cell as the page runs it, or why it does not."""
    first = {name: array[:1] for name, array in cell.parameters.items()}
    portable = form_of(cell.family)
    if diverged(first)[0]:
        return DIVERGED
    if cell.copies:
        train = with_copies(train, cell.copies)
    form = portable and portable(first, cell.hyperparameters, train, x, cell.labels)
    if form and form.needs_train and cell.copies:
        return COPIED
    return form or (COPIED if cell.copies else ELSEWHERE)


def _within(
    forms: Sequence[Portable], later: Sequence[bool], train: NDArray[Any], most: int
) -> list[int]:
    """Which models fit: the smallest first, some later, and training images count once."""
    sizes = [form.packed_size() for form in forms]
    total, images = 0, Portable("", {}, {"train": train}).packed_size()
    kept = []
    for i in sorted(range(len(forms)), key=lambda i: (later[i], sizes[i], i)):
        needed = sizes[i] + (images if forms[i].needs_train else 0)
        if total + needed <= most:
            total += needed
            images -= images if forms[i].needs_train else 0
            kept.append(i)
    return sorted(kept)

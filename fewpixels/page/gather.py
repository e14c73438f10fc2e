"""What the page shows, gathered from what the study made, in the space that it has."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fewpixels.page.cells import CellKey, Described, shown
from fewpixels.page.claims import section
from fewpixels.page.curve_charts import charts
from fewpixels.page.glossary import GLOSSARY
from fewpixels.page.made import made
from fewpixels.page.pack import pack
from fewpixels.page.portable import Portable

IMAGES, FRESH, MODELS = 4000, 1_600_000, 2_480_000
"""Fresh images that the page holds, the characters that they may take, and those of models and
training images: with the charts' library and the explorer it stays below 6 MB."""

UNKNOWN = "The configuration names no terms of use."

Arrays = Mapping[str, Any]
Packed = tuple[Mapping[str, Any], Mapping[str, NDArray[Any]]]


def held(y: NDArray[np.int64], images: NDArray[Any]) -> NDArray[np.int64]:
    """Choose the fresh images that the page holds.

    Parameters
    ----------
    y : ndarray of int64, shape (n,)
    images : ndarray, shape (n, side, side)

    Returns
    -------
    ndarray of int64, shape (m,)
        Rows, of all classes alike; at least one.
    """
    chosen = shown(y, IMAGES)
    size = Portable("", {}, {"fresh": images[chosen]}).packed_size()
    return shown(y, max(1, min(IMAGES, len(chosen) * FRESH // size)))


def noting(
    cells: Iterable[tuple[CellKey, Arrays]],
    study: Described,
    images: NDArray[np.int64],
    labels: dict[CellKey, NDArray[np.int64]],
) -> Iterator[tuple[CellKey, Arrays]]:
    """Hand cells on, and note what the first replicate of each fit labels some fresh images."""
    for cell, own in cells:
        if "fresh" in own:
            labels[study.fit_of(cell)] = own["fresh"][0][images]
        yield cell, own


def context(
    values: Mapping[str, Any],
    study: Described,
    explored: Packed,
    ran: Packed,
    claims: pd.DataFrame | None,
    history: tuple[Mapping[str, Any], pd.DataFrame, Sequence[float]],
    targets: Sequence[tuple[str, str]],
    dataset: str,
    parts: Mapping[str, Any],
    packs: Mapping[str, Packed],
) -> dict[str, Any]:
    """Fill what the page's template asks for.

    Parameters
    ----------
    values : mapping
        Of the rule's recipe: ``models``, ``splits``, ``title`` and ``licence``; and ``remarks``
        on the images, a line each.
    study : Described
    explored, ran : (record, arrays)
        Of `fewpixels.page.explorer.explorer` and `fewpixels.page.models.models`.
    claims : DataFrame or None
        The ledger, if there is one.
    history : (mapping, DataFrame, sequence of float)
        Provenance, times by stage, and seconds of training and of labelling.
    targets : sequence of (str, str)
        What a reader may want to make again, and the file to ask for.
    dataset : str
    parts : mapping
        By name of a section, what its template shows; None where the study lacks it.
    packs : mapping of str to (record, arrays)
        What those sections compute with.

    Returns
    -------
    dict
    """
    provenance, timing, seconds = history
    return {
        "title": values["title"],
        "dataset": dataset,
        "honest_title": values["splits"][study.honest]["title"],
        "claims": None if claims is None else section(claims),
        "explorer": {
            "charts": charts(*explored),
            "replicates": explored[0]["replicates"],
            "cells": len(explored[0]["cells"]),
        },
        "packs": {
            "models": pack(*ran),
            "explorer": pack(*explored),
            **{name: pack(*own) for name, own in packs.items()},
        },
        "glossary": GLOSSARY,
        **parts,
        "made": made(
            provenance,
            timing,
            targets,
            values["licence"] or UNKNOWN,
            values["remarks"],
            seconds,
        ),
    }

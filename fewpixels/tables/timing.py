"""The table of times: what each entry of the configuration took, and each part of a grid."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from fewpixels.tables.ladders import Models
from fewpixels.tables.summary import CELL


def timing(fits: pd.DataFrame, timings: pd.DataFrame, models: Models) -> pd.DataFrame:
    """Time to train one replicate, and to label one image, beside published times.

    Parameters
    ----------
    fits, timings : DataFrame
        Columns of ``fit.csv`` and ``timing.csv``, with split, size and model; of one split.
    models : iterable of mappings
        All models.

    Returns
    -------
    DataFrame
        A row for each entry of the configuration, of ``all`` its cells; and for each value on
        an axis of its grid, of the ``cells`` with that value, where the axis has several.
        Training seconds are added up over those cells and their sizes, ``fits`` in number;
        published ones over the cells that have any. A look-up excludes what replicates share.
        Published times are of another computer.
    """
    train = fits.groupby(CELL)["seconds"].mean().groupby("model").agg(["size", "sum"])
    look_ups = timings.groupby("model")[["seconds", "images"]].sum()
    entries: dict[str, list[Mapping[str, Any]]] = {}
    for model in models:
        entries.setdefault(model["entry"], []).append(model)
    rows = []
    for entry, own in entries.items():
        for cells, chosen in _parts(own):
            names = [model["name"] for model in chosen]
            published = pd.DataFrame(
                [model["published"] for model in chosen], columns=["seconds", "lookup_seconds"]
            ).astype(float)
            look_up = look_ups.loc[names].sum()
            row = {
                "entry": entry,
                "cells": cells,
                "fits": train.loc[names, "size"].sum(),
                "published_train_seconds": published["seconds"].sum(min_count=1),
                "train_seconds": train.loc[names, "sum"].sum(),
                "published_lookup_seconds": published["lookup_seconds"].mean(),
                "lookup_seconds": look_up["seconds"] / look_up["images"],
            }
            rows.append(row)
    return pd.DataFrame(rows)


def _parts(cells: list[Mapping[str, Any]]) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    """All cells of an entry, and those with each value on an axis that has several."""
    yield "all", cells
    for axis in dict.fromkeys(axis for cell in cells for axis in cell["axes"]):
        values = dict.fromkeys(cell["axes"][axis] for cell in cells if axis in cell["axes"])
        for value in values if len(values) > 1 else []:
            chosen = [c for c in cells if axis in c["axes"] and c["axes"][axis] == value]
            yield f"{axis} = {value}", chosen

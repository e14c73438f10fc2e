"""What fewer pixels keep: how few are enough, and what one size less still tells apart."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fewpixels.page.cells import Described
from fewpixels.tables.sizes import confidence_set, pixels

Fact = dict[str, Any]
SHARE = 0.9
"""Of the accuracy at the largest size: what is called enough."""


def kept(line: pd.DataFrame, enough: pd.DataFrame) -> tuple[Fact | None, int | None]:
    """Find how few pixels are enough, and the next size below.

    Parameters
    ----------
    line : DataFrame
        Of `fewpixels.page.answer.best_line`, one row a size.
    enough : DataFrame
        ``tables/enough.csv``.

    Returns
    -------
    enough : dict or None
        The ``size`` that is enough, the ``largest``, both in words, and what the former ``keeps``
        of its accuracy, in [0, 1]. None without two sizes, or where nothing was learned.
    below : int or None
        None where there is none.
    """
    sizes = enough.loc[(enough["share"] == SHARE) & enough["size"].notna(), "size"]
    if sizes.empty or len(line) < 2:
        return None, None
    size, means = int(sizes.iloc[0]), line.set_index("size")["mean"]
    found = {"size": pixels(size), "largest": pixels(line["size"].iloc[0])}
    below = max((int(s) for s in means.index if s < size), default=None)
    ratio = means.get(size, np.nan) / means.iloc[0]
    return found | {"keeps": float(ratio)}, below


def less(
    explored: tuple[Mapping[str, Any], Mapping[str, NDArray[Any]]],
    line: pd.DataFrame,
    size: int | None,
    study: Described,
) -> Fact | None:
    """Say what the best model still tells apart at a size, and what it confuses.

    Parameters
    ----------
    explored : (record, arrays)
        Of `fewpixels.page.explorer.explorer`.
    line : DataFrame
        Of `fewpixels.page.answer.best_line`, one row a size.
    size : int or None
    study : Described

    Returns
    -------
    dict or None
        ``size`` in words; what it ``keeps`` of the accuracy at the largest; ``right``, the class
        that is labelled right most often, and its share; ``wrong``, the class, the label that it
        gets wrongly and the share that does, of which the share is the largest, or None without
        an error. None without a size, or where the page has no confusion matrices.
    """
    record, arrays = explored
    if size is None or "confused_fresh" not in arrays:
        return None
    row = line[line["size"] == size].iloc[0]
    (fit,) = (
        cell["fit"]
        for cell in record["cells"]
        if record["splits"][cell["split"]]["name"] == study.honest
        and (cell["size"], record["models"][cell["model"]]["name"]) == (size, row["model"])
    )
    counts = np.asarray(arrays["confused_fresh"][fit], np.float64)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    right = np.diag(shares)
    errors = shares - np.diag(right)
    true, label = np.unravel_index(errors.argmax(), errors.shape)
    names = [str(name) for name in study.names]
    return {
        "size": pixels(size),
        "keeps": float(row["mean"] / line["mean"].iloc[0]),
        "right": (names[right.argmax()], float(right.max())),
        "wrong": (names[true], names[label], float(errors.max())) if errors.any() else None,
    }


def shares(enough: pd.DataFrame) -> Fact:
    """Write how few pixels reach each share of the accuracy at the largest size.

    Parameters
    ----------
    enough : DataFrame
        ``tables/enough.csv``.

    Returns
    -------
    dict
        ``rows`` of texts: the share, the size, and the sizes that it may be, of which no row has
        the last where they are not known; ``within`` or None: the ``share`` for which the models
        that go beyond no other need a smaller ``size``, the largest such share.
    """
    known = enough[enough["size"].notna()]
    rows = [
        [f"{row.share:.0%}", pixels(row.size), confidence_set(row)] for row in known.itertuples()
    ]
    found: Fact = {"rows": rows if all(row[2] for row in rows) else [row[:2] for row in rows]}
    fewer = known[:0]
    if "within_size" in known:
        fewer = known[(known["within_size"] < known["size"]).fillna(False)]
    own = [{"share": f"{r.share:.0%}", "size": pixels(r.within_size)} for r in fewer.itertuples()]
    return found | {"within": own[-1] if own else None}


def dealt(record: Mapping[str, Any], trained: int, study: Described) -> Fact:
    """Count the images, by what they are for.

    Parameters
    ----------
    record
        Of `fewpixels.page.explorer.explorer`.
    trained : int
        Images that a model learns from.
    study : Described

    Returns
    -------
    dict
        ``all`` images; the ``fresh`` ones; ``parts`` of the others, each its number and what it is
        for; ``times``, how often that is done.
    """
    cells = record["cells"]
    split, held = next(
        (record["splits"][cell["split"]], cell["images"])
        for cell in cells
        if record["splits"][cell["split"]]["name"] == study.honest
    )
    numbers = [trained, *held]
    words = ["to train", "to choose", "to test"]
    pool = split["sampling"].get("n_pool", sum(numbers[:-1]))
    return {
        "all": pool + numbers[-1],
        "fresh": numbers[-1],
        "parts": [part for part in zip(numbers[:-1], words, strict=True) if part[0]],
        "times": record["replicates"],
    }

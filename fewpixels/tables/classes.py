"""The table of a dataset's classes, what is used of them, and what looks odd about them."""

from collections.abc import Mapping, Sequence
from html import unescape

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fewpixels.artifacts.markdown import markdown, plain
from fewpixels.images.likeness import near_copies, other_form

UNEVEN = 3
"""How many times as large as the smallest class the largest is, before it is remarked on."""


def classes(
    names: NDArray[np.str_],
    labels: NDArray[np.int64],
    fresh_labels: NDArray[np.int64],
    split: Mapping[str, NDArray[np.int32]] | None = None,
) -> pd.DataFrame:
    """Count the images of each class.

    Parameters
    ----------
    names : ndarray of str, shape (C,)
    labels, fresh_labels : ndarray, shape (N,)
        Classes, 0…C−1, of the pool and of the fresh images.
    split : mapping, optional
        Of `fewpixels.images.splits.deal`; without it, nothing is used.

    Returns
    -------
    DataFrame
        A row a class: its number ``class``, its ``name``, how many images of it are in the
        ``pool`` and ``fresh``, and how many of the pool a replicate uses to ``train``, for
        ``validation`` and to ``test``.
    """
    count = len(names)
    counts = {
        "pool": np.bincount(labels, minlength=count),
        "fresh": np.bincount(fresh_labels, minlength=count),
    }
    for subset, ids in (split or {}).items():
        counts[subset] = np.bincount(labels[ids[0]], minlength=count)
    return pd.DataFrame({"class": range(count), "name": names, **counts})


def oddities(
    names: Sequence[str],
    pool: tuple[NDArray[np.number], NDArray[np.int64]],
    fresh: tuple[NDArray[np.number], NDArray[np.int64]],
) -> list[str]:
    """Say what looks odd about images.

    Parameters
    ----------
    names : sequence of C str
    pool, fresh : tuple of ndarray
        Images (N, side, side) and their classes (N,), 0…C−1.

    Returns
    -------
    list of str
        A line each: classes out of proportion, near copies within the pool, and fresh images that
        look like those of the pool only transposed, or as a negative.
    """
    found = []
    images, labels = pool
    sizes = np.bincount(labels, minlength=len(names))
    large, small = int(sizes.argmax()), int(sizes.argmin())
    if sizes[large] > UNEVEN * sizes[small]:
        found.append(
            f"classes are out of proportion: {names[large]} has {sizes[large]} images and "
            f"{names[small]} {sizes[small]}; accuracy is mostly that of the large ones"
        )
    copies = near_copies(images)
    if len(copies):
        others = int((labels[copies[:, 0]] != labels[copies[:, 1]]).sum())
        apart = f", {others} of them of one with another label" if others else ""
        i, j = copies[0]
        found.append(
            f"{len(copies)} images of the pool are near copies of others in it{apart} (image {i}, "
            f"of {names[labels[i]]}, of image {j}, of {names[labels[j]]}, counted from 0): those "
            "that test may be known from training; remove what is there twice"
        )
    form = other_form(pool, fresh)
    if form:
        option = " (of idx files, transpose: true may help)" if form == "transposed" else ""
        found.append(
            f"fresh images look {form}: so taken, their mean of each class is closer to that of "
            f"the pool than as they are; make both alike{option}"
        )
    return found


def classes_report(table: pd.DataFrame, remarks: Sequence[str]) -> str:
    """Write the table in Markdown, with a list of remarks below it, if there are any."""
    listing = "".join(f"- {plain(remark)}\n" for remark in remarks)
    return markdown(table) + (f"\n{listing}" if remarks else "")


def remarks_in(report: str) -> list[str]:
    """Read the remarks from what `classes_report` writes."""
    lines = report.splitlines()
    return [unescape(line.removeprefix("- ")) for line in lines if line.startswith("- ")]

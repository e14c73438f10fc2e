"""The audit of leakage: which images are training images too, and what that does to accuracy."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fewpixels.artifacts.markdown import markdown
from fewpixels.images.subset import Subset
from fewpixels.tables.summary import spread

COLUMNS = ["split", "size", "model", "title", "leaked_images", "leaked_mean", "leaked_sd"]
COLUMNS += ["unleaked_images", "unleaked_mean", "unleaked_sd"]
"""Of accuracy on leaked and on unleaked images apart, where no replicate diverged."""


def copies(
    images: NDArray[np.float32], train: Subset, place: NDArray[np.intp] | None = None
) -> NDArray[np.bool_]:
    """Find the images that are equal, byte for byte, to a training image of the same replicate.

    Parameters
    ----------
    images : ndarray of float32, shape (U, d)
    train : Subset
    place : ndarray of intp, shape (R, n), optional
        Rows of `images` that each replicate has; without it, all of them.

    Returns
    -------
    ndarray of bool, shape (R, n)
    """
    number: dict[bytes, int] = {}  # of each distinct image
    own, known = (
        np.array([number.setdefault(row.tobytes(), len(number)) for row in rows])
        for rows in (images, train.images)
    )
    if place is None:
        place = np.broadcast_to(np.arange(len(images)), (len(train.place), len(images)))
    return _within(own[place], known[train.place])


def leaks(images: Subset, train: Subset) -> dict[str, NDArray[np.bool_]]:
    """Find the images that are training images of the same replicate too.

    Returns
    -------
    dict of str to ndarray of bool, shape (R, n)
        ``by_id``, as the same image of the pool; ``by_pixels``, as an image with equal pixels.
    """
    return {
        "by_id": _within(images.ids[images.place], train.ids[train.place]),
        "by_pixels": copies(images.images, train, images.place),
    }


def shares(found: Mapping[str, NDArray[np.bool_]]) -> dict[str, Any]:
    """Share of the images that leak, in each way of finding them.

    Parameters
    ----------
    found : mapping of str to ndarray of bool, shape (R, n)
        As `leaks` gives it.

    Returns
    -------
    dict
        ``n``, the images of a replicate, and a mean and a deviation over replicates for each way.
    """
    row: dict[str, Any] = {}
    for way, leaked in found.items():
        row |= {"n": leaked.shape[1]} | spread(pd.Series(leaked.mean(axis=1)), way)
    return row


def apart(
    labels: NDArray[np.int64], y: NDArray[np.int64], leaked: NDArray[np.bool_]
) -> dict[str, Any]:
    """Accuracy on leaked and on unleaked images apart.

    Parameters
    ----------
    labels : ndarray of int64, shape (R, n)
        As a model labels the images; -1 in replicates that diverged, which are left out.
    y : ndarray of int64, shape (R, n)
        Their classes.
    leaked : ndarray of bool, shape (R, n)

    Returns
    -------
    dict
        For either part, the ``images`` of all replicates, and the mean and the deviation of the
        accuracy over the replicates that have any such image.
    """
    lost = (labels < 0).any(axis=1)
    row: dict[str, Any] = {}
    for name, part in (("leaked", leaked), ("unleaked", ~leaked)):
        images = part.sum(axis=1)
        some = images > 0
        right = np.where(lost, np.nan, (part & (labels == y)).sum(axis=1))
        row[f"{name}_images"] = int(images[~lost].sum())
        row |= spread(pd.Series(right[some] / images[some]), name)
    return row


def leakage_report(overlap: pd.DataFrame, accuracy: pd.DataFrame) -> str:
    """Write the audit in Markdown: what was found, and the tables that show it.

    Parameters
    ----------
    overlap : DataFrame
        ``split``, ``size``, ``subset`` and the columns of `shares`, for each subset.
    accuracy : DataFrame
        ``split``, ``size``, ``model``, ``title`` and the columns of `apart`, for each cell.

    Returns
    -------
    str
        Only the cells that leak are shown.
    """
    paragraphs = [
        _finding(split, own, accuracy[accuracy["split"] == split])
        for split, own in overlap.groupby("split", sort=False)
    ]
    paragraphs += [
        "Share of the images that are training images of the same replicate too, as the same image "
        "of the pool (by id), or as one with the same pixels at that size (by pixels); `n` images "
        "in each replicate, mean ± standard deviation over replicates:",
        markdown(overlap),
    ]
    lost = accuracy.get("leaked_diverged", pd.Series(0, accuracy.index))
    leaking = accuracy[(accuracy["leaked_images"] > 0) | (lost > 0)]
    if len(leaking):
        paragraphs += [
            "Accuracy on the test images that leak, by id or by pixels, and on the others, with "
            "the number of images in all replicates:",
            markdown(leaking),
        ]
    else:
        paragraphs.append("No test image leaks, so there is no accuracy to tell apart.")
    return "\n\n".join(paragraph.rstrip("\n") for paragraph in paragraphs) + "\n"


def _finding(split: str, overlap: pd.DataFrame, accuracy: pd.DataFrame) -> str:
    """Say of one split what leaks, and how much better models label it."""
    told = []
    for subset, own in overlap.groupby("subset", sort=False):
        by_size = own[["by_id_mean", "by_pixels_mean"]].max(axis=1)
        most = f"{100 * by_size.max():.3g}% of the" if by_size.max() > 0 else "no"
        upto = "up to " if by_size.max() > by_size.min() else ""
        told.append(f"{upto}{most} {subset} images")
    text = f"In the split `{split}`, {', '.join(told[:-1])} and {told[-1]} are training images too."
    both = accuracy.dropna(subset=["leaked_mean", "unleaked_mean"])
    if both.empty:
        return text
    widest = both.loc[(both["leaked_mean"] - both["unleaked_mean"]).idxmax()]
    return (
        f"{text} Accuracy on the test images that leak is {both['leaked_mean'].mean():.3f}, and on "
        f"the others {both['unleaked_mean'].mean():.3f}, on average over {len(both)} models and "
        f"sizes; the gap is widest for `{widest['model']}` at {widest['size']} pixels a side, "
        f"{widest['leaked_mean']:.3f} against {widest['unleaked_mean']:.3f}."
    )


def _within(own: NDArray[np.integer], known: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Which numbers (R, n) are among those of the same replicate, (R, m)."""
    return np.array([np.isin(*pair) for pair in zip(own, known, strict=True)])

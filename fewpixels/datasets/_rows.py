"""Tables of images, one a row: what the sources of such files share."""

from collections.abc import Callable, Mapping
from math import isqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fewpixels.datasets import Dataset, DatasetError, Images, as_pool, hold_back, set_apart
from fewpixels.datasets._download import local

if TYPE_CHECKING:
    import pandas as pd

    Reader = Callable[[Path, str], pd.DataFrame]


def load_rows(options: Mapping[str, Any], read: "Reader") -> Dataset:
    """Load a table, and that of fresh images if there is one.

    Parameters
    ----------
    options : mapping
        ``file``, ``label``, ``fresh_per_class`` and perhaps ``sha256``, ``fresh_file`` and
        ``fresh_sha256``.
    read : callable
        Of a path and the name of the labels' column.

    Returns
    -------
    Dataset
        In the order of the rows.

    Raises
    ------
    DatasetError
        If a file is missing or damaged, or does not have a column of labels and H² of pixels.
    """
    file, per_class = options["file"], options["fresh_per_class"]
    images, labels = _pool(file, options.get("sha256"), options["label"], read)
    if "fresh_file" not in options:
        return hold_back(images, labels, per_class, file)
    fresh = options["fresh_file"]
    if per_class:
        raise DatasetError(
            f"{fresh}: found a fresh_file, expected none to go with fresh_per_class, {per_class}; "
            "leave one of them out"
        )
    others = _pool(fresh, options.get("fresh_sha256"), options["label"], read)
    return set_apart(images, labels, *others, fresh)


def _pool(file: str, sha256: str | None, label: str, read: "Reader") -> tuple[Images, NDArray[Any]]:
    path = local(file, sha256)
    try:
        frame = read(path, label)
    except DatasetError:
        raise
    except Exception as error:  # whatever a damaged file leads pandas and fastparquet to
        reason = " ".join(str(error).split()) or type(error).__name__
        raise DatasetError(
            f"{file}: found {reason[:200]}, expected a table with a row an image; get another copy"
        ) from error
    if label not in frame:
        raise DatasetError(
            f"{file}: found no column {label!r}, expected one of labels; set label to its name"
        )
    pixels = frame.drop(columns=label)
    for column, kind in pixels.dtypes.items():
        if getattr(kind, "kind", "") not in "iuf":
            raise DatasetError(
                f"{file}: found {kind} in the column {str(column)!r:.100}, expected pixels in all "
                "columns but the labels'; remove or convert it"
            )
    side = isqrt(pixels.shape[1])
    if side**2 != pixels.shape[1]:
        raise DatasetError(
            f"{file}: found {pixels.shape[1]} columns besides the labels', expected a square "
            "number, of the pixels row by row; remove others"
        )
    images = pixels.to_numpy().reshape(len(frame), side, side)
    return as_pool({"images": images, "labels": _labels(frame[label])}, file)


def _labels(column: "pd.Series[Any]") -> Any:
    if getattr(column.dtype, "kind", "O") in "iuf":
        return column.to_numpy()
    values = column.astype(object).tolist()
    return np.array(values) if all(isinstance(value, str) for value in values) else values

"""Images in a CSV file, a row each: a column of labels, the others the pixels row by row."""

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fewpixels.datasets import Dataset
from fewpixels.datasets._options import ROWS
from fewpixels.datasets._rows import load_rows

if TYPE_CHECKING:
    import pandas as pd

OPTIONS = ROWS


def load(options: Mapping[str, Any]) -> Dataset:
    """Load the rows, and those of fresh images if another file holds them.

    Parameters
    ----------
    options : mapping
        As `OPTIONS` says.

    Returns
    -------
    Dataset
        In the order of the rows.

    Raises
    ------
    DatasetError
        If a file is missing or damaged, or does not have a column of labels and H² of pixels.
    """
    return load_rows(options, _read)


def _read(path: Path, label: str) -> "pd.DataFrame":
    import pandas as pd

    with warnings.catch_warnings():
        warnings.simplefilter("error", pd.errors.ParserWarning)  # of rows that are too long
        # Labels as they are written: 007 is not 7, and NA no number that is missing.
        return pd.read_csv(
            path,
            dtype={label: str},
            na_filter=False,
            index_col=False,
            compression=None,
            low_memory=False,
        )

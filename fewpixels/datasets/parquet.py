"""Images in a Parquet file, a row each: a column of labels, the others the pixels row by row."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fewpixels.datasets import LARGEST, Dataset, DatasetError
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
    from fastparquet import ParquetFile

    file = ParquetFile(path)
    numbers = file.count() * len(file.columns)
    if 8 * numbers > LARGEST:
        raise DatasetError(
            f"{path}: found {numbers} numbers by its header, expected {LARGEST // 8} at the "
            "most; save fewer images"
        )
    try:
        frame: pd.DataFrame = file.to_pandas(index=False)
    except NotImplementedError as error:
        raise DatasetError(
            f"{path}: found a way of storing columns that fastparquet does not read ({error}), "
            "expected a common one; save it anew with to_parquet of pandas, or as CSV"
        ) from error
    return frame

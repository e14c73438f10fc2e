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
    from pyarrow.parquet import ParquetFile

    with ParquetFile(path) as file:
        numbers = file.metadata.num_rows * file.metadata.num_columns
        if 8 * numbers > LARGEST:
            raise DatasetError(
                f"{path}: found {numbers} numbers by its header, expected {LARGEST // 8} at the "
                "most; save fewer images"
            )
        frame: pd.DataFrame = file.read().to_pandas(ignore_metadata=True)
        return frame

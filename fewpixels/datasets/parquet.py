"""Images in a Parquet file, a row each: a column of labels, the others the pixels row by row."""

import subprocess  # nosec B404 # of this Python, on a file
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fewpixels.datasets import LARGEST, Dataset, DatasetError
from fewpixels.datasets._options import ROWS
from fewpixels.datasets._rows import load_rows

if TYPE_CHECKING:
    import pandas as pd

OPTIONS = ROWS

# Plain, dictionaries and runs. Of the others fastparquet reads some, and some of these wrongly.
_ENCODINGS = {0, 2, 3, 4, 8}
_SECONDS = 300


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
    _check(file, path)
    _try(path)
    frame: pd.DataFrame = file.to_pandas(index=False)
    # Whole numbers that may be missing: where one is, it is no number.
    plain = {
        name: "float64" if frame[name].hasnans else kind.numpy_dtype
        for name, kind in frame.dtypes.items()
        if getattr(kind, "kind", "") in "iuf" and hasattr(kind, "numpy_dtype")
    }
    return frame.astype(plain)


def _check(file: Any, path: Path) -> None:
    """See that a header is that of a table that fastparquet reads, and agrees with itself."""
    names = [element.name for element in file.fmd.schema[1:]]
    if len(names) != len({*names}) or len(names) != len(file.columns):
        raise DatasetError(
            f"{path}: found columns within columns, or two of a name, expected one column a pixel; "
            "correct the file"
        )
    numbers = file.count() * len(names)
    if 8 * numbers > LARGEST:
        raise DatasetError(
            f"{path}: found {numbers} numbers by its header, expected {LARGEST // 8} at the "
            "most; save fewer images"
        )
    groups = file.fmd.row_groups
    chunks = [(group.num_rows, chunk.meta_data) for group in groups for chunk in group.columns]
    if file.count() < 0 or file.count() != sum(group.num_rows for group in groups):
        raise DatasetError(f"{path}: found a damaged header; get another copy")
    for rows, chunk in chunks:
        if not 0 <= rows == chunk.num_values:
            raise DatasetError(
                f"{path}: found {chunk.num_values} values in a column of {rows} rows; get another "
                "copy"
            )
        rare = {*chunk.encodings} - _ENCODINGS
        if rare:
            raise DatasetError(
                f"{path}: found a way of storing columns that is not read (encoding {min(rare)}), "
                "expected a common one; save it anew with to_parquet of pandas, or as CSV"
            )


def _try(path: Path) -> None:
    """Read a file in a process of its own, since damage can crash fastparquet, or take for ever."""
    code = "import sys, fastparquet; fastparquet.ParquetFile(sys.argv[1]).to_pandas(index=False)"
    try:
        done = subprocess.run(  # nosec B603 # no shell, and no other program
            [sys.executable, "-c", code, path], capture_output=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ValueError(f"that reading it takes more than {_SECONDS} seconds") from error
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise ValueError(*last or ["damage that no reader survives"])

"""Images in a Parquet file, a row each: a column of labels, the others the pixels row by row."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from fewpixels.datasets import LARGEST, Dataset, DatasetError
from fewpixels.datasets._rows import load_rows

OPTIONS = {
    "type": "object",
    "additionalProperties": False,
    "required": ["file"],
    "properties": {
        "file": {
            "description": "a path without braces, or an address that begins with https://",
            "type": "string",
            "path": "file",
            "pattern": r"^(https://|(?![A-Za-z][A-Za-z0-9+.-]*:/))[^{}\x00-\x1f\x7f-\x9f\u2028\u2029]+(?!\n)$",
        },
        "sha256": {
            "description": "of the file: 64 hexadecimal digits in lower case",
            "type": "string",
            "pattern": r"^[0-9a-f]{64}(?!\n)$",
        },
        "label": {
            "description": "the column of the labels",
            "type": "string",
            "minLength": 1,
            "default": "label",
        },
        "fresh_file": {
            "description": "of fresh images: a path without braces, or an address: https://…",
            "type": "string",
            "path": "file",
            "pattern": r"^(https://|(?![A-Za-z][A-Za-z0-9+.-]*:/))[^{}\x00-\x1f\x7f-\x9f\u2028\u2029]+(?!\n)$",
        },
        "fresh_sha256": {
            "description": "of fresh_file: 64 hexadecimal digits in lower case",
            "type": "string",
            "pattern": r"^[0-9a-f]{64}(?!\n)$",
        },
        "fresh_per_class": {
            "description": "instead of fresh_file: the last images of each class",
            "type": "integer",
            "minimum": 0,
            "default": 0,
        },
    },
    "allOf": [
        {
            "if": {"required": ["file"], "properties": {"file": {"pattern": "^https://"}}},
            "then": {"required": ["file", "sha256"]},
        },
        {
            "if": {
                "required": ["fresh_file"],
                "properties": {"fresh_file": {"pattern": "^https://"}},
            },
            "then": {"required": ["fresh_file", "fresh_sha256"]},
        },
    ],
}


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


def _read(path: Path, label: str) -> pd.DataFrame:
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

"""Reading data frames, for the scripts that aggregate."""

from collections.abc import Iterable
from io import StringIO
from pathlib import Path

import pandas as pd

from fewpixels.artifacts.arrays import check_header
from fewpixels.artifacts.files import ArtifactError, read_text

INTEGERS = ("size", "replicate", "step", "updates", "diverged", "images", "n", "k", "layer")
NUMBERS = (
    "loss",
    "validation_accuracy",
    "seconds",
    "correct",
    "accuracy",
    "chosen",
    "value",
)


def read_table(file: str) -> pd.DataFrame:
    """Read a table of a cell, or of all; where a number is missing it is NaN.

    Raises
    ------
    ArtifactError
        If its content is not what was written, or has other columns or types.
    """
    text = read_text(file)
    columns = text.partition("\n")[0].split(",")
    check_header(file, columns)
    kinds = {c: "int64" if c in INTEGERS else "float64" if c in NUMBERS else str for c in columns}
    missing = {column: ["", "nan"] for column in NUMBERS}
    try:
        return pd.read_csv(StringIO(text), dtype=kinds, keep_default_na=False, na_values=missing)
    except ValueError as error:
        raise ArtifactError(
            f"{file}: found {error}, expected numbers in all columns but those of names; delete "
            "the file and run again"
        ) from error


def read_made(file: str) -> pd.DataFrame:
    """Read a table of the study, not of cells; where an entry is empty it is NaN."""
    text = StringIO(read_text(file))
    names = {"model": str, "title": str}
    return pd.read_csv(text, dtype=names, keep_default_na=False, na_values=[""])


def read_cells(files: Iterable[str]) -> pd.DataFrame:
    """Join one table of many cells; split, size and model come from the cells' folders."""
    frames = []
    for file in files:
        split, size, model = Path(file).parts[-4:-1]
        own = {"split": split, "size": int(size.removesuffix("px")), "model": model}
        frames.append(read_table(file).assign(**own))
    return pd.concat(frames, ignore_index=True)

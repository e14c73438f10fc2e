"""Reading data frames, for the scripts that aggregate."""

from collections.abc import Iterable
from io import StringIO
from pathlib import Path

import pandas as pd

from fewpixels.artifacts import check_header
from fewpixels.files import read_text

NAMES = ("dataset", "split", "model", "subset", "quantity")
NUMBERS = ("loss", "validation_accuracy", "value", "correct", "accuracy", "chosen")


def read_table(file: str) -> pd.DataFrame:
    """Read a table; where a number is missing it is NaN, and a name such as ``null`` is text."""
    frame = pd.read_csv(
        StringIO(read_text(file)),
        dtype=dict.fromkeys(NAMES, str),
        keep_default_na=False,
        na_values={column: ["", "nan"] for column in NUMBERS},
    )
    check_header(file, list(frame))
    return frame


def read_cells(files: Iterable[str]) -> pd.DataFrame:
    """Join one table of many cells; split, size and model come from the cells' folders."""
    frames = []
    for file in files:
        split, size, model = Path(file).parts[-4:-1]
        own = {"split": split, "size": int(size.removesuffix("px")), "model": model}
        frames.append(read_table(file).assign(**own))
    return pd.concat(frames, ignore_index=True)

"""Reading and writing data frames, for the scripts that aggregate."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from fewpixels.artifacts import write_text
from fewpixels.tables import markdown


def read_cells(files: Iterable[str]) -> pd.DataFrame:
    """Join one table of many cells; split, size and model come from the cells' folders."""
    frames = []
    for file in files:
        split, size, model = Path(file).parts[-4:-1]
        own = {"split": split, "size": int(size.removesuffix("px")), "model": model}
        frames.append(pd.read_csv(file).assign(**own))
    return pd.concat(frames, ignore_index=True)


def write_table(frame: pd.DataFrame, output) -> None:
    """Write a table as CSV and as Markdown."""
    write_text(output.csv, frame.to_csv(index=False, lineterminator="\n"))
    write_text(output.md, markdown(frame))

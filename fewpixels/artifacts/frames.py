"""Results of cells, as tables and figures read them.

`fewpixels.artifacts.arrays.COLUMNS` has the columns and types of what is read here.
"""

import csv
from collections.abc import Container, Iterable, Iterator
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fewpixels.artifacts.arrays import COLUMNS, check_header, read_labels, read_npz
from fewpixels.artifacts.files import ArtifactError, read_text
from fewpixels.artifacts.places import cell_of, size_of


def read_table(file: str) -> pd.DataFrame:
    """Read a table of a cell, or of all; where a number is missing it is NaN.

    Raises
    ------
    ArtifactError
        If its content is not what was written, or has other columns or types.
    """
    try:
        return _parsed(file, _checked_text(file))
    except ValueError as error:
        raise ArtifactError(
            f"{file}: found {error}, expected numbers in all columns but those of names; delete "
            "the file and run again"
        ) from error


def read_cells(files: Iterable[str]) -> pd.DataFrame:
    """Join one table of many cells; split, size and model come from the cells' folders.

    They are parsed as one, since pandas takes a millisecond for each.
    """
    files = list(files)
    parts = [_checked_text(file).partition("\n") for file in files]
    try:
        table = _parsed(files[0], f"{parts[0][0]}\n" + "".join(rows for _, _, rows in parts))
    except ValueError:
        for file in files:
            read_table(file)  # which says in what file it is
        raise
    counts = [sum(1 for _ in csv.reader(StringIO(rows, newline=""))) for _, _, rows in parts]
    places = zip(*map(cell_of, files), strict=True)
    return table.assign(
        **{
            name: pd.Index(own).repeat(counts)
            for name, own in zip(("split", "size", "model"), places, strict=True)
        }
    )


def _checked_text(file: str) -> str:
    """The text of a table of a cell, under the header that it should have."""
    text = read_text(file)
    check_header(file, text.partition("\n")[0].split(","))
    return text


def _parsed(file: str, text: str) -> pd.DataFrame:
    """Parse text as a table of the columns that a file of that name has."""
    kinds = COLUMNS[Path(file).name]
    missing = {column: ["", "nan"] for column, kind in kinds.items() if kind == "float64"}
    return pd.read_csv(StringIO(text), dtype=kinds, keep_default_na=False, na_values=missing)


def read_made(file: str) -> pd.DataFrame:
    """Read a table of the study, not of cells; where an entry is empty it is NaN."""
    text = StringIO(read_text(file))
    names = {"model": str, "title": str}
    return pd.read_csv(text, dtype=names, keep_default_na=False, na_values=[""])


def read_scores(predictions: str, y: NDArray[np.integer]) -> NDArray[np.float64]:
    """Read which fresh images a cell labels rightly: (R, n), 1 or 0; NaN where a fit diverged.

    Their classes are `y`, (n,).
    """
    labels = read_labels(predictions, "fresh", len(y))
    return np.where(labels < 0, np.nan, labels == y)


def each_score(
    predictions: Iterable[str],
    fresh: Iterable[str],
    wanted: Container[tuple[str, int]] | None = None,
) -> Iterator[tuple[tuple[str, int], NDArray[np.float64]]]:
    """Scores of many cells, or of those that are wanted, each with its model and size."""
    y = {size_of(file): read_npz(file, labels="whole n")["labels"] for file in fresh}
    for file in predictions:
        _, size, model = cell_of(file)
        if wanted is None or (model, size) in wanted:
            yield (model, size), read_scores(file, y[size])

"""Published figures of a grid's cells, from a table in a CSV file."""

import csv
from collections.abc import Mapping
from math import inf
from pathlib import Path, PurePath
from typing import Any

from fewpixels.study.validation import ConfigurationError

Place = tuple[tuple[str, str], ...]
"""Where a cell is on the axes of its grid."""


def figures_of_cells(root: Path, name: str | None, where: str) -> dict[Place, dict[str, Any]]:
    """Read the published figures of a grid's cells.

    Parameters
    ----------
    root : Path
        The project's folder.
    name : str or None
        A CSV file in it, with a column for each axis, ``seconds``, ``updates`` and
        ``test_accuracy``.
    where : str
        The key of the configuration that names it.

    Returns
    -------
    dict of Place to dict
        Empty without a file.

    Raises
    ------
    ConfigurationError
        If there is no such file in the folder, or it has anything but numbers of that kind.
    """
    if name is None:
        return {}
    path = PurePath(name)
    try:
        if path.is_absolute() or ".." in path.parts:
            raise OSError
        with open(root / path, newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    except (OSError, ValueError, csv.Error) as error:
        raise ConfigurationError(
            f"{where}: found {name!r:.100}, expected a CSV file beside Snakefile"
        ) from error
    figures: dict[Place, dict[str, Any]] = {}
    for row in rows:
        try:
            figure = {
                "seconds": float(row.pop("seconds")),
                "updates": int(row.pop("updates")),
                "test_accuracy": float(row.pop("test_accuracy")),
            }
            right = all(0 <= value < inf for value in figure.values())
            if not right or figure["test_accuracy"] > 1 or None in row:
                raise ValueError(", ".join(map(str, [*figure.values(), *row.pop(None, [])])))
        except (KeyError, ValueError, TypeError) as error:
            raise ConfigurationError(
                f"{where}: expected numbers in {name}'s seconds, updates and test_accuracy, "
                f"found {error}"
            ) from error
        figures[place(row)] = figure
    return figures


def place(point: Mapping[str, Any]) -> Place:
    """Where values on axes put a cell, whatever their order and type."""
    return tuple(sorted((axis, str(value)) for axis, value in point.items()))

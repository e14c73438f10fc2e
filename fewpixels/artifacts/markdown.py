"""Tables in Markdown, for people."""

from html import escape
from typing import Any

import pandas as pd
from tabulate import tabulate

from fewpixels.artifacts.files import write_text


def write_table(frame: pd.DataFrame, csv: str, md: str) -> None:
    """Write a table as CSV, for programs, and as Markdown, for people."""
    write_text(csv, frame.to_csv(index=False, lineterminator="\n"))
    write_text(md, markdown(frame))


def markdown(frame: pd.DataFrame) -> str:
    """Write a table in Markdown; a mean and its standard deviation become ``0.826 ± 0.012``.

    Beside them stands how many replicates diverged, if any; where all did, only that.

    Returns
    -------
    str
        Text in the cells stays text, see `plain`.

    Examples
    --------
    >>> frame = pd.DataFrame({"size": [7], "test_mean": [0.826], "test_sd": [0.012]})
    >>> print(markdown(frame), end="")
    | size   | test          |
    |:-------|:--------------|
    | 7      | 0.826 ± 0.012 |
    """
    shown = pd.DataFrame(index=frame.index)
    for column in frame.columns:
        name = column.removesuffix("_mean")
        if name != column:
            lost = frame.get(f"{name}_diverged", pd.Series(0, frame.index))
            cells = zip(frame[column], frame[f"{name}_sd"], lost, strict=True)
            shown[name] = [_summary(*cell, name) for cell in cells]
        elif not column.endswith(("_sd", "_diverged")):
            shown[column] = [_number(value) for value in frame[column]]
    shown.columns = [str(c).replace("_", " ") for c in shown.columns]
    rows = shown.itertuples(index=False)
    return tabulate(rows, list(shown.columns), "pipe", disable_numparse=True) + "\n"


def plain(text: str) -> str:
    """Text that stays text, whatever it would mean in Markdown's tables or in HTML."""
    text = escape(text, quote=False).replace("|", "&#124;")
    return "".join(c if c.isprintable() else " " for c in text)


def with_ends(value: float, low: float, high: float, form: str = ".3f") -> str:
    """Write a number with its interval, as in ``0.826 (0.800 to 0.853)``.

    Parameters
    ----------
    value, low, high : float
        Nothing is written of a value that is NaN, nor of an interval without ends.
    form : str
        Of each number, as for `format`.

    Returns
    -------
    str

    Examples
    --------
    >>> with_ends(0.8264, 0.8, 0.853)
    '0.826 (0.800 to 0.853)'
    """
    if pd.isna(value):
        return ""
    ends = "" if pd.isna(low) else f" ({low:{form}} to {high:{form}})"
    return f"{value:{form}}{ends}"


def _summary(mean: float, sd: float, diverged: float, name: str) -> str:
    if pd.isna(mean):
        return "diverged" if diverged > 0 else ""
    digits = 0 if "update" in name else 3
    others = f" ({diverged:.0f} diverged)" if diverged > 0 else ""
    return f"{mean:.{digits}f} ± {sd:.{digits}f}{others}"


def _number(value: Any) -> str:
    if value is None or pd.isna(value):
        return ""
    if not isinstance(value, float):
        return plain(str(value))
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"

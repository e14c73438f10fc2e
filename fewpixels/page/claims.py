"""Which published claims are true: those in words as cards, numbers in a chart, and all."""

from collections.abc import Mapping
from math import isnan
from typing import Any

import pandas as pd

from fewpixels.claims.parts import Evidence
from fewpixels.page.charts import drawn
from fewpixels.page.evidence import PROTOCOLS, claimed, evidence, mean, measure, number
from fewpixels.page.html import json_in_script
from fewpixels.page.scatter import scatter, shares

VERDICTS = {
    "own_numbers": ("agree", "contradict", "none"),
    "repeated": ("repeated", "not repeated", "undecided"),
    "corrected": ("survives", "overturned", "undecided", "not applicable"),
}
"""Columns of ``claims.csv`` that have a verdict, and which there are."""
_FOLLOWS = {
    "survives": "so the claim holds",
    "overturned": "so the claim does not hold",
    "undecided": "which leaves it open",
}


def section(claims: pd.DataFrame) -> dict[str, Any]:
    """Prepare the section.

    Parameters
    ----------
    claims : DataFrame
        Columns of ``claims.csv``; at least one row.

    Returns
    -------
    dict
        ``words`` and ``numbers``: how many claims of either sort there are (``all``), and of each
        column of verdicts, how many have which; ``cards``, of claims in words; ``scatter``, of
        numbers, None without any, and ``apart``, those that it leaves out; ``rows``, of all; and
        ``filters``, the values of the columns to filter by.
    """
    numbers = claims["kind"] == "value"
    charted = shares(claims)
    apart = claims[numbers & ~claims["id"].isin(charted["id"])]
    rows = [_row(row) for row in claims.to_dict("records")]
    filters = {key: sorted({row[key] for row in rows} - {""}) for key in ("kind", *VERDICTS)}
    return {
        "words": _counts(claims[~numbers]),
        "numbers": _counts(claims[numbers]),
        "cards": [card(row) for row in claims[~numbers].to_dict("records")],
        "scatter": _charted(charted) if len(charted) else None,
        "apart": [_row(row) for row in apart.to_dict("records")],
        "rows": rows,
        "filters": {key: values for key, values in filters.items() if values},
    }


def card(row: Mapping[str, Any]) -> dict[str, Any]:
    """Say what became of a claim in words.

    Parameters
    ----------
    row : mapping
        Of ``claims.csv``; what is missing is NaN.

    Returns
    -------
    dict
        ``id``, ``claim``, ``source`` and the verdicts; and two sentences: ``own``, on its own
        numbers, and ``holds``, on what came of repeating and of correcting it.
    """
    kept = {protocol: Evidence.read(row, protocol) for protocol in PROTOCOLS}
    holds = f"{_repeated(kept[''], row)}; {_corrected(kept['remedied'], row['corrected'])}."
    told = {key: row[key] for key in ("id", "claim", "source", *VERDICTS)}
    return told | {"own": _own(kept["own"], row["own_numbers"]), "holds": holds}


def _own(kept: Evidence | None, verdict: str) -> str:
    if kept is None:
        return "none was published."
    follows = "contradict it" if verdict == "contradict" else "agree"
    return (
        f"{follows}: {number(kept.mean, kept)}, where the claim says {claimed(kept)} ({kept.part})."
    )


def _repeated(kept: Evidence | None, row: Mapping[str, Any]) -> str:
    if kept is None or isnan(kept.mean):
        return "every repetition diverged"
    again, verdict = f"repeated with its mistakes {mean(kept)}{_at(kept)}", row["repeated"]
    if isnan(kept.interval[0]):
        return f"{again}, in too few replicates to tell"
    if pd.notna(row["published"]):
        like = {"repeated": "as", "not repeated": "unlike", "undecided": "beside"}[verdict]
        return f"{again}, {like} the published {number(row['published'], kept)}"
    as_ = {"repeated": "as", "not repeated": "not as", "undecided": "not always as"}[verdict]
    return f"{again}, {as_} claimed ({claimed(kept)})"


def _corrected(kept: Evidence | None, verdict: str) -> str:
    if kept is None:
        return "there is no corrected training to hold it against"
    found = mean(kept) or "every replicate diverged"
    return f"corrected {found}{_at(kept)}, {_FOLLOWS[verdict]}"


def _at(kept: Evidence) -> str:
    """The size that was measured, where it is one."""
    sizes = {cell.split("/")[1].removesuffix("px") for cells in kept.cells for cell in cells}
    return f" at {min(sizes)}×{min(sizes)}" if len(sizes) == 1 else ""


def _counts(claims: pd.DataFrame) -> dict[str, Any]:
    counts = {
        column: {name: int((claims[column] == name).sum()) for name in names}
        for column, names in VERDICTS.items()
    }
    return {"all": len(claims), **counts}


def _charted(charted: pd.DataFrame) -> dict[str, Any]:
    specification = scatter(charted)
    drawing = {"drawn": drawn(specification), "specification": json_in_script(specification)}
    return drawing | _counts(charted)


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    """One claim of the ledger: its columns with text, and with what they are sorted by."""
    own, repetition, remedied = (Evidence.read(row, protocol) for protocol in PROTOCOLS)
    figure = (own, row["own"]) if own else (repetition, row["published"])
    told = {key: "" if pd.isna(row[key]) else row[key] for key in VERDICTS}
    return {
        **{key: row[key] for key in ("id", "claim", "explanation")},
        "kind": "number" if row["kind"] == "value" else "words",
        **told,
        "published": _cell(*figure, finer=False),
        "measured": _cell(repetition, row["measured"]),
        "remedied": _cell(remedied, row["remedied"]),
        "evidence": evidence(row),
    }


def _cell(kept: Evidence | None, value: float, finer: bool = True) -> dict[str, Any]:
    """A number: as text, a mean with its interval; and what it is sorted by."""
    if kept is None or pd.isna(value):
        return {"text": "", "value": "", "unit": ""}
    text = mean(kept) if finer else number(value, kept)
    return {"text": text, "value": value, "unit": measure(kept.metric)}

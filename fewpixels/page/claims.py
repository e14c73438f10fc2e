"""Which published claims are true: those in words as cards, numbers in a chart, and all."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from fewpixels.claims.parts import Evidence
from fewpixels.page.cards import card, figures
from fewpixels.page.charts import drawn
from fewpixels.page.evidence import (
    PROTOCOLS,
    QUESTIONS,
    VERDICTS,
    evidence,
    mean,
    measure,
    number,
)
from fewpixels.page.html import json_in_script
from fewpixels.page.scatter import scatter, shares


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
        numbers, None without any, and ``apart``, those that it leaves out; ``rows``, of all;
        ``filters``, the values of the columns to filter by; and of the columns of verdicts, the
        ``questions`` that they answer and the answers in words, ``said``.
    """
    numbers = claims["kind"] == "value"
    charted = shares(claims)
    apart = claims[numbers & ~claims["id"].isin(charted["id"])]
    rows = [_row(row) for row in claims.to_dict("records")]
    filters = {key: sorted({row[key] for row in rows} - {""}) for key in ("kind", *VERDICTS)}
    known = figures(claims)
    return {
        "words": _counts(claims[~numbers]),
        "numbers": _counts(claims[numbers]),
        "cards": [card(row, known) for row in claims[~numbers].to_dict("records")],
        "scatter": _charted(charted) if len(charted) else None,
        "apart": [_row(row) for row in apart.to_dict("records")],
        "rows": rows,
        "filters": {key: values for key, values in filters.items() if values},
        "questions": QUESTIONS,
        "said": VERDICTS,
    }


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

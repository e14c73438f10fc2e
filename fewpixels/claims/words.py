"""The English of the ledger: what was measured of each claim, and why it has its verdicts."""

from math import inf, isfinite, nan

import pandas as pd

from fewpixels.artifacts.markdown import markdown, plain, with_ends
from fewpixels.claims.parts import Finding, Judged, Part, form, named
from fewpixels.statistics.intervals import Interval, deviation

# The verdicts in a sentence, as the page words them.
_SAID = {
    "agree": "agree",
    "contradict": "contradict it",
    "repeated": "reproduced",
    "not repeated": "not reproduced",
    "survives": "true",
    "overturned": "not true",
    "undecided": "open",
}


def explained(judged: Judged) -> str:
    """Say what was published and measured of a claim, and what follows.

    Parameters
    ----------
    judged : Judged

    Returns
    -------
    str
        Of its own numbers, where it is a claim in words, its repetition, and its remedy.
    """
    told = [_of_own(judged), _of_replicates(judged), _of_remedy(judged)]
    return " ".join(text for text in told if text)


def ledger_report(ledger: pd.DataFrame) -> str:
    """Write the ledger in Markdown: how many claims hold, what was measured, and why.

    Parameters
    ----------
    ledger : DataFrame
        As `judge` makes it.

    Returns
    -------
    str
        With how many published values miss, and how many would by chance.
    """
    values = ledger["kind"] == "value"
    missed = int((values & (ledger["repeated"] == "not repeated")).sum())
    lines = ["# What survives of the published claims", "", _counts(ledger)]
    if values.any():
        lines[-1] += (
            f" Of {values.sum()} published values {missed} are not repeated; by chance alone "
            f"{0.05 * values.sum():.1f} would not be, since one replicate in twenty falls outside "
            "its interval."
        )
    for title, own in (("Claims", ledger[~values]), ("Published values", ledger[values])):
        if len(own):
            lines += ["", f"## {title}", "", markdown(_shown(own)).rstrip(), ""]
            lines += [f"- **{c.id}**: {plain(c.explanation)}" for c in own.itertuples()]
    return "\n".join(lines) + "\n"


def _shown(ledger: pd.DataFrame) -> pd.DataFrame:
    """The columns of one of the report's tables."""
    shown = ledger[["id", "claim"]].copy()
    if (ledger["kind"] == "value").any():
        shown["published"] = _written(ledger, "published", "unit")
    else:
        shown["own"] = _written(ledger, "own", "own_unit")
        shown["own numbers"] = ledger["own_numbers"]
    shown["measured"] = _written(ledger, "measured", "unit", "low", "high")
    shown["repeated"] = ledger["repeated"]
    ends = "remedied_low", "remedied_high"
    shown["corrected training"] = _written(ledger, "remedied", "remedied_unit", *ends)
    if (ledger["corrected"] != "").any():
        shown["corrected"] = ledger["corrected"]
    return shown


def _written(ledger: pd.DataFrame, column: str, unit: str, *ends: str) -> list[str]:
    """Numbers with the places of their units; means with their intervals, one place more."""
    cells = []
    for value, of, *own in ledger[[column, unit, *ends]].itertuples(index=False):
        low, high = own or (nan, nan)
        cells.append("" if pd.isna(value) else with_ends(value, low, high, form(of, bool(own))))
    return cells


def _counts(ledger: pd.DataFrame) -> str:
    words = ledger[ledger["kind"] != "value"]
    asked = (
        ("Repeated as published", ledger["repeated"]),
        ("Of claims in words, the publication's own numbers", words["own_numbers"]),
        ("With corrected training, of claims in words", words["corrected"]),
    )
    counts = [(title, column.value_counts().sort_index()) for title, column in asked]
    told = [
        f"{title}: {', '.join(f'{n} {name}' for name, n in by.items())}."
        for title, by in counts
        if len(by)
    ]
    return " ".join([f"{len(ledger)} claims.", *told])


def _of_own(judged: Judged) -> str:
    """Say what the publication's own numbers show of a claim in words."""
    if judged.claim["kind"] == "value":
        return ""
    if judged.own is None:
        return "No number was published for it."
    part, number = judged.own.part, judged.own.mean
    return (
        f"Published: {named(part)}: {number:{form(part['unit'])}}; claimed is "
        f"{_claimed(judged.own.region, part)}: its own numbers {_SAID[judged.own_numbers]}."
    )


def _of_replicates(judged: Judged) -> str:
    """Say what replicates of the published protocol show."""
    claim, found, verdict = judged.claim, judged.repetition, judged.repeated
    part, values = found.part, found.values
    if not len(values):
        return f"Repeated: {named(part)}: every replicate diverged."
    text = (
        f"Repeated: {named(part)}: "
        f"{_number(found.mean, part)} ± {_number(deviation(values), part)} "
        f"({_number(values.min(), part)} to {_number(values.max(), part)}) "
        f"over {len(values)} replicates" + _but(found)
    )
    if len(claim["parts"]) > 1:
        text += f", one of {len(claim['parts'])} comparisons"
    if part["below"]:
        text += f"; above 0 in {int((values > 0).sum())} of them"
    if len(values) < 2:
        return f"{text}, too few to tell."
    level = f"{100 * (1 - 0.05 / len(claim['parts'])):.3g}%"
    text += f". {level} of further ones fall in {_span(found.interval, part)}"
    number = part["published"]
    if number is None:
        text += f"; claimed is {_claimed(found.region, part)}: {_SAID[verdict]}."
    else:
        text += f"; published is {number:{form(part['unit'])}}: {_SAID[verdict]}."
    if judged.held_out is not None:
        text += f" Held out, the same model reaches {_number(judged.held_out, part)}."
    return text


def _of_remedy(judged: Judged) -> str:
    """Say what the remedied protocol shows."""
    found, outcome = judged.remedied, judged.corrected
    if found is None:
        return "There is no corrected training to hold it against."
    part, follows = found.part, f": {_SAID[outcome]}" if outcome else ""
    if not len(found.values):
        return f"Corrected: every replicate diverged{follows}."
    text = f"Corrected: {named(part)}: {_number(found.mean, part)}"
    if part["above"]["metric"] == "accuracy":
        text += " on images never seen"
    level = f"{100 * (1 - 0.05 / len(judged.claim['remedied'])):.3g}%"
    text += f"{_but(found)}, {level} interval {_span(found.interval, part)}"
    if judged.remedied_held_out is not None:
        mean, interval = judged.remedied_held_out
        text += f" (held out {_number(mean, part)}, {_span(interval, part)})"
    if outcome:
        text += f"; claimed is {_claimed(found.region, part)}{follows}"
    return f"{text}."


def _but(found: Finding) -> str:
    return f" ({found.diverged} diverged)" if found.diverged else ""


def _claimed(region: Interval, part: Part) -> str:
    low, high = region
    if high == inf:
        return f"more than {_number(low, part)}"
    return _span(region, part)


def _span(interval: Interval, part: Part) -> str:
    if not all(map(isfinite, interval)):
        return "unknown"
    return " to ".join(_number(end, part) for end in interval)


def _number(value: float, part: Part) -> str:
    return f"{value:{form(part['unit'], finer=True)}}"

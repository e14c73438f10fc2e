"""Claims in words, each told in three plain sentences: said, its own numbers, and what holds."""

from collections.abc import Mapping
from math import isfinite, isnan, nan
from typing import Any

import pandas as pd

from fewpixels.claims.parts import Evidence, form, labels
from fewpixels.page.evidence import PROTOCOLS, VERDICTS, claimed, evidence, mean, measure, number

_NOUNS = {
    "silent": "share of silent images",
    "saturated": "share of saturated images",
    "fall": "fall in accuracy",
    "decline": "decline in accuracy",
}
# Of shares and of counts: what is less, and what is more.
_WORDS = (("lower", "higher"), ("fewer", "more"))
_FOLLOWS = {
    "survives": "it holds",
    "overturned": "it does not hold",
    "repeated": "as claimed",
    "not repeated": "not as claimed",
    "undecided": "open",
}


def figures(claims: pd.DataFrame) -> dict[str, float]:
    """Gather the accuracies that were published.

    Parameters
    ----------
    claims : DataFrame
        Columns of ``claims.csv``.

    Returns
    -------
    dict of str to float
        By the folder of the cell.
    """
    own = claims[(claims["kind"] == "value") & (claims["metric"] == "accuracy")]
    return {row["cells"]: row["published"] for row in own.to_dict("records")}


def card(row: Mapping[str, Any], known: Mapping[str, float]) -> dict[str, Any]:
    """Say what became of a claim in words.

    Parameters
    ----------
    row : mapping
        Of ``claims.csv``; what is missing is NaN.
    known : mapping of str to float
        Of `figures`.

    Returns
    -------
    dict
        ``id``, ``claim``, ``source`` and the verdicts; two sentences: ``own``, on its own numbers,
        and ``holds``, on what came of correcting it, or else of repeating it; and the picture of
        its evidence, ``drawn``.
    """
    kept = {protocol: Evidence.read(row, protocol) for protocol in PROTOCOLS}
    again, corrected = kept[""], kept["remedied"]
    if corrected:
        holds = f"Corrected, {_found(corrected)}: {_FOLLOWS[row['corrected']]}."
    else:
        holds = "There is no corrected training to test it"
        holds += f"; repeated, {_found(again)}: {_FOLLOWS[row['repeated']]}." if again else "."
    told = {key: row[key] for key in ("id", "claim", "source", *VERDICTS)}
    own = _own(kept["own"], row["own_numbers"], known)
    return told | {"own": own, "holds": holds, "drawn": evidence(row)["drawn"]}


def _own(kept: Evidence | None, verdict: str, known: Mapping[str, float]) -> str:
    if kept is None:
        return "It published no number for this."
    follows = _against(kept) if verdict == "contradict" else "as claimed"
    one, *other = _names(kept)
    if not other:
        return f"It published {number(kept.mean, kept)} {one}{_at(kept)}, {follows}."
    # Means of several are no published numbers: with a digit more their difference shows.
    finer = any(len(cells) > 1 for cells in kept.cells)
    by = _differs(kept.mean, kept, finer)
    means = [_mean(cells, known) for cells in kept.cells]
    if kept.metric != "accuracy" or any(map(isnan, means)):
        return f"It published {by} {one} than {other[0]}{_at(kept)}, {follows}."
    above, below = (_size(value, kept, finer) for value in means)
    return f"It published {above} {one} and {below} {other[0]}{_at(kept)}: {by}, {follows}."


def _against(kept: Evidence) -> str:
    """What the claim says, where its numbers contradict it."""
    if len(kept.cells) == 1:
        return f"not {claimed(kept)}"
    if all(map(isfinite, kept.region)):
        return "not the same"
    more = _WORDS[bool(measure(kept.metric))][1]
    return f"not {more}" if claimed(kept) == "more than 0" else f"not {claimed(kept)}"


def _found(kept: Evidence) -> str:
    """What was measured, in a clause with its interval."""
    if isnan(kept.mean):
        return "every replicate diverged"
    one, *other = _names(kept)
    if not other:
        return f"the {_noun(kept)} {one}{_at(kept)} is {mean(kept)}"
    than = f"{one} than {other[0]}{_at(kept)}{_ends(kept)}"
    if float(_size(kept.mean, kept, True)) == 0:
        than = f"{one} as {other[0]}{_at(kept)}{_ends(kept)}"
        return f"the {_noun(kept)} is as high {than}"
    by = _differs(kept.mean, kept, True)
    return f"it takes {by} {than}" if measure(kept.metric) else f"the {_noun(kept)} is {by} {than}"


def _ends(kept: Evidence) -> str:
    """The interval of a difference, as in `` (0.028 lower to 0.012 higher)``."""
    low, high = kept.interval
    if isnan(low) or isnan(high):
        return ""
    if low * high < 0:
        return f" ({_differs(low, kept, True)} to {_differs(high, kept, True)})"
    near, far = sorted((low, high), key=abs)
    return f" ({_size(near, kept, True)} to {_differs(far, kept, True)})"


def _differs(value: float, kept: Evidence, finer: bool = False) -> str:
    """A difference in words, as in ``0.09 lower`` or ``65 more updates``."""
    what = measure(kept.metric)
    return f"{_size(value, kept, finer)} {_WORDS[bool(what)][value >= 0]} {what}".rstrip()


def _size(value: float, kept: Evidence, finer: bool = False) -> str:
    """A number without its sign, nor what it counts."""
    return f"{abs(value):{form(kept.unit, finer)}}"


def _noun(kept: Evidence) -> str:
    return measure(kept.metric) or _NOUNS.get(kept.metric, kept.metric.replace("_", " "))


def _names(kept: Evidence) -> list[str]:
    """Name what is compared, as in ``at 14×14`` or ``for One-vs-one``: by how the two differ."""
    names, sizes = labels(kept.part), _sizes(kept)
    if len(kept.cells) == 1:
        return [f"for {_bracketed(names[0].removesuffix(', remedied').split(', '))}"]
    if names[0] == names[1] and len(sizes) == 2:
        return [f"at {size}" for size in sizes]
    short = [f"for {name}" for name in _apart(*(name.split(", ") for name in names))]
    if len(sizes) == 2:
        return [f"{name} at {size}" for name, size in zip(short, sizes, strict=True)]
    return short


def _apart(one: list[str], other: list[str]) -> list[str]:
    """Leave out of two names what they share at the end or the beginning, and what they count."""
    while min(len(one), len(other)) > 1 and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    while min(len(one), len(other)) > 1 and one[0] == other[0]:
        one, other = one[1:], other[1:]
    counted = all(len(own) > 1 and own[0].startswith("the mean of ") for own in (one, other))
    if counted and one[1:] != other[1:]:
        one, other = one[1:], other[1:]
    return [_bracketed(own) for own in (one, other)]


def _bracketed(pieces: list[str]) -> str:
    first, *rest = (piece.replace(" = ", " ") for piece in pieces)
    return f"{first} ({', '.join(rest)})" if rest else first


def _sizes(kept: Evidence) -> list[str]:
    """The sizes that were measured, where each side has one: one for both, or one for each."""
    found = [{cell.split("/")[1].removesuffix("px") for cell in cells} for cells in kept.cells]
    if any(len(sizes) > 1 for sizes in found):
        return []
    sizes = [f"{n}×{n}" for own in found for n in own]
    return sizes[:1] if len(set(sizes)) == 1 else sizes


def _at(kept: Evidence) -> str:
    sizes = _sizes(kept)
    return f" at {sizes[0]}" if len(sizes) == 1 else ""


def _mean(cells: list[str], known: Mapping[str, float]) -> float:
    values = [known.get(cell, nan) for cell in cells]
    return sum(values) / len(values)

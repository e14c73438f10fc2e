"""The ledger: every claim held against numbers, with verdicts and the reasons for them.

*Own numbers*: a claim in words contradicts the numbers that were published with it if one of them
lies outside the region that the claim names, by more than it was rounded.

*Repeated*: a claim comes again if every number that was published for it lies where 95% of further
replicates of the published protocol fall, give or take its rounding; also one that contradicts the
claim's words. Where none was published the words are repeated: they come again if all of that
interval lies inside the region, and do not if all of it lies outside.

*Corrected*: with its mistakes remedied a claim in words survives if the 95% confidence interval
lies wholly inside the region, and is overturned if wholly outside. A published number has no such
verdict: that better training gives another one does not make it wrong.

Of a claim of m parts each interval is at 1 − 0.05/m (Bonferroni), the claim needs all of them, and
one that fails is enough. Shown is the part that fails the most, or is nearest to failing; of a
repetition that does not fail, the one that is shown of the publication's own numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fewpixels.claims.parts import (
    COUNTS,
    KEPT,
    Evidence,
    Finding,
    Judged,
    Part,
    Quantity,
    rounding,
)
from fewpixels.claims.words import explained
from fewpixels.statistics.intervals import (
    Interval,
    another_sample,
    converged,
    corrected_resampled,
    next_replicate,
)
from fewpixels.statistics.sampling import Dealt

COLUMNS = [
    *("id", "claim", "source", "kind", "published"),
    *("own", "own_numbers", "measured", "low", "high", "repeated"),
    *("remedied", "remedied_low", "remedied_high", "corrected"),
    *(
        column
        for prefix in ("own_", "", "remedied_")
        for column in (f"{prefix}{name}" for name in KEPT)
        if column not in ("low", "high", "remedied_low", "remedied_high")
    ),
    "explanation",
]


@dataclass(frozen=True)
class Results:
    """What claims are held against.

    Attributes
    ----------
    measured : mapping
        Values (R,) by metric, split, model and size; NaN where a replicate diverged.
    scores : mapping
        By model and size, (R, n): whether each fresh image was labelled rightly by the models
        of the honest split; NaN where a replicate diverged.
    published, honest : str
        The split of the published protocol, and that of the remedied one.
    chance : mapping of (str, str) to float
        Accuracy that looking at no pixel gives, by split, on ``validation``, ``test`` and
        ``fresh`` images.
    of : Dealt
    margin : float
        Accuracies that differ by no more count as equal.
    """

    measured: Mapping[tuple[str, str, str, int], NDArray[np.float64]]
    scores: Mapping[tuple[str, int], NDArray[np.float64]]
    published: str
    honest: str
    chance: Mapping[tuple[str, str], float]
    of: Dealt
    margin: float


def judge(claims: list[dict[str, Any]], results: Results) -> pd.DataFrame:
    """Give every claim its verdicts.

    Parameters
    ----------
    claims : list of dict
        As `fewpixels.claims.expansion.expand` makes them.
    results : Results

    Returns
    -------
    DataFrame
        `COLUMNS`, a row for each claim. ``own_numbers`` is ``agree``, ``contradict`` or ``none``,
        ``repeated`` is ``repeated``, ``not repeated`` or ``undecided``, and ``corrected`` is
        ``survives``, ``overturned``, ``undecided`` or ``not applicable``; of a published value
        the first and the last are empty. ``published`` is the number of the part that was
        measured. ``own``, ``measured`` and ``remedied`` are numbers of the publication, means of
        the repetition, and of the remedy, on fresh images where they are accuracies; with ``own_``
        and ``remedied_`` before them for these, ``low`` to ``high`` is their interval,
        ``claimed_low`` to ``claimed_high`` the region that is claimed, NaN where it has no end,
        ``part`` says what was measured, ``metric`` and ``unit`` how it is written, and ``cells``
        are those that were measured, by their folders, after a − those of the mean that is
        subtracted.
    """
    rows = [_row(_judged(claim, results), results) for claim in claims]
    return pd.DataFrame(rows, columns=COLUMNS)


def _row(judged: Judged, results: Results) -> dict[str, Any]:
    row = {key: judged.claim[key] for key in ("id", "claim", "source", "kind")}
    row |= {key: getattr(judged, key) for key in ("own_numbers", "repeated", "corrected")}
    row |= {"published": judged.repetition.part["published"]}
    row |= Evidence.of(judged.repetition, results.published).columns()
    if judged.own is not None:
        row |= Evidence.of(judged.own, results.published).columns("own")
    if judged.remedied is not None:
        row |= Evidence.of(judged.remedied, results.honest).columns("remedied")
    return row | {"explanation": explained(judged)}


def _judged(claim: dict[str, Any], results: Results) -> Judged:
    value = claim["kind"] == "value"
    figures = [] if value else _figures(claim, results)
    own = _decisive(figures) if figures else None
    contradicts = "contradict" if any(figure.outside for figure in figures) else "agree"
    own_numbers = "" if value else contradicts if figures else "none"

    parts = [_replicated(part, claim, results) for part in claim["parts"]]
    repetition, again = _repetition(parts, own)
    held_out = _held_out(claim, repetition, results)

    found = [_remedied(part, claim, results) for part in claim["remedied"] or []]
    remedied = _decisive(found) if found else None
    outcome = _outcome(found) if found else "not applicable"
    beside = _remedied_held_out(remedied, results) if remedied else None
    corrected = "" if value else outcome
    return Judged(claim, own, own_numbers, repetition, again, held_out, remedied, corrected, beside)


def _figures(claim: dict[str, Any], results: Results) -> list[Finding]:
    """The publication's own numbers, each with what it can have been before it was rounded."""
    figures = []
    for part in claim["own"] or claim["parts"]:
        if part["published"] is not None:
            values = np.array([part["published"]], dtype=np.float64)
            region = _region(part, claim, results, results.published, "test")
            figures.append(Finding(part, values, 0, _unrounded(part), region))
    return figures


def _unrounded(part: Part) -> Interval:
    """Where a published number was before it was rounded."""
    number, reach = part["published"], rounding(part)
    return round(number - reach, 12), round(number + reach, 12)


def _held_out(claim: dict[str, Any], found: Finding, results: Results) -> float | None:
    """Of a published accuracy: what the same model reaches on images that it is not trained on."""
    above = found.part["above"]
    if claim["kind"] != "value" or above["metric"] != "accuracy" or len(found.values) < 2:
        return None
    cell = tuple(above["cells"][0])
    return float(np.nanmean(results.measured["accuracy", results.honest, *cell]))


def _remedied_held_out(found: Finding, results: Results) -> tuple[float, Interval] | None:
    """Of an accuracy: that on held-out test images, with its interval."""
    part = found.part
    if part["above"]["metric"] != "accuracy" or not len(found.values):
        return None
    values, _ = _values(part, results.honest, results)
    interval = corrected_resampled(values, results.of.n_train, results.of.n_test)
    return float(values.mean()), _clipped(interval, part)


def _replicated(part: Part, claim: dict[str, Any], results: Results) -> Finding:
    """A part under the published protocol: where further replicates fall."""
    values, lost = _values(part, results.published, results)
    confidence = 1 - 0.05 / len(claim["parts"])
    interval = _clipped(next_replicate(values, confidence), part)
    return Finding(
        part, values, lost, interval, _region(part, claim, results, results.published, "test")
    )


def _remedied(part: Part, claim: dict[str, Any], results: Results) -> Finding:
    """A part under the remedied protocol: on fresh images, for another sample."""
    confidence = 1 - 0.05 / len(claim["remedied"])
    if part["above"]["metric"] == "accuracy":
        scores, lost = _combined(part, lambda q, cell: results.scores[cell])
        values = scores.mean(axis=1)
    else:
        scores, lost = _values(part, results.honest, results)
        values = scores
    of = results.of
    interval = another_sample(scores, of.n_train, of.n_pool, confidence, _within(part))
    region = _region(part, claim, results, results.honest, "fresh")
    return Finding(part, values, lost, _clipped(interval, part), region)


def _region(
    part: Part, claim: dict[str, Any], results: Results, split: str, subset: str
) -> Interval:
    """Where a claim says that the mean is, over a subset's images; a value, on test images."""
    if claim["kind"] == "value":
        return _unrounded(part) if subset == "test" else (-inf, inf)
    if claim["kind"] == "order":
        least = results.margin if claim["by_margin"] else 0.0
        return float(np.nextafter(least, inf)), inf  # more than that: not equal
    own = "validation" if part["above"]["metric"] == "validation_accuracy" else subset
    middle = results.chance[split, own] if claim["kind"] == "chance" else 0.0
    return middle - results.margin, middle + results.margin


def _values(part: Part, split: str, results: Results) -> tuple[NDArray[np.float64], int]:
    """A quantity, or the paired difference of two, of each replicate that converged."""
    return _combined(part, lambda q, cell: results.measured[q["metric"], split, *cell])


def _combined(part: Part, look_up: Any) -> tuple[NDArray[np.float64], int]:
    """Values or scores of the replicates that converged in all cells, and how many did not."""

    def mean(quantity: Quantity) -> NDArray[np.float64]:
        return np.mean([look_up(quantity, tuple(cell)) for cell in quantity["cells"]], axis=0)

    found = mean(part["above"])
    if part["below"]:
        found = found - mean(part["below"])
    (kept,) = converged(found)
    return kept, len(found) - len(kept)


def _clipped(interval: Interval, part: Part) -> Interval:
    """An interval within what is possible."""
    low, high = interval
    if not isfinite(high - low):
        return interval
    least, most = _within(part)
    return max(low, least), min(high, most)


def _within(part: Part) -> Interval:
    """The least and the largest value that is possible."""
    most = inf if part["above"]["metric"] in COUNTS else 1.0
    return (-most if part["below"] else 0.0), most


def _decisive(found: list[Finding]) -> Finding:
    def rank(finding: Finding) -> tuple[bool, bool, float]:
        return len(finding.values) < 2, not finding.outside, finding.slack

    return min(found, key=rank)


def _again(found: Finding) -> bool | None:
    """Whether a repetition shows what was published; None if it cannot be told."""
    if len(found.values) < 2:
        return None
    if found.part["published"] is None:
        return False if found.outside else True if found.slack >= 0 else None
    low, high = _unrounded(found.part)
    return low <= found.interval[1] and found.interval[0] <= high


def _repetition(parts: list[Finding], own: Finding | None) -> tuple[Finding, str]:
    """The part to show of a repetition, and the verdict on all."""
    shown = own.part if own else None

    def rank(found: Finding) -> tuple[bool, int, bool, float]:
        place = [False, None, True].index(_again(found))
        return len(found.values) < 2, place, found.part != shown, found.slack

    again = [_again(found) for found in parts]
    verdict = "not repeated" if False in again else "undecided" if None in again else "repeated"
    return min(parts, key=rank), verdict


def _outcome(found: list[Finding]) -> str:
    if any(finding.outside for finding in found):
        return "overturned"
    return "survives" if all(finding.slack >= 0 for finding in found) else "undecided"

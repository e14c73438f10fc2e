"""The ledger: every claim held against what was measured, with a verdict and the reason for it.

Under the published protocol a claim is reproduced if 95% of further replicates would show it:
a published number lies where they fall; an order or an equality holds wherever they fall. Under
the remedied one it survives if the 95% confidence interval lies wholly inside the region that is
claimed, and is overturned if wholly outside. Of a claim of m parts each interval is at 1 − 0.05/m
(Bonferroni), the claim needs all of them, and one that is outside overturns it; shown is the part
that is nearest to failing, or fails the most.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fewpixels.claims.parts import COUNTS, Evidence, Finding, Judged, Part, Quantity
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
    "id",
    "claim",
    "kind",
    "published",
    "measured",
    "low",
    "high",
    "verdict",
    "remedied",
    "remedied_low",
    "remedied_high",
    "outcome",
    "claimed_low",
    "claimed_high",
    "cells",
    "remedied_claimed_low",
    "remedied_claimed_high",
    "remedied_cells",
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
        `COLUMNS`, a row for each claim. ``verdict`` is ``reproduced`` or ``not reproduced``
        (``undecided`` where fewer than two replicates converged); ``outcome`` is ``survives``,
        ``overturned``, ``undecided`` or ``not applicable``. ``measured`` and ``remedied`` are
        means, the latter on fresh images where it is an accuracy. ``claimed_low`` to
        ``claimed_high`` is the region that is claimed, NaN where it has no end, and ``cells``
        are those that were measured, by their folders, after a − those of the mean that is
        subtracted; ``remedied_…`` are those of the remedy.
    """
    rows = [_row(_judged(claim, results), results) for claim in claims]
    return pd.DataFrame(rows, columns=COLUMNS)


def _row(judged: Judged, results: Results) -> dict[str, Any]:
    row = {key: judged.claim[key] for key in ("id", "claim", "kind")}
    row |= {"published": judged.repeated.part["published"], "verdict": judged.verdict}
    row |= Evidence.of(judged.repeated, results.published).columns()
    if judged.remedied is not None:
        row |= Evidence.of(judged.remedied, results.honest).columns("remedied")
    return row | {"outcome": judged.outcome, "explanation": explained(judged)}


def _judged(claim: dict[str, Any], results: Results) -> Judged:
    parts = [_replicated(part, claim, results) for part in claim["parts"]]
    repeated = _decisive(parts)
    verdict, held_out = _verdict(claim, parts), _held_out(claim, repeated, results)
    if not claim["remedied"]:
        return Judged(claim, repeated, verdict, held_out, None, "not applicable", None)
    found = [_remedied(part, claim, results, repeated) for part in claim["remedied"]]
    shown = _decisive(found)
    beside = _remedied_held_out(shown, results)
    return Judged(claim, repeated, verdict, held_out, shown, _outcome(found), beside)


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
    if claim["kind"] == "value":
        half = claim["unit"] / 2
        region = (part["published"] - half, part["published"] + half)
    else:
        region = _region(part, claim, results, results.published, "test")
    interval = _clipped(next_replicate(values, confidence), part)
    return Finding(part, values, lost, interval, region)


def _remedied(part: Part, claim: dict[str, Any], results: Results, replicated: Finding) -> Finding:
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
    if claim["kind"] == "value":
        reach = results.margin + claim["unit"] / 2
        region = (replicated.part["published"] - reach, replicated.part["published"] + reach)
    return Finding(part, values, lost, _clipped(interval, part), region)


def _region(
    part: Part, claim: dict[str, Any], results: Results, split: str, subset: str
) -> Interval:
    """Where a claim that is not of a value says that the mean is, over a subset's images."""
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


def _verdict(claim: dict[str, Any], found: list[Finding]) -> str:
    known = [finding for finding in found if len(finding.values) > 1]
    if claim["kind"] == "value":
        failed = any(finding.outside for finding in known)
    else:
        failed = any(finding.slack < 0 for finding in known)
    if failed:
        return "not reproduced"
    return "reproduced" if len(known) == len(found) else "undecided"


def _outcome(found: list[Finding]) -> str:
    if any(finding.outside for finding in found):
        return "overturned"
    return "survives" if all(finding.slack >= 0 for finding in found) else "undecided"

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

from fewpixels.artifacts.markdown import markdown, plain, with_ends
from fewpixels.claims.expansion import Part, Quantity
from fewpixels.statistics.intervals import (
    Interval,
    another_sample,
    converged,
    corrected_resampled,
    deviation,
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
COUNTS = ("updates", "peak_update")
"""Metrics that are no shares of images."""


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
    classes : int
    of : Dealt
    margin : float
        Accuracies that differ by no more count as equal.
    """

    measured: Mapping[tuple[str, str, str, int], NDArray[np.float64]]
    scores: Mapping[tuple[str, int], NDArray[np.float64]]
    published: str
    honest: str
    classes: int
    of: Dealt
    margin: float


@dataclass(frozen=True)
class _Finding:
    """One part, measured: a mean with its interval, and the region that is claimed."""

    part: Part
    values: NDArray[np.float64]
    diverged: int
    interval: Interval
    region: Interval


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
    return pd.DataFrame([_row(claim, results) for claim in claims], columns=COLUMNS)


def report(ledger: pd.DataFrame) -> str:
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
    missed = int((values & (ledger["verdict"] == "not reproduced")).sum())
    lines = ["# What survives of the published claims", "", _counts(ledger)]
    if values.any():
        lines[-1] += (
            f" Of {values.sum()} published values {missed} are not reproduced; by chance alone "
            f"{0.05 * values.sum():.1f} would not be, since one replicate in twenty falls outside "
            "its interval."
        )
    for title, own in (("Claims", ledger[~values]), ("Published values", ledger[values])):
        if len(own):
            shown = pd.DataFrame({name: own[name] for name in ("id", "claim", "published")})
            shown["measured"] = _with_intervals(own, "measured", "low", "high")
            shown["verdict"] = own["verdict"]
            shown["remedied"] = _with_intervals(own, "remedied", "remedied_low", "remedied_high")
            shown["outcome"] = own["outcome"]
            lines += ["", f"## {title}", "", markdown(shown).rstrip(), ""]
            lines += [f"- **{c.id}**: {plain(c.explanation)}" for c in own.itertuples()]
    return "\n".join(lines) + "\n"


def _counts(ledger: pd.DataFrame) -> str:
    verdicts, outcomes = ledger["verdict"].value_counts(), ledger["outcome"].value_counts()
    reproduced = ", ".join(f"{n} {name}" for name, n in verdicts.sort_index().items())
    survive = ", ".join(f"{n} {name}" for name, n in outcomes.sort_index().items())
    return (
        f"{len(ledger)} claims under the published protocol: {reproduced}. "
        f"Under the remedied one: {survive}."
    )


def _with_intervals(ledger: pd.DataFrame, *columns: str) -> list[str]:
    cells = ledger[list(columns)].itertuples(index=False)
    return [with_ends(mean, low, high, ".4g") for mean, low, high in cells]


def _row(claim: dict[str, Any], results: Results) -> dict[str, Any]:
    parts = [_replicated(p, claim, results) for p in claim["parts"]]
    replicated = _decisive(parts)
    row = {key: claim[key] for key in ("id", "claim", "kind")}
    row |= {"published": replicated.part["published"], "measured": _mean(replicated)}
    row |= _evidence("", replicated, results.published)
    row["verdict"] = _verdict(claim, parts)
    text = _of_replicates(claim, replicated, row["verdict"], results)
    row["outcome"] = "not applicable"
    if claim["remedied"]:
        found = [_remedied(p, claim, results, replicated) for p in claim["remedied"]]
        shown = _decisive(found)
        row |= {"remedied": _mean(shown)} | _evidence("remedied_", shown, results.honest)
        row["outcome"] = _outcome(found)
        text += " " + _of_remedy(claim, shown, row["outcome"], results)
    else:
        text += " There is no remedied counterpart."
    return row | {"explanation": text}


def _evidence(prefix: str, found: _Finding, split: str) -> dict[str, Any]:
    """The interval, the region that is claimed, and the cells that were measured."""
    ends = dict(zip(("low", "high"), map(_shown, found.interval), strict=True))
    ends |= dict(zip(("claimed_low", "claimed_high"), map(_shown, found.region), strict=True))
    sides = [side for side in (found.part["above"], found.part["below"]) if side]
    cells = " − ".join(
        " ".join(f"{split}/{size}px/{model}" for model, size in side["cells"]) for side in sides
    )
    return {prefix + key: value for key, value in (ends | {"cells": cells}).items()}


def _replicated(part: Part, claim: dict[str, Any], results: Results) -> _Finding:
    """A part under the published protocol: where further replicates fall."""
    values, lost = _values(part, results.published, results)
    confidence = 1 - 0.05 / len(claim["parts"])
    if claim["kind"] == "value":
        half = claim["unit"] / 2
        region = (part["published"] - half, part["published"] + half)
    else:
        region = _region(part, claim, results)
    interval = _clipped(next_replicate(values, confidence), part)
    return _Finding(part, values, lost, interval, region)


def _remedied(
    part: Part, claim: dict[str, Any], results: Results, replicated: _Finding
) -> _Finding:
    """A part under the remedied protocol: on fresh images, for another sample."""
    confidence = 1 - 0.05 / len(claim["remedied"])
    if part["above"]["metric"] == "accuracy":
        scores, lost = _combined(part, lambda q, cell: results.scores[cell])
        values = scores.mean(axis=1)
    else:
        scores, lost = _values(part, results.honest, results)
        values = scores
    interval = another_sample(scores, results.of.n_train, results.of.n_pool, confidence)
    region = _region(part, claim, results)
    if claim["kind"] == "value":
        reach = results.margin + claim["unit"] / 2
        region = (replicated.part["published"] - reach, replicated.part["published"] + reach)
    return _Finding(part, values, lost, _clipped(interval, part), region)


def _region(part: Part, claim: dict[str, Any], results: Results) -> Interval:
    """Where a claim that is not of a value says that the mean is."""
    if claim["kind"] == "order":
        least = results.margin if claim["by_margin"] else 0.0
        return float(np.nextafter(least, inf)), inf  # more than that: not equal
    middle = 1 / results.classes if claim["kind"] == "chance" else 0.0
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
    share = part["above"]["metric"] not in COUNTS
    least = -1.0 if part["below"] else 0.0
    low, high = interval
    if not isfinite(high - low) or (not share and part["below"]):
        return interval
    return max(low, least), min(high, 1.0) if share else high


def _slack(found: _Finding) -> float:
    """How far inside the region the interval is; negative where it sticks out."""
    return min(found.interval[0] - found.region[0], found.region[1] - found.interval[1])


def _outside(found: _Finding) -> bool:
    return found.interval[1] < found.region[0] or found.interval[0] > found.region[1]


def _decisive(found: list[_Finding]) -> _Finding:
    def rank(finding: _Finding) -> tuple[bool, bool, float]:
        return len(finding.values) < 2, not _outside(finding), _slack(finding)

    return min(found, key=rank)


def _verdict(claim: dict[str, Any], found: list[_Finding]) -> str:
    known = [finding for finding in found if len(finding.values) > 1]
    if claim["kind"] == "value":
        failed = any(_outside(finding) for finding in known)
    else:
        failed = any(_slack(finding) < 0 for finding in known)
    if failed:
        return "not reproduced"
    return "reproduced" if len(known) == len(found) else "undecided"


def _outcome(found: list[_Finding]) -> str:
    if any(_outside(finding) for finding in found):
        return "overturned"
    return "survives" if all(_slack(finding) >= 0 for finding in found) else "undecided"


def _mean(found: _Finding) -> float:
    return float(found.values.mean()) if len(found.values) else float("nan")


def _shown(end: float) -> float:
    return end if isfinite(end) else float("nan")


def _of_replicates(claim: dict[str, Any], found: _Finding, verdict: str, results: Results) -> str:
    """Say what replicates of the published protocol show."""
    part, values = found.part, found.values
    if not len(values):
        return f"{_name(part)}: every replicate diverged."
    ours = (
        f"{_number(_mean(found), part)} ± {_number(deviation(values), part)} "
        f"({_number(values.min(), part)} to {_number(values.max(), part)}) "
        f"over {len(values)} replicates" + _but(found)
    )
    others = len(claim["parts"]) - 1
    text = f"{_name(part)}: {ours}"
    if others:
        text += f", of {others + 1} comparisons the least favourable"
    if part["below"]:
        wins = int((values > 0).sum())
        text += f"; above in {wins} of them"
    if len(values) < 2:
        return f"{text}, too few to tell."
    level = f"{100 * (1 - 0.05 / len(claim['parts'])):.3g}%"
    text += f". {level} of further ones fall in {_span(found.interval, part)}"
    if claim["kind"] == "value":
        where = {True: "with", False: "without"}[verdict == "reproduced"]
        text += f", {where} the published {part['published']:g}: {verdict}."
    else:
        text += f"; claimed is {_claimed(found.region, part)}: {verdict}."
        number = part["published"]
        if number is not None and not found.region[0] <= number <= found.region[1]:
            text += f" The published numbers themselves give {_number(number, part)}."
    if claim["kind"] == "value" and part["above"]["metric"] == "accuracy":
        cell = tuple(part["above"]["cells"][0])
        held_out = results.measured["accuracy", results.honest, *cell]
        text += f" Held out, the same model reaches {_number(float(np.nanmean(held_out)), part)}."
    return text


def _of_remedy(claim: dict[str, Any], found: _Finding, outcome: str, results: Results) -> str:
    """Say what the remedied protocol shows."""
    part = found.part
    if not len(found.values):
        return f"Remedied: every replicate diverged: {outcome}."
    text = f"Remedied: {_name(part)}: {_number(_mean(found), part)}"
    if part["above"]["metric"] == "accuracy":
        text += " on fresh images"
    text += _but(found)
    level = f"{100 * (1 - 0.05 / len(claim['remedied'])):.3g}%"
    text += f", {level} interval {_span(found.interval, part)}"
    if part["above"]["metric"] == "accuracy":
        values, _ = _values(part, results.honest, results)
        interval = corrected_resampled(values, results.of.n_train, results.of.n_test)
        held_out = _span(_clipped(interval, part), part)
        text += f" (held out {_number(values.mean(), part)}, {held_out})"
    return f"{text}; claimed is {_claimed(found.region, part)}: {outcome}."


def _but(found: _Finding) -> str:
    return f" ({found.diverged} diverged)" if found.diverged else ""


def _name(part: Part) -> str:
    """Name a part: what is compared, of what, and at which size."""
    above, below = part["above"], part["below"]
    metric = above["metric"].replace("_", " ").capitalize()
    sizes = [f" at {side['cells'][0][1]}×{side['cells'][0][1]}" for side in (above, below) if side]
    if above["metric"] == "best_accuracy":
        sizes = [", all sizes"] * 2
    if not below:
        return f"{metric} of {above['label']}{sizes[0]}"
    if above["label"] == below["label"]:
        return f"{metric} of {above['label']}{sizes[0]} minus that{sizes[1]}"
    if sizes[0] != sizes[1]:
        return f"{metric} of {above['label']}{sizes[0]} minus {below['label']}{sizes[1]}"
    return f"{metric} of {above['label']} minus {below['label']}{sizes[0]}"


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
    return f"{value:.3f}" if part["above"]["metric"] not in COUNTS else f"{value:.0f}"

"""The English of the ledger: what was measured of each claim, and why it has its verdicts."""

from math import inf, isfinite

import pandas as pd

from fewpixels.artifacts.markdown import markdown, plain, with_ends
from fewpixels.claims.parts import COUNTS, Finding, Judged, Part
from fewpixels.statistics.intervals import Interval, deviation


def explained(judged: Judged) -> str:
    """Say what was measured of a claim, under both protocols, and what follows."""
    text = _of_replicates(judged)
    if judged.remedied is None:
        return f"{text} There is no remedied counterpart."
    return f"{text} {_of_remedy(judged, judged.remedied)}"


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


def _of_replicates(judged: Judged) -> str:
    """Say what replicates of the published protocol show."""
    claim, found, verdict = judged.claim, judged.repeated, judged.verdict
    part, values = found.part, found.values
    if not len(values):
        return f"{_name(part)}: every replicate diverged."
    ours = (
        f"{_number(found.mean, part)} ± {_number(deviation(values), part)} "
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
        where = "with" if verdict == "reproduced" else "without"
        text += f", {where} the published {part['published']:g}: {verdict}."
    else:
        text += f"; claimed is {_claimed(found.region, part)}: {verdict}."
        number = part["published"]
        if number is not None and not found.region[0] <= number <= found.region[1]:
            text += f" The published numbers themselves give {_number(number, part)}."
    if judged.held_out is not None:
        text += f" Held out, the same model reaches {_number(judged.held_out, part)}."
    return text


def _of_remedy(judged: Judged, found: Finding) -> str:
    """Say what the remedied protocol shows."""
    part, outcome = found.part, judged.outcome
    if not len(found.values):
        return f"Remedied: every replicate diverged: {outcome}."
    text = f"Remedied: {_name(part)}: {_number(found.mean, part)}"
    if part["above"]["metric"] == "accuracy":
        text += " on fresh images"
    text += _but(found)
    level = f"{100 * (1 - 0.05 / len(judged.claim['remedied'])):.3g}%"
    text += f", {level} interval {_span(found.interval, part)}"
    if judged.remedied_held_out is not None:
        mean, interval = judged.remedied_held_out
        text += f" (held out {_number(mean, part)}, {_span(interval, part)})"
    return f"{text}; claimed is {_claimed(found.region, part)}: {outcome}."


def _but(found: Finding) -> str:
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

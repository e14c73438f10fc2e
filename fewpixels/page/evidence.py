"""The evidence of a claim: numbers with their intervals, over the region that is claimed.

Each claim has a strip of its own, drawn here: with Vega-Lite those of the default study would take
eight seconds and 0.7 MB.
"""

from collections.abc import Mapping
from math import inf, isfinite, isnan
from typing import Any

from markupsafe import Markup

from fewpixels.claims.parts import Evidence, form

# Pixels: the plot and its rows, and what is left of it, above and below.
WIDTH, ROW, LEFT, TOP, BOTTOM = 260, 26, 112, 4, 20
# Cells that are named each; of more the number is said.
MOST = 6
PROTOCOLS = {"own": "own numbers", "": "repeated", "remedied": "corrected"}
"""What a claim is held against, by what columns of ``claims.csv`` begin with."""
VERDICTS = {
    "own_numbers": {
        "agree": "agree",
        "contradict": "contradict it",
        "none": "none published",
    },
    "repeated": {"repeated": "yes", "not repeated": "no", "undecided": "open"},
    "corrected": {
        "survives": "yes",
        "overturned": "no",
        "undecided": "open",
        "not applicable": "not tested",
    },
}
"""Columns of ``claims.csv`` that have a verdict; those that there are, in the page's words."""
QUESTIONS = {
    "own_numbers": "its own numbers",
    "repeated": "reproduced?",
    "corrected": "true after correction?",
}
"""What each of the verdicts answers."""
_MEASURES = {"updates": "updates", "peak_update": "updates", "seconds": "seconds"}


def measure(metric: str) -> str:
    """What a metric counts; empty for shares, which alone are written without."""
    return _MEASURES.get(metric, "")


def number(value: float, kept: Evidence, finer: bool = False) -> str:
    """Write a number as those of some evidence are written.

    Parameters
    ----------
    value : float
        Empty text for NaN.
    kept : Evidence
        A difference has a sign, a count what it counts.
    finer : bool
        With one place more: as a mean is written.

    Returns
    -------
    str
    """
    if isnan(value):
        return ""
    sign = "+" if len(kept.cells) > 1 else ""
    text = f"{value:{sign}{form(kept.unit, finer)}} {measure(kept.metric)}"
    return text.rstrip().replace("-", "−")


def mean(kept: Evidence) -> str:
    """Write a mean with its interval, as in ``0.826 (0.800 to 0.853)``.

    Returns
    -------
    str
        Empty where it is unknown.
    """
    text = number(kept.mean, kept, finer=True)
    low, high = (number(end, kept, finer=True).split(" ")[0] for end in kept.interval)
    return f"{text} ({low} to {high})" if text and low and high else text


def claimed(kept: Evidence) -> str:
    """Write the region that is claimed, as in ``−0.02 to +0.02`` or ``more than 0``."""
    low, high = (number(end, kept) for end in kept.region)
    if low and high:
        return f"{low} to {high}"
    # The least number above 0 stands for it.
    least = "0" if abs(kept.region[0]) < kept.unit / 100 else low.removeprefix("+")
    return f"more than {least}" if low else f"less than {high}" if high else ""


def evidence(row: Mapping[str, Any]) -> dict[str, Any]:
    """Prepare a claim's evidence.

    Parameters
    ----------
    row : mapping
        Of ``claims.csv``; what is missing is NaN.

    Returns
    -------
    dict
        ``drawn``, Markup of what is on the scale of the repetition; and ``sides``, each with a
        ``title``, the ``part`` that was measured, ``means``: of one or, for a difference, of two,
        the names of the cells, or how many there are; and ``pair``, the two cells of a difference
        that is of no more.
    """
    read = {title: Evidence.read(row, protocol) for protocol, title in PROTOCOLS.items()}
    known = {title: kept for title, kept in read.items() if kept is not None}
    sides = []
    for title, kept in known.items():
        alone = [len(cells) for cells in kept.cells] == [1, 1]
        sides.append({
            "title": title,
            "part": kept.part,
            "means": [cells if len(cells) <= MOST else len(cells) for cells in kept.cells],
            "pair": [cells[0] for cells in kept.cells] if alone else [],
        })  # fmt: skip
    scale = measure(known["repeated"].metric) if "repeated" in known else ""
    shown = {title: kept for title, kept in known.items() if measure(kept.metric) == scale}
    return {"drawn": strip(shown, row["published"]), "sides": sides}


def strip(sides: Mapping[str, Evidence], published: float) -> Markup:
    """Draw means with intervals, each over the region that is claimed, as SVG.

    Parameters
    ----------
    sides : mapping of str to Evidence
        By title. A region's NaN is no end, and an interval's is unknown.
    published : float
        The number to mark; NaN for none.

    Returns
    -------
    Markup
        Empty where nothing is known.
    """
    known = [published, *(kept.mean for kept in sides.values())]
    known += [end for kept in sides.values() for end in (*kept.interval, *kept.region)]
    known = [float(value) for value in known if isfinite(value)]
    if not known:
        return Markup("")
    low, high = min(known), max(known)
    reach = (high - low or abs(high) or 1) * 0.06
    low, high = low - reach, high + reach

    def x(value: float) -> float:
        return round(LEFT + WIDTH * (min(max(value, low), high) - low) / (high - low), 1)

    line = Markup('<line class="claims-{}" x1="{}" y1="{}" x2="{}" y2="{}"/>')
    text = Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>')
    height = TOP + ROW * len(sides) + BOTTOM
    parts = []
    for i, (title, kept) in enumerate(sides.items()):
        top, middle = TOP + i * ROW, TOP + (i + 0.5) * ROW
        if not all(map(isnan, kept.region)):
            start, end = (
                value if isfinite(value) else open_
                for value, open_ in zip(kept.region, (-inf, inf), strict=True)
            )
            region = Markup('<rect class="claims-region" x="{}" y="{}" width="{}" height="{}"/>')
            # A region can be a single point.
            width = max(round(x(end) - x(start), 1), 2)
            parts += [region.format(x(start), top, width, ROW - 4)]
        parts += [text.format(LEFT - 8, middle + 3, "end", title)]
        if all(map(isfinite, kept.interval)):
            ends = map(x, kept.interval)
            parts += [line.format("interval", next(ends), middle - 2, next(ends), middle - 2)]
        if isfinite(kept.mean):
            dot = Markup('<circle class="claims-mean" cx="{}" cy="{}" r="4"/>')
            parts += [dot.format(x(kept.mean), middle - 2)]
    bottom = height - BOTTOM
    if isfinite(published):
        parts += [line.format("published", x(published), TOP - 4, x(published), bottom)]
    parts += [line.format("axis", LEFT, bottom, LEFT + WIDTH, bottom)]
    places = form(next(iter(sides.values())).unit, finer=True)
    for value, anchor in ((low + reach, "start"), (high - reach, "end")):
        parts += [text.format(x(value), height - 4, anchor, f"{value:{places}}".replace("-", "−"))]
    head = Markup('<svg class="claims-drawn" viewBox="0 0 {} {}" role="img" aria-label="{}">')
    drawn = head.format(LEFT + WIDTH + 8, height, _told(sides)) + Markup("").join(parts)
    return drawn + Markup("</svg>")


def _told(sides: Mapping[str, Evidence]) -> str:
    told = []
    for title, kept in sides.items():
        words = f"{title}: {mean(kept) or 'unknown'}"
        told.append(f"{words}, claimed {claimed(kept)}" if claimed(kept) else words)
    return "; ".join(told)

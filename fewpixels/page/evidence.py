"""The evidence of a claim: intervals drawn against the region that is claimed, and the cells."""

from collections.abc import Mapping, Sequence
from math import inf, isfinite
from typing import Any

from markupsafe import Markup

# Pixels: the plot and its rows, and what is left of it, above and below.
WIDTH, ROW, LEFT, TOP, BOTTOM = 300, 26, 90, 4, 20
# Cells that are named each; of more the number is said.
MOST = 6


def evidence(row: Mapping[str, Any]) -> dict[str, Any]:
    """Prepare a claim's evidence.

    Parameters
    ----------
    row : mapping
        Of ``claims.csv``; what is missing is NaN.

    Returns
    -------
    dict
        ``drawn``, Markup; and ``sides``, each with a ``title`` and ``means``: of one or, for a
        difference, of two, the names of the cells, or how many there are; and ``pair``, the two
        cells of a difference that is of no more.
    """
    sides = []
    for prefix, title, mean in (
        ("", "repeated", "measured"),
        ("remedied_", "remedied", "remedied"),
    ):
        names = row[f"{prefix}cells"]
        if isinstance(names, str) and names:
            ends = [row[prefix + key] for key in ("low", "high", "claimed_low", "claimed_high")]
            means = [own.split() for own in names.split(" − ")]
            alone = [len(cells) for cells in means] == [1, 1]
            sides.append({
                "title": title,
                "mean": row[mean],
                "interval": ends[:2],
                "region": ends[2:],
                "means": [cells if len(cells) <= MOST else len(cells) for cells in means],
                "pair": [cells[0] for cells in means] if alone else [],
            })  # fmt: skip
    return {"drawn": strip(sides, row["published"]), "sides": sides}


def strip(sides: Sequence[Mapping[str, Any]], published: float) -> Markup:
    """Draw means with intervals, each over the region that is claimed, as SVG.

    Parameters
    ----------
    sides : sequence of mapping
        Each with ``title``, ``mean``, ``interval`` and ``region``, pairs of ends; a region's NaN
        is no end, and an interval's is unknown.
    published : float
        The number to mark; NaN for none.

    Returns
    -------
    Markup
        Empty where nothing is known.
    """
    shown = [published, *(side["mean"] for side in sides)]
    shown += [end for side in sides for end in (*side["interval"], *side["region"])]
    known = [float(value) for value in shown if isfinite(value)]
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
    for i, side in enumerate(sides):
        top, middle = TOP + i * ROW, TOP + (i + 0.5) * ROW
        start, end = (
            value if isfinite(value) else open_
            for value, open_ in zip(side["region"], (-inf, inf), strict=True)
        )
        region = Markup('<rect class="claims-region" x="{}" y="{}" width="{}" height="{}"/>')
        # A region can be a single point.
        width = max(round(x(end) - x(start), 1), 2)
        parts += [region.format(x(start), top, width, ROW - 4)]
        parts += [text.format(LEFT - 8, middle + 3, "end", side["title"])]
        if all(map(isfinite, side["interval"])):
            ends = map(x, side["interval"])
            parts += [line.format("interval", next(ends), middle - 2, next(ends), middle - 2)]
        if isfinite(side["mean"]):
            dot = Markup('<circle class="claims-mean" cx="{}" cy="{}" r="4"/>')
            parts += [dot.format(x(side["mean"]), middle - 2)]
    bottom = height - BOTTOM
    if isfinite(published):
        parts += [line.format("published", x(published), TOP - 4, x(published), bottom)]
    parts += [line.format("axis", LEFT, bottom, LEFT + WIDTH, bottom)]
    for value, anchor in ((low + reach, "start"), (high - reach, "end")):
        parts += [text.format(x(value), height - 4, anchor, f"{value:.3g}")]
    words = "; ".join(
        f"{side['title']}: mean {_number(side['mean'])}, interval {_span(side['interval'])}, "
        f"claimed {_span(side['region'])}"
        for side in sides
    )
    head = Markup('<svg class="claims-drawn" viewBox="0 0 {} {}" role="img" aria-label="{}">')
    drawn = head.format(LEFT + WIDTH + 8, height, words) + Markup("").join(parts)
    return drawn + Markup("</svg>")


def _span(ends: Sequence[float]) -> str:
    low, high = (_number(end, "") for end in ends)
    if low and high:
        return f"{low} to {high}"
    return f"above {low}" if low else f"below {high}" if high else "unknown"


def _number(value: float, unknown: str = "unknown") -> str:
    """Three digits; the least number above 0 stands for 0."""
    return f"{value if abs(value) > 1e-12 else 0:.3g}" if isfinite(value) else unknown

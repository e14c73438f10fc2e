"""The ledger of claims, as the page shows it: each opens to its evidence.

That is its intervals, drawn against the region that is claimed, and the cells that were measured.
"""

from collections.abc import Mapping, Sequence
from math import inf, isfinite
from typing import Any

import pandas as pd
from markupsafe import Markup

from fewpixels.artifacts.markdown import with_ends
from fewpixels.claims.parts import Evidence

# Pixels: the plot and its rows, and what is left of it, above and below.
WIDTH, ROW, LEFT, TOP, BOTTOM = 300, 26, 90, 4, 20
# Cells that are named each; of more the number is said.
MOST = 6


def ledger(claims: pd.DataFrame) -> dict[str, Any]:
    """Prepare the ledger.

    Parameters
    ----------
    claims : DataFrame
        Columns of ``claims.csv``.

    Returns
    -------
    dict
        ``rows``, one a claim, with numbers, as text and with its `evidence`; ``counts`` by
        verdict and outcome, the most first; ``filters``: the values of the columns to filter by.
    """
    rows = []
    for row in claims.to_dict("records"):
        texts = {
            "published_text": "" if pd.isna(row["published"]) else f"{row['published']:g}",
            "measured_text": with_ends(row["measured"], row["low"], row["high"], ".3g"),
            "remedied_text": with_ends(
                row["remedied"], row["remedied_low"], row["remedied_high"], ".3g"
            ),
        }
        filled = {key: "" if pd.isna(value) else value for key, value in row.items()}
        rows.append(filled | texts | {"evidence": evidence(row)})
    frame = pd.DataFrame(rows)[["verdict", "outcome", "kind"]]
    by = frame.value_counts(["verdict", "outcome"]).reset_index(name="count")
    order = ["count", "verdict", "outcome"]
    by = by.sort_values(order, ascending=[False, True, True])
    filters = {name: sorted(filter(None, frame[name].unique())) for name in frame}
    return {"rows": rows, "counts": by.to_dict("records"), "filters": filters}


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
    for title, protocol in (("repeated", ""), ("remedied", "remedied")):
        kept = Evidence.read(row, protocol)
        if kept is not None:
            alone = [len(cells) for cells in kept.cells] == [1, 1]
            sides.append({
                "title": title,
                "mean": kept.mean,
                "interval": kept.interval,
                "region": kept.region,
                "means": [cells if len(cells) <= MOST else len(cells) for cells in kept.cells],
                "pair": [cells[0] for cells in kept.cells] if alone else [],
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

"""The explorer's charts: how a model learned, and how its accuracy depends on k.

Each is specified once, with the curves of the trained model that the page shows first; the page
puts those of others in their place, as the data set ``curves``, and what the vertical axis is of.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from fewpixels.page.charts import Specification, drawn, specified
from fewpixels.page.curves import MISSING, in_shares
from fewpixels.page.html import json_in_script

CURVES, CHANCE = "curves", "chance"
MEASURED = "measured"
"""The parameter that says what the vertical axis is of."""
SUBSETS = ["Validation", "Test", "Never seen"]
# By series, as explorer.css has them for either scheme; lines differ in their dashes too.
_COLOURS = [f"var(--curve-{i})" for i in range(len(SUBSETS))]
_DASHES = [[1, 0], [7, 2], [2, 2]]
# Numbers beyond what fits beside an axis are written as powers.
_LABEL = "abs(datum.value) >= 1e5 ? format(datum.value, '.2~e') : datum.label"
_KEY = alt.Legend(
    title=None,
    orient="bottom",
    symbolType="stroke",
    symbolOpacity=1,
    symbolStrokeWidth=2,
    symbolSize=400,
)
# Where an axis has its title: above it, for that of an axis cannot change.
_TITLE = alt.TitleParams(
    text=alt.ExprRef(MEASURED),
    anchor="start",
    frame="group",
    fontSize=13,
    fontWeight="normal",
    color="currentColor",
)

Row = dict[str, Any]


def rows(
    places: NDArray[np.integer], curves: NDArray[np.floating], titles: Sequence[str]
) -> list[Row]:
    """List the points of curves, as the charts take them.

    Parameters
    ----------
    places : ndarray of int, shape (n,)
        On the horizontal axis.
    curves : ndarray of float, shape (3 · len(titles), n)
        Of each series the mean, the lowest and the highest; NaN where there is none.
    titles : sequence of str
        Of the series; one without any number is left out.

    Returns
    -------
    list of dict
        ``x``, ``series``, ``mean``, ``low``, ``high``, which are None where there is none, and
        ``alone``, whether neither neighbour has a number to draw a line to.
    """
    found: list[Row] = []
    for title, own in zip(titles, curves.reshape(len(titles), 3, -1), strict=True):
        known = np.pad(np.isfinite(own[0]), 1)
        if not known.any():
            continue
        alone = known[1:-1] & ~known[:-2] & ~known[2:]
        for i, x in enumerate(places.tolist()):
            values = [float(v) if np.isfinite(v) else None for v in own[:, i]]
            ends = dict(zip(("mean", "low", "high"), values, strict=True))
            found.append({"x": x, "series": title, **ends, "alone": bool(alone[i])})
    return found


def curve_chart(
    shown: Sequence[Row], titles: Sequence[str], x: str, y: str, chance: float | None = None
) -> Specification:
    """Specify a chart of means over replicates, in bands from the lowest to the highest.

    Parameters
    ----------
    shown : sequence of dict
        Of `rows`.
    titles : sequence of str
        Of all series that the chart can show; one needs no legend.
    x, y : str
        Titles of the axes; the page can change the vertical one's.
    chance : float, optional
        What looking at no pixel gives. With it the vertical axis is of shares, from 0 to 1.

    Returns
    -------
    dict
        Of Vega-Lite.
    """
    scale = alt.Scale(zero=True) if chance is None else alt.Scale(domain=[0, 1], nice=False)
    up: dict[str, Any] = {
        "scale": scale,
        "axis": alt.Axis(title=None, tickCount=5, labelExpr=_LABEL),
    }
    layers: list[Any] = [_lines(titles, x, up)]
    data: dict[str, Sequence[Row]] = {CURVES: shown}
    if chance is not None:
        guessed = alt.Chart(alt.NamedData(CHANCE)).encode(alt.Y("chance:Q", **up))
        # Beside the plot, where no curve can run into it.
        words = guessed.mark_text(text="guessing", align="left", dx=4).encode(x=alt.value("width"))
        layers += [guessed.mark_rule(strokeDash=[1, 3]), words]
        data[CHANCE] = [{"chance": chance}]
    found = alt.layer(*layers, datasets=data, title=_TITLE, width="container", height=210)
    return specified(found.add_params(alt.param(name=MEASURED, value=y)))


def _lines(titles: Sequence[str], x: str, up: Mapping[str, Any]) -> Any:
    """Lines in bands, and dots where there is no neighbour to draw a line to."""
    legend = _KEY if len(titles) > 1 else None

    def ranged(values: Sequence[Any]) -> dict[str, Any]:
        scale = alt.Scale(domain=titles, range=values[: len(titles)])
        return {"scale": scale, "legend": legend}

    across = alt.X(
        "x:Q",
        scale=alt.Scale(type="log", nice=False),
        axis=alt.Axis(title=f"{x} (logarithmic)", grid=False, labelExpr=_LABEL, labelSeparation=6),
    )
    mean = alt.Y("mean:Q", **up)
    size = alt.condition("datum.alone", alt.value(30), alt.value(0))
    # A logarithmic axis has no place for a step 0.
    base = alt.Chart().transform_filter("datum.x > 0")
    base = base.encode(across, alt.Color("series:N", **ranged(_COLOURS)))
    return alt.layer(
        base.mark_area(opacity=0.18).encode(alt.Y("low:Q", **up), alt.Y2("high")),
        base.mark_line(strokeWidth=1.75).encode(
            mean, alt.StrokeDash("series:N", **ranged(_DASHES))
        ),
        base.mark_point(filled=True, opacity=1).encode(mean, size=size),
        data=alt.NamedData(CURVES),
    )


def charts(record: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
    """Make the charts that a study has curves for.

    Parameters
    ----------
    record, arrays
        Of `fewpixels.page.explorer.explorer`.

    Returns
    -------
    dict
        By name (``validation``, ``loss``, ``sweep``) the ``specification``, for JSON, the chart
        ``drawn`` of the trained model that is shown first, and ``words`` for who does not see it.
    """
    cell = record["cells"][record["start"][0]]
    validation, _, fresh = record["splits"][cell["split"]]["chance"]
    found: dict[str, tuple[Specification, str]] = {}
    if arrays["steps"].size:
        own = slice(*record["fits"][cell["fit"]].get("curve", (0, 0)))
        right, losses = in_shares(arrays["curves"][:3, own]), arrays["losses"][:, own]
        for name, title, y, values, chance in (
            ("validation", SUBSETS[0], "validation accuracy", right, validation),
            ("loss", "Loss", "training loss", losses, None),
        ):
            shown = rows(arrays["steps"][own], values, [title])
            words = f"{y.capitalize()} by step: mean and range over replicates"
            found[name] = curve_chart(shown, [title], "step", y, chance), words
    if arrays["k"].size:
        own = slice(*cell.get("sweep", (0, 0)))
        shown = rows(arrays["k"][own], in_shares(arrays["sweep"][:, own]), SUBSETS)
        there = (arrays["sweep"][::3] != MISSING).any(axis=1)
        titles = [title for title, any_ in zip(SUBSETS, there, strict=True) if any_]
        words = "Accuracy against k, the number of neighbours: means and ranges over replicates"
        found["sweep"] = curve_chart(shown, titles, "k", "accuracy", fresh), words
    return {
        name: {
            "specification": json_in_script(own),
            "drawn": drawn(own, 440) if own["datasets"][CURVES] else "",
            "words": words,
        }
        for name, (own, words) in found.items()
    }

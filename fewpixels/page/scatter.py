"""Published numbers against what comes of repeating them, as one chart."""

import altair as alt
import pandas as pd

from fewpixels.page.charts import Specification, specified
from fewpixels.page.evidence import QUESTIONS, VERDICTS, measure

# By verdict, in the page's words, its colour and shape, in the order of the legend.
_MARKS = {
    "yes": ("var(--accent)", "circle"),
    "no": ("currentColor", "diamond"),
    "open": ("var(--muted)", "cross"),
}
# Widths below which these stand below each other.
_NARROW = 240


def shares(claims: pd.DataFrame) -> pd.DataFrame:
    """Choose the published numbers that are shares, and so have one scale.

    Parameters
    ----------
    claims : DataFrame
        Columns of ``claims.csv``.

    Returns
    -------
    DataFrame
        Those of the rows that the chart has; none where no replicate of a claim converged.
    """
    share = claims["metric"].map(measure) == ""
    known = claims[["published", "measured"]].notna().all(axis=1)
    return claims[(claims["kind"] == "value") & share & known]


def scatter(claims: pd.DataFrame) -> Specification:
    """Specify the chart: on the diagonal lies what was reproduced exactly.

    Parameters
    ----------
    claims : DataFrame
        Of `shares`; at least one row.

    Returns
    -------
    dict
        Of Vega-Lite. The data have the ``id`` of each claim.
    """
    kept = ["id", "claim", "published", "measured", "low", "high", "repeated"]
    data = claims[kept].round({"measured": 4, "low": 4, "high": 4})
    data["repeated"] = data["repeated"].map(VERDICTS["repeated"])
    scale = alt.Scale(domain=[0, 1])
    x = alt.X("published:Q", scale=scale, axis=alt.Axis(title="published", tickCount=6))
    y = alt.Y(
        "measured:Q", scale=scale, axis=alt.Axis(title="repeated, mistakes included", tickCount=6)
    )
    there = [name for name in _MARKS if name in set(data["repeated"])]
    colours, shapes = zip(*(_MARKS[name] for name in there), strict=True)
    columns = alt.ExprRef(f"width < {_NARROW} ? 1 : 3")
    title = QUESTIONS["repeated"]
    legend = alt.Legend(title=title, orient="top", symbolOpacity=1, columns=columns)
    colour = alt.Color(
        "repeated:N", scale=alt.Scale(domain=there, range=list(colours)), legend=legend
    )
    shape = alt.Shape(
        "repeated:N", scale=alt.Scale(domain=there, range=list(shapes)), legend=legend
    )
    tooltip = [
        alt.Tooltip("claim:N", title="claim"),
        alt.Tooltip("published:Q", title="published"),
        alt.Tooltip("measured:Q", title="repeated", format=".3f"),
        alt.Tooltip("low:Q", title="from", format=".3f"),
        alt.Tooltip("high:Q", title="to", format=".3f"),
    ]
    base = alt.Chart(data)
    bars = (
        base.transform_filter("isValid(datum.low)")
        .mark_rule(opacity=0.35, aria=False)
        .encode(x=x, y=alt.Y("low:Q", scale=scale), y2="high:Q", color=colour)
    )
    points = base.mark_point(filled=True, size=60, opacity=1, cursor="pointer").encode(
        x=x, y=y, color=colour, shape=shape, tooltip=tooltip
    )
    ends = alt.Chart(alt.InlineData([{"at": 0}, {"at": 1}]))
    diagonal = ends.mark_line(strokeDash=[4, 4], color="var(--muted)").encode(x="at:Q", y="at:Q")
    return specified(alt.layer(diagonal, bars, points).properties(width="container", height=420))

"""The page's first chart: accuracy against pixels a side."""

import json
from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from fewpixels.figures.ticks import apart
from fewpixels.page.accuracies import BALANCED, guessed

MOST = 6
"""Models that can be compared at once: each has a colour of `chart.css`, and a shape of its own."""
SHAPES = ["square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right"]
_COLOURS = [f"var(--line-{i})" for i in range(1, MOST + 1)]
# Sizes that the axis has room to name, and to show an image of, on a narrow screen too.
_NAMED, _SHOWN = 20, 6
_HEIGHT, _IMAGE = 380, 48
# Width that a chart has for each letter of a name, at least: beside its point it is half of that.
_LETTER = 15
_SIDE = f"min({_IMAGE}, width / {_SHOWN + 1})"
_HERE = "datum.counted === counted"
_HALO: Any = {"color": "var(--paper)", "stroke": "var(--paper)", "strokeWidth": 4}
_Y = alt.Scale(domain=[0, 1])


def overview(
    frame: pd.DataFrame,
    several: Sequence[str],
    best: pd.DataFrame,
    published: pd.DataFrame,
    countings: Sequence[dict[str, Any]],
    images: pd.DataFrame,
    seen: float | None = None,
) -> alt.TopLevelMixin:
    """Specify the chart; the page sets ``counted``, ``models`` (names) and ``asked`` (one).

    Parameters
    ----------
    frame : DataFrame
        Of `fewpixels.page.accuracies.accuracies`.
    several : sequence of str
        Models whose lines are there before they are asked for.
    best, published : DataFrame
        What the two lines that have a name are of: columns size and model; of the latter title
        and mean too.
    countings : sequence of dict
        Of `fewpixels.page.accuracies.countings`, the one to show at first first.
    images : DataFrame
        Of `fewpixels.page.pictures.pictured`, to stand below the axis.
    seen : float, optional
        Share of the test images of what was published that were trained on.

    Returns
    -------
    altair chart
    """
    sizes = sorted(frame["size"].unique().tolist()) or [1]  # of none, where all diverged
    data = frame.assign(several=frame["model"].isin(several))
    x = _axis(sizes, bool(len(images)))
    layers: list[Any] = [
        *_chance(countings),
        *_others(data, x),
        *_chosen(data, x, sizes),
    ]
    own = best[["size", "model"]].drop_duplicates()
    layers += [*_published(published, data, seen, x), *_best(data.merge(own), x)]
    layers += _asked(data, x)
    layers += _pictures(images, sizes, x) if len(images) else []
    parameters = [
        alt.param(name="counted", value=countings[0]["counted"] if countings else ""),
        alt.param(name="balanced", expr=f"indexof(counted, '{BALANCED}') >= 0"),
        alt.param(name="models", value=[]),
        alt.param(name="asked", value=""),
    ]
    layered = alt.layer(*layers).add_params(*parameters)
    return layered.properties(width="container", height=_HEIGHT)


def _axis(sizes: Sequence[int], pictured: bool) -> alt.X:
    """Pixels a side; with room for images between what it names and its title."""
    scale = alt.Scale(type="log", base=2, domain=[sizes[0] * 0.85, sizes[-1] * 1.15])
    named = f"indexof({apart(sizes, _NAMED)}, datum.value) < 0 ? '' : datum.label"
    room = _IMAGE + 12 if pictured else 4
    axis = alt.Axis(
        values=list(sizes),
        title="pixels a side",
        titlePadding=room,
        format="d",
        grid=False,
        labelExpr=named,
    )
    return alt.X("at:Q", scale=scale, axis=axis)


def _y(field: str) -> alt.Y:
    return alt.Y(f"{field}:Q", scale=_Y, axis=alt.Axis(title="share labelled right", tickCount=6))


def _tooltip(*, ends: bool = True) -> list[alt.Tooltip]:
    shares = {"mean": "right", **({"low": "from", "high": "to"} if ends else {})}
    return [
        alt.Tooltip("title:N", title="model"),
        alt.Tooltip("size:Q", title="pixels a side"),
        *(alt.Tooltip(f"{k}:Q", title=title, format=".3f") for k, title in shares.items()),
    ]


def _chance(countings: Sequence[dict[str, Any]]) -> list[alt.Chart]:
    rows = [
        {
            "counted": own["counted"],
            "chance": own["chance"],
            "words": f"{own['blind']} {guessed(own['chance'])}",
        }
        for own in countings
    ]
    base = alt.Chart(alt.InlineData(rows)).transform_filter(_HERE).encode(y=_y("chance"))
    return [
        base.mark_rule(strokeDash=[2, 3], opacity=0.7),
        base.mark_text(align="right", dy=-8).encode(x=alt.value("width"), text="words:N"),
    ]


def _others(data: pd.DataFrame, x: alt.X) -> list[alt.Chart]:
    """All that is not chosen: grey lines, each with a wider one that a pointer finds."""
    waiting = f"{_HERE} && datum.several && indexof(models, datum.model) < 0"
    base = alt.Chart(data).transform_filter(waiting).transform_calculate(at="datum.size")
    base = base.encode(x=x, y=_y("mean"))
    line = base.mark_line(strokeWidth=1, color="var(--muted)", opacity=0.45)
    found = base.mark_line(strokeWidth=12, color="var(--muted)", opacity=0)
    point = base.mark_point(filled=True, size=22, color="var(--muted)", opacity=0.6)
    return [
        line.encode(detail="model:N"),
        found.encode(detail="model:N", tooltip=alt.Tooltip("title:N", title="model")),
        point.encode(tooltip=_tooltip()),
    ]


def _chosen(data: pd.DataFrame, x: alt.X, sizes: Sequence[int]) -> list[alt.Chart]:
    """Models that are compared, side by side, so that their bars do not hide each other."""
    step = min([0.02, *(np.diff(np.log(sizes)) / (2 * MOST))])
    base = (
        alt.Chart(data)
        .transform_filter(f"{_HERE} && indexof(models, datum.model) >= 0")
        .transform_calculate(mark="indexof(models, datum.model)")
        .transform_calculate(at=f"datum.size * (1 + {step:.5f} * (datum.mark + 1))")
    )
    places = list(range(MOST))
    colour = alt.Color("mark:N", scale=alt.Scale(domain=places, range=_COLOURS), legend=None)
    shape = alt.Shape("mark:N", scale=alt.Scale(domain=places, range=SHAPES), legend=None)
    return [
        _bars(base, x).encode(color=colour),
        base.mark_line(strokeWidth=1.5).encode(x=x, y=_y("mean"), color=colour),
        base.mark_point(filled=True, size=60, opacity=1).encode(
            x=x, y=_y("mean"), color=colour, shape=shape, tooltip=_tooltip()
        ),
    ]


def _asked(data: pd.DataFrame, x: alt.X) -> list[alt.Chart]:
    """The one model that is pointed at, in the page's ink, with its accuracies."""
    base = alt.Chart(data).transform_filter(f"{_HERE} && datum.model === asked")
    base = base.transform_calculate(at="datum.size")
    base = base.encode(x=x, y=_y("mean"))
    named = base.mark_text(dy=16, **_HALO), base.mark_text(dy=16, fontWeight="bold")
    shares = [own.encode(text=alt.Text("mean:Q", format=".2f")) for own in named]
    return [
        base.mark_line(strokeWidth=2.5, color="currentColor").encode(
            tooltip=alt.Tooltip("title:N", title="model")
        ),
        base.mark_point(filled=True, size=40, opacity=1, color="currentColor").encode(
            tooltip=_tooltip()
        ),
        *shares,
    ]


def _bars(base: alt.Chart, x: alt.X) -> alt.Chart:
    rule = base.transform_filter("isValid(datum.low)").mark_rule(strokeWidth=1.5)
    return rule.encode(x=x, y=_y("low"), y2="high:Q")


def _best(best: pd.DataFrame, x: alt.X) -> list[alt.Chart]:
    base = alt.Chart(best.assign(at=best["size"], best=True)).transform_filter(_HERE)
    place = sorted({*best["size"]})[:2][-1:]  # the second smallest, where lines rise
    colour = "var(--line-best)"
    words = "the best that we know", "best"
    return [
        _bars(base, x).encode(color=alt.value(colour)),
        *_named(base, x, {"color": colour, "shape": "circle"}, _tooltip()),
        *_label(base, x, place, words, {"color": colour, "align": "right", "dx": -10, "dy": -10}),
    ]


def _published(
    published: pd.DataFrame, data: pd.DataFrame, seen: float | None, x: alt.X
) -> list[alt.Chart]:
    """What was published, and thinner what the same model reaches on the images that are shown."""
    if published.empty:
        return []
    base = alt.Chart(published.assign(at=published["size"])).transform_filter("!balanced")
    model = published["model"].iloc[0]
    place = sorted(published["size"])[len(published) // 2 :][:1]
    words = "as published" + (f" ({seen:.0%} of its test images seen)" if seen else "")
    mark = {"color": "var(--line-published)", "shape": "diamond"}
    own = alt.Chart(data).transform_filter(f"{_HERE} && datum.model === {json.dumps(model)}")
    thin = own.transform_calculate(at="datum.size").mark_line(strokeWidth=2, color=mark["color"])
    # A name is as long as half the chart, and stands on the side that has as much room.
    right = any(size**2 > 2 * data["size"].min() * data["size"].max() for size in place)
    side = {"align": "right", "dx": -8} if right else {"align": "left", "dx": 8}
    beside = {"color": mark["color"], "dy": 14, **side}
    return [
        thin.encode(x=x, y=_y("mean"), tooltip=alt.Tooltip("title:N", title="model")),
        *_named(base, x, mark, _tooltip(ends=False), strokeDash=[6, 3]),
        *_label(base, x, place, (words, "published"), beside),
    ]


def _named(
    base: alt.Chart, x: alt.X, mark: dict[str, Any], tooltip: list[alt.Tooltip], **line: Any
) -> list[alt.Chart]:
    """A line with its points."""
    encoded = {"x": x, "y": _y("mean")}
    points = base.mark_point(filled=True, size=90, opacity=1, **mark)
    return [
        base.mark_line(strokeWidth=2.5, color=mark["color"], **line).encode(**encoded),
        points.encode(**encoded, tooltip=tooltip),
    ]


def _label(
    base: alt.Chart, x: alt.X, place: list[int], words: tuple[str, str], mark: dict[str, Any]
) -> list[alt.Chart]:
    """A line's name, or a shorter one, beside a point of it, readable where it crosses others."""
    at = base.transform_filter(f"indexof({place}, datum.size) >= 0").encode(x=x, y=_y("mean"))
    text = alt.ExprRef(f"width < {_LETTER * len(words[0])} ? '{words[1]}' : '{words[0]}'")
    named: dict[str, Any] = {"text": text, "fontWeight": "bold", **mark}
    return [at.mark_text(**{**named, **_HALO}), at.mark_text(**named)]


def _pictures(images: pd.DataFrame, sizes: Sequence[int], x: alt.X) -> list[alt.Chart]:
    """An image at the sizes that there is room for, framed, below what the axis names."""
    kept = images[images["size"].isin(apart(sizes, _SHOWN))]
    base = alt.Chart(kept.assign(at=kept["size"])).encode(x=x)
    side, top = alt.ExprRef(_SIDE), _HEIGHT + 24
    area, middle = alt.ExprRef(f"pow({_SIDE}, 2)"), alt.ExprRef(f"{top} + {_SIDE} / 2")
    return [
        base.mark_image(width=side, height=side, baseline="top", y=top).encode(url="url:N"),
        base.mark_square(filled=False, size=area, y=middle, color="var(--line)", opacity=1),
    ]

"""The page's first chart: accuracy against pixels a side."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fewpixels.figures.colours import COLOURS
from fewpixels.figures.ticks import apart
from fewpixels.page.cells import EVALUATED, Described
from fewpixels.statistics.sampling import Dealt

COLUMNS = ["split", "subset", "size", "model", "title", "mean", "low", "high", "interval", "chance"]
# By shape, as Vega names it, and as a path of the key; grey and black need a scheme each.
SHAPES = {
    "circle": "M4 0A4 4 0 1 1 -4 0A4 4 0 1 1 4 0Z",
    "square": "M-4 -4H4V4H-4Z",
    "triangle-up": "M0 -5L5 4H-5Z",
    "diamond": "M0 -5L5 0L0 5L-5 0Z",
    "triangle-down": "M0 5L5 -4H-5Z",
}
_COLOURS = [c for c in COLOURS if c != "#000000"]
# Lines that can be told apart at first sight; others are there to be chosen.
MOST = len(_COLOURS)
# Sizes that the axis has room to name, on a narrow screen too.
MOST_NAMED = 20


def accuracies(
    record: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]], study: Described
) -> pd.DataFrame:
    """Gather the accuracy of every cell on each subset.

    Parameters
    ----------
    record, arrays
        Of `fewpixels.page.explorer.explorer`.
    study : Described

    Returns
    -------
    DataFrame
        Columns split, subset, size, model, title, mean, low, high, interval (what it is for) and
        chance, what looking at no pixel gives. Subsets without images are left out; an interval
        without ends is None.
    """
    rows = []
    for i, cell in enumerate(record["cells"]):
        described = record["splits"][cell["split"]]
        split = described["name"]
        model = record["models"][cell["model"]]
        for j, subset in enumerate(EVALUATED):
            mean = arrays["accuracy"][i, j, 0]
            if np.isnan(mean):
                continue
            low, high = arrays["interval"][i, j].tolist()
            rows.append(
                {
                    "split": split,
                    "subset": subset,
                    "size": cell["size"],
                    "model": model["name"],
                    "title": model["title"],
                    "mean": round(float(mean), 6),
                    "low": None if np.isnan(low) else round(low, 6),
                    "high": None if np.isnan(high) else round(high, 6),
                    "interval": _question(subset, split, study),
                    "chance": described["chance"][j],
                }
            )
    return pd.DataFrame(rows, columns=COLUMNS)


def _question(subset: str, split: str, study: Described) -> str:
    """What an interval of `fewpixels.page.cells` is for."""
    dealt = isinstance(study.samplings[split], Dealt)
    if subset == "fresh":
        return "for another sample of images" if dealt else "for other fresh images"
    if subset == "test" and dealt and study.tested(split):
        return "for another sample of images"
    return "for one more replicate"


def choices(models: Iterable[Mapping[str, Any]], best: Sequence[str]) -> list[dict[str, Any]]:
    """Describe the models to choose from, the ones that are shown at first before the others.

    Parameters
    ----------
    models : iterable of mappings
        As `fewpixels.study.model.Model.shown` gives them.
    best : sequence of str
        Names, the best first: of these and those they improve on, `MOST` are shown at first.

    Returns
    -------
    list of dict
        ``name``, ``title``, ``kind`` (published, remedied or beyond), ``chosen``, ``colour``,
        ``shape`` and ``path``.
    """
    known = {model["name"]: model for model in models}
    several = {name for name, model in known.items() if len(model["sizes"]) > 1} or set(known)
    first: dict[str, None] = {}
    for name in best:
        base = name
        while known[base]["remedy_of"]:
            base = known[base]["remedy_of"]
        for own in (name, base):
            if own in several and known[own]["overview"] and len(first) < MOST:
                first[own] = None
    shapes = list(SHAPES)
    found = []
    for i, name in enumerate([*first, *(other for other in known if other not in first)]):
        shape = shapes[(i + i // len(_COLOURS)) % len(shapes)]
        model = {"name": name, "title": known[name]["title"], "chosen": name in first}
        kind = "remedied" if known[name]["remedy_of"] else "published"
        model |= {"kind": "beyond" if known[name]["beyond"] else kind}
        mark = {"colour": _COLOURS[i % len(_COLOURS)], "shape": shape, "path": SHAPES[shape]}
        found.append(model | mark)
    return found


def chart(frame: pd.DataFrame, models: Sequence[Mapping[str, Any]], honest: str) -> dict[str, Any]:
    """Specify the chart; the page sets its parameters ``split``, ``subset`` and ``models``.

    Parameters
    ----------
    frame : DataFrame
        Of `accuracies`.
    models : sequence of mappings
        Of `choices`.
    honest : str
        The split to show at first.

    Returns
    -------
    dict
        Of Vega-Lite.
    """
    names = [model["name"] for model in models]
    chosen = [model["name"] for model in models if model["chosen"]]
    sizes = sorted(frame["size"].unique().tolist()) or [1]  # of none, where all diverged
    # Side by side, so that bars do not hide each other, and nearer to their size than to the next.
    beside = min(len(names), MOST)
    step = min([0.012, *(np.diff(np.log(sizes)) / (beside + 1))])
    shift = {name: 1 + step * (i % MOST - (beside - 1) / 2) for i, name in enumerate(names)}
    at = (frame["size"] * frame["model"].map(shift)).round(4)
    data = frame.drop(columns="chance").assign(at=at)
    subset = "fresh" if "fresh" in set(frame["subset"]) else "test"
    parameters = [
        alt.param(name="split", value=honest),
        alt.param(name="subset", value=subset),
        alt.param(name="models", value=chosen),
    ]
    at_hand = "datum.split === split && datum.subset === subset"
    shown = f"{at_hand} && indexof(models, datum.model) >= 0"
    scale = alt.Scale(type="log", base=2, domain=[sizes[0] * 0.9, sizes[-1] * 1.1])
    named = f"indexof({apart(sizes, MOST_NAMED)}, datum.value) < 0 ? '' : datum.label"
    axis = alt.Axis(values=sizes, title="pixels a side", format="d", grid=False, labelExpr=named)
    x = alt.X("at:Q", scale=scale, axis=axis)
    y_axis = alt.Axis(title="accuracy", tickCount=6)
    y_scale = alt.Scale(domain=[0, 1])
    colour = alt.Color(
        "model:N",
        scale=alt.Scale(domain=names, range=[model["colour"] for model in models]),
        legend=None,
    )
    shape = alt.Shape(
        "model:N",
        scale=alt.Scale(domain=names, range=[model["shape"] for model in models]),
        legend=None,
    )
    tooltip = [
        alt.Tooltip("title:N", title="model"),
        alt.Tooltip("size:Q", title="pixels a side"),
        alt.Tooltip("mean:Q", title="accuracy", format=".3f"),
        alt.Tooltip("low:Q", title="from", format=".3f"),
        alt.Tooltip("high:Q", title="to", format=".3f"),
    ]
    base = alt.Chart(data).transform_filter(shown)
    y = alt.Y("mean:Q", scale=y_scale, axis=y_axis)
    lines = base.mark_line(strokeWidth=1.5).encode(x=x, y=y, color=colour)
    bars = (
        base.transform_filter("isValid(datum.low)")
        .mark_rule(strokeWidth=1.5)
        .encode(x=x, y=alt.Y("low:Q", scale=y_scale, axis=y_axis), y2="high:Q", color=colour)
    )
    points = base.mark_point(filled=True, size=70, opacity=1).encode(
        x=x, y=y, color=colour, shape=shape, tooltip=tooltip
    )
    chances = frame[["split", "subset", "chance"]].drop_duplicates()
    chance = alt.Chart(alt.InlineData(chances.to_dict("records"))).transform_filter(at_hand)
    chance = chance.mark_rule(strokeDash=[2, 3], color="#7f7f7f").encode(y="chance:Q")
    layers = alt.layer(chance, bars, lines, points).add_params(*parameters)
    sized = layers.properties(width="container", height=380)
    with alt.data_transformers.disable_max_rows():
        specification: dict[str, Any] = sized.to_dict()
    specification.pop("$schema")  # an address; the page has its own Vega-Lite
    return specification

"""The page's ladder: one change at a time, from what was published to the best that is known."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fewpixels.figures.colours import COLOURS
from fewpixels.figures.ticks import apart
from fewpixels.page.accuracies import BALANCED, accuracies, countings, never_seen
from fewpixels.page.cells import EVALUATED, Described
from fewpixels.page.charts import drawn, specified
from fewpixels.page.glossary import GLOSSARY
from fewpixels.page.html import json_in_script
from fewpixels.tables.ladders import climbs, first_rung, way_beyond

VALIDATION = EVALUATED.index("validation")
# Sizes that the axis has room to name, on a narrow screen too.
MOST_NAMED = 9

Rungs = list[Mapping[str, Any]]
Arrays = Mapping[str, NDArray[Any]]


def ladder(record: Mapping[str, Any], arrays: Arrays, study: Described) -> dict[str, Any] | None:
    """Collect what the section shows.

    Parameters
    ----------
    record, arrays
        Of `fewpixels.page.explorer.explorer`.
    study : Described

    Returns
    -------
    dict or None
        ``which``, titles of the ladders; ``kinds``, which of their steps correct and which go
        beyond; ``steps``, them as JSON with what ``guessing`` gives; ``chart``; of the first
        ladder's steps ``sizes``, ``rows``, title and an accuracy for each size, and ``still``, a
        drawing; and whether accuracy is ``balanced`` by class. None without a ladder of two steps.
    """
    frame = never_seen(accuracies(record, arrays, study), study)
    paths = steps(frame, _strongest(record, arrays, study), study)
    if not paths:
        return None
    cells = _cells(record, study)
    told = [
        [_step(path, i) | {"cells": cells[path[i]["name"]]} for i in range(len(path))]
        for path in paths
    ]
    names = {rung["name"] for path in paths for rung in path}
    frame = frame[frame["model"].isin(names)]
    (counted,) = countings(frame, record, study)
    guessing, balanced = counted["chance"], counted["counted"].endswith(BALANCED)
    sizes = sorted(frame["size"].unique().tolist(), reverse=True)
    means = frame.set_index(["model", "size"])["mean"]
    titles = [str(step["label"]) for step in told[0]]
    kinds = [_kinds(path) for path in paths]
    return {
        "which": [path[0]["title"] for path in paths],
        "kinds": kinds,
        "steps": json_in_script({"guessing": guessing, "ladders": told, "kinds": kinds}),
        "chart": {"drawn": "", "specification": json_in_script(chart(frame, guessing, balanced))},
        "still": drawn(still(frame, paths[0], titles, guessing, balanced)),
        "sizes": sizes,
        "rows": [
            (title, [means.get((rung["name"], size)) for size in sizes])
            for title, rung in zip(titles, paths[0], strict=True)
        ],
        "balanced": balanced,
    }


def steps(frame: pd.DataFrame, strongest: str, study: Described) -> list[Rungs]:
    """Choose the ladders to show; each ends with what leads to the strongest model.

    Parameters
    ----------
    frame : DataFrame
        Of `fewpixels.page.accuracies.never_seen`.
    strongest : str
        A model's name.
    study : Described

    Returns
    -------
    list of list of mapping
        Of models that the frame has, two or more. First the ladder with the most steps that span
        several sizes; those without two such steps are left out if any ladder has them.
    """
    several = frame.groupby("model")["size"].nunique() > 1
    on = way_beyond(study.models, strongest)
    found: list[tuple[int, Rungs]] = []
    for path in climbs(study.models):
        names = [model["name"] for model in path]
        own = [model for model in path if model["name"] in several]
        beyond = [m for m in on if m["name"] not in names and m["name"] in several]
        if len(own) > 1:
            found.append((sum(several[model["name"]] for model in own), own + beyond))
    # What lies beyond is the same for all ladders, so it makes none of them a wide one.
    wide = [path for span, path in found if span > 1]
    if not wide:
        return [path for _, path in found]
    first = max(wide, key=lambda path: sum(several[model["name"]] for model in path))
    return [first, *(path for path in wide if path is not first)]


def below(path: Rungs, step: int) -> int:
    """Find the step that another is compared with: what it changes, or else the last corrected.

    Parameters
    ----------
    path : list of mapping
        One of `steps`.
    step : int
        Of its steps; not the first.

    Returns
    -------
    int
        Of the steps before.
    """
    changed = path[step]["remedy_of"] or path[step]["beyond"]
    names = [rung["name"] for rung in path[:step]]
    if changed in names:
        return names.index(changed)
    return max((i for i in range(step) if not path[i]["beyond"]), default=step - 1)


def _step(path: Rungs, step: int) -> dict[str, Any]:
    """Say of a step what it is, what it is compared with, and what its words mean."""
    rung = path[step]
    other = below(path, step) if step else None
    said = words(rung, None if other is None else path[other], path[0])
    means = explained(rung["remedy"] if rung["remedy_of"] else rung["title"])
    return {"name": rung["name"], "below": other, "means": means} | said


def words(
    rung: Mapping[str, Any], changed: Mapping[str, Any] | None, first: Mapping[str, Any]
) -> dict[str, str]:
    """Say what a step changes: a ``label``, and ``said``, a sentence.

    Parameters
    ----------
    rung : mapping
        A model.
    changed : mapping or None
        That of the step that it is compared with; None of the first.
    first : mapping
        That of the first step.
    """
    title = rung["title"]
    if changed is None:
        return {"label": first_rung(rung), "said": f"{title}, {first_rung(rung)}."}
    if rung["remedy_of"]:
        return {"label": rung["remedy"], "said": f"Correction: {rung['remedy']}."}
    # Of the ladder's own kind of model, what its title adds; another kind is named whole.
    kind, *parts = title.split(", ")
    new = [part for part in parts if part not in changed["title"].split(", ")]
    own = first["title"].split(", ")[0] == kind
    label = (own and ", ".join(new)) or title
    if changed["title"].split(", ")[0] == kind:
        return {"label": label, "said": f"Beyond the corrections: {title}."}
    said = f"Another kind of model, instead of {changed['title']}: {title}."
    return {"label": label, "said": said}


def explained(text: str) -> str:
    """Explain the words of a text that the glossary knows.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        Of each word, in the glossary's order, the word and what it means; empty if there is none.
    """
    low = text.lower()
    known = [(word, means) for word, means in GLOSSARY.items() if re.search(rf"\b{word}s?\b", low)]
    return " ".join(f"{word.capitalize()}: {means[:1].lower()}{means[1:]}" for word, means in known)


def chart(frame: pd.DataFrame, guessing: float, balanced: bool) -> dict[str, Any]:
    """Specify the chart; the page sets its parameters ``now``, ``earlier`` and ``size``.

    Parameters
    ----------
    frame : DataFrame
        Of `fewpixels.page.accuracies.never_seen`; one row or more.
    guessing : float
        What looking at no pixel gives, in (0, 1].
    balanced : bool
        Whether accuracy is balanced by class.

    Returns
    -------
    dict
        Of Vega-Lite.
    """
    x, y, low = _axes(frame, balanced)
    data = alt.Chart(alt.InlineData(_records(frame)))
    now = data.transform_filter("datum.model === now")
    tooltip = [
        alt.Tooltip("title:N", title="model"),
        alt.Tooltip("size:Q", title="pixels a side"),
        alt.Tooltip("mean:Q", title="accuracy", format=".3f"),
        alt.Tooltip("low:Q", title="from", format=".3f"),
        alt.Tooltip("high:Q", title="to", format=".3f"),
    ]
    accent = "var(--accent)"
    layers = [
        data.transform_filter("datum.model === now && datum.size === size")
        .mark_rule(strokeWidth=14, opacity=0.12)
        .encode(x=x),
        *_guessing(guessing, y),
        data.transform_filter("indexof(earlier, datum.model) >= 0")
        .mark_line(stroke="currentColor", strokeWidth=1, opacity=0.4)
        .encode(x=x, y=y, detail="model:N"),
        now.transform_filter("isValid(datum.low)")
        .mark_rule(stroke=accent, strokeWidth=1.5)
        .encode(x=x, y=low, y2="high:Q"),
        now.mark_line(stroke=accent, strokeWidth=2.5).encode(x=x, y=y),
        now.mark_point(filled=True, fill=accent, size=80, opacity=1, cursor="pointer").encode(
            x=x, y=y, tooltip=tooltip
        ),
    ]
    parameters = [alt.param(name=name, value=value) for name, value in _FIRST.items()]
    layered = alt.layer(*layers).add_params(*parameters)
    return specified(layered.properties(width="container", height=320))


# The page sets them before a reader sees the chart.
_FIRST: dict[str, Any] = {"now": "", "earlier": [], "size": 0}


def still(
    frame: pd.DataFrame, path: Rungs, labels: Sequence[str], guessing: float, balanced: bool
) -> dict[str, Any]:
    """Specify a chart of all steps at once, for print and for pages without JavaScript.

    Parameters
    ----------
    frame, guessing, balanced
        As for `chart`.
    path : list of mapping
        One of `steps`.
    labels : sequence of str
        Of its steps.

    Returns
    -------
    dict
        Of Vega-Lite.
    """
    numbered = [f"{i}. {label}" for i, label in enumerate(labels, 1)]
    label = dict(zip([rung["name"] for rung in path], numbered, strict=True))
    own = frame[frame["model"].isin(list(label))].copy()
    own["step"] = own["model"].map(label)
    x, y, _ = _axes(own, balanced)
    colours = ["currentColor" if c == "#000000" else c for c in COLOURS]
    step = alt.Color(
        "step:N",
        scale=alt.Scale(domain=numbered, range=colours),
        legend=alt.Legend(title=None, orient="bottom", columns=2, labelLimit=280),
    )
    lines = alt.Chart(alt.InlineData(_records(own))).mark_line(point=True)
    layered = alt.layer(*_guessing(guessing, y), lines.encode(x=x, y=y, color=step))
    return specified(layered.properties(width=560, height=300))


def _kinds(path: Rungs) -> str:
    """Say which steps of a ladder correct, and which go on to other models."""
    mended = [i for i, rung in enumerate(path, 1) if i > 1 and rung["remedy_of"]]
    others = [i for i, rung in enumerate(path, 1) if i > 1 and not rung["remedy_of"]]
    said = [
        f"{_numbered(own)} {what if len(own) > 1 else one}"
        for own, one, what in (
            (mended, "corrects the training", "correct the training"),
            (others, "tries a stronger model", "try stronger models"),
        )
        if own
    ]
    text = "; ".join(said)
    return f"{text[:1].upper()}{text[1:]}."


def _numbered(steps: Sequence[int]) -> str:
    first, last = steps[0], steps[-1]
    if first == last:
        return f"step {first}"
    if last - first == len(steps) - 1:
        return f"steps {first} {'and' if last - first == 1 else 'to'} {last}"
    return f"steps {', '.join(map(str, steps))}"


def _strongest(record: Mapping[str, Any], arrays: Arrays, study: Described) -> str:
    """The best model on validation images, over sizes, of those with the most sizes."""
    found = {
        name: [float(arrays["accuracy"][i, VALIDATION, 0]) for _, i in cells]
        for name, cells in _cells(record, study).items()
    }
    kept = {name: [own for own in means if not np.isnan(own)] for name, means in found.items()}
    return max(kept, key=lambda name: (len(kept[name]), sum(kept[name])))


def _cells(record: Mapping[str, Any], study: Described) -> dict[str, list[list[int]]]:
    """By model, sizes and the numbers of their cells under the honest split, the largest first."""
    found: dict[str, list[list[int]]] = {model["name"]: [] for model in study.models}
    for i, cell in enumerate(record["cells"]):
        if record["splits"][cell["split"]]["name"] == study.honest:
            found[record["models"][cell["model"]]["name"]].append([cell["size"], i])
    return {name: sorted(cells, reverse=True) for name, cells in found.items()}


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return frame.astype(object).where(frame.notna(), None).to_dict("records")


def _axes(frame: pd.DataFrame, balanced: bool) -> tuple[alt.X, alt.Y, alt.Y]:
    """The axis of sizes, and that of accuracy, for means and for lower ends."""
    sizes = sorted(frame["size"].unique().tolist())
    named = f"indexof({apart(sizes, MOST_NAMED)}, datum.value) < 0 ? '' : datum.label"
    x = alt.X(
        "size:Q",
        scale=alt.Scale(type="log", base=2, domain=[sizes[0] * 0.9, sizes[-1] * 1.1]),
        axis=alt.Axis(values=sizes, title="pixels a side", format="d", grid=False, labelExpr=named),
    )
    title = "accuracy on never-seen images" + (", balanced by class" if balanced else "")
    y, low = (
        alt.Y(column, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(title=title, tickCount=6))
        for column in ("mean:Q", "low:Q")
    )
    return x, y, low


def _guessing(share: float, y: alt.Y) -> list[alt.Chart]:
    """A line of what looking at no pixel gives, and its name."""
    base = alt.Chart(alt.InlineData([{"mean": share}])).encode(y=y)
    line = base.mark_rule(strokeDash=[2, 3], opacity=0.6)
    # Below the line where there is room.
    name = base.mark_text(align="right", dx=-2, dy=9 if share > 0.08 else -9).encode(
        x=alt.value("width"), text=alt.value("guessing")
    )
    return [line, name]

"""Accuracy against pixels: the headline, and the ladder of remedies."""

from collections.abc import Iterable, Mapping
from itertools import accumulate
from textwrap import fill
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fewpixels.figures.labels import LINE, Label, beside
from fewpixels.figures.style import (
    DASHES,
    GREY,
    PAGE,
    accuracy_axis,
    as_written,
    chance_last,
    marks,
    panels,
    pixel_axis,
)
from fewpixels.tables.ladders import Models, climbs, first_rung, spanning
from fewpixels.tables.summary import line_of_chance

# Lines of text in which grey lines are named.
MOST = 22

# Columns of intervals on fresh images, and what they are for.
_INTERVALS = {"sample": "another sample of images", "images": "other fresh images"}

_BEST = "best at each size,\nchosen on validation images"


def headline(
    intervals: pd.DataFrame, best: pd.DataFrame, models: Models, classes: int, dataset: str
) -> Figure:
    """Draw accuracy on fresh images against pixels, and name the two lines that matter.

    Parameters
    ----------
    intervals : DataFrame
        Of `fewpixels.tables.pairs.intervals`.
    best : DataFrame
        ``size, model``: at each size, the best model on validation images.
    models : iterable of mappings
        All models.
    classes : int
        Number of classes, for the line of chance.
    dataset : str
        The dataset's title.

    Returns
    -------
    Figure
        Strong, with intervals: the best model at each size, and of the published models the one
        that has the most sizes, as published. Thin and grey: the first and the last rung of each
        ladder, the best of them named.
    """
    models = list(models)
    cells = dict(iter(intervals.groupby("model")))
    chance, sizes = line_of_chance(intervals, classes), sorted(intervals["size"].unique())
    strong = {_BEST: best[["size", "model"]].merge(intervals)} if len(best) else {}
    published = _published(m for m in models if m["name"] in cells)
    if published:
        title = fill(f"{published['title']}, {first_rung(published)}", 30)
        strong[title] = cells[published["name"]]
    figure, grid = panels(1, 1, width=PAGE, height=5)
    axes = grid[0, 0]
    thin = [
        _thin(axes, cells[model["name"]], title)
        for title, model in _ends(models)
        if model is not published and model["name"] in cells
    ]
    labels = _with_room(sorted(filter(None, thin), key=lambda label: -label.y))
    for title, style in marks(strong).items():
        own = strong[title]
        line(axes, own, label=title, zorder=3, linewidth=2, **style)
        if end := _end(own, title, color=style["color"], weight="bold"):
            labels.append(end)
    pixel_axis(axes, sizes)
    kind = _interval(intervals)
    if intervals[f"{kind}_low"].notna().any():
        note = f"bars: 95% intervals for {_INTERVALS[kind]}"
        axes.set_xlabel(f"{axes.get_xlabel()}\n{note}")
    accuracy_axis(axes, "accuracy on fresh images (share)", chance)
    beside(axes, [*labels, Label("chance", sizes[-1] ** 2, chance, GREY)], inches=4)
    axes.set_title(f"How few pixels does a classifier need? {as_written(dataset)}", loc="left")
    return figure


def _published(models: Models) -> Mapping[str, Any] | None:
    """Of the models that were published, the first of those with the most sizes."""
    published = [model for model in models if model["published"]]
    return max(published, key=lambda model: len(model["sizes"]), default=None)


def _ends(models: Models) -> list[tuple[str, Mapping[str, Any]]]:
    """The first and the last rung of each ladder, named; of one size, only if all are."""
    ends = []
    for rungs in _overview(spanning(models)):
        if len(rungs) > 1:
            ends.append((f"{rungs[0]['title']}, {first_rung(rungs[0])}", rungs[0]))
        ends.append((rungs[-1]["title"], rungs[-1]))
    return [(title, model) for title, model in ends if len(model["sizes"]) > 1] or ends


def _with_room(labels: list[Label]) -> list[Label]:
    """The first labels, as far as their text has room."""
    ends = accumulate(label.text.count("\n") + 1 for label in labels)
    return [label for label, end in zip(labels, ends, strict=True) if end <= MOST]


def _thin(axes: Axes, own: pd.DataFrame, title: str) -> Label | None:
    """Draw a line of the background; returns its name."""
    own = own.dropna(subset="fresh").sort_values("size")
    axes.plot(own["size"] ** 2, own["fresh"], ".-", color="#AAAAAA", linewidth=0.7, markersize=3)
    return _end(own, fill(title, 42), color=GREY)


def ladder(intervals: pd.DataFrame, models: Models, classes: int) -> Figure:
    """Draw accuracy on fresh images as each remedy is added, and beyond: a panel for each ladder.

    Returns
    -------
    Figure
    """
    drawn = _overview(r for r in climbs(models) if sum(len(m["sizes"]) > 1 for m in r) > 1)
    steps = [[fill(_step(model), 42) for model in rungs] for rungs in drawn]
    columns = min(2, len(drawn))
    rows = -(-len(drawn) // columns)
    legend = max(sum(step.count("\n") + 1 for step in own) for own in steps) + 1
    figure, grid = panels(
        rows, columns, width=PAGE / columns, height=2.6 + LINE * legend, sharey=True
    )
    for axes, rungs, own in zip(grid.flat, drawn, steps, strict=False):
        style = marks(model["name"] for model in rungs)
        for i, (model, step) in enumerate(zip(rungs, own, strict=True)):
            line(
                axes,
                intervals[intervals["model"] == model["name"]],
                linestyle=DASHES[i % len(DASHES)] if i < len(rungs) - 1 else "-",
                markerfacecolor="white" if i == 0 else None,
                label=step,
                shift=1 + 0.04 * (i - len(rungs) / 2),
                **style[model["name"]],
            )
        pixel_axis(axes, sorted(intervals["size"].unique()))
        accuracy_axis(axes, "", line_of_chance(intervals, classes))
        axes.set_xlabel("")
        axes.set_title(as_written(fill(rungs[0]["title"], 42)), loc="left")
        axes.legend(*chance_last(axes), loc="upper left", bbox_to_anchor=(-0.02, -0.08))
    figure.supxlabel("image size in pixels (logarithmic in the number of pixels)", fontsize=9)
    figure.supylabel("accuracy on fresh images (share)", fontsize=9)
    for axes in grid.flat[len(drawn) :]:
        axes.set_axis_off()
    return figure


def _step(model: Mapping[str, Any]) -> str:
    """What a model adds to the one below, or who it is."""
    if model["remedy_of"]:
        return f"+ {model['remedy']}"
    return model["title"] if model["beyond"] else first_rung(model)


def _interval(intervals: pd.DataFrame) -> str:
    """Which of `_INTERVALS` the study has."""
    return next(name for name in _INTERVALS if f"{name}_low" in intervals)


def _overview(ladders: Iterable[list[Mapping[str, Any]]]) -> list[list[Mapping[str, Any]]]:
    """Ladders that are not to be left out; all of them where none would stay."""
    ladders = list(ladders)
    return [rungs for rungs in ladders if rungs[0]["overview"]] or ladders


def _end(own: pd.DataFrame, title: str, **style: Any) -> Label | None:
    """Name a line where it ends; none where all diverged."""
    own = own.dropna(subset="fresh").sort_values("size")
    if own.empty:
        return None
    x, y = own["size"].iloc[-1] ** 2, own["fresh"].iloc[-1]
    return Label(as_written(title), x, y, **style)


def line(axes: Axes, own: pd.DataFrame, *, label: str, shift: float = 1, **style: Any) -> None:
    """Draw one model's means and intervals; `shift` keeps the bars of several models apart.

    Replicates that diverged are left out, and counted in the label.
    """
    if lost := int(own["diverged"].sum()):
        label += f" ({lost} diverged)"
    own = own.dropna(subset="fresh").sort_values("size")
    low, high = (own[f"{_interval(own)}_{end}"] for end in ("low", "high"))
    reach = [own["fresh"] - low, high - own["fresh"]]
    x = own["size"].astype(float) ** 2 * shift
    axes.errorbar(
        x, own["fresh"], reach, label=as_written(label), elinewidth=0.8, capsize=1.5, **style
    )

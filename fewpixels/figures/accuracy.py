"""Accuracy against pixels: the headline, and the ladder of remedies."""

from collections.abc import Iterable, Mapping
from textwrap import fill
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fewpixels.figures.colours import COLOURS
from fewpixels.figures.style import (
    DASHES,
    MARKERS,
    accuracy_axis,
    as_written,
    colours,
    panels,
    pixel_axis,
)
from fewpixels.tables.ladders import Models, climbs, first_rung, spanning
from fewpixels.tables.summary import line_of_chance

# Lines that can be told apart, and a legend that fits.
MOST = 16

# Columns of intervals on fresh images, and what they are for.
_INTERVALS = {"sample": "another sample", "images": "other fresh images"}


def headline(intervals: pd.DataFrame, models: Models, classes: int, dataset: str) -> Figure:
    """Draw accuracy on fresh images against pixels, one line a model.

    The best rung of each ladder is solid; the model it improves on, as published, is dashed. Of
    many models only the best are drawn, and the title says so.

    Parameters
    ----------
    intervals : DataFrame
        Of `fewpixels.tables.pairs.intervals`.
    models : iterable of mappings
        All models.
    classes : int
        Number of classes, for the line of chance.
    dataset : str
        The dataset's title.

    Returns
    -------
    Figure
    """
    everyone = _overview(spanning(models))
    drawn = _best(everyone, intervals)
    several = any(len(rungs[end]["sizes"]) > 1 for rungs in drawn for end in (0, -1))
    sizes = sorted(intervals["size"].unique())
    colour = colours(rungs[0]["name"] for rungs in drawn)
    figure, grid = panels(1, 1, width=8.2, height=4.6)
    axes = grid[0, 0]
    for i, rungs in enumerate(drawn):
        for model in dict.fromkeys([0, len(rungs) - 1]):
            shown = rungs[model]
            if several and len(shown["sizes"]) == 1:
                continue
            solid = model == len(rungs) - 1
            line(
                axes,
                intervals[intervals["model"] == shown["name"]],
                color=colour[rungs[0]["name"]],
                # Colours come again sooner than colours and markers together.
                marker=MARKERS[(i + i // len(COLOURS)) % len(MARKERS)],
                linestyle="-" if solid else DASHES[1],
                markerfacecolor=colour[rungs[0]["name"]] if solid else "white",
                label=as_written(shown["title"]) + ("" if solid else f", {first_rung(shown)}"),
                shift=1 + 0.03 * (i - len(drawn) / 2),
            )
    pixel_axis(axes, sizes)
    accuracy_axis(axes, "accuracy on fresh images (share)", line_of_chance(intervals, classes))
    few = f" (the {len(drawn)} best of {len(everyone)})" if len(drawn) < len(everyone) else ""
    axes.set_title(f"How few pixels does a classifier need? {as_written(dataset)}{few}", loc="left")
    figure.legend(loc="outside right upper", title_fontsize=7,
                  title=f"bars: 95% intervals, {_INTERVALS[_interval(intervals)]}")  # fmt: skip
    return figure


def ladder(intervals: pd.DataFrame, models: Models, classes: int) -> Figure:
    """Draw accuracy on fresh images as each remedy is added, and beyond: a panel for each ladder.

    Returns
    -------
    Figure
    """
    drawn = _overview(r for r in climbs(models) if sum(len(m["sizes"]) > 1 for m in r) > 1)
    columns = min(2, len(drawn))
    rows = -(-len(drawn) // columns)
    figure, grid = panels(rows, columns, width=4.8, height=3.8, sharey=True)
    for axes, rungs in zip(grid.flat, drawn, strict=False):
        colour = colours(m["name"] for m in rungs)
        for i, model in enumerate(rungs):
            line(
                axes,
                intervals[intervals["model"] == model["name"]],
                color=colour[model["name"]],
                marker=MARKERS[i % len(MARKERS)],
                linestyle=DASHES[i % len(DASHES)] if i < len(rungs) - 1 else "-",
                markerfacecolor="white" if i == 0 else colour[model["name"]],
                label=fill(_step(model), 30),
                shift=1 + 0.04 * (i - len(rungs) / 2),
            )
        pixel_axis(axes, sorted(intervals["size"].unique()))
        accuracy_axis(axes, "accuracy on fresh images (share)", line_of_chance(intervals, classes))
        axes.set_title(as_written(rungs[0]["title"]), loc="left")
        axes.legend(loc="lower right", bbox_to_anchor=(1, 0.14), fontsize=7.5)
    for axes in grid.flat[len(drawn) :]:
        axes.set_axis_off()
    return figure


def _step(model: Mapping[str, Any]) -> str:
    """What a model adds to the one below, or who it is."""
    if model["remedy_of"]:
        return f"+ {as_written(model['remedy'])}"
    return as_written(model["title"]) if model["beyond"] else first_rung(model)


def _interval(intervals: pd.DataFrame) -> str:
    """Which of `_INTERVALS` the study has."""
    return next(name for name in _INTERVALS if f"{name}_low" in intervals)


def _overview(ladders: Iterable[list[Mapping[str, Any]]]) -> list[list[Mapping[str, Any]]]:
    """Ladders that are not to be left out; all of them where none would stay."""
    ladders = list(ladders)
    return [rungs for rungs in ladders if rungs[0]["overview"]] or ladders


def _best(
    ladders: list[list[Mapping[str, Any]]], intervals: pd.DataFrame
) -> list[list[Mapping[str, Any]]]:
    """The ladders whose last rungs are right most often at their best size, in their order."""
    best = intervals.groupby("model")["fresh"].max()
    chosen = sorted(ladders, key=lambda rungs: -best.fillna(0).get(rungs[-1]["name"], 0))[:MOST]
    return [rungs for rungs in ladders if rungs in chosen]


def line(axes: Axes, own: pd.DataFrame, shift: float, **style: Any) -> None:
    """Draw one model's means and intervals; `shift` keeps the bars of several models apart.

    Replicates that diverged are left out, and counted in the label.
    """
    if lost := int(own["diverged"].sum()):
        style["label"] += f" ({lost} diverged)"
    own = own.dropna(subset="fresh").sort_values("size")
    low, high = (own[f"{_interval(own)}_{end}"] for end in ("low", "high"))
    reach = [own["fresh"] - low, high - own["fresh"]]
    x = own["size"].astype(float) ** 2 * shift
    axes.errorbar(x, own["fresh"], reach, elinewidth=0.8, capsize=1.5, **style)

"""How training goes: accuracy against iteration, single runs, networks at initialisation."""

from collections.abc import Iterable, Mapping
from textwrap import fill
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fewpixels.figures.bands import band, size_legend
from fewpixels.figures.colours import COLOURS
from fewpixels.figures.labels import Label, beside
from fewpixels.figures.style import (
    GREY,
    MARKERS,
    PAGE,
    accuracy_axis,
    as_written,
    logarithmic,
    marks,
    panels,
    size_colours,
)
from fewpixels.figures.ticks import apart

Models = Iterable[Mapping[str, Any]]


def curves(
    history: pd.DataFrame, models: Models, chance: float, counted: Mapping[str, str]
) -> Figure:
    """Draw validation accuracy as training goes on: a panel a model, a line a size.

    Parameters
    ----------
    history : DataFrame
        Columns of ``history.csv``, with size and model; of one split.
    models : iterable of mappings
        The models to show.
    chance : float
        Accuracy that looking at no pixel gives (`fewpixels.tables.summary.line_of_chance`).
    counted : mapping of str to str
        What a step is, by model: an ``epoch``, or an ``update``.

    Returns
    -------
    Figure
        Lines are means over the replicates still training, with bands (`band`); of many sizes,
        those are drawn that axes name (`fewpixels.figures.ticks.apart`).
    """
    models = list(models)
    columns = min(3, len(models))
    rows = -(-len(models) // columns)
    figure, grid = panels(rows, columns, width=PAGE / columns, height=2.8, sharey=True)
    own_sizes = history.groupby("model")["size"].unique().map(apart)
    colour = size_colours(sorted(set().union(*own_sizes)))
    for axes, model in zip(grid.flat, models, strict=False):
        own = history[history["model"] == model["name"]]
        for size in own_sizes[model["name"]][::-1]:
            values = own[own["size"] == size].set_index("step")["validation_accuracy"]
            band(axes, values, color=colour[size])
        accuracy_axis(axes, "", chance)
        axes.set_xlabel(f"{counted[model['name']]} of training")
        if own["validation_accuracy"].notna().any():  # else all diverged at once
            axes.set_xscale("log")
        axes.set_title(as_written(fill(model["title"], 30)), loc="left")
    for axes in grid.flat[len(models) :]:
        axes.set_axis_off()
    figure.supylabel("validation accuracy (share)", fontsize=9)
    size_legend(figure, colour, history["replicate"].nunique())
    return figure


def runs(history: pd.DataFrame, diagnostics: pd.DataFrame, models: Models, chance: float) -> Figure:
    """Draw loss and validation accuracy of single runs, a row a model.

    The first column of each row says what the network looked like before training.

    Parameters
    ----------
    history, diagnostics : DataFrame
        Columns of ``history.csv`` and ``diagnostics.csv``, with size and model; of one split.
    models : iterable of mappings
        The models to show.
    chance : float
        Accuracy that looking at no pixel gives (`fewpixels.tables.summary.line_of_chance`).

    Returns
    -------
    Figure
    """
    models = list(models)
    figure, grid = panels(len(models), 2, width=PAGE / 2, height=2.6)
    for (left, right), model in zip(grid, models, strict=True):
        own = history[history["model"] == model["name"]]
        _replicates(left, own, "loss", COLOURS[1])
        left.set(ylabel="loss of an image (nats)", ylim=(0, None))
        left.set_title(as_written(fill(model["title"], 42)), loc="left")
        _replicates(right, own, "validation_accuracy", COLOURS[0])
        accuracy_axis(right, "validation accuracy (share)", chance)
        right.set(xlabel="update")
        beside(right, [Label("chance", right.get_xlim()[1], chance, GREY)], inches=2)
        updates = own.groupby("replicate")["step"].max()
        span = " to ".join(str(u) for u in sorted({updates.min(), updates.max()}))
        right.set_title(
            f"a line a replicate; stopped after {span} updates",
            loc="left",
            fontsize=8,
        )
        before = diagnostics[diagnostics["model"] == model["name"]]
        before = before.groupby(["quantity", "layer"])["value"].mean()
        last = before.index.get_level_values("layer").max()
        left.set_xlabel(
            "update\nroot mean squares before training:\n"
            f"logits {before['input', last]:.2g}, "
            f"gradient of the first layer {before['gradient', 1]:.2g}"
        )
    return figure


def initialisation(diagnostics: pd.DataFrame, metrics: pd.DataFrame, models: Models) -> Figure:
    """Draw the size of logits and gradients before training against the accuracy after it.

    Parameters
    ----------
    diagnostics, metrics : DataFrame
        Columns of ``diagnostics.csv``, with size and model, and of ``metrics.csv``; of one split.
    models : iterable of mappings
        All models.

    Returns
    -------
    Figure
        A point is a model at the size that the most models are trained at, the largest of
        several: accuracy depends on the size as well. Its marker is an activation, its colour an
        entry.
    """
    described = {m["name"]: m for m in models}
    trained = diagnostics.groupby("size")["model"].nunique()
    size = trained[trained == trained.max()].index.max()
    fresh = metrics[(metrics["subset"] == "fresh") & (metrics["size"] == size)]
    accuracy = fresh.groupby("model")["accuracy"].mean()
    own = diagnostics[diagnostics["size"] == size]
    value = own.groupby(["model", "layer", "quantity"])["value"].mean().unstack("quantity")
    first, last = (value.groupby("model").nth(i).droplevel("layer") for i in (0, -1))
    groups: dict[tuple[str, str], list[str]] = {}
    for name in filter(first.index.__contains__, described):
        groups.setdefault((described[name]["entry"], _kind(described[name])), []).append(name)
    figure, grid = panels(1, 3, width=PAGE / 3, height=3.6, sharey=True)
    quantities = [
        (last["input"], "logits\n(root mean square)"),
        (first["gradient"], "gradient of the first layer's\nweights (root mean square)"),
        (last["silent"], "images labelled wrongly that\nyet have no gradient (share)"),
    ]
    for axes, (x, label) in zip(grid[0], quantities, strict=True):
        for group, style in _grouped(groups).items():
            names = groups[group]
            axes.scatter(x.loc[names], accuracy.loc[names], s=24, alpha=0.75, linewidths=0.6,
                         edgecolors="white", label=as_written(", ".join(filter(None, group))),
                         **style)  # fmt: skip
        axes.set(xlabel=label, ylim=(0, 1))
    for axes, (x, _) in zip(grid[0, :2], quantities, strict=False):
        logarithmic(axes, x)
    grid[0, 0].set_ylabel("accuracy on fresh images (share)")
    grid[0, 0].set_title(f"Networks before training, and how they end, at {size}×{size}",
                         loc="left")  # fmt: skip
    handles, labels = grid[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3)
    return figure


def _grouped(groups: Iterable[tuple[str, str]]) -> dict[tuple[str, str], dict[str, str]]:
    """A colour for each entry and a marker for each activation, while there are enough."""
    groups = list(groups)
    entries, kinds = (list(dict.fromkeys(own)) for own in zip(*groups, strict=True))
    kinds.sort()
    if len(entries) > len(COLOURS) or len(kinds) > len(MARKERS):
        return marks(groups)
    return {
        (entry, kind): {
            "color": COLOURS[entries.index(entry)],
            "marker": MARKERS[kinds.index(kind)],
        }
        for entry, kind in groups
    }


def _kind(model: Mapping[str, Any]) -> str:
    return str(model["axes"].get("activation", ""))


def _replicates(axes: Axes, own: pd.DataFrame, column: str, colour: str) -> None:
    """A thin line for each replicate, with a dot where it stops."""
    for _, one in own.groupby("replicate"):
        axes.plot(one["step"], one[column], color=colour, linewidth=0.6, alpha=0.5)
        axes.plot(one["step"].iloc[-1], one[column].iloc[-1], ".", color=colour, markersize=5)

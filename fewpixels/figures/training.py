"""How training goes: accuracy against iteration, single runs, networks at initialisation."""

from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fewpixels.figures.colours import COLOURS
from fewpixels.figures.style import (
    MARKERS,
    accuracy_axis,
    as_written,
    panels,
    size_colours,
)

Models = Iterable[Mapping[str, Any]]


def curves(history: pd.DataFrame, models: Models, chance: float) -> Figure:
    """Draw validation accuracy against iteration: a panel a model, a line a size.

    Parameters
    ----------
    history : DataFrame
        Columns of ``history.csv``, with size and model; of one split.
    models : iterable of mappings
        The models to show.
    chance : float
        Accuracy that looking at no pixel gives (`fewpixels.tables.summary.line_of_chance`).

    Returns
    -------
    Figure
        Lines are means over replicates, bands one standard deviation either side.
    """
    models = list(models)
    figure, grid = panels(1, len(models), width=3.6, height=3.1, sharey=True)
    colour = size_colours(sorted(history["size"].unique()))
    for axes, model in zip(grid[0], models, strict=True):
        own = history[history["model"] == model["name"]]
        for size in sorted(own["size"].unique(), reverse=True):
            _band(
                axes,
                own[own["size"] == size],
                "validation_accuracy",
                colour[size],
                f"{size}×{size}",
            )
        accuracy_axis(axes, "validation accuracy (share)", chance)
        axes.set(xlabel="iteration (epochs or updates)")
        if own["validation_accuracy"].notna().any():  # else all diverged at once
            axes.set_xscale("log")
        axes.set_title(as_written(model["title"]), loc="left")
    handles, labels = grid[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, title="pixels", loc="outside right center")
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
    figure, grid = panels(len(models), 2, width=4.2, height=2.9)
    for (left, right), model in zip(grid, models, strict=True):
        own = history[history["model"] == model["name"]]
        _replicates(left, own, "loss", COLOURS[1])
        left.set(xlabel="update", ylabel="loss of an image (nats)", ylim=(0, None))
        left.set_title(as_written(model["title"]), loc="left")
        _replicates(right, own, "validation_accuracy", COLOURS[0])
        accuracy_axis(right, "validation accuracy (share)", chance)
        right.set(xlabel="update")
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
        left.annotate(
            "root mean squares before training:\n"
            f"logits {before['input', last]:.2g}\n"
            f"gradient, first layer {before['gradient', 1]:.2g}",
            (0.97, 0.95),
            xycoords="axes fraction",
            ha="right",
            va="top",
            fontsize=7.5,
        )
    return figure


def initialisation(diagnostics: pd.DataFrame, metrics: pd.DataFrame, models: Models) -> Figure:
    """Draw the size of logits and gradients before training against the accuracy after it.

    Parameters
    ----------
    diagnostics, metrics : DataFrame
        Columns of ``diagnostics.csv``, with size and model, and of ``metrics.csv``; of one split.
    models : iterable of mappings
        All models; a point is a cell, its marker an activation, its colour an entry.

    Returns
    -------
    Figure
    """
    described = {m["name"]: m for m in models}
    accuracy = metrics[metrics["subset"] == "fresh"].groupby(["model", "size"])["accuracy"].mean()
    value = diagnostics.groupby(["model", "size", "quantity", "layer"])["value"].mean()
    value = value.unstack("quantity")
    first = value.xs(1, level="layer")["gradient"]
    last = value.groupby(["model", "size"])[["input", "silent"]].last()
    names = last.index.get_level_values("model")
    entries = list(dict.fromkeys(described[name]["entry"] for name in names))
    kinds = sorted({_kind(described[name]) for name in names})
    figure, grid = panels(1, 3, width=3.3, height=3.7, sharey=True)
    quantities = [
        (last["input"], "logits (root mean square)"),
        (first, "gradient of the first layer's weights\n(root mean square)"),
        (last["silent"], "images labelled wrongly\nthat yet have no gradient (share)"),
    ]
    for axes, (x, label) in zip(grid[0], quantities, strict=True):
        for entry, kind in product(entries, kinds):
            cells = [
                cell
                for cell in last.index
                if (described[cell[0]]["entry"], _kind(described[cell[0]])) == (entry, kind)
            ]
            if cells:
                axes.scatter(
                    x.loc[cells],
                    accuracy.loc[cells],
                    s=24,
                    alpha=0.75,
                    linewidths=0.6,
                    color=COLOURS[entries.index(entry) % len(COLOURS)],
                    edgecolors="white",
                    marker=MARKERS[kinds.index(kind) % len(MARKERS)],
                    label=as_written(", ".join(filter(None, [entry, kind]))),
                )
        axes.set(xlabel=label, ylabel="accuracy on fresh images (share)", ylim=(0, 1))
    if accuracy.loc[last.index].notna().any():  # else all diverged
        grid[0, 0].set_xscale("log")
        grid[0, 1].set_xscale("log")
    grid[0, 0].set_title("Networks before training, and how they end", loc="left")
    handles, labels = grid[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside right upper")
    return figure


def _kind(model: Mapping[str, Any]) -> str:
    return str(model["axes"].get("activation", ""))


def _replicates(axes: Axes, own: pd.DataFrame, column: str, colour: str) -> None:
    """A thin line for each replicate, with a dot where it stops."""
    for _, one in own.groupby("replicate"):
        axes.plot(one["step"], one[column], color=colour, linewidth=0.6, alpha=0.5)
        axes.plot(one["step"].iloc[-1], one[column].iloc[-1], ".", color=colour, markersize=5)


def _band(axes: Axes, own: pd.DataFrame, column: str, colour: Any, label: str) -> None:
    """Mean over the replicates still training, and one standard deviation either side."""
    steps = own.groupby("step")[column].agg(["mean", "std"]).fillna({"std": 0})
    axes.plot(steps.index, steps["mean"], color=colour, label=label)
    low, high = steps["mean"] - steps["std"], steps["mean"] + steps["std"]
    axes.fill_between(steps.index, low, high, color=colour, alpha=0.18, linewidth=0)

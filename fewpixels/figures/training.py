"""How training goes: accuracy against iteration, single runs, networks at initialisation."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from fewpixels.figures import COLOURS, MARKERS, accuracy_axis, panels, size_colours

Models = Iterable[Mapping[str, Any]]


def curves(history: pd.DataFrame, models: Models, classes: int) -> Figure:
    """Draw validation accuracy against iteration: a panel a model, a line a size.

    Parameters
    ----------
    history : DataFrame
        Columns of ``history.csv``, with size and model; of one split.
    models : iterable of mappings
        The models to show.
    classes : int
        Number of classes, for the line of chance.

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
            _band(axes, own[own["size"] == size], "validation_accuracy", colour[size], f"{size}×{size}")
        accuracy_axis(axes, "validation accuracy (share)", classes)
        axes.set(xlabel="iteration (epochs or updates)", xscale="log")
        axes.set_title(model["title"], loc="left")
    grid[0, -1].legend(title="pixels", loc="lower right")
    return figure


def runs(
    history: pd.DataFrame, diagnostics: pd.DataFrame, models: Models, classes: int
) -> Figure:
    """Draw loss and validation accuracy of single runs, a row a model.

    The first column of each row says what the network looked like before training.

    Parameters
    ----------
    history, diagnostics : DataFrame
        Columns of ``history.csv`` and ``diagnostics.csv``, with size and model; of one split.
    models : iterable of mappings
        The models to show.
    classes : int
        Number of classes, for the line of chance.

    Returns
    -------
    Figure
    """
    models = list(models)
    figure, grid = panels(len(models), 2, width=4.2, height=2.9)
    for (left, right), model in zip(grid, models, strict=True):
        own = history[history["model"] == model["name"]]
        _band(left, own, "loss", COLOURS[1], "")
        left.set(xlabel="update", ylabel="loss of an image (nats)", ylim=(0, None))
        left.set_title(model["title"], loc="left")
        _band(right, own, "validation_accuracy", COLOURS[0], "")
        peak = own.groupby("step")["validation_accuracy"].mean()
        accuracy_axis(right, "validation accuracy (share)", classes)
        right.set(xlabel="update")
        right.axvline(peak.idxmax(), color="#555555", linewidth=0.8, linestyle="--")
        right.set_title(f"highest mean after update {peak.idxmax()}: {peak.max():.2f}", loc="left")
        before = diagnostics[diagnostics["model"] == model["name"]]
        before = before.groupby(["quantity", "layer"])["value"].mean()
        last = before.index.get_level_values("layer").max()
        left.annotate(
            f"before training:\nlogits {before['input', last]:.3g}, "
            f"gradient {before['gradient', 1]:.3g} (root mean squares)",
            (0.97, 0.95), xycoords="axes fraction", ha="right", va="top", fontsize=7.5,
        )  # fmt: skip
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
    last = value.groupby(["model", "size"])[["input", "saturated"]].last()
    names = last.index.get_level_values("model")
    entries = list(dict.fromkeys(described[name]["entry"] for name in names))
    kinds = sorted({_kind(described[name]) for name in names})
    figure, grid = panels(1, 2, width=4.6, height=3.9, sharey=True)
    quantities = [
        (last["input"], "logits before training (root mean square)", "log"),
        (first, "gradient of the first layer before training (root mean square)", "symlog"),
    ]
    for axes, (x, label, scale) in zip(grid[0], quantities, strict=True):
        for entry in entries:
            for kind in kinds:
                cells = [
                    c for c in last.index
                    if described[c[0]]["entry"] == entry and _kind(described[c[0]]) == kind
                ]  # fmt: skip
                if cells:
                    axes.scatter(
                        x.loc[cells], accuracy.loc[cells], s=22, alpha=0.75, linewidths=0.8,
                        facecolors=COLOURS[entries.index(entry) % len(COLOURS)],
                        edgecolors="white", marker=MARKERS[kinds.index(kind) % len(MARKERS)],
                        label=f"{entry}, {kind}" if kind else entry,
                    )  # fmt: skip
        axes.set(xlabel=label, ylabel="accuracy on fresh images (share)", ylim=(0, 1))
        if scale == "symlog":
            positive = x[x > 0]
            axes.set_xscale("symlog", linthresh=10 ** np.floor(np.log10(positive.min())))
        else:
            axes.set_xscale(scale)
    handles, labels = grid[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside right upper")
    return figure


def _kind(model: Mapping[str, Any]) -> str:
    return str(model["axes"].get("activation", ""))


def _band(axes: Any, own: pd.DataFrame, column: str, colour: Any, label: str) -> None:
    """Mean over the replicates still training, and one standard deviation either side."""
    steps = own.groupby("step")[column].agg(["mean", "std"]).fillna(0)
    axes.plot(steps.index, steps["mean"], color=colour, label=label)
    low, high = steps["mean"] - steps["std"], steps["mean"] + steps["std"]
    axes.fill_between(steps.index, low, high, color=colour, alpha=0.18, linewidth=0)

"""k nearest neighbours: the curve over k."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from fewpixels.figures.style import accuracy_axis, as_written, panels, size_colours


def sweep(frame: pd.DataFrame, models: Iterable[Mapping[str, Any]], chance: float) -> Figure:
    """Draw accuracy against k: a row a model, a column a subset, a line a size.

    Parameters
    ----------
    frame : DataFrame
        Columns of ``sweep.csv``, with size and model; of one split.
    models : iterable of mappings
        The models to show.
    chance : float
        Accuracy that looking at no pixel gives (`fewpixels.tables.summary.line_of_chance`).

    Returns
    -------
    Figure
        Lines are means over replicates; a dot marks the best k of each. On the test images
        that choice is optimistic: it was made on the images that it is measured on.
    """
    models = list(models)
    subsets = {
        "validation": "validation: k is chosen here",
        "test": "held-out test: a best k is optimistic",
        "fresh": "fresh images",
    }
    subsets = {name: title for name, title in subsets.items() if name in set(frame["subset"])}
    shape = len(models), len(subsets)
    figure, grid = panels(*shape, width=3.1, height=3.0, sharex=True, sharey=True)
    colour = size_colours(sorted(frame["size"].unique()))
    for row, model in zip(grid, models, strict=True):
        own = frame[frame["model"] == model["name"]]
        for axes, (subset, title) in zip(row, subsets.items(), strict=True):
            for size in sorted(own["size"].unique(), reverse=True):
                cells = own[(own["subset"] == subset) & (own["size"] == size)]
                mean = cells.groupby("k")["accuracy"].mean()
                axes.plot(mean.index, mean, color=colour[size], label=f"{size}×{size}")
                axes.plot(mean.idxmax(), mean.max(), "o", color=colour[size])
            accuracy_axis(axes, "accuracy (share)", chance)
            axes.set_xlabel("k (neighbours)")
            axes.set_title(f"{as_written(model['title'])}\n{title}", loc="left", fontsize=8.5)
    handles, labels = grid[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, title="pixels", loc="outside right center")
    return figure

"""k nearest neighbours: the curve over k."""

from collections.abc import Iterable, Mapping
from textwrap import fill
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from fewpixels.figures.bands import band, size_legend
from fewpixels.figures.style import (
    PAGE,
    accuracy_axis,
    as_written,
    panels,
    size_colours,
)
from fewpixels.figures.ticks import apart


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
        Lines are means over replicates, with bands (`band`); a dot marks the best k of each. On the
        test images that choice is optimistic: it was made on the images that it is measured on.
        Of many sizes, those are drawn that axes name (`fewpixels.figures.ticks.apart`).
    """
    models = list(models)
    titles = {
        "validation": "validation:\nk is chosen here",
        "test": "held-out test:\na best k is optimistic",
        "fresh": "fresh images",
    }
    subsets = [subset for subset in titles if subset in set(frame["subset"])]
    shape = len(models), len(subsets)
    figure, grid = panels(*shape, width=PAGE / len(subsets), height=2.4, sharex=True, sharey=True)
    own_sizes = frame.groupby("model")["size"].unique().map(apart)
    colour = size_colours(sorted(set().union(*own_sizes)))
    for row, model in zip(grid, models, strict=True):
        own = frame[frame["model"] == model["name"]]
        for axes, subset in zip(row, subsets, strict=True):
            for size in own_sizes[model["name"]][::-1]:
                cells = own[(own["subset"] == subset) & (own["size"] == size)]
                mean = band(axes, cells.set_index("k")["accuracy"], color=colour[size])
                axes.plot(mean.idxmax(), mean.max(), "o", color=colour[size])
            accuracy_axis(axes, "", chance)
        row[0].set_ylabel(f"{as_written(fill(model['title'], 30))}\naccuracy (share)")
    for axes, subset in zip(grid[0], subsets, strict=True):
        axes.set_title(titles[subset], loc="left")
    for axes in grid[-1]:
        axes.set_xlabel("k (neighbours)")
    size_legend(figure, colour, frame["replicate"].nunique(), "dots: the best k")
    return figure

"""The answer: the best model at each size, and accuracy against cost."""

from textwrap import fill
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from fewpixels.figures.colours import COLOURS
from fewpixels.figures.style import (
    MARKERS,
    accuracy_axis,
    as_written,
    panels,
    pixel_axis,
    size_colours,
)
from fewpixels.figures.ticks import apart
from fewpixels.tables.answer import judged
from fewpixels.tables.sizes import SHARES

_GREY = "#555555"


def draw(
    answer: pd.DataFrame, pareto: pd.DataFrame, classes: int, dataset: str, another: str
) -> Figure:
    """Draw how few pixels are enough, and the Pareto front of accuracy against cost.

    Parameters
    ----------
    answer, pareto : DataFrame
        Columns of ``answer.csv`` and of ``pareto.csv``.
    classes : int
        Number of classes, for the line of chance.
    dataset : str
        The dataset's title.
    another : str
        What intervals are for (see `fewpixels.statistics.sampling`).

    Returns
    -------
    Figure
        Left, the best model at each size with its 95% interval, named where it is another than
        at the size above and there is room. Right, every model at every size whose cost is
        known; those on the front are numbered, and named below. Accuracy is the one that models
        are judged by (`fewpixels.tables.answer.judged`).
    """
    figure, grid = panels(1, 2, width=5.4, height=4.6)
    left, right = grid[0]
    name = judged(pareto)
    kind = "accuracy" if name == "fresh" else "balanced accuracy"
    accuracy_axis(left, f"{kind} on fresh images (share)", 1 / classes)
    left.set_title(f"How few pixels are enough? {as_written(dataset)}", loc="left")
    if len(answer):
        _by_size(left, answer, name, another)
    accuracy_axis(right, f"{kind} on fresh images (share)", 1 / classes)
    right.set_title("What accuracy costs: every cell, and the Pareto front", loc="left")
    cells = pareto.assign(accuracy=pareto[f"{name}_mean"])
    handles = _by_cost(right, cells.dropna(subset=["accuracy", "multiplications"]))
    if handles:
        figure.legend(handles=handles, loc="outside lower center", ncols=3, title_fontsize=8,
                      title="on the Pareto front, from the cheapest up")  # fmt: skip
    return figure


def _by_size(axes: Axes, answer: pd.DataFrame, name: str, another: str) -> None:
    """The best model at each size, and shares of the largest's accuracy."""
    own = answer.sort_values("size")
    pixels, accuracy = own["size"] ** 2, own[f"{name}_mean"]
    top, largest = accuracy.iloc[-1], own["size"].iloc[-1]
    for share in SHARES:
        dots = axes.axhline(share * top, color=_GREY, linewidth=0.9, linestyle=(0, (1, 2)))
        axes.annotate(f"{share:.0%}", (1.01, share * top), xycoords=("axes fraction", "data"),
                      va="center", fontsize=7, color=_GREY)  # fmt: skip
    dots.set_label(f"shares of what {largest}×{largest} reaches")
    reach = own[[f"{name}_low", f"{name}_high"]].sub(accuracy, axis=0).abs().T.to_numpy()
    axes.errorbar(pixels, accuracy, reach, color=COLOURS[0], marker="o", capsize=2.5,
                  label=f"best model, 95% for {another}")  # fmt: skip
    axes.legend(loc="lower right", bbox_to_anchor=(1, 0.14))
    ends = np.nan_to_num([accuracy - reach[0], accuracy + reach[1]], nan=accuracy)
    named = own["size"].isin(apart(own["size"][own["title"] != own["title"].shift(-1)].tolist()))
    for x, y, title, low, high in zip(
        *(column[named] for column in (pixels, accuracy, own["title"])),
        *ends[:, named],
        strict=True,
    ):
        # Below the bar if there is room, else above it, else beside the point.
        at, shift, va = low, (9, -4), "top"
        if low < 0.2:
            at, shift, va = (high, (9, 4), "bottom") if high < 0.8 else (y, (30, 0), "center")
        axes.annotate(
            as_written(fill(title, 14)), (x, at), shift,
            textcoords="offset points", ha="center", va=va, fontsize=7, linespacing=1.1,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85},
        )  # fmt: skip
    pixel_axis(axes, own["size"].tolist())
    axes.set_xlabel("pixels of the image, and the best model on validation images")
    axes.margins(x=0.12)


def _by_cost(axes: Axes, cells: pd.DataFrame) -> list[Any]:
    """Every cell, and the front; returns what a legend of the front shows."""
    sizes = sorted(cells["size"].unique())
    colour = size_colours(sizes)
    marker = {size: MARKERS[i % len(MARKERS)] for i, size in enumerate(sizes)}
    # A model of zeros alone multiplies nothing, which a logarithmic axis cannot show.
    cells = cells.assign(x=cells["multiplications"].clip(lower=1))
    front = cells[cells["front"] == "yes"].sort_values("x", kind="stable")
    axes.step(front["x"], front["accuracy"], where="post", color=_GREY, linewidth=1)
    for size in sizes[::-1]:
        own = cells[cells["size"] == size]
        axes.plot(own["x"], own["accuracy"], marker[size], color=colour[size], alpha=0.3,
                  markeredgewidth=0)  # fmt: skip
        axes.plot([], [], marker[size], color=colour[size], label=f"{size}×{size}")
    handles = []
    for number, row in enumerate(front.itertuples(), 1):
        style: Any = {"color": colour[row.size], "marker": marker[row.size], "linestyle": "none"}
        axes.plot(row.x, row.accuracy, markeredgecolor="black", markersize=6, **style)
        name = as_written(f"{number}  {row.size}×{row.size} {row.title}")
        handles.append(Line2D([], [], markeredgecolor="black", label=name, **style))
    numbers = front.assign(number=[str(i + 1) for i in range(len(front))])
    for place, own in numbers.groupby(["x", "accuracy"]):
        axes.annotate(", ".join(own["number"]), place, (-3, 4), ha="right",
                      textcoords="offset points", fontsize=7.5)  # fmt: skip
    axes.set_xscale("log")
    axes.set_xlabel("multiplications to label one image")
    if sizes:
        axes.legend(title="pixels", loc="lower right", bbox_to_anchor=(1, 0.12),
                    ncols=-(-len(sizes) // 10))  # fmt: skip
    return handles

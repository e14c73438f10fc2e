"""The answer: the best model at each size, and accuracy against cost."""

from textwrap import fill
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from fewpixels.figures.colours import COLOURS
from fewpixels.figures.labels import Label, beside
from fewpixels.figures.style import (
    GREY,
    MARKERS,
    PAGE,
    accuracy_axis,
    as_written,
    panels,
    pixel_axis,
    size_colours,
)
from fewpixels.figures.ticks import apart
from fewpixels.tables.answer import judged
from fewpixels.tables.sizes import SHARES

# Times as many multiplications, and more accuracy, that leave room for a number between two.
_NEAR = (1.5, 0.05)


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
        Above, the best model at each size with its 95% interval, named where it is another than
        at the size above and there is room. Below, every model at every size whose cost is
        known; those on the front are numbered, and named below. Accuracy is the one that models
        are judged by (`fewpixels.tables.answer.judged`).
    """
    figure, grid = panels(2, 1, width=PAGE, height=4)
    upper, lower = grid[:, 0]
    name = judged(pareto)
    kind = "accuracy" if name == "fresh" else "balanced accuracy"
    accuracy_axis(upper, f"{kind} on fresh images (share)", 1 / classes)
    upper.set_title(f"How few pixels are enough? {as_written(dataset)}", loc="left")
    if len(answer):
        _by_size(upper, answer, name, another, 1 / classes)
    lower.set_title("What accuracy costs: every trained model, and the Pareto front", loc="left")
    cells = pareto.assign(accuracy=pareto[f"{name}_mean"])
    handles = _by_cost(lower, cells.dropna(subset=["accuracy", "multiplications"]))
    accuracy_axis(lower, f"{kind} on fresh images (share)", 1 / classes)
    lower.legend(title="pixels", loc="upper left", bbox_to_anchor=(1, 1.05),
                 ncols=-(-len(lower.get_legend_handles_labels()[0]) // 15))  # fmt: skip
    if handles:
        figure.legend(handles=handles, loc="outside lower center", ncols=2, title_fontsize=8,
                      title="on the Pareto front, from the cheapest up")  # fmt: skip
    return figure


def _by_size(axes: Axes, answer: pd.DataFrame, name: str, another: str, chance: float) -> None:
    """The best model at each size, and shares of the largest's accuracy."""
    own = answer.sort_values("size")
    pixels, accuracy = own["size"] ** 2, own[f"{name}_mean"]
    top, largest = accuracy.iloc[-1], own["size"].iloc[-1]
    for share in SHARES:
        axes.axhline(share * top, color=GREY, linewidth=0.9, linestyle=(0, (1, 2)))
    reach = own[[f"{name}_low", f"{name}_high"]].sub(accuracy, axis=0).abs().T.to_numpy()
    axes.errorbar(pixels, accuracy, reach, color=COLOURS[0], marker="o", capsize=2.5)
    ends = np.nan_to_num([accuracy - reach[0], accuracy + reach[1]], nan=accuracy)
    named = own["size"].isin(apart(own["size"][own["title"] != own["title"].shift(-1)].tolist()))
    for x, y, title, low, high in zip(
        *(column[named] for column in (pixels, accuracy, own["title"])),
        *ends[:, named],
        strict=True,
    ):
        # Below the bar if there is room, else above it, else beside the point.
        at, shift, va = low, (0, -5), "top"
        if low < 0.2:
            at, shift, va = (high, (0, 5), "bottom") if high < 0.8 else (y, (30, 0), "center")
        axes.annotate(
            as_written(fill(title, 18)), (x, at), shift,
            textcoords="offset points", ha="center", va=va, fontsize=8, linespacing=1.1,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85},
        )  # fmt: skip
    pixel_axis(axes, own["size"].tolist())
    bars = f"bars: 95% intervals for {another}; " if own[f"{name}_low"].notna().any() else ""
    axes.set_xlabel(
        "pixels of the image, and the best model on validation images\n"
        f"{bars}dotted: shares of what {largest}×{largest} reaches"
    )
    axes.margins(x=0.12)
    right = axes.get_xlim()[1]
    shares = [Label(f"{share:.0%}", right, share * top, GREY) for share in SHARES]
    beside(axes, [*shares, Label("chance", right, chance, GREY)], inches=3)


def _by_cost(axes: Axes, cells: pd.DataFrame) -> list[Any]:
    """Every cell, and the front; returns what a legend of the front shows."""
    sizes = sorted(cells["size"].unique())
    colour = size_colours(sizes)
    marker = {size: MARKERS[i % len(MARKERS)] for i, size in enumerate(sizes)}
    # A model of zeros alone multiplies nothing, which a logarithmic axis cannot show.
    cells = cells.assign(x=cells["multiplications"].clip(lower=1))
    front = cells[cells["front"] == "yes"].sort_values("x", kind="stable")
    axes.step(front["x"], front["accuracy"], where="post", color=GREY, linewidth=1)
    for size in sizes[::-1]:
        own = cells[cells["size"] == size]
        axes.plot(own["x"], own["accuracy"], marker[size], color=colour[size], alpha=0.3,
                  markeredgewidth=0)  # fmt: skip
        axes.plot([], [], marker[size], color=colour[size], label=f"{size}×{size}")
    handles = []
    for number, row in enumerate(front.itertuples(), 1):
        style: Any = {"color": colour[row.size], "marker": marker[row.size], "linestyle": "none"}
        axes.plot(row.x, row.accuracy, markeredgecolor="black", markersize=6, **style)
        name = as_written(fill(f"{number}  {row.size}×{row.size} {row.title}", 48))
        handles.append(Line2D([], [], markeredgecolor="black", label=name, **style))
    for place, numbers in _numbered(front):
        axes.annotate(numbers, place, (-3, 4), ha="right", textcoords="offset points", fontsize=8)
    axes.set_xscale("log")
    axes.set_xlabel("multiplications to label one image")
    return handles


def _numbered(front: pd.DataFrame) -> list[tuple[tuple[float, float], str]]:
    """Numbers of the models on the front, from 1; those too near for one each share one place."""
    places: list[tuple[float, float]] = []
    numbers: list[list[str]] = []
    for i, row in enumerate(front.itertuples(), 1):
        x, y = places[-1] if places else (0, 0)
        if row.x > _NEAR[0] * x or row.accuracy > _NEAR[1] + y:
            places.append((row.x, row.accuracy))
            numbers.append([])
        numbers[-1].append(str(i))
    joined = [own[0] if len(own) == 1 else f"{own[0]}–{own[-1]}" for own in numbers]
    return list(zip(places, joined, strict=True))

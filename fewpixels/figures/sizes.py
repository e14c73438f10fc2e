"""Models from size to size: accuracy, the smallest sizes that suffice, and steps."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fewpixels.artifacts.markdown import with_ends
from fewpixels.figures.accuracy import line
from fewpixels.figures.style import (
    GREY,
    PAGE,
    accuracy_axis,
    as_written,
    chance_last,
    marks,
    panels,
    pixel_axis,
)
from fewpixels.tables.sizes import pixels
from fewpixels.tables.summary import line_of_chance


def draw(
    intervals: pd.DataFrame,
    smallest: pd.DataFrame,
    steps: pd.DataFrame,
    titles: Mapping[str, str],
    classes: int,
    dataset: str,
    another: str,
) -> Figure:
    """Draw models that have many sizes.

    Parameters
    ----------
    intervals, smallest, steps : DataFrame
        Of `fewpixels.tables.pairs.intervals`, and of the functions of `fewpixels.tables.sizes`.
    titles : mapping of str to str
        Of the models to draw, by name.
    classes : int
        Number of classes, for the line of chance.
    dataset : str
        The dataset's title.
    another : str
        What intervals are for (see `fewpixels.statistics.sampling`).

    Returns
    -------
    Figure
        From top to bottom, accuracy; for each share of the largest size's accuracy, the smallest
        size that reaches it with its confidence set as a bar; and accuracy above a smooth curve
        through the sizes around, filled where a size divides the images' side.
    """
    figure, grid = panels(3, 1, width=PAGE, height=3.1, sharex=True, height_ratios=[4, 3, 3])
    top, middle, bottom = grid[:, 0]
    intervals = intervals[intervals["model"].isin(list(titles))]
    style = {name: {**mark, "markersize": 4} for name, mark in marks(titles).items()}
    shift = {name: 1 + 0.02 * (i - (len(titles) - 1) / 2) for i, name in enumerate(titles)}
    for name, title in titles.items():
        own = intervals[intervals["model"] == name]
        line(top, own, label=title, shift=shift[name], **style[name])
    accuracy_axis(top, "accuracy on fresh images (share)", line_of_chance(intervals, classes))
    top.set_title(f"Pixel by pixel: {as_written(dataset)}", loc="left")
    top.legend(*chance_last(top), loc="lower right", bbox_to_anchor=(1, 0.12), title_fontsize=8,
               title=f"bars: 95% intervals for {another}")  # fmt: skip
    _reaching(middle, smallest, titles, style)
    _above_the_curve(bottom, steps, titles, style, shift)
    pixel_axis(bottom, sorted(intervals["size"].unique()))
    for axes in (top, middle):
        axes.tick_params(labelbottom=False)
    return figure


def _reaching(
    axes: Axes, smallest: pd.DataFrame, titles: Mapping[str, str], style: Mapping[str, Any]
) -> None:
    """The smallest size that reaches each share, a row a share, with its confidence set."""
    shares = sorted(smallest["share"].unique())
    for i, name in enumerate(titles):
        own = smallest[smallest["model"] == name].dropna(subset="size")
        y = own["share"].map(shares.index) + 0.8 * ((len(titles) - 1) / 2 - i) / len(titles)
        x, low, high = (
            own[column].astype(float) ** 2 for column in ("size", "size_low", "size_high")
        )
        axes.errorbar(x, y, xerr=[x - low, high - x], linestyle="none", elinewidth=2.5, alpha=0.9,
                      **style[name])  # fmt: skip
        for row, left, at in zip(own.itertuples(), low, y, strict=True):
            axes.annotate(_with_set(row), (left, at), (-6, 0), textcoords="offset points",
                          ha="right", va="center", fontsize=8,
                          color=style[name]["color"])  # fmt: skip
    axes.grid(visible=False, axis="y")
    axes.set_yticks(range(len(shares)), [f"{share:.0%}" for share in shares])
    axes.set(ylim=(-0.6, len(shares) - 0.4), ylabel="share of the largest size's")
    axes.set_title("The smallest size that reaches a share of the largest's accuracy,\nand its 95% "
                   "confidence set", loc="left")  # fmt: skip


def _with_set(row: Any) -> str:
    """Write a size, with its confidence set where that has others."""
    low, high = pixels(row.size_low), pixels(row.size_high)
    return pixels(row.size) + ("" if low == high else f" ({low} to {high})")


def _above_the_curve(
    axes: Axes,
    steps: pd.DataFrame,
    titles: Mapping[str, str],
    style: Mapping[str, Any],
    shift: Mapping[str, float],
) -> None:
    """Accuracy above what a smooth curve through the sizes around would give."""
    axes.axhline(0, color=GREY, linewidth=0.9)
    dividing = steps[steps["divides"] == "yes"]
    for size in dividing["size"].dropna().unique():
        axes.axvline(size**2, color=GREY, linewidth=0.9, linestyle=(0, (1, 2)))
    for name in titles:
        for divides, face in (("yes", style[name]["color"]), ("no", "white")):
            own = steps[(steps["model"] == name) & (steps["divides"] == divides)]
            own = own.dropna(subset=["size", "difference"])
            y = own["difference"]
            ends = own[["difference_low", "difference_high"]].sub(y, axis=0).abs()
            axes.errorbar(own["size"].astype(float) ** 2 * shift[name], y, ends.T.to_numpy(),
                          linestyle="none", elinewidth=0.8, capsize=1.5, markerfacecolor=face,
                          alpha=1 if divides == "yes" else 0.6, **style[name])  # fmt: skip
        mean = dividing[(dividing["model"] == name) & dividing["size"].isna()]
        for row in mean.itertuples():
            ends = (row.difference, row.difference_low, row.difference_high)
            axes.plot([], [], linestyle="none", label=with_ends(*ends, form="+.4f"), **style[name])
    if len(dividing):
        axes.legend(title="mean where the size divides the side (filled)", title_fontsize=8,
                    loc="upper right", ncols=len(titles), frameon=True, framealpha=1,
                    edgecolor="none")  # fmt: skip
    axes.margins(y=0.25)
    axes.set_ylabel("above the curve")
    axes.set_title("Does accuracy step where the size divides the side?\nAbove a smooth curve "
                   "through the sizes around", loc="left")  # fmt: skip

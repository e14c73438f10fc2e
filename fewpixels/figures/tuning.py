"""A hyperparameter along its axis: what validation images say of each value."""

from textwrap import fill

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fewpixels.figures.colours import COLOURS
from fewpixels.figures.style import PAGE, as_written, panels

_LEGEND = (
    "bars: 95% intervals of the mean over replicates; "
    "filled: the smallest value within one standard error of the best"
)

# Letters of values that there is room for, side by side.
_BESIDE = 10


def draw(table: pd.DataFrame) -> Figure:
    """Draw accuracy on validation images against a hyperparameter: a row an entry, a column a size.

    Parameters
    ----------
    table : DataFrame
        Of `fewpixels.tables.tuning.tuning`.

    Returns
    -------
    Figure
        Each panel has its own range of accuracy, since differences along an axis are small beside
        those between sizes. A dot is filled at the smallest value that is within one standard error
        of the best.
    """
    entries = list(dict.fromkeys(table["entry"]))
    sizes = sorted(table["size"].unique(), reverse=True)
    width = max(PAGE / len(sizes), 1.44)
    figure, grid = panels(len(entries), len(sizes), width=width, height=2.3)
    for row, entry in zip(grid, entries, strict=True):
        label = f"{as_written(entry)}\nvalidation accuracy"
        for axes, size in zip(row, sizes, strict=True):
            own = table[(table["entry"] == entry) & (table["size"] == size)]
            if own.empty:
                axes.set_axis_off()
                continue
            _curve(axes, own)
            axes.set(ylabel=label)
            axes.set_title(f"{size}×{size}", loc="left")
            label = ""  # once a row
    # As wide as the figure is: some 15 characters an inch.
    figure.supxlabel(fill(_LEGEND, int(15 * figure.get_figwidth())), fontsize=8)
    return figure


def _curve(axes: Axes, own: pd.DataFrame) -> None:
    """Means and intervals of one entry at one size; what diverged leaves a gap."""
    colour = COLOURS[0]
    mean = own["validation_mean"]
    ends = [mean - own["validation_low"], own["validation_high"] - mean]
    axes.errorbar(own["value"], mean, ends, color=colour, marker="o", markerfacecolor="white",
                  elinewidth=0.8, capsize=2)  # fmt: skip
    enough = own[own["enough"] == "yes"]
    axes.plot(enough["value"], enough["validation_mean"], "o", color=colour, zorder=3)
    if own["value"].min() > 0:
        axes.set_xscale("log")
    ticks = [f"{value:g}" for value in own["value"]]
    axes.set_xticks(own["value"], ticks, rotation=90 if sum(map(len, ticks)) > _BESIDE else 0)
    axes.minorticks_off()
    axes.margins(x=0.1)
    axes.set_ylim(max(axes.get_ylim()[0], 0), min(axes.get_ylim()[1], 1))
    axes.set_xlabel(as_written(own["axis"].iloc[0].replace("_", " ")))

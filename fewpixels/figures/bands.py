"""Means of replicates as lines with bands, a line a size."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from fewpixels.figures.style import GREY
from fewpixels.statistics.intervals import next_replicate


def band(axes: Axes, values: "pd.Series[float]", color: Any) -> "pd.Series[float]":
    """Draw the mean over replicates as a line, and what one more replicate may give as a band.

    Parameters
    ----------
    axes : Axes
    values : Series of float, in [0, 1]
        Of each replicate at each place on the x axis, which is its index; NaN where a replicate
        diverged.
    color : colour

    Returns
    -------
    Series of float
        The means, by place. The band is the 95% interval of `next_replicate`, within [0, 1];
        a single replicate has none.
    """
    groups = values.dropna().groupby(level=0)
    mean = groups.mean()
    axes.plot(mean.index, mean, color=color)
    ends = np.array([next_replicate(own) for _, own in groups]).reshape(-1, 2)
    low, high = np.where(np.isfinite(ends), ends.clip(0, 1), np.nan).T
    axes.fill_between(mean.index, low, high, color=color, alpha=0.15, linewidth=0)
    return mean


def size_legend(figure: Figure, colour: Mapping[int, Any], replicates: int, note: str = "") -> None:
    """Explain, below a figure, the shades of sizes, the bands of several replicates, and a note."""
    lines = [Line2D([], [], color=colour[s], label=f"{s}×{s}") for s in sorted(colour)[::-1]]
    lines.append(Line2D([], [], color=GREY, linestyle=(0, (1, 2)), label="chance"))
    bands = "means of replicates; bands: 95% intervals for one more replicate"
    figure.legend(handles=lines, loc="outside lower center", ncols=min(len(lines), 8),
                  title="; ".join(filter(None, [bands if replicates > 1 else "", note])),
                  title_fontsize=8)  # fmt: skip

"""Names beside lines, where a legend would have too many."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

LINE = 0.14
"""Inches from one line of text to the next."""


@dataclass(frozen=True)
class Label:
    """The name of a line: its text, where the line ends, and how the text is drawn."""

    text: str
    x: float
    y: float
    color: str
    weight: str = "normal"


def spread(places: ArrayLike, heights: ArrayLike, low: float, high: float) -> NDArray[np.float64]:
    """Move labels apart, as little as possible (least squares), in their order.

    Parameters
    ----------
    places : array_like of float, shape (n,)
        Where the middle of each would be.
    heights : array_like of float, shape (n,)
        Room that each takes.
    low, high : float
        Ends of the room for all; where it is too little, they go on below.

    Returns
    -------
    ndarray of float64, shape (n,)

    Examples
    --------
    >>> spread([0.5, 0.5, 0.9], [0.1, 0.1, 0.1], 0, 1).round(2).tolist()
    [0.45, 0.55, 0.9]
    """
    from scipy.optimize import isotonic_regression  # slow to import, and most figures need none

    places, heights = np.asarray(places, np.float64), np.asarray(heights, np.float64)
    order = np.argsort(places, kind="stable")
    above = np.cumsum(heights[order]) - heights[order] / 2
    # Less the room of those below, places are far enough apart just if they are in order.
    moved = isotonic_regression(places[order] - above).x if len(places) else places
    found = np.empty_like(places)
    found[order] = np.minimum(np.maximum(moved, low), high - heights.sum()) + above
    return found


def beside(axes: Axes, labels: Sequence[Label], inches: float) -> None:
    """Name lines at the right of axes, each joined to its end where it had to move.

    Parameters
    ----------
    axes : Axes
        With its limits set.
    labels : sequence of Label
    inches : float
        About the height of the axes.
    """
    low, high = axes.get_ylim()
    heights = [LINE * (label.text.count("\n") + 1) * (high - low) / inches for label in labels]
    places = spread([label.y for label in labels], heights, low, high)
    for label, place in zip(labels, places, strict=True):
        axes.annotate(
            label.text, (label.x, label.y), (1.05, place), textcoords=axes.get_yaxis_transform(),
            va="center", fontsize=8, linespacing=1.1, color=label.color, weight=label.weight,
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": label.color, "linewidth": 0.4, "shrinkA": 1,
                        "shrinkB": 3, "relpos": (0, 0.5)},
        )  # fmt: skip

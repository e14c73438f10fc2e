"""The study's figures: functions from data to Matplotlib figures, in one style.

Colours are those of Okabe and Ito (2008), which colour-blind readers can tell apart; markers
and dashes tell lines apart in grey print.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#7F7F7F"]
MARKERS = ["o", "s", "^", "D", "v", "P", "X", "*"]
DASHES: list[Any] = ["-", (0, (5, 1.5)), (0, (1, 1)), (0, (4, 1, 1, 1)), (0, (8, 2)), (0, (2, 3))]

STYLE: dict[Any, Any] = {
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 10,
    "axes.labelsize": 9,
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "grid.color": "#DDDDDD",
    "grid.linewidth": 0.6,
    "legend.fontsize": 8,
    "legend.frameon": False,
    "lines.linewidth": 1.4,
    "lines.markersize": 5,
    "savefig.dpi": 160,
    "svg.fonttype": "none",
    "svg.hashsalt": "fewpixels",
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
}


def panels(
    rows: int, columns: int, width: float = 3.4, height: float = 2.8, **options: Any
) -> tuple[Figure, Any]:
    """Make a figure of panels in the study's style.

    Parameters
    ----------
    rows, columns : int
    width, height : float
        Of one panel, in inches.
    **options
        For `Figure.subplots`.

    Returns
    -------
    figure : Figure
    axes : ndarray of Axes, shape (rows, columns)
    """
    mpl.rcParams.update(STYLE)
    figure = Figure(figsize=(width * columns, height * rows), layout="constrained")
    return figure, figure.subplots(rows, columns, squeeze=False, **options)


def accuracy_axis(axes: Axes, label: str, classes: int) -> None:
    """Label an axis of accuracy, 0 to 1, and mark what guessing would reach."""
    axes.set(ylim=(0, 1), ylabel=label)
    axes.set_yticks(np.linspace(0, 1, 6))
    axes.axhline(1 / classes, color="#555555", linewidth=0.9, linestyle=(0, (1, 2)))
    axes.annotate(
        "chance", (1, 1 / classes), xycoords=("axes fraction", "data"), va="bottom", ha="right",
        fontsize=7, color="#555555",
    )  # fmt: skip


def pixel_axis(axes: Axes, sizes: Sequence[int]) -> None:
    """Label a logarithmic axis of pixels with the images' sizes."""
    axes.set_xscale("log")
    axes.set_xticks([size**2 for size in sizes], [f"{size}×{size}" for size in sizes])
    axes.minorticks_off()
    axes.set_xlabel("image size in pixels (logarithmic in the number of pixels)")


def plain(text: str) -> str:
    """Text for Matplotlib to draw as it stands: no formulas, and no label hidden from a legend."""
    text = text.replace("$", r"\$")
    return f"\u200b{text}" if text.startswith("_") else text


def colours(names: Iterable[str]) -> dict[str, str]:
    """Give each name a colour, the same for the same place in the order."""
    return {name: COLOURS[i % len(COLOURS)] for i, name in enumerate(names)}


def size_colours(sizes: Sequence[int]) -> dict[int, Any]:
    """Give each size a shade, the darkest for the largest."""
    shades = mpl.colormaps["viridis_r"](np.linspace(0.12, 1.0, len(sizes)))
    return dict(zip(sorted(sizes), shades, strict=True))

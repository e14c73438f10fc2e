"""The style that all figures share.

Markers and dashes tell lines apart in grey print, and `fewpixels.figures.colours` for the
colour-blind.
"""

from collections.abc import Hashable, Iterable, Sequence
from typing import Any, TypeVar

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis, XAxis
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from fewpixels.figures.colours import COLOURS
from fewpixels.figures.ticks import apart

MARKERS = ["o", "s", "^", "D", "v", "P", "X", "*"]
GREY = "#555555"
DASHES: list[Any] = ["-", (0, (5, 1.5)), (0, (1, 1)), (0, (4, 1, 1, 1)), (0, (8, 2)), (0, (2, 3))]

Name = TypeVar("Name", bound=Hashable)

PAGE = 7.2
"""Inches across a printed page: in a figure so wide, 8 points are 8 points."""

# Characters of a class's name: at most as shown, and that fit beside each other.
LONGEST, SHORT = 16, 6

STYLE: dict[Any, Any] = {
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 10,
    "axes.labelsize": 9,
    "figure.titlesize": 10,
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


def accuracy_axis(axes: Axes, label: str, chance: float) -> None:
    """Label an axis of accuracy, 0 to 1, and draw the share that looking at no pixel reaches."""
    axes.set(ylim=(0, 1), ylabel=label)
    axes.set_yticks(np.linspace(0, 1, 6))
    axes.axhline(chance, color=GREY, linewidth=0.9, linestyle=(0, (1, 2)), label="chance")


def pixel_axis(axes: Axes, sizes: Sequence[int]) -> None:
    """Label a logarithmic axis of pixels with the images' sizes, or those there is room for."""
    sizes = apart(sizes)
    axes.set_xscale("log")
    axes.set_xticks([size**2 for size in sizes], [f"{size}×{size}" for size in sizes])
    axes.minorticks_off()
    axes.set_xlabel("image size in pixels (logarithmic in the number of pixels)")


def chance_last(axes: Axes) -> tuple[list[Any], list[str]]:
    """Handles and labels for a legend: lines in their order, then chance, if it is drawn."""
    handles, labels = axes.get_legend_handles_labels()
    order = sorted(range(len(labels)), key=lambda i: labels[i] == "chance")
    return [handles[i] for i in order], [labels[i] for i in order]


def as_written(text: str) -> str:
    """Text for Matplotlib to draw as it stands: no formulas, and no label hidden from a legend."""
    text = text.replace("$", r"\$")
    return f"\u200b{text}" if text.startswith("_") else text


def logarithmic(axes: Axes, values: ArrayLike) -> None:
    """Make the x axis logarithmic, over whole powers of ten around the values that are above 0."""
    shown = np.asarray(values, np.float64)
    shown = np.log10(shown[shown > 0])
    if shown.size:
        first = np.floor(shown.min())
        axes.set_xscale("log")
        axes.set_xlim(10**first, 10 ** max(np.ceil(shown.max()), first + 1))


def class_ticks(axis: Axis, places: ArrayLike, names: Sequence[str]) -> None:
    """Name classes along an axis: long names shortened, and upright along a horizontal axis."""
    axis.set_ticks(places, [as_written(_shortened(name)) for name in names])
    if isinstance(axis, XAxis) and room_for(names):
        axis.set_tick_params(rotation=90)


def room_for(names: Sequence[str], points: float = 10) -> float:
    """Inches that upright names take in a size of type; none where names fit as they are."""
    longest = max((len(_shortened(name)) for name in names), default=0)
    return 0.6 * points / 72 * longest if longest > SHORT else 0.0


def _shortened(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def marks(names: Iterable[Name]) -> dict[Name, dict[str, Any]]:
    """Give each name a colour and a marker, no two alike among as many as both can tell apart."""
    return {
        name: {
            "color": COLOURS[i % len(COLOURS)],
            # Each time that colours come again, markers are one further.
            "marker": MARKERS[(i + i // len(COLOURS)) % len(MARKERS)],
        }
        for i, name in enumerate(names)
    }


def size_colours(sizes: Sequence[int]) -> dict[int, Any]:
    """Give each size a shade, the darkest for the largest."""
    shades = mpl.colormaps["viridis_r"](np.linspace(0.12, 1.0, len(sizes)))
    return dict(zip(sorted(sizes), shades, strict=True))

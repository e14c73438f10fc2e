"""Pictures: images at each size, learned weights, confusion matrices.

Of many sizes, those are drawn that axes name (`fewpixels.figures.ticks.apart`).
"""

from collections.abc import Iterable, Mapping, Sequence
from math import isqrt
from textwrap import fill

import matplotlib as mpl
import numpy as np
from matplotlib.colors import Colormap, LinearSegmentedColormap
from matplotlib.figure import Figure
from numpy.typing import NDArray

from fewpixels.figures.colours import ABOVE, BELOW
from fewpixels.figures.style import PAGE, as_written, class_ticks, panels, room_for
from fewpixels.figures.ticks import apart

TILE = 84
"""Pixels a side that an image is drawn with."""

MOST_CLASSES = 20
"""Classes that there is room for, side by side."""

_SIGNS = LinearSegmentedColormap.from_list("signs", [BELOW, "white", ABOVE])


def images(
    examples: Mapping[int, NDArray[np.float32]], names: Sequence[str], limits: tuple[float, float]
) -> Figure:
    """Draw the same images at each size.

    Parameters
    ----------
    examples : dict of int to ndarray, shape (n, size²)
        Pixels, by size.
    names : sequence of str
        Of the n images; the first `MOST_CLASSES` are drawn.
    limits : tuple of float
        Pixels that are drawn white and black.

    Returns
    -------
    Figure
    """
    sizes = apart(list(examples))[::-1]
    rows = [(f"{size}×{size}", examples[size][:MOST_CLASSES]) for size in sizes]
    return mosaic(rows, names[:MOST_CLASSES], "gray_r", limits)


def brightness(images: NDArray[np.number]) -> tuple[float, float]:
    """Pixels to draw white and black: 0 and 255 of bytes, else the least and the largest."""
    return (0, 255) if images.dtype == np.uint8 else (float(images.min()), float(images.max()))


def augmentation(
    examples: Mapping[int, NDArray[np.float32]],
    names: Sequence[str],
    limits: tuple[float, float],
) -> Figure:
    """Draw images beside their distorted copies, a row an image, at each size.

    Parameters
    ----------
    examples : dict of int to ndarray, shape (n, 1 + c, size²)
        An image and its copies, by size.
    names : sequence of str
        Of the n images.
    limits : tuple of float
        Pixels that are drawn white and black.

    Returns
    -------
    Figure
    """
    gap = np.full(1, np.nan)
    sizes = sorted(examples, reverse=True)
    rows = [
        (name, [tile for size in sizes for tile in [*examples[size][i], gap]][:-1])
        for i, name in enumerate(names)
    ]
    copies = examples[sizes[0]].shape[1] - 1
    over = ["copies" if i == copies // 2 else "" for i in range(copies)]
    heads = [head for size in sizes for head in [f"{size}×{size}", *over, ""]][:-1]
    return mosaic(rows, heads, "gray_r", limits)


def weights(learned: Mapping[int, NDArray[np.float64]], title: str, names: Sequence[str]) -> Figure:
    """Draw weights as images, a row a size, each on its own scale around 0.

    Parameters
    ----------
    learned : dict of int to ndarray, shape (n, size²)
        Weights, by size.
    title : str
    names : sequence of str
        Of the n sets of weights; the first `MOST_CLASSES` are drawn.

    Returns
    -------
    Figure
        Blue is positive, orange negative, white 0.
    """
    scaled = {
        size: values / np.maximum(np.abs(values).max(axis=1, keepdims=True), 1e-300)
        for size, values in learned.items()
    }
    sizes = apart(list(scaled))[::-1]
    rows = [(f"{size}×{size}", scaled[size][:MOST_CLASSES]) for size in sizes]
    figure = mosaic(rows, names[:MOST_CLASSES], _SIGNS, (-1, 1))
    part = "" if len(names) <= MOST_CLASSES else f", {MOST_CLASSES} of {len(names)}"
    figure.suptitle(f"{as_written(title)}{part}: blue speaks for the class, orange against it")
    return figure


def confusions(
    shares: Mapping[str, Mapping[int, NDArray[np.float64]]],
    titles: Mapping[str, str],
    names: Sequence[str],
) -> Figure:
    """Draw confusion matrices, a row a model, a column a size.

    Parameters
    ----------
    shares : dict of dict of ndarray, shape (C, C)
        By model and size: of the images of each true class (row), the share with each label.
    titles : dict of str to str
        Of the models.
    names : sequence of str
        Of the C classes; more than ten are not shown.

    Returns
    -------
    Figure
    """
    sizes = sorted({size for own in shares.values() for size in apart(list(own), 5)}, reverse=True)
    shown = names if len(names) <= 10 else []
    more = room_for(shown, 8)
    width = max(PAGE / len(sizes), 1.44 + more)
    figure, grid = panels(
        len(shares), len(sizes), width=width, height=min(width - more, 2) + more + 0.6
    )
    for row, (name, own) in zip(grid, shares.items(), strict=True):
        for axes, size in zip(row, sizes, strict=True):
            if size not in own:
                axes.set_axis_off()
                continue
            image = axes.imshow(own[size], cmap="cividis", vmin=0, vmax=1)
            axes.grid(visible=False)
            for axis in (axes.xaxis, axes.yaxis):
                class_ticks(axis, range(len(shown)), shown)
            axes.tick_params(labelsize=8, length=0, pad=1.5)
            right = f"{np.trace(own[size]) / len(own[size]):.2f} right"
            outcome = right if own[size].any() else "diverged"
            axes.set_title(f"{size}×{size}: {outcome}", fontsize=8)
        first = next(axes for axes, size in zip(row, sizes, strict=True) if size in own)
        first.set_ylabel(f"{as_written(fill(titles[name], 20))}\ntrue class", fontsize=8)
    for column, size in zip(grid.T, sizes, strict=True):
        drawn = [axes for axes, own in zip(column, shares.values(), strict=True) if size in own]
        drawn[-1].set_xlabel("label", fontsize=8)
    figure.colorbar(image, ax=grid, label="share of the true class", location="bottom",
                    shrink=0.4, aspect=30)  # fmt: skip
    return figure


def confusion(labels: NDArray[np.int64], y: NDArray[np.int64], classes: int) -> NDArray[np.float64]:
    """Count labels by true class.

    Parameters
    ----------
    labels : ndarray, shape (R, n)
        Those of a replicate that diverged are −1, and not counted.
    y : ndarray, shape (n,)
        True classes.
    classes : int
        C.

    Returns
    -------
    ndarray of float64, shape (C, C)
        Of the images of each true class (row), the share with each label (column); rows sum
        to 1, over all replicates; to 0 where all diverged.
    """
    labels = labels[(labels >= 0).all(axis=1)]
    true = np.broadcast_to(y, labels.shape)
    counts = np.bincount((true * classes + labels).ravel(), minlength=classes**2)
    counts = counts.reshape(classes, classes)
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


def mosaic(
    tiles: Sequence[tuple[str, Iterable[NDArray[np.floating]]]],
    names: Sequence[str],
    colours: str | Colormap,
    limits: tuple[float, float],
) -> Figure:
    """Draw square images in one grid.

    Parameters
    ----------
    tiles : sequence of (str, iterable of ndarray of shape (size²,))
        A row each: its label, and an image for each name; one of NaN leaves its place empty.
    names : sequence of str
        Of the n columns.
    colours : str or Colormap
    limits : tuple of float
        Pixels at its ends.

    Returns
    -------
    Figure
    """
    side, gap = TILE, 6  # of a tile and between tiles, in pixels
    pitch = side + gap
    canvas = np.full((len(tiles) * pitch - gap, len(names) * pitch - gap), np.nan)
    for row, (_, images) in enumerate(tiles):
        for column, pixels in enumerate(images):
            size = isqrt(len(pixels))
            nearest = np.arange(side) * size // side
            tile = pixels.reshape(size, size)[np.ix_(nearest, nearest)]
            top, left = row * pitch, column * pitch
            canvas[top : top + side, left : left + side] = tile
    inches = min(PAGE / len(names), 0.85)  # from one image to the next
    height = inches * len(tiles) + 0.3 + room_for(names)
    figure, grid = panels(1, 1, width=PAGE, height=height)
    axes = grid[0, 0]
    axes.imshow(
        canvas,
        cmap=mpl.colormaps.get_cmap(colours).with_extremes(bad="#D0D8E0"),
        vmin=limits[0],
        vmax=limits[1],
        interpolation="nearest",
    )
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    axes.xaxis.tick_top()
    axes.tick_params(length=0, labelsize=8)
    class_ticks(axes.xaxis, np.arange(len(names)) * pitch + side / 2, names)
    axes.set_yticks(
        np.arange(len(tiles)) * pitch + side / 2, [as_written(label) for label, _ in tiles]
    )
    return figure

"""Pictures: images at each size, learned weights, confusion matrices."""

from collections.abc import Mapping, Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from fewpixels.figures import panels, plain


def images(examples: Mapping[int, NDArray[np.float32]], names: Sequence[str]) -> Figure:
    """Draw the same images at each size.

    Parameters
    ----------
    examples : dict of int to ndarray, shape (n, size²)
        Pixels, 0–255, by size.
    names : sequence of str
        Of the n images.

    Returns
    -------
    Figure
    """
    return _mosaic(examples, names, "gray_r", (0, 255))


def weights(learned: Mapping[int, NDArray[np.float64]], title: str, names: Sequence[str]) -> Figure:
    """Draw weights as images, a row a size, each on its own scale around 0.

    Parameters
    ----------
    learned : dict of int to ndarray, shape (n, size²)
        Weights, by size.
    title : str
    names : sequence of str
        Of the n sets of weights.

    Returns
    -------
    Figure
        Blue is positive, red negative, white 0.
    """
    scaled = {
        size: values / np.maximum(np.abs(values).max(axis=1, keepdims=True), 1e-300)
        for size, values in learned.items()
    }
    figure = _mosaic(scaled, names, "RdBu", (-1, 1))
    figure.suptitle(f"{plain(title)}: blue speaks for the class, red against it", fontsize=10)
    return figure


def confusions(
    shares: Mapping[str, Mapping[int, NDArray[np.float64]]], titles: Mapping[str, str]
) -> Figure:
    """Draw confusion matrices, a row a model, a column a size.

    Parameters
    ----------
    shares : dict of dict of ndarray, shape (C, C)
        By model and size: of the images of each true class (row), the share with each label.
    titles : dict of str to str
        Of the models.

    Returns
    -------
    Figure
    """
    sizes = sorted({size for own in shares.values() for size in own}, reverse=True)
    figure, grid = panels(len(shares), len(sizes), width=2.0, height=2.15)
    for row, (name, own) in zip(grid, shares.items(), strict=True):
        for axes, size in zip(row, sizes, strict=True):
            if size not in own:
                axes.set_axis_off()
                continue
            image = axes.imshow(own[size], cmap="cividis", vmin=0, vmax=1)
            axes.grid(visible=False)
            ticks = list(range(len(own[size]))) if len(own[size]) <= 10 else []
            axes.set_xticks(ticks)
            axes.set_yticks(ticks)
            axes.tick_params(labelsize=6, length=0)
            right = f"{np.trace(own[size]) / len(own[size]):.2f} right"
            outcome = right if own[size].any() else "diverged"
            axes.set_title(f"{size}×{size}: {outcome}", fontsize=8)
        first = next(axes for axes, size in zip(row, sizes, strict=True) if size in own)
        first.set_ylabel(f"{plain(titles[name])}\ntrue class", fontsize=7.5)
    for column, size in zip(grid.T, sizes, strict=True):
        drawn = [axes for axes, own in zip(column, shares.values(), strict=True) if size in own]
        drawn[-1].set_xlabel("label", fontsize=8)
    figure.colorbar(image, ax=grid, label="share of the true class", shrink=0.6)
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


def _mosaic(
    tiles: Mapping[int, NDArray[np.floating]],
    names: Sequence[str],
    colours: str,
    limits: tuple[float, float],
) -> Figure:
    """Draw square images in one grid: a row a size, the largest first, a column a name."""
    side, gap = 84, 6  # of a tile and between tiles, in pixels
    sizes = sorted(tiles, reverse=True)
    pitch = side + gap
    canvas = np.full((len(sizes) * pitch - gap, len(names) * pitch - gap), np.nan)
    for row, size in enumerate(sizes):
        nearest = np.arange(side) * size // side
        for column, pixels in enumerate(tiles[size]):
            tile = pixels.reshape(size, size)[np.ix_(nearest, nearest)]
            top, left = row * pitch, column * pitch
            canvas[top : top + side, left : left + side] = tile
    figure, grid = panels(1, 1, width=0.85 * len(names), height=0.85 * len(sizes) + 0.3)
    axes = grid[0, 0]
    axes.imshow(
        canvas,
        cmap=mpl.colormaps[colours].with_extremes(bad="#D0D8E0"),
        vmin=limits[0],
        vmax=limits[1],
        interpolation="nearest",
    )
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    axes.xaxis.tick_top()
    axes.tick_params(length=0, labelsize=10)
    axes.set_xticks(np.arange(len(names)) * pitch + side / 2, [plain(name) for name in names])
    axes.set_yticks(np.arange(len(sizes)) * pitch + side / 2, [f"{s}×{s}" for s in sizes])
    return figure

"""Pictures: images at each size, learned weights, confusion matrices."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from fewpixels.figures import panels


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
    sizes = sorted(examples, reverse=True)
    figure, grid = panels(len(sizes), len(names), width=0.85, height=0.9)
    for row, size in zip(grid, sizes, strict=True):
        for axes, pixels in zip(row, examples[size], strict=True):
            axes.imshow(pixels.reshape(size, size), cmap="gray_r", vmin=0, vmax=255)
            _bare(axes)
        row[0].set_ylabel(f"{size}×{size}", rotation=0, ha="right", va="center")
    for axes, name in zip(grid[0], names, strict=True):
        axes.set_title(name)
    return figure


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
    sizes = sorted(learned, reverse=True)
    figure, grid = panels(len(sizes), len(names), width=0.85, height=0.9)
    for row, size in zip(grid, sizes, strict=True):
        for axes, values in zip(row, learned[size], strict=True):
            reach = np.abs(values).max() or 1.0
            axes.imshow(values.reshape(size, size), cmap="RdBu", vmin=-reach, vmax=reach)
            _bare(axes)
        row[0].set_ylabel(f"{size}×{size}", rotation=0, ha="right", va="center")
    for axes, name in zip(grid[0], names, strict=True):
        axes.set_title(name)
    figure.suptitle(f"{title}: blue speaks for the class, red against it", fontsize=10)
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
            right = np.trace(own[size]) / len(own[size])
            axes.set_title(f"{size}×{size}: {right:.2f} right", fontsize=8)
        row[0].set_ylabel(f"{titles[name]}\ntrue class", fontsize=7.5)
    for axes in grid[-1]:
        axes.set_xlabel("label", fontsize=8)
    figure.colorbar(image, ax=grid, label="share of the true class", shrink=0.6)
    return figure


def confusion(labels: NDArray[np.int64], y: NDArray[np.int64], classes: int) -> NDArray[np.float64]:
    """Count labels by true class.

    Parameters
    ----------
    labels : ndarray, shape (R, n)
    y : ndarray, shape (n,)
        True classes.
    classes : int
        C.

    Returns
    -------
    ndarray of float64, shape (C, C)
        Of the images of each true class (row), the share with each label (column); rows sum
        to 1, over all replicates.
    """
    true = np.broadcast_to(y, labels.shape)
    counts = np.bincount((true * classes + labels).ravel(), minlength=classes**2)
    counts = counts.reshape(classes, classes)
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


def _bare(axes) -> None:  # type: ignore[no-untyped-def]
    axes.grid(visible=False)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(True)
        spine.set_color("#BBBBBB")

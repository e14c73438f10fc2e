"""What the page compares cells in pairs by: sums over all fresh images, exact.

An interval of a paired difference needs, beside each replicate's accuracy, how much the
difference varies over images. Of counts a and b, of the replicates that label an image rightly,
that is Σ (a − b)² over images: one number a pair, in place of an image's scores in each cell.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Tally = Mapping[bytes, NDArray[np.integer]]
"""By the replicates left out: how many of the others label each image rightly (n,)."""

# Entries of counts to multiply at a time: 32 MB.
_ENTRIES = 2**22


def tally(
    right: NDArray[np.bool_], lost: NDArray[np.bool_], patterns: Iterable[NDArray[np.bool_]]
) -> dict[bytes, NDArray[np.integer]]:
    """Count the replicates that label each image rightly, for every comparison of a cell.

    Parameters
    ----------
    right : ndarray of bool, shape (R, n)
    lost : ndarray of bool, shape (R,)
        The replicates that diverged.
    patterns : iterable of ndarray of bool, shape (R,)
        Those that diverged in the cells to compare with.

    Returns
    -------
    dict of bytes to ndarray of int, shape (n,)
        By the replicates that diverged in either, as bytes.
    """
    unions = {(lost | other).tobytes(): lost | other for other in patterns}
    kind = np.uint8 if len(right) < 256 else np.uint32
    return {key: right[~union].sum(axis=0, dtype=kind) for key, union in unions.items()}


def squares(tallies: Sequence[Tally], lost: Sequence[NDArray[np.bool_]]) -> NDArray[np.float64]:
    """Sum the squared differences of counts over images, for all pairs of cells.

    Parameters
    ----------
    tallies : sequence
        Of `tally`, of C cells.
    lost : sequence of ndarray of bool, shape (R,)
        The replicates that diverged in each.

    Returns
    -------
    ndarray of float64, shape (C · (C − 1) / 2,)
        Integers, of pairs (0, 1), (0, 2), …, (1, 2), …; over the replicates that diverged in
        neither.
    """
    first, second = np.triu_indices(len(tallies), 1)
    found = np.zeros(len(first))
    patterns = {own.tobytes(): own for own in lost}
    number = {key: i for i, key in enumerate(patterns)}
    pattern = np.array([number[own.tobytes()] for own in lost], np.int64)
    pair = pattern[first] * len(patterns) + pattern[second]
    union = [(a | b).tobytes() for a in patterns.values() for b in patterns.values()]
    for key in dict.fromkeys(union):
        own = np.isin(pair, [i for i, other in enumerate(union) if other == key])
        cells, place = np.unique([first[own], second[own]], return_inverse=True)
        if own.any():
            gram = _gram([tallies[cell][key] for cell in cells])
            a, b = place.reshape(2, -1)
            found[own] = gram[a, a] + gram[b, b] - 2 * gram[a, b]
    return found


def right_by_class(
    right: NDArray[np.bool_], y: NDArray[np.integer], classes: int
) -> NDArray[np.int64]:
    """Count each replicate's right labels in each class.

    Parameters
    ----------
    right : ndarray of bool, shape (R, n)
    y : ndarray of int, shape (n,)
        Classes of the images, in [0, C).
    classes : int
        C.

    Returns
    -------
    ndarray of int64, shape (R, C)
    """
    return np.array([np.bincount(y[own], minlength=classes) for own in right], np.int64)


def squares_by_class(
    tallies: Sequence[Tally],
    lost: Sequence[NDArray[np.bool_]],
    y: NDArray[np.integer],
    classes: int,
) -> NDArray[np.float64]:
    """Sum the squared differences of counts over the images of each class.

    Parameters
    ----------
    tallies, lost
        As for `squares`.
    y, classes
        As for `right_by_class`.

    Returns
    -------
    ndarray of float64, shape (C · (C − 1) / 2, classes)
        As of `squares`, of C cells.
    """
    parts = [
        squares([{key: own[y == c] for key, own in tally.items()} for tally in tallies], lost)
        for c in range(classes)
    ]
    return np.stack(parts, axis=1)


def _gram(counts: Sequence[NDArray[np.integer]]) -> NDArray[np.float64]:
    """Inner products of counts over images; sums of integers, so exact."""
    n = len(counts[0])
    gram = np.zeros((len(counts), len(counts)))
    block = max(1, _ENTRIES // len(counts))
    for start in range(0, n, block):
        own = np.array([row[start : start + block] for row in counts], np.float64)
        gram += own @ own.T
    return gram

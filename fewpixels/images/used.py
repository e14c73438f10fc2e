"""What splits use of a pool, class by class."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from fewpixels.images.splits import listed, shares

NAMED = 5
"""Classes that a line names at the most."""


def count_used(
    split: Mapping[str, NDArray[np.int32]], labels: NDArray[np.int64], classes: int
) -> NDArray[np.int64]:
    """Count what a replicate uses of each class; all use as many.

    Parameters
    ----------
    split : mapping
        Of `deal`.
    labels : ndarray of int64, shape (N,)
        Of the pool.
    classes : int
        C.

    Returns
    -------
    ndarray of int64, shape (C,)
        Images that train, validate or test, each once.
    """
    ids = np.unique(np.concatenate([own[0] for own in split.values()]))
    return np.bincount(labels[ids], minlength=classes)


def left_out(
    used: NDArray[np.int64],
    sizes: NDArray[np.int64],
    names: Sequence[str],
    subsets: Mapping[str, float] | None,
) -> str:
    """Say what of a pool is left out, if that is more than a tenth.

    Parameters
    ----------
    used, sizes : ndarray of int64, shape (C,)
        Images of each class that a replicate uses, and that there are.
    names : sequence of C str
    subsets : mapping or None
        Of the study, where images are dealt by them.

    Returns
    -------
    str
        One line, or nothing.

    Examples
    --------
    >>> left_out(np.array([10, 10]), np.array([200, 20]), ["a", "b"], None)
    'a replicate uses 20 of the 220 images of the pool (a: 10 of 200, b: 10 of 20)'
    """
    total = int(sizes.sum())
    if 10 * used.sum() >= 9 * total:
        return ""
    most = np.argsort(used - sizes, kind="stable")[:NAMED]
    parts = [f"{names[c]}: {used[c]} of {sizes[c]}" for c in most]
    if len(sizes) > NAMED:
        parts.append(f"and so on; tables/classes.md has all {len(sizes)}")
    said = f"a replicate uses {used.sum()} of the {total} images of the pool ({', '.join(parts)})"
    if subsets is None or min(subsets.values()) < 1:
        return said
    return (
        f"{said}, as subsets takes as many of each class; shares of each class would use all, as "
        f"{listed(shares(subsets))}"
    )

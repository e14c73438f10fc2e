"""Splits of a pool of images into training, validation and test images."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from fewpixels import FewpixelsError
from fewpixels.streams import generator

SUBSETS = ("train", "validation", "test")


class SplitError(FewpixelsError):
    """The pool has fewer images than a split needs."""


def fixed_split(
    n: int, train: int, validation: int, overlap: bool, where: str
) -> dict[str, NDArray[np.int32]]:
    """Split a pool as its file is ordered, the same for all replicates.

    Parameters
    ----------
    n : int
        Images of the pool.
    train, validation : int
        The first images train, and the last validate.
    overlap : bool
        Whether images may do both.
    where : str
        The split's key in the configuration.

    Returns
    -------
    dict of str to ndarray of int32, shape (1, …)
        Indices into the pool. Of ``test`` there are none.

    Raises
    ------
    SplitError
        If the pool has fewer images.
    """
    if max(train, validation) > n or (train + validation > n and not overlap):
        raise SplitError(
            f"{where}: found {train} training and {validation} validation images, expected {n} at "
            "the most, those of the pool; lower them, or set overlap if no model chooses anything "
            "on validation images"
        )
    ids = np.arange(n, dtype=np.int32)[None]
    return {"train": ids[:, :train], "validation": ids[:, n - validation :], "test": ids[:, :0]}


def draw_splits(
    labels: NDArray[np.int64],
    per_class: Mapping[str, int],
    test: str,
    *,
    seed: int,
    dataset: str,
    replicates: int,
) -> dict[str, NDArray[np.int32]]:
    """Shuffle each class and deal its images out.

    Both kinds of split deal from the same shuffle, so they differ in the test images only.

    Parameters
    ----------
    labels : ndarray of int64, shape (N,)
        Classes of the pool, 0…C−1.
    per_class : mapping
        Images of each class in ``train``, ``validation`` and ``test``.
    test : {"shuffled", "last"}
        Test images come next in the shuffle (held out), or are the last of their class in
        the order of the file, whatever the shuffle (as published: most are training images).
    seed : int
    dataset : str
        Name of the dataset.
    replicates : int
        R.

    Returns
    -------
    dict of str to ndarray of int32, shape (R, n)
        Indices into the pool, class by class, in the order of the shuffle.

    Raises
    ------
    SplitError
        If a class has fewer images than the split deals out.
    """
    wanted = sum(per_class[subset] for subset in SUBSETS)
    members = [np.flatnonzero(labels == c) for c in range(int(labels.max()) + 1)]
    for c, images in enumerate(members):
        if len(images) < wanted:
            raise SplitError(
                f"class {c} has {len(images)} images, but the split needs {wanted}; "
                "lower `subsets` or give more images"
            )
    ends = np.cumsum([per_class[subset] for subset in SUBSETS])
    last = [images[len(images) - per_class["test"] :] for images in members]
    drawn: dict[str, list[list[NDArray[np.intp]]]] = {subset: [] for subset in SUBSETS}
    for r in range(replicates):
        rng = generator(seed, r, dataset, "split")
        shuffles = [images[rng.permutation(len(images))] for images in members]
        for subset, end in zip(SUBSETS, ends, strict=True):
            begin = end - per_class[subset]
            if subset == "test" and test == "last":
                drawn[subset].append(last)
            else:
                drawn[subset].append([shuffle[begin:end] for shuffle in shuffles])
    return {
        subset: np.array([np.concatenate(classes) for classes in rows], np.int32)
        for subset, rows in drawn.items()
    }

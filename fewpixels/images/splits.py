"""Splits of a pool of images into training, validation and test images."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fewpixels import FewpixelsError
from fewpixels.streams import generator

SUBSETS = ("train", "validation", "test")
VERBS = ("train", "validate", "test")


class SplitError(FewpixelsError):
    """A pool, or a class of it, has fewer images than a split needs."""


def deal(
    labels: NDArray[np.int64], names: NDArray[np.str_], how: Mapping[str, Any], dataset: str
) -> dict[str, NDArray[np.int32]]:
    """Split a pool as a study says.

    Parameters
    ----------
    labels : ndarray of int64, shape (N,)
        Classes of the pool, 0…C−1.
    names : ndarray of str, shape (C,)
        Of the classes.
    how : mapping
        Of `fewpixels.study.model.Study.dealing`.
    dataset : str
        Name of the dataset.

    Returns
    -------
    dict of str to ndarray of int32, shape (R, n)
        Indices into the pool; of a fixed split, of shape (1, n).

    Raises
    ------
    SplitError
        If the pool, or a class of it, has too few images.
    """
    parameters = {key: value for key, value in how.items() if key != "kind"}
    split = fixed_split if how["kind"] == "fixed" else draw_splits
    return split(labels, names, dataset=dataset, **parameters)


def fixed_split(
    labels: NDArray[np.int64],
    names: NDArray[np.str_],
    train: int,
    validation: int,
    overlap: bool,
    order: str,
    *,
    seed: int,
    dataset: str,
    where: str,
) -> dict[str, NDArray[np.int32]]:
    """Split a pool alike for all replicates: its first images train, its last validate.

    Parameters
    ----------
    labels : ndarray of int64, shape (N,)
        Classes of the pool, 0…C−1.
    names : ndarray of str, shape (C,)
        Of the classes.
    train, validation : int
        How many images train and validate.
    overlap : bool
        Whether images may do both.
    order : {"shuffled", "file"}
        In which order images are first and last. `seed` and `dataset` alone shuffle it.
    seed : int
    dataset : str
        Name of the dataset.
    where : str
        The split's key in the configuration.

    Returns
    -------
    dict of str to ndarray of int32, shape (1, …)
        Indices into the pool, in the order of the file. Of ``test`` there are none.

    Raises
    ------
    SplitError
        If the pool has fewer images, or a class has none that train or none that validate.
    """
    n = len(labels)
    if max(train, validation) > n or (train + validation > n and not overlap):
        raise SplitError(
            f"{where}: found {train} training and {validation} validation images, expected {n} at "
            "the most, those of the pool; lower them, or set overlap if no model chooses anything "
            "on validation images"
        )
    ids = np.arange(n, dtype=np.int32)
    if order == "shuffled":
        ids = generator(seed, 0, dataset, "split").permutation(ids)
    _check_classes(labels[ids], names, train, validation, overlap, order, where, dataset)
    # In the order of the file, so that all replicates hold the images once, as they are read.
    chosen = np.sort(ids[:train]), np.sort(ids[n - validation :]), ids[:0]
    return {subset: own[None] for subset, own in zip(SUBSETS, chosen, strict=True)}


def _check_classes(
    labels: NDArray[np.int64],
    names: NDArray[np.str_],
    train: int,
    validation: int,
    overlap: bool,
    order: str,
    where: str,
    dataset: str,
) -> None:
    """Refuse a fixed split that leaves a class out; `labels` are in the order of the split."""
    n = len(labels)
    members = [np.flatnonzero(labels == c) for c in range(len(names))]
    # What numbers would have an image of each class, in this order.
    least = max(int(own[0]) for own in members) + 1, n - min(int(own[-1]) for own in members)
    first = (("train", train, labels[:train]), ("validate", validation, labels[n - validation :]))
    for verb, number, own in first:
        missing = np.setdiff1d(np.arange(len(names)), own)
        if not len(missing):
            continue
        others = f" (in all, of {len(missing)} classes)" if len(missing) > 1 else ""
        fits = f"set train to {least[0]} or more and validation to {least[1]} or more"
        if sum(least) > n and not overlap:
            fits = "set kind: dealt, which deals out each class for itself"
        if order == "file":
            fits = "set order: shuffled, which mixes the classes"
        raise SplitError(
            f"{where}: found no image of class {names[missing[0]]} of datasets.{dataset}{others} "
            f"among the {number} that {verb}, expected some of each class; {fits}"
        )


def by_class(
    subsets: Mapping[str, float], sizes: NDArray[np.int64]
) -> dict[str, NDArray[np.int64]]:
    """Count the images that each class gives to each subset.

    Parameters
    ----------
    subsets : mapping
        Of each of `SUBSETS`: a number of images, or a share of each class, below 1. All three are
        of one kind, and shares add up to 1 at the most.
    sizes : ndarray of int64, shape (C,)
        Images of each class.

    Returns
    -------
    dict of str to ndarray of int64, shape (C,)
        Numbers are the same of each class, whether it has as many or not. Shares are cut where
        they end, rounded to whole images: within one image of the share, but where a subset would
        have none. There it has one, and a class needs three.

    Examples
    --------
    >>> shares = {"train": 0.8, "validation": 0.1, "test": 0.1}
    >>> by_class(shares, np.array([100, 20, 4]))["train"]
    array([80, 16,  2])
    """
    if all(isinstance(n, int) for n in subsets.values()):
        return {subset: np.full(len(sizes), subsets[subset]) for subset in SUBSETS}
    counts = [_cut([subsets[subset] for subset in SUBSETS], int(n)) for n in sizes]
    return dict(zip(SUBSETS, np.array(counts, np.int64).reshape(-1, 3).T, strict=True))


def _cut(shares: list[float], n: int) -> list[int]:
    """Whole images of each share of n; one at least."""
    # As they are written: 0.29 of 100 is 29, which floating point falls short of.
    exact = [Fraction(str(share)) for share in shares]
    ends = [int(sum(exact[: i + 1]) * n + Fraction(1, 2)) for i in range(len(exact))]
    ends[-1] = max(ends[-1], len(ends))
    for i in reversed(range(len(ends) - 1)):
        ends[i] = min(ends[i], ends[i + 1] - 1)
    for i in range(len(ends)):
        ends[i] = max(ends[i], i + 1)
    return np.diff(ends, prepend=0).tolist()


def draw_splits(
    labels: NDArray[np.int64],
    names: NDArray[np.str_],
    subsets: Mapping[str, float],
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
    names : ndarray of str, shape (C,)
        Of the classes.
    subsets : mapping
        Images of each class in ``train``, ``validation`` and ``test``, as `by_class` takes them.
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
    members = [np.flatnonzero(labels == c) for c in range(len(names))]
    sizes = np.array([len(images) for images in members])
    counts = by_class(subsets, sizes)
    _check_sizes(sizes, counts, subsets, names, dataset)
    ends = np.cumsum([counts[subset] for subset in SUBSETS], axis=0)  # (3, C)
    last = [own[len(own) - n :] for own, n in zip(members, counts["test"], strict=True)]
    drawn: dict[str, list[list[NDArray[np.intp]]]] = {subset: [] for subset in SUBSETS}
    for r in range(replicates):
        rng = generator(seed, r, dataset, "split")
        shuffles = [images[rng.permutation(len(images))] for images in members]
        for subset, own in zip(SUBSETS, ends, strict=True):
            if subset == "test" and test == "last":
                drawn[subset].append(last)
            else:
                cuts = zip(shuffles, own - counts[subset], own, strict=True)
                drawn[subset].append([shuffle[begin:end] for shuffle, begin, end in cuts])
    return {
        subset: np.array([np.concatenate(classes) for classes in rows], np.int32)
        for subset, rows in drawn.items()
    }


def _check_sizes(
    sizes: NDArray[np.int64],
    counts: Mapping[str, NDArray[np.int64]],
    subsets: Mapping[str, float],
    names: NDArray[np.str_],
    dataset: str,
) -> None:
    """Refuse a class that is too small: which one, for which subset, and what would fit."""
    wanted = sum(counts[subset] for subset in SUBSETS)
    small = np.flatnonzero(sizes < wanted)
    if not len(small):
        return
    c = small[np.argmin(sizes[small])]
    n = int(sizes[c])
    others = f" (in all, {len(small)} classes are too small)" if len(small) > 1 else ""
    found = f"datasets.{dataset}: found {n} images of class {names[c]}"
    if n < len(SUBSETS):
        raise SplitError(
            f"{found}, expected {len(SUBSETS)} or more, one to train, one to validate and one to "
            f"test{others}; give it more, or leave the class out"
        )
    own = np.array([counts[subset][c] for subset in SUBSETS])
    short = int(np.argmax(own.cumsum() > n))  # the first subset that does not get its images
    left = n - int(own[:short].sum())
    fitting = by_class({s: m / sum(subsets.values()) for s, m in subsets.items()}, sizes[[c]])
    numbers = {subset: count.item() for subset, count in fitting.items()}
    rest = f", of which {left} are left" if left < n else ""
    raise SplitError(
        f"{found}{rest}, expected {own[short]} to {VERBS[short]}, as subsets takes of each class"
        f"{others}; set subsets to {listed(numbers)}, or to shares of each class: "
        f"{listed(shares(subsets))}"
    )


def shares(subsets: Mapping[str, float]) -> dict[str, float]:
    """Turn numbers of images into shares of about the same proportions, in few digits.

    Examples
    --------
    >>> shares({"train": 20, "validation": 5, "test": 5})
    {'train': 0.68, 'validation': 0.16, 'test': 0.16}
    """
    taken, scale = sum(subsets.values()), 100
    while scale * min(subsets.values()) < taken:
        scale *= 10
    parts = {subset: int(scale * subsets[subset] // taken) for subset in SUBSETS}
    parts["train"] += scale - sum(parts.values())
    return {subset: part / scale for subset, part in parts.items()}


def listed(subsets: Mapping[str, float]) -> str:
    """Write subsets as a configuration has them, in one line."""
    # Small shares as 0.00009, which YAML reads as a number, and not as 9e-05.
    numbers = {s: np.format_float_positional(n, trim="-") for s, n in subsets.items()}
    return ", ".join(f"{subset}: {n}" for subset, n in numbers.items())

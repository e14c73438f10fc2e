"""Random streams: one for each replicate and purpose, independent of all the others."""

from dataclasses import dataclass
from hashlib import sha256

import numpy as np


def generator(seed: int, replicate: int, dataset: str, purpose: str) -> np.random.Generator:
    """Make the generator of one stream.

    The stream depends on its four names alone, so adding replicates, models or sizes
    to a study changes no other result.

    Parameters
    ----------
    seed : int
        The study's seed.
    replicate : int
        Index of the replicate, ≥ 0.
    dataset : str
        Name of the dataset.
    purpose : str
        What the numbers are for: ``split``, ``order`` or ``{size}/{model}``.

    Returns
    -------
    numpy.random.Generator
        PCG64, seeded by the sha256 of ``seed/replicate/dataset/purpose``.
    """
    return _seeded(f"{seed}/{replicate}/{dataset}/{purpose}")


def of_augmentation(seed: int, dataset: str, name: str) -> np.random.Generator:
    """Make the generator of an augmentation, which distorts the pool once for all replicates.

    Parameters
    ----------
    seed : int
        The study's seed.
    dataset : str
        Name of the dataset.
    name : str
        Of the augmentation.

    Returns
    -------
    numpy.random.Generator
        PCG64, seeded by the sha256 of ``seed/dataset/augmentation/name``.
    """
    return _seeded(f"{seed}/{dataset}/augmentation/{name}")


def _seeded(text: str) -> np.random.Generator:
    digest = sha256(text.encode()).digest()
    return np.random.default_rng(np.random.SeedSequence(int.from_bytes(digest, "big")))


@dataclass(frozen=True)
class Streams:
    """The streams that training one cell may draw from.

    Attributes
    ----------
    seed : int
        The study's seed.
    dataset : str
        Name of the dataset.
    cell : str
        ``{size}/{model}``.

    Examples
    --------
    All cells visit images in one order; what else they draw is their own.

    >>> small, large = Streams(1, "mnist", "7/ovr"), Streams(1, "mnist", "28/ovr")
    >>> small.order(replicate=0).permutation(6)
    array([3, 0, 5, 4, 1, 2])
    >>> large.order(replicate=0).permutation(6)
    array([3, 0, 5, 4, 1, 2])
    >>> small.own(replicate=0).permutation(6)
    array([2, 0, 4, 3, 1, 5])
    >>> large.own(replicate=0).permutation(6)
    array([2, 3, 4, 0, 1, 5])
    """

    seed: int
    dataset: str
    cell: str

    def order(self, replicate: int) -> np.random.Generator:
        """Order of the training images, the same for every cell of the dataset."""
        return generator(self.seed, replicate, self.dataset, "order")

    def own(self, replicate: int) -> np.random.Generator:
        """Everything else that this cell draws."""
        return generator(self.seed, replicate, self.dataset, self.cell)

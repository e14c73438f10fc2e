"""Random streams: one for each replicate and purpose, independent of all the others."""

from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray


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
    digest = sha256(f"{seed}/{replicate}/{dataset}/{purpose}".encode()).digest()
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


def draw_batches(
    generators: list[np.random.Generator],
    y: NDArray[np.int64],
    drawn: NDArray[np.int64],
    batches: int,
) -> NDArray[np.int64]:
    """Draw mini-batches with a fixed number of images of each class, without replacement.

    Parameters
    ----------
    generators : list of R generators
        One for each replicate; its batches do not depend on the other replicates.
    y : ndarray of int64, shape (R, n)
        Classes of the training images.
    drawn : ndarray of int64, shape (C,)
        Images to draw of each class; at most as many as there are.
    batches : int
        Batches to draw for each replicate.

    Returns
    -------
    ndarray of int64, shape (R, batches, sum of drawn)
        Rows of the training images, class by class.
    """
    uniform = np.stack([rng.random((batches, drawn.sum())) for rng in generators])
    rows = np.empty(uniform.shape, np.int64)
    replicate, batch = np.ogrid[: len(generators), :batches]
    column = 0
    for c, count in enumerate(drawn):
        members = np.stack([np.flatnonzero(labels == c) for labels in y])
        deck = np.repeat(members[:, None], batches, axis=1)
        for i in range(count):  # the shuffle of Fisher and Yates, stopped after `count` cards
            swap = i + (uniform[..., column] * (members.shape[1] - i)).astype(np.int64)
            rows[..., column] = deck[replicate, batch, swap]
            deck[replicate, batch, swap] = deck[..., i]
            column += 1
    return rows

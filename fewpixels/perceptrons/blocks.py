"""The perceptron's visits without a Gram matrix of all images: block by block, and exact.

A block's scores by all earlier mistakes are products of matrices; within the block, a compiled
loop corrects them by those rows of the block's own Gram matrix that are needed. To each score are
added the same numbers in the same order as if one image were visited at a time, so neither the
length of blocks nor the number of threads changes a result.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fewpixels.arrays import Doubles, Whole
from fewpixels.parallel import in_blocks
from fewpixels.perceptrons.loops import AVERAGED, LAST, VOTED, add_rows, follow, visit, visit_known
from fewpixels.perceptrons.rows import Rows

VISITS_AT_ONCE = 512
# K of so many mistaken images with so many of a block stays in a core's cache.
TILE, COLUMNS = 512, 256
# Entries of K that are held to score other images: 32 MB a thread.
ENTRIES = 2**22

# By what the hyperparameter is called.
CODES = {"last": LAST, "averaged": AVERAGED, "voted": VOTED}

Mistakes = tuple[Whole, Whole]
"""Of a perceptron, in order: the mistaken images, and the times (see `loops.visit`)."""


def find_mistakes(
    rows: Rows,
    members: Whole,
    sign: Doubles,
    order: Whole,
    visits: int,
    block: int = VISITS_AT_ONCE,
) -> list[Mistakes]:
    """Train perceptrons that visit the same images.

    Parameters
    ----------
    rows : Rows
        Of all images.
    members : ndarray of int64, shape (m,)
        Those that the perceptrons train on.
    sign : ndarray of float64, shape (P, m)
        Their classes, +1 or −1 for each perceptron.
    order : ndarray of int64, shape (epochs, m) or (1, m)
        Visits to the members, of each epoch or of all epochs.
    visits : int
        In all; the last epoch can be cut short.
    block : int
        Images to visit at a time; up to twice as many are one block, and all that are held.

    Returns
    -------
    list of P Mistakes
        Of the members.
    """
    m = len(members)
    scores = np.zeros(sign.shape)
    if rows.held or m <= 2 * block:  # one block, and all epochs in the compiled loop
        images = rows.take(members)
        gram = rows.products(images, images)
        return [visit(gram, s, order, visits, own) for s, own in zip(sign, scores, strict=True)]
    mistakes: list[list[Whole]] = [[] for _ in sign]
    for start in range(0, visits, m):
        own = order[start // m % len(order)][: visits - start]
        epoch = _Epoch(rows, members[own], sign[:, own], scores[:, own], block)
        epoch._visit()
        if not len(epoch.mistaken):
            break  # every image was right: nothing changes any more
        for found, change in zip(mistakes, epoch.change, strict=True):
            places = np.flatnonzero(change)
            found.append(np.stack([own[places], start + places]))
        if start + m < visits:
            epoch._catch_up()
            scores[:, own] = epoch.scores
    nothing = np.empty((2, 0), np.int64)
    return [tuple(np.hstack([nothing, *found])) for found in mistakes]


class _Epoch:
    """One epoch of some perceptrons; all arrays are in the order of its visits.

    Attributes
    ----------
    scores : ndarray of float64, shape (P, n)
        Those of an image are up to date when it is visited; all are after `_catch_up`.
    change : ndarray of float64, shape (P, n)
        What the epoch adds to the images' coefficients.
    mistaken : ndarray of int64, shape (k,)
        Places of the images with a change.
    """

    def __init__(
        self, rows: Rows, images: Whole, sign: Doubles, scores: Doubles, block: int
    ) -> None:
        self.rows, self.images, self.block = rows, images, block
        self.sign, self.scores = map(np.ascontiguousarray, (sign, scores))
        self.change = np.zeros(sign.shape)
        self.mistaken = np.empty(0, np.int64)
        # What products take of the mistaken images, and how many they were after each block.
        one = rows.take(images[:1])
        self._kept = np.empty((len(images), *one.shape[1:]), one.dtype)
        self._counts: list[int] = []

    def _visit(self) -> None:
        """Visit all images, block by block."""
        for start in range(0, len(self.images), self.block):
            own = slice(start, start + self.block)
            taken = self.rows.take(self.images[own])
            self._visit_block(own, taken)
            new = np.flatnonzero(self.change[:, own].any(axis=0))
            count = len(self.mistaken)
            self._kept[count : count + len(new)] = taken[new]
            self.mistaken = np.append(self.mistaken, start + new)
            self._counts.append(len(self.mistaken))

    def _visit_block(self, own: slice, taken: NDArray[Any]) -> None:
        change = self.change[:, self.mistaken]
        scores, sign = self.scores[:, own], self.sign[:, own]

        def score(part: slice) -> None:
            self._add(scores[:, part], taken[part], self._kept[: len(self.mistaken)], change)

        _do(score, len(taken), COLUMNS)
        gram = np.empty((len(taken), len(taken)))
        known = np.zeros(len(taken), np.bool_)
        places = np.zeros(len(scores), np.int64)
        # Most mistakes are at images that are wrong before the block is visited.
        new = np.flatnonzero(((scores >= 0) != (sign > 0)).any(axis=0))

        def multiply(part: slice) -> None:
            gram[new[part]] = self.rows.products(taken[new[part]], taken)

        while len(new):
            _do(multiply, len(new), COLUMNS)
            known[new] = True
            for p, place in enumerate(places.tolist()):
                found, places[p] = visit_known(gram, known, sign[p], place, scores[p])
                self.change[p, own][found] = sign[p, found]
            new = np.unique(places[places < len(taken)])

    def _catch_up(self) -> None:
        """Add to all scores what changed after the image's block."""
        change = self.change[:, self.mistaken]

        def score(part: slice) -> None:
            later = slice(self._counts[part.start // self.block], len(self.mistaken))
            taken = self.rows.take(self.images[part])
            self._add(self.scores[:, part], taken, self._kept[later], change[:, later])

        _do(score, len(self.images), self.block)

    def _add(
        self, scores: Doubles, taken: NDArray[Any], kept: NDArray[Any], change: Doubles
    ) -> None:
        """Add changes times K(kept, taken) to the scores of the taken images, in place."""
        for start in range(0, len(kept), TILE):
            tile = slice(start, start + TILE)
            add_rows(self.rows.products(kept[tile], taken), change[:, tile], scores)


def score(
    rows: Rows,
    images: Whole,
    mistakes: Sequence[Mistakes],
    changes: Sequence[Doubles],
    ends: Iterable[Whole],
    weights: int,
) -> Doubles:
    """Score images by perceptrons after so many visits.

    Parameters
    ----------
    rows : Rows
        Of all images.
    images : ndarray of int64, shape (n,)
        Those to score.
    mistakes : sequence of P Mistakes
        Of training images among all images.
    changes : sequence of P ndarrays of float64, shape (mistakes,)
        What each mistake added to the image's coefficient.
    ends : sequence of P ndarrays of int64, shape (E,)
        As in `fewpixels.perceptrons.loops.follow`, which `weights` is for, too.
    weights : int

    Returns
    -------
    ndarray of float64, shape (P, E, n)
    """
    wrong = np.zeros(1 + max(m.max(initial=0) for m, _ in mistakes), np.bool_)
    for own, _ in mistakes:
        wrong[own] = True
    used, place = np.flatnonzero(wrong), np.cumsum(wrong) - 1
    kept = rows.take(used)
    perceptrons = [
        (place[own], change, times, end)
        for (own, times), change, end in zip(mistakes, changes, ends, strict=True)
    ]

    def block(part: slice) -> Doubles:
        products = rows.products(kept, rows.take(images[part]))
        return np.stack([follow(products, *own, weights) for own in perceptrons])

    return np.concatenate(
        list(in_blocks(block, len(images), max(64, ENTRIES // max(len(used), 1)))), axis=2
    )


def _do(function: Callable[[slice], None], n: int, block: int) -> None:
    """Call a function that writes its results, for each block."""
    for _ in in_blocks(function, n, block):
        pass

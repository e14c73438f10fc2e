"""The images of each update: all of them, or mini-batches that are drawn for it."""

import numpy as np
from numpy.typing import NDArray

from fewpixels.arrays import Floats, Whole
from fewpixels.networks.layers import places

_DRAWN_AT_ONCE = 64


class Batches:
    """Batches of a stack of replicates, update by update.

    Parameters
    ----------
    x : ndarray of float32, shape (R, n, d + 1)
        Images, with a last column of ones. Those that replicates share have a stride of 0 along R.
    y : ndarray of int64, shape (R, n)
        Classes; each replicate has the same number of each.
    classes : int
        C, also where some have no image.
    rngs : list of R generators
        Of the mini-batches.
    per_class : int, optional
        Images of each class in a mini-batch; without it, a batch is all images.

    Attributes
    ----------
    drawn : ndarray of int64, shape (C,)
        Images of each class in a batch.
    y, true : ndarray of int64, shape (R, sum of drawn)
        Classes of a batch's images, and `places` of their logits. They are those of every batch.
    """

    def __init__(
        self,
        x: Floats,
        y: Whole,
        classes: int,
        rngs: list[np.random.Generator] | None = None,
        per_class: int | None = None,
    ) -> None:
        self.drawn, self.y = np.bincount(y[0], minlength=classes), y
        self._x, self._y, self._rngs = x, y, rngs or []
        self._mini = per_class is not None
        if per_class is not None:
            self.drawn = np.minimum(self.drawn, per_class)
            size = self.drawn.sum()
            self.y = np.broadcast_to(np.repeat(np.arange(classes), self.drawn), (len(x), size))
            self._batch = np.empty((*self.y.shape, x.shape[2]), x.dtype)
        self.true = places(self.y, len(self.drawn))

    def __getitem__(self, update: int) -> Floats:
        """Images (R, sum of drawn, d + 1) of an update, counted from 0; one after the other."""
        if not self._mini:
            return self._x
        turn = update % _DRAWN_AT_ONCE
        if turn == 0:
            self._rows = draw_batches(self._rngs, self._y, self.drawn, _DRAWN_AT_ONCE)
        rows, held = self._rows[:, turn], self._x[0]
        if self._x.strides[0]:
            rows = rows + self._x.shape[1] * np.arange(len(rows))[:, None]
            held = self._x.reshape(-1, self._x.shape[2])
        # With another mode NumPy writes to a copy first.
        return held.take(rows, axis=0, out=self._batch, mode="clip")

    def keep(self, stay: NDArray[np.bool_]) -> None:
        """Leave replicates out, for good; `stay` is of shape (R,)."""
        # Images that are held once for all replicates are not copied.
        self._x = self._x[stay] if self._x.strides[0] else self._x[: stay.sum()]
        self._y, self.y = self._y[stay], self.y[stay]
        self.true = places(self.y, len(self.drawn))
        if self._mini:
            self._rngs = [rng for rng, stays in zip(self._rngs, stay, strict=True) if stays]
            self._rows, self._batch = self._rows[stay], self._batch[: stay.sum()]


def draw_batches(
    generators: list[np.random.Generator],
    y: Whole,
    drawn: Whole,
    batches: int,
) -> Whole:
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
    # A lane is a batch of a replicate; images of a class are neighbours in its deck.
    lanes = len(generators) * batches
    uniform = np.concatenate([rng.random((batches, drawn.sum())) for rng in generators]).T.copy()
    images = np.argsort(y, axis=1, kind="stable").astype(np.int32)
    deck = np.repeat(images, batches, axis=0)
    size = np.bincount(y[0], minlength=len(drawn))  # classes without an image too
    first, column = np.cumsum(size) - size, np.cumsum(drawn) - drawn
    first = first[:, None] + y.shape[1] * np.arange(lanes)
    rows = np.empty(uniform.shape, np.int64)
    for i in range(drawn.max()):  # the shuffle of Fisher and Yates, stopped after `drawn` cards
        more = drawn > i
        top = first[more] + i
        into = column[more] + i
        swap = top + (uniform[into] * (size[more] - i)[:, None]).astype(np.int64)
        rows[into] = deck.take(swap)
        deck.put(swap, deck.take(top))
    return rows.T.reshape(len(generators), batches, -1)

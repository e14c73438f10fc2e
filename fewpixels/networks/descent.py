"""Gradient descent on a stack of replicates, with early stopping."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fewpixels.arrays import Floats, Whole
from fewpixels.images.subset import accuracy
from fewpixels.networks.layers import (
    ACTIVATIONS,
    Signals,
    backpropagate,
    cross_entropy,
    forward,
    places,
)
from fewpixels.networks.protocols import Protocol

_DRAWN_AT_ONCE = 64


@dataclass(frozen=True)
class Trained:
    """Weights, updates and history of a stack; its replicates count from 0."""

    weights: list[Floats]
    updates: Whole
    history: list[list[Any]]


def descend(
    train: tuple[Floats, Whole],
    validation: tuple[Floats, Whole],
    weights: list[Floats],
    rngs: list[np.random.Generator],
    protocol: Protocol,
    hyperparameters: Mapping[str, Any],
) -> Trained:
    """Gradient descent on a stack of replicates, each until it stops or diverges.

    Parameters
    ----------
    train, validation : tuple
        Images (R, n, d + 1), with a last column of ones, and classes (R, n).
    weights : list of ndarray, shapes (R, outputs, inputs + 1)
        At the start; overwritten.
    rngs : list of R generators
        Of the mini-batches.
    protocol : Protocol
    hyperparameters : mapping
    """
    (x, y), (x_val, y_val) = train, validation
    activation = ACTIVATIONS[hyperparameters["activation"]]
    mini = hyperparameters["batch"] == "mini"
    # Images of each class in a batch; the step is for the mean gradient over them, or over one's.
    drawn = np.bincount(y[0])
    if mini:
        drawn = np.minimum(drawn, hyperparameters["per_class"])
    rate = np.float32(
        hyperparameters["learning_rate"] / (drawn.mean() if protocol.by_class else drawn.sum())
    )
    patience = hyperparameters["patience"]
    if protocol.counts_best:
        patience -= 1  # the published loop counts the best itself
    size = drawn.sum()
    through, through_val = Signals.of(weights, size), Signals.of(weights, x_val.shape[1])
    # Logits beyond it are those of training that diverged.
    start = np.abs(forward(x_val, weights, activation, through_val)).max(axis=(1, 2))
    bound = protocol.exploded * np.maximum(start, np.log(len(drawn)))

    # Arrays of the stack's live replicates shrink; these hold every replicate.
    live = np.arange(len(x))
    final = [w.copy() for w in weights]
    updates = np.zeros(len(x), np.int64)
    best = np.full(len(x), -np.inf)
    best_at = np.zeros(len(x), np.int64)
    history: list[list[Any]] = []
    x_batch, y_batch = x, y
    if mini:
        x_batch = np.empty((len(x), size, x.shape[2]), x.dtype)
        y_batch = np.broadcast_to(np.repeat(np.arange(len(drawn)), drawn), (len(x), size))
    true, true_val = places(y_batch, len(drawn)), places(y_val, len(drawn))
    for step in range(1, hyperparameters["max_updates"] + 1):
        # One step on a batch: all images, or some of each class.
        if mini:
            turn = (step - 1) % _DRAWN_AT_ONCE
            if turn == 0:
                batches = draw_batches([rngs[r] for r in live], y, drawn, _DRAWN_AT_ONCE)
            _gather(x, batches[:, turn], x_batch)
        loss, gradients = backpropagate(x_batch, true, weights, activation, protocol.clamp, through)
        for weight, gradient in zip(weights, gradients, strict=True):
            gradient *= rate
            weight -= gradient
        if step % hyperparameters["validate_every"] and step < hyperparameters["max_updates"]:
            continue

        # How good it is on validation, and whether it got lost.
        logits = forward(x_val, weights, activation, through_val)
        lost = ~(np.abs(logits).max(axis=(1, 2)) < bound[live])  # so too where they are NaN
        correct = np.where(lost, np.nan, accuracy(logits.argmax(axis=1), y_val))
        score = -cross_entropy(logits, true_val, protocol.clamp)[0] if protocol.on_loss else correct
        history.extend(
            [r, step, a, b]
            for r, a, b in zip(live.tolist(), loss.tolist(), correct.tolist(), strict=True)
        )
        # Who is at its best, and who has waited too long for a better one.
        better = ~lost & (score > best[live])
        best[live[better]] = score[better]
        best_at[live[better]] = step
        stopped = lost | (step - best_at[live] >= patience)
        if step == hyperparameters["max_updates"]:
            stopped[:] = True
        # Keep the weights that count; of a replicate that diverged there are none.
        kept = better if protocol.keeps_best else stopped
        if kept.any():
            for to, weight in zip(final, weights, strict=True):
                to[live[kept]] = weight[kept]
        if lost.any():
            for to in final:
                to[live[lost]] = np.nan
        if stopped.any():
            # The others leave the stack.
            updates[live[stopped]] = step
            stay = ~stopped
            live = live[stay]
            if not live.size:
                break
            x, y, x_val, y_val, y_batch = (
                _remaining(a, stay) for a in (x, y, x_val, y_val, y_batch)
            )
            true, true_val = places(y_batch, len(drawn)), places(y_val, len(drawn))
            weights = [w[stay] for w in weights]
            through, through_val = (s.of_first(len(live)) for s in (through, through_val))
            if mini:
                batches, x_batch = batches[stay], x_batch[: len(live)]
            else:
                x_batch = x
    return Trained(final, updates, history)


def _remaining(images: NDArray[Any], stay: NDArray[np.bool_]) -> NDArray[Any]:
    """Images (R, …) of the replicates that stay; those held once for all are not copied."""
    return images[stay] if images.strides[0] else images[: stay.sum()]


def _gather(images: Floats, rows: Whole, out: Floats) -> None:
    """Write rows (R, m) of images (R, n, d) to (R, m, d)."""
    n, d = images.shape[1:]
    held = images[0]
    if images.strides[0]:
        held = images.reshape(-1, d)
        rows = rows + n * np.arange(len(rows))[:, None]
    held.take(rows, axis=0, out=out, mode="clip")  # without a mode it is written to a copy first


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
    size = np.bincount(y[0])
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

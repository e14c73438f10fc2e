"""Gradient descent on a stack of replicates, with early stopping."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from fewpixels.arrays import Floats, Whole
from fewpixels.images.subset import accuracy
from fewpixels.networks.batches import Batches
from fewpixels.networks.layers import (
    ACTIVATIONS,
    Signals,
    backpropagate,
    cross_entropy,
    forward,
)
from fewpixels.networks.protocols import Protocol


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
    activation = ACTIVATIONS[hyperparameters["activation"]]
    per_class = hyperparameters["per_class"] if hyperparameters["batch"] == "mini" else None
    classes = weights[-1].shape[1]
    batches = Batches(*train, classes, rngs, per_class)
    validating = Batches(*validation, classes)
    # The step is for the mean gradient over the images of a batch, or over those of a class.
    drawn = batches.drawn
    rate = np.float32(
        hyperparameters["learning_rate"] / (drawn.mean() if protocol.by_class else drawn.sum())
    )
    patience = hyperparameters["patience"]
    if protocol.counts_best:
        patience -= 1  # the published loop counts the best itself
    signals, signals_val = (Signals.of(weights, b.true.shape[1]) for b in (batches, validating))
    # Logits beyond it are those of training that diverged.
    start = np.abs(forward(validating[0], weights, activation, signals_val)).max(axis=(1, 2))
    bound = protocol.exploded * np.maximum(start, np.log(classes))

    # Arrays of the stack's live replicates shrink; these hold every replicate.
    replicates = len(weights[0])
    live = np.arange(replicates)
    final = [w.copy() for w in weights]
    updates = np.zeros(replicates, np.int64)
    best = np.full(replicates, -np.inf)
    best_at = np.zeros(replicates, np.int64)
    history: list[list[Any]] = []
    for step in range(1, hyperparameters["max_updates"] + 1):
        loss, gradients = backpropagate(
            batches[step - 1], batches.true, weights, activation, protocol.clamp, signals
        )
        for weight, gradient in zip(weights, gradients, strict=True):
            gradient *= rate
            weight -= gradient
        if step % hyperparameters["validate_every"] and step < hyperparameters["max_updates"]:
            continue

        # How good it is on validation, and whether it got lost.
        logits = forward(validating[0], weights, activation, signals_val)
        lost = ~(np.abs(logits).max(axis=(1, 2)) < bound[live])  # so too where they are NaN
        correct = score = np.where(lost, np.nan, accuracy(logits.argmax(axis=1), validating.y))
        if protocol.on_loss:
            score = -cross_entropy(logits, validating.true, protocol.clamp)[0]
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
            batches.keep(stay)
            validating.keep(stay)
            weights = [w[stay] for w in weights]
            signals, signals_val = (s.of_first(len(live)) for s in (signals, signals_val))
    return Trained(final, updates, history)

"""Many classes by perceptrons of two: one against the rest, or one against one."""

from itertools import combinations, permutations

import numpy as np
from numpy.typing import NDArray

from fewpixels.arrays import Doubles
from fewpixels.contract import top_and_margin


def _pairs(scheme: str, classes: int) -> list[tuple[int, int]]:
    """The pairs of classes that a perceptron each tells apart."""
    choose = combinations if scheme == "one-vs-one-unordered" else permutations
    return list(choose(range(classes), 2))


def signs_of(scheme: str, classes: int) -> Doubles:
    """+1 or −1 for each class and perceptron (C, P), 0 where it does not train on the class."""
    if scheme == "one-vs-rest":
        return 2 * np.eye(classes) - 1
    pairs = _pairs(scheme, classes)
    sign = np.zeros((classes, len(pairs)))
    for p, (a, b) in enumerate(pairs):
        sign[[a, b], p] = 1, -1
    return sign


def pairs_of(scheme: str, classes: int) -> NDArray[np.int64]:
    """Classes (P, 2) that each perceptron tells apart; none (0, 2) one against the rest."""
    pairs = [] if scheme == "one-vs-rest" else _pairs(scheme, classes)
    return np.array(pairs, np.int64).reshape(-1, 2)


def decide(
    scores: Doubles, scheme: str, classes: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Labels (...) and margins (...) from the scores (P, ...) of all perceptrons."""
    if scheme == "one-vs-rest":
        return top_and_margin(np.moveaxis(scores, 0, -1))
    votes = np.zeros((classes, *scores.shape[1:]), np.int16)
    for own, (a, b) in zip(scores, _pairs(scheme, classes), strict=True):
        votes[a] += own >= 0
        votes[b] += own < 0
    return top_and_margin(np.moveaxis(votes, 0, -1))

"""k-nearest neighbours in plain Python."""

from math import sqrt

import numpy as np
from helpers import subset


def brute_force(images, labels, image, k, ties):
    """Label and margin of one image, from Python numbers only."""
    squares = [sum((a - b) ** 2 for a, b in zip(image, other, strict=True)) for other in images]
    # sorted() is stable, so equidistant neighbours stay in training order.
    nearest = sorted(range(len(images)), key=lambda i: squares[i])[:k]
    votes, total = {}, {}
    for i in nearest:
        votes[labels[i]] = votes.get(labels[i], 0) + 1
        total[labels[i]] = total.get(labels[i], 0.0) + sqrt(squares[i])
    counts = sorted([*votes.values(), 0])
    margin = counts[-1] - counts[-2]
    if ties == "nearer":
        return min(votes, key=lambda c: (-votes[c], total[c], c)), margin
    winner = min(votes, key=lambda c: (-votes[c], c))
    return (min(votes) if votes[winner] < k / 2 else winner), margin


def line(points, labels):
    """Images of one pixel, in training order, for a single replicate."""
    return subset(np.reshape(points, (-1, 1)), labels, [np.arange(len(points))])

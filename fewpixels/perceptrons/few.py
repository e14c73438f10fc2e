"""The perceptron's visits with weights of a few explicit features, compiled.

The images that are visited next are scored many at a time, side by side in vectors. Those that
follow a mistake are scored again, with the weights that it left.
"""

import numpy as np
from numba import njit

import fewpixels.compiled  # noqa: F401 - before anything is compiled
from fewpixels.arrays import Doubles, Whole

# Images that are scored at once: after a mistake, and at most.
LEAST, MOST = 16, 128


@njit(inline="always")
def _score_ahead(weights: Doubles, x: Doubles, start: int, length: int, scores: Doubles) -> None:
    """Score the next images.

    Parameters
    ----------
    weights : ndarray of float64, shape (f,)
        Of a multiple of four features, so that four products are added up in registers.
    x : ndarray of float64, shape (f, n)
        Features of all images.
    start, length : int
        Images to score, from here on.
    scores : ndarray of float64, shape (≥ length,)
        Overwritten.
    """
    for j in range(0, len(weights), 4):
        w0, w1, w2, w3 = weights[j], weights[j + 1], weights[j + 2], weights[j + 3]
        x0, x1 = x[j, start : start + length], x[j + 1, start : start + length]
        x2, x3 = x[j + 2, start : start + length], x[j + 3, start : start + length]
        if j == 0:
            for k in range(length):
                scores[k] = w0 * x0[k] + w1 * x1[k] + w2 * x2[k] + w3 * x3[k]
        else:
            for k in range(length):
                scores[k] += w0 * x0[k] + w1 * x1[k] + w2 * x2[k] + w3 * x3[k]


@njit(
    "Tuple((i8[:,::1], i8[:,::1], i8[:,::1], f8[:,:,::1], f8[:,:,::1]))"
    "(f8[:,::1], f8[:,::1], f8[:,::1], i8[::1], i8[:,::1], i8, b1)",
    cache=True,
    nogil=True,
)
def visit_few(
    scored: Doubles,
    added: Doubles,
    sign: Doubles,
    groups: Whole,
    order: Whole,
    total: int,
    averaged: bool,
) -> tuple[Whole, Whole, Whole, Doubles, Doubles]:
    """Train perceptrons in all epochs: Rosenblatt's loop.

    Parameters
    ----------
    scored : ndarray of float64, shape (f, n)
        Features of the images that weights are multiplied by.
    added : ndarray of float64, shape (n, f)
        What a mistake adds to them.
    sign : ndarray of float64, shape (P, n)
        +1 or −1 for each perceptron and image, 0 where it does not train on the image.
    groups : ndarray of int64, shape (P,)
        Perceptrons of a group, numbered from 0 on, train on the same images.
    order : ndarray of int64, shape (epochs, n) or (1, n)
        Visits of each epoch, or of all epochs.
    total : int
        Visits to images in all; the last epoch can be cut short.
    averaged : bool
        Whether times are needed.

    Returns
    -------
    alpha, late : ndarray of int64, shape (P, n)
        What mistakes added to an image's coefficient; and that times their times (see
        `fewpixels.perceptrons.loops`), where `averaged`, else 0.
    mistakes : ndarray of int64, shape (P, epochs)
    weights, lag : ndarray of float64, shape (P, epochs, f)
        After each epoch; and where `averaged`, the sums of what mistakes added times their times.
    """
    n, width = added.shape
    epochs = (total + n - 1) // n
    alpha, late = np.zeros(sign.shape, np.int64), np.zeros(sign.shape, np.int64)
    mistakes = np.zeros((len(sign), epochs), np.int64)
    weights = np.zeros((len(sign), epochs, width))
    lag = np.zeros((len(sign), epochs if averaged else 0, width))
    padded = (width + 3) // 4 * 4
    current, behind = np.zeros((len(sign), padded)), np.zeros((len(sign), width))
    # Of the images that a group trains on, in the order of their visits.
    own, x = np.zeros(n, np.int64), np.zeros((padded, n + MOST))
    positive = np.zeros((len(sign), n), np.bool_)
    scores = np.empty(MOST)
    for group in range(groups.max() + 1):
        members = np.flatnonzero(groups == group)
        inside = sign[members[0]] != 0
        before = m = 0
        for epoch in range(epochs):
            visits = min(n, total - epoch * n)
            if epoch == 0 or len(order) > 1 or visits < n:
                m = 0
                for i in order[epoch % len(order)][:visits]:
                    own[m] = i  # overwritten by the next, if it is not inside
                    m += inside[i]
                for j in range(width):
                    for k in range(m):
                        x[j, k] = scored[j, own[k]]
                for p in members:
                    for k in range(m):
                        positive[p, k] = sign[p, own[k]] > 0
            made = 0
            for p in members:
                w, plus, start, length = current[p], positive[p], 0, LEAST
                while start < m:
                    stop = min(start + length, m)
                    # In whole vectors; past the last image, scores are not read.
                    _score_ahead(w, x, start, (stop - start + LEAST - 1) // LEAST * LEAST, scores)
                    k = start
                    while k < stop and (scores[k - start] >= 0) == plus[k]:
                        k += 1
                    start, length = k, min(4 * length, MOST)
                    if k < stop:
                        i, change = own[k], 1 if plus[k] else -1
                        mistakes[p, epoch] += 1
                        alpha[p, i] += change
                        for j in range(width):
                            w[j] += change * added[i, j]
                        if averaged:
                            change *= before + k
                            late[p, i] += change
                            for j in range(width):
                                behind[p, j] += change * added[i, j]
                        start, length = k + 1, LEAST
                made += mistakes[p, epoch]
                weights[p, epoch] = w[:width]
                if averaged:
                    lag[p, epoch] = behind[p]
            before += m
            if made == 0:  # every image was right: nothing changes any more
                for p in members:
                    weights[p, epoch:] = current[p, :width]
                    lag[p, epoch:] = behind[p]
                break
    return alpha, late, mistakes, weights, lag

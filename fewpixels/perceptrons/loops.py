"""The perceptron's visits to its training images, compiled.

A mistake has a time: the visits that the perceptron made before, ≥ 0.
"""

import numpy as np
from numba import float64, int64, njit, types
from numpy.typing import NDArray

import fewpixels.compiled  # noqa: F401 - before anything is compiled
from fewpixels.arrays import Doubles, Floats, Whole

# Files give matrices that are read-only.
_Held = types.Array(float64, 2, "C", readonly=True)


@njit(
    "Tuple((i8[::1], i8[::1]))(f8[:,::1], f8[::1], i8[:,::1], i8, f8[::1])", cache=True, nogil=True
)
def visit(
    gram: Doubles, sign: Doubles, order: Whole, visits: int, scores: Doubles
) -> tuple[Whole, Whole]:
    """Train one perceptron in kernel form.

    Parameters
    ----------
    gram : ndarray of float64, shape (m, m)
        Inner products of the m images that it visits.
    sign : ndarray of float64, shape (m,)
        Their classes, +1 or −1.
    order : ndarray of int64, shape (epochs, m) or (1, m)
        Visits of each epoch, or of all epochs.
    visits : int
        In all; the last epoch can be cut short.
    scores : ndarray of float64, shape (m,)
        Of the images, brought up to date in place.

    Returns
    -------
    images, times : ndarray of int64, shape (mistakes,)
        Of the mistakes.
    """
    m = len(gram)
    images, times = np.empty(visits, np.int64), np.empty(visits, np.int64)
    mistakes = t = 0
    for epoch in range((visits + m - 1) // m):
        before = mistakes
        for i in order[epoch % len(order)][: visits - t]:
            s = sign[i]
            if (scores[i] >= 0) != (s > 0):
                images[mistakes], times[mistakes] = i, t
                mistakes += 1
                for j in range(m):
                    scores[j] += s * gram[i, j]
            t += 1
        if mistakes == before:
            break  # every image was right: nothing changes any more
    return images[:mistakes].copy(), times[:mistakes].copy()


@njit("Tuple((i8[::1], i8))(f8[:,::1], b1[::1], f8[::1], i8, f8[::1])", cache=True, nogil=True)
def visit_known(
    gram: Doubles, known: NDArray[np.bool_], sign: Doubles, start: int, scores: Doubles
) -> tuple[Whole, int]:
    """Visit images in order, up to a mistake that needs a row which is not known.

    Parameters
    ----------
    gram : ndarray of float64, shape (m, m)
        Inner products of the m images; only rows that are known are read.
    known : ndarray of bool, shape (m,)
        Of which images.
    sign : ndarray of float64, shape (m,)
        Their classes, +1 or −1.
    start : int
        The first to visit.
    scores : ndarray of float64, shape (m,)
        Brought up to date in place.

    Returns
    -------
    images : ndarray of int64, shape (mistakes,)
    stop : int
        The image whose row is needed; m without one.
    """
    m = len(gram)
    images = np.empty(m, np.int64)
    mistakes = 0
    for i in range(start, m):
        if (scores[i] >= 0) != (sign[i] > 0):
            if not known[i]:
                return images[:mistakes].copy(), i
            images[mistakes] = i
            mistakes += 1
            for j in range(m):
                scores[j] += sign[i] * gram[i, j]
    return images[:mistakes].copy(), m


@njit("void(f8[:,::1], f8[:,:], f8[:,:])", cache=True, nogil=True)
def add_rows(rows: Doubles, change: Doubles, scores: Doubles) -> None:
    """Add to scores (P, n), in place and in order, `change` (P, k) times the rows (k, n)."""
    for i in range(len(rows)):
        for p in range(len(scores)):
            if change[p, i] != 0:
                for j in range(scores.shape[1]):
                    scores[p, j] += change[p, i] * rows[i, j]


@njit(float64[:, ::1](_Held, float64, int64), cache=True, nogil=True)
def power(dot: Doubles, constant: float, degree: int) -> Doubles:
    """(constant + dot)^degree, shape (n, m)."""
    n, m = dot.shape
    out = np.empty((n, m))
    for i in range(n):
        for j in range(m):
            out[i, j] = constant + dot[i, j]
        for _ in range(1, degree):
            for j in range(m):
                out[i, j] *= constant + dot[i, j]
    return out


LAST, AVERAGED, VOTED = 0, 1, 2


@njit("f8[:,::1](f8[:,::1], i8[::1], i8[::1])", cache=True, nogil=True)
def part(matrix: Doubles, rows: Whole, columns: Whole) -> Doubles:
    """Some rows and columns of a matrix."""
    out = np.empty((len(rows), len(columns)))
    for i in range(len(rows)):
        row = matrix[rows[i]]
        for j in range(len(columns)):
            out[i, j] = row[columns[j]]
    return out


@njit("i8[:,::1](i8[:,::1], b1[::1])", cache=True, nogil=True)
def visits_to(order: Whole, inside: NDArray[np.bool_]) -> Whole:
    """Visits to some of the images.

    Parameters
    ----------
    order : ndarray of int64, shape (epochs, n)
        Of all images, once each.
    inside : ndarray of bool, shape (n,)

    Returns
    -------
    ndarray of int64, shape (epochs, m)
        Places among the m images that are inside.
    """
    n = len(inside)
    place = np.empty(n, np.int64)
    m = 0
    for i in range(n):
        place[i] = m
        m += inside[i]
    out = np.empty((len(order), m), np.int64)
    own = np.empty(n, np.int64)
    for epoch in range(len(order)):
        k = 0
        for i in order[epoch]:
            own[k] = place[i]  # overwritten by the next, if it is not inside
            k += inside[i]
        out[epoch] = own[:m]
    return out


@njit("i8[:,::1](f8[:,::1], i8[:,::1], i8[:,::1], i8)", cache=True, nogil=True)
def label(scores: Doubles, rows: Whole, pairs: Whole, classes: int) -> Whole:
    """Classes of images, without margins; see `fewpixels.perceptrons.schemes.decide`.

    Parameters
    ----------
    scores : ndarray of float64, shape (s, n)
    rows : ndarray of int64, shape (P, E)
        Which of the scores are each perceptron's after each epoch.
    pairs : ndarray of int64, shape (P, 2) or (0, 2)
        Classes that a score of 0 and more, or of less, votes for; none if the largest score wins.
    classes : int

    Returns
    -------
    ndarray of int64, shape (E, n)
    """
    n = scores.shape[1]
    tally, best = np.zeros((classes, n)), np.empty(n)
    found = np.zeros((rows.shape[1], n), np.int64)
    for e in range(len(found)):
        if len(pairs):
            tally[:] = 0
        for p in range(len(rows)):
            own = scores[rows[p, e]]
            if len(pairs):
                first, second = tally[pairs[p, 0]], tally[pairs[p, 1]]
                for j in range(n):
                    first[j] += own[j] >= 0
                    second[j] += own[j] < 0
            else:
                tally[p] = own
        best[:] = tally[0]
        for c in range(1, classes):
            for j in range(n):
                more = tally[c, j] > best[j]
                best[j] = tally[c, j] if more else best[j]
                found[e, j] = c if more else found[e, j]
    return found


@njit("f8[:,::1](f8[:,::1], i8[:], f8[:], i8[:], i8[:], i8)", cache=True, nogil=True)
def follow(
    rows: Doubles, images: Whole, changes: Doubles, times: Whole, ends: Whole, weights: int
) -> Doubles:
    """Score images by a perceptron, mistake by mistake.

    Parameters
    ----------
    rows : ndarray of float64, shape (k, n)
        Inner products of training images with the n images.
    images : ndarray of int64, shape (mistakes,)
        Rows of the images that the perceptron mistook.
    changes : ndarray of float64, shape (mistakes,)
        What each mistake added to the image's coefficient.
    times : ndarray of int64, shape (mistakes,)
        Ascending.
    ends : ndarray of int64, shape (E,)
        Ascending: visits after which to score.
    weights : int
        `LAST`. Or `AVERAGED`: the mean over the weights after each visit, so that a mistake at
        the t-th of T visits weighs (T − t + 1) / T. Or `VOTED`: the sum of the signs of their
        scores, +1 for a score of 0 (both of Freund and Schapire 1999, figure 1).

    Returns
    -------
    ndarray of float64, shape (E, n)
    """
    n = rows.shape[1]
    scores = np.empty((len(ends), n))
    # By the last weights; what the average lags behind, times the visits; votes.
    current, lag, votes = np.zeros(n), np.zeros(n), np.zeros(n)
    k = since = 0
    for e in range(len(ends)):
        while k < len(images) and times[k] < ends[e]:
            row, change = rows[images[k]], changes[k]
            if weights == VOTED:
                lasted = times[k] - since
                for j in range(n):
                    votes[j] += lasted if current[j] >= 0 else -lasted
                since = times[k]
            for j in range(n):
                current[j] += change * row[j]
            if weights == AVERAGED:
                late = change * times[k]
                for j in range(n):
                    lag[j] += late * row[j]
            k += 1
        for j in range(n):
            if weights == VOTED:
                last = ends[e] - since
                scores[e, j] = votes[j] + (last if current[j] >= 0 else -last)
                if not np.isfinite(current[j]):  # beyond the range of float64
                    scores[e, j] = np.nan
            else:
                scores[e, j] = current[j] - lag[j] / max(ends[e], 1)
    return scores


_SIGNATURE = (
    "Tuple((i8[::1], i8[::1], i8[::1]))"
    "({}[:,::1], i8[::1], f8[:,::1], f8[::1], i8[::1], f8[:,::1], f8[:,::1], b1)"
)


@njit(
    [_SIGNATURE.format("f4"), _SIGNATURE.format("f8")],
    cache=True,
    nogil=True,
    fastmath={"reassoc", "contract"},
)
def visit_features(
    features: Floats | Doubles,
    classes: Whole,
    sign: Doubles,
    scale: Doubles,
    visits: Whole,
    weights: Doubles,
    early: Doubles,
    averaged: bool,
) -> tuple[Whole, Whole, Whole]:
    """Train perceptrons with explicit weights: Rosenblatt's loop.

    One perceptron after the other, so that its weights and the images stay in a core's cache.

    Parameters
    ----------
    features : ndarray of float32 or float64, shape (n, f)
        Of images, visited in their order.
    classes : ndarray of int64, shape (n,)
    sign : ndarray of float64, shape (C, P)
        +1 or −1 for each class and perceptron, 0 where it does not train on the class.
    scale : ndarray of float64, shape (f,)
        A mistake adds so many times the feature to its weight.
    visits : ndarray of int64, shape (P,)
        Of each perceptron before, brought up to date in place.
    weights : ndarray of float64, shape (P, f)
        Brought up to date in place.
    early : ndarray of float64, shape (P, f)
        The same sums, each mistake times its time, where `averaged`.
    averaged : bool

    Returns
    -------
    perceptrons, images, times : ndarray of int64, shape (mistakes,)
        Of the mistakes, those of each perceptron in order.
    """
    n, width = features.shape
    found = np.empty((3, n * len(weights)), np.int64)
    visited = np.empty(n, np.int64)
    mistakes = 0
    for p in range(len(weights)):
        own = weights[p]
        m = 0
        for i in range(n):  # without a branch, which would often be mispredicted
            visited[m] = i
            m += sign[classes[i], p] != 0
        for i in visited[:m]:
            s, image = sign[classes[i], p], features[i]
            score = 0.0
            for j in range(width):
                score += own[j] * image[j]
            if (score >= 0) != (s > 0):
                found[0, mistakes], found[1, mistakes], found[2, mistakes] = p, i, visits[p]
                mistakes += 1
                for j in range(width):
                    own[j] += s * scale[j] * image[j]
                if averaged:
                    for j in range(width):
                        early[p, j] += s * visits[p] * scale[j] * image[j]
            visits[p] += 1
    return found[0, :mistakes].copy(), found[1, :mistakes].copy(), found[2, :mistakes].copy()

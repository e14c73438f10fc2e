"""The perceptron's visits to its training images, compiled."""

import numpy as np
from numba import njit


@njit(
    "Tuple((f8[:,::1], f8[:,::1], i8[::1]))(f8[:,::1], f8[::1], i8[::1], i8[:,::1], i8)",
    cache=True,
)
def visit(gram, sign, place, order, epochs):  # type: ignore[no-untyped-def]
    """Train one perceptron.

    Parameters
    ----------
    gram : ndarray of float64, shape (m, m)
        Of the m images that the perceptron trains on.
    sign : ndarray of float64, shape (m,)
        Their classes, +1 or −1.
    place : ndarray of int64, shape (n,)
        Row in `gram` of each training image, −1 where the perceptron ignores it.
    order : ndarray of int64, shape (epochs, n) or (1, n)
        Visits of each epoch, or of all epochs.
    epochs : int

    Returns
    -------
    last : ndarray of float64, shape (epochs, m)
        Coefficients after each epoch.
    average : ndarray of float64, shape (epochs, m)
        Their mean after each visit so far (the averaged perceptron of Freund and Schapire
        1999): a mistake at the t-th of T visits weighs (T − t + 1) / T.
    mistakes : ndarray of int64, shape (epochs,)
    """
    m = len(sign)
    last = np.empty((epochs, m))
    average = np.empty((epochs, m))
    mistakes = np.zeros(epochs, np.int64)
    alpha, early, scores = np.zeros(m), np.zeros(m), np.zeros(m)
    visits = 0
    for epoch in range(epochs):
        for image in order[epoch % len(order)]:
            i = place[image]
            if i < 0:
                continue
            if (1.0 if scores[i] >= 0 else -1.0) != sign[i]:
                mistakes[epoch] += 1
                alpha[i] += sign[i]
                early[i] += sign[i] * visits
                for j in range(m):
                    scores[j] += sign[i] * gram[i, j]
            visits += 1
        for j in range(m):
            last[epoch, j] = alpha[j]
            average[epoch, j] = alpha[j] - early[j] / visits
    return last, average, mistakes

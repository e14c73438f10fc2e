"""The perceptron's visits to its training images, compiled."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from fewpixels.kernels import Doubles


@njit(
    "Tuple((f8[::1], f8[:,::1], i8[::1]))(f8[:,::1], f8[::1], i8[:,::1], i8, b1)",
    cache=True,
)
def visit(
    gram: Doubles, sign: Doubles, order: NDArray[np.int64], epochs: int, averaged: bool
) -> tuple[Doubles, Doubles, NDArray[np.int64]]:
    """Train one perceptron.

    Parameters
    ----------
    gram : ndarray of float64, shape (m, m + v)
        Inner products of the m images that the perceptron trains on with each other and,
        in the last columns, with v validation images.
    sign : ndarray of float64, shape (m,)
        Their classes, +1 or −1.
    order : ndarray of int64, shape (epochs, m) or (1, m)
        Visits of each epoch, or of all epochs.
    epochs : int
    averaged : bool
        Use the mean of the weights after each visit so far (the averaged perceptron of Freund
        and Schapire 1999) in place of the last weights: a mistake at the t-th of T visits
        weighs (T − t + 1) / T.

    Returns
    -------
    alpha : ndarray of float64, shape (m,)
        Coefficients after the last epoch.
    scores : ndarray of float64, shape (epochs, v)
        Of the validation images, after each epoch.
    mistakes : ndarray of int64, shape (epochs,)
    """
    m, columns = gram.shape
    scores = np.empty((epochs, columns - m))
    mistakes = np.zeros(epochs, np.int64)
    alpha, early = np.zeros(m), np.zeros(m)
    # Scores by the last weights, and what the average still lags behind, times the visits.
    current, lag = np.zeros(columns), np.zeros(columns)
    visits = 0
    for epoch in range(epochs):
        if epoch > 0 and mistakes[epoch - 1] == 0:
            visits += m  # every image is right: nothing changes any more
        else:
            for i in order[epoch % len(order)]:
                if (current[i] >= 0) != (sign[i] > 0):
                    mistakes[epoch] += 1
                    alpha[i] += sign[i]
                    for j in range(columns):
                        current[j] += sign[i] * gram[i, j]
                    if averaged:
                        early[i] += sign[i] * visits
                        for j in range(m, columns):
                            lag[j] += sign[i] * visits * gram[i, j]
                visits += 1
        for j in range(m, columns):
            scores[epoch, j - m] = current[j] - lag[j] / visits
    return alpha - early / visits, scores, mistakes

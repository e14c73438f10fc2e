"""Summaries over replicates."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit


def deviation(values: ArrayLike) -> float:
    """Standard deviation of a sample, with n − 1 in the denominator.

    0 for a single value, NaN for none.

    Parameters
    ----------
    values : array_like of float, shape (R,)

    Returns
    -------
    float
    """
    values = np.asarray(values, dtype=np.float64)
    if values.size < 2:
        return 0.0 if values.size else float("nan")
    return float(values.std(ddof=1))


def next_replicate(values: ArrayLike, confidence: float = 0.95) -> tuple[float, float]:
    """Prediction interval for one more replicate.

    Mean ± t(R − 1) · s · √(1 + 1/R), for a normal distribution of the replicates' values
    (Hahn and Meeker, Statistical Intervals, 1991, section 4.7, for one future observation).

    Parameters
    ----------
    values : array_like of float, shape (R,)
        One value for each replicate.
    confidence : float
        In (0, 1).

    Returns
    -------
    low, high : float
        The mean twice where R is 1.
    """
    values = np.asarray(values, dtype=np.float64)
    mean, n = float(values.mean()), values.size
    if n == 1:
        return mean, mean
    half = float(stdtrit(n - 1, (1 + confidence) / 2)) * deviation(values) * np.sqrt(1 + 1 / n)
    return mean - half, mean + half

"""What many intervals and p-values decide together."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fewpixels.statistics.intervals import Interval


def holm(p: ArrayLike) -> NDArray[np.float64]:
    """Adjust p-values for being many (Holm, Scandinavian Journal of Statistics 6, 1979).

    Parameters
    ----------
    p : array_like of float, shape (m,)
        p-values in [0, 1].

    Returns
    -------
    ndarray of float64, shape (m,)
        Rejecting those of at most α keeps the chance of any false rejection at α or below.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03])
    array([0.03, 0.06, 0.06])
    """
    p = np.asarray(p, dtype=np.float64)
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * np.arange(p.size, 0, -1))
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(stepped, 1)
    return adjusted


def smallest_sufficient(bounds: Sequence[Interval]) -> tuple[int, int]:
    """Confidence set for the smallest size at which a quantity is not negative.

    Fixed-sequence tests: hypotheses in an order that was settled beforehand, each tested at
    2.5% up to the first that is not rejected, so that any true one is rejected with at most 2.5%
    (Maurer, Hothorn and Lehmacher, Multiple comparisons in drug clinical trials and preclinical
    assays: a-priori ordered hypotheses, 1995; as confidence sets, Hsu and Berger, Stepwise
    confidence intervals without multiplicity adjustment for dose-response and toxicity studies,
    JASA 94, 1999). From the largest size down, the set ends above the first size whose lower
    bound is not positive; from the smallest up, it begins at the first whose upper bound is not
    negative. Each end is wrong with at most 2.5%, however sizes depend on each other and whatever
    the curve's form: where it crosses 0 several times, the set holds the first size that suffices
    as well as the first from which on all do.

    Parameters
    ----------
    bounds : sequence of (low, high), length m
        95% intervals of the quantity by size, the smallest first; infinite where nothing is
        known. That of the largest does not count: it suffices by definition.

    Returns
    -------
    low, high : int
        Places in `bounds` of the smallest and the largest size of the set; 0 ≤ low ≤ high < m.

    Examples
    --------
    >>> smallest_sufficient([(-0.3, -0.2), (-0.1, 0.1), (0.1, 0.2), (-0.1, 0.2), (0.2, 0.3)])
    (1, 4)
    """
    last = len(bounds) - 1
    low = next((i for i in range(last) if bounds[i][1] >= 0), last)
    high = next((i + 1 for i in reversed(range(last)) if bounds[i][0] <= 0), 0)
    return low, high

"""What replicates tell: spread, intervals, paired comparisons.

Replicates are splits of one pool of images, so they share training images, and are not a
sample of independent studies. Which interval holds therefore depends on what is asked: of
one more replicate, of another split of the same images, or of another sample of images.
Intervals are two-sided; where a single replicate shows no spread they are unbounded.

Scores on n fresh images lie between two ends, and a few images that score alike, at an end
perhaps, do not show that all others would. So z² imaginary images join them, half at each end (at
95%, two at each, about). They count in the mean x̃ that an interval is centred on and in the
variance ṽ over all ñ = n + z², not in the mean x̄ that is shown. For right and wrong answers
x̃ ± z·√(ṽ/ñ) is the interval of Agresti and Coull (Approximate is better than "exact" for interval
estimation of binomial proportions, American Statistician 52, 1998), and holds Wilson's. Any x̄ is
inside. With ends at c ± h, x̃ is z²/ñ·|c − x̄| from it, which is at most z²/ñ·h; and the imaginary
images alone make ṽ at least z²/ñ·h², so that z·√(ṽ/ñ) is no less.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fewpixels.statistics.classes import weights

Interval = tuple[float, float]


def converged(*scores: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    """Keep the replicates that converged in all of several results.

    Parameters
    ----------
    *scores : ndarray of float64, shape (R,) or (R, n)
        NaN where a replicate diverged.

    Returns
    -------
    tuple of ndarray
        Each with those replicates alone.
    """
    lost = [np.isnan(own.reshape(len(own), -1)).any(axis=1) for own in scores]
    kept = ~np.logical_or.reduce(lost)
    return tuple(own[kept] for own in scores)


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


def next_replicate(values: ArrayLike, confidence: float = 0.95) -> Interval:
    """Prediction interval for one more replicate.

    Mean ± t(R − 1) · s · √(1 + 1/R), for a normal distribution of the replicates' values
    (Hahn and Meeker, Statistical Intervals, 1991, chapter 4, for one future observation).

    Parameters
    ----------
    values : array_like of float, shape (R,)
        One value for each replicate.
    confidence : float
        In (0, 1).

    Returns
    -------
    low, high : float

    Examples
    --------
    >>> low, high = next_replicate([0.81, 0.83, 0.82, 0.84, 0.80])
    >>> print(f"{low:.3f} to {high:.3f}")
    0.772 to 0.868
    """
    values = np.asarray(values, dtype=np.float64)
    return _t_interval(values, deviation(values) ** 2 + _of_mean(values), confidence)


def corrected_resampled(
    values: ArrayLike, n_train: int, n_test: int, confidence: float = 0.95
) -> Interval:
    """Confidence interval from random splits whose training and test images overlap.

    Mean ± t(R − 1) · s · √(1/R + n_test/n_train), the corrected resampled t of Nadeau and
    Bengio (Inference for the generalization error, Machine Learning 52, 2003). It takes the
    test images, not the training images, to be what replicates mostly differ by.

    Parameters
    ----------
    values : array_like of float, shape (R,)
        Accuracy, or a paired difference of accuracies, on each replicate's own test images.
    n_train, n_test : int
        Images that each replicate trains on, and is tested on.
    confidence : float
        In (0, 1).

    Returns
    -------
    low, high : float
        For the expected accuracy of training on a sample of n_train images.
    """
    values = np.asarray(values, dtype=np.float64)
    variance = _of_mean(values) + deviation(values) ** 2 * n_test / n_train
    return _t_interval(values, variance, confidence)


def another_sample(
    scores: ArrayLike,
    n_train: int,
    n_pool: int,
    confidence: float = 0.95,
    within: Interval = (0.0, 1.0),
    classes: NDArray[np.integer] | None = None,
) -> Interval:
    """Confidence interval for training on another sample of images.

    x̃ ± t(R − 1) · √((1/R + n_train/(N − n_train)) · s² + ṽ/ñ). The first term is what the mean of
    replicates varies by that each draw n_train of N images. Of a statistic that is a mean over
    images, they vary by σ²/n_train, any two have a covariance of σ²/N, and s² estimates the
    difference. So the variance of their mean, σ²/N + (σ²/n_train − σ²/N)/R, is s² times that
    bracket: the delete-d jackknife with d = N − n_train (Shao and Wu, A general theory for
    jackknife variance estimation, Annals of Statistics 17, 1989), and s²/R for R random subsets in
    place of all. The second term is the sampling of the fresh images. Conservative: s² also holds
    what the order of visits, the initialisation and the fresh images do, and ṽ what splits do to
    single images.

    Parameters
    ----------
    scores : array_like of float, shape (R, n) or (R,)
        On images that no split draws from: 1 where a replicate labels an image rightly and 0
        where not, or paired differences of those. Or one value for each replicate that is not
        of images: no imaginary ones join them, and there is no second term.
    n_train, n_pool : int
        Images that each replicate trains on, of the N that it draws them from; n_train < N.
    confidence : float
        In (0, 1).
    within : low, high
        The least and the largest score that an image can have.
    classes : ndarray of int, shape (n,), optional
        Of the images, where scores are weighted by `fewpixels.statistics.classes.weights`: their
        mean is balanced by class, and its variance over images is Σ ṽ_c/ñ_c / C². Each class has
        its share of the imaginary images, z²/C (Price and Bonett, An improved confidence interval
        for a linear function of binomial proportions, Computational Statistics & Data Analysis
        45, 2004), and v_c has n_c − 1 in the denominator; of a single image it is the largest
        that there can be.

    Returns
    -------
    low, high : float
        Around the plain mean, and perhaps beyond `within`.
    """
    values, shift, of_images = _over_images(scores, within, confidence, classes)
    of_pool = deviation(values) ** 2 * n_train / (n_pool - n_train)
    return _t_interval(values, _of_mean(values) + of_pool + of_images, confidence, shift)


def another_split(
    scores: ArrayLike,
    confidence: float = 0.95,
    within: Interval = (0.0, 1.0),
    classes: NDArray[np.integer] | None = None,
) -> Interval:
    """Confidence interval for other splits of these images.

    x̃ ± t(R − 1) · √(s²/R + ṽ/ñ): given the pool, replicates are independent draws of a split,
    and the fresh images are a sample (variances of two independent means add). Somewhat
    conservative: both terms hold what splits do to single images.

    Parameters
    ----------
    scores, confidence, within, classes
        As for `another_sample`.

    Returns
    -------
    low, high : float
        For the mean over all splits of the pool.
    """
    values, shift, of_images = _over_images(scores, within, confidence, classes)
    return _t_interval(values, _of_mean(values) + of_images, confidence, shift)


def other_images(
    scores: NDArray[np.float64],
    confidence: float = 0.95,
    within: Interval = (0.0, 1.0),
    classes: NDArray[np.integer] | None = None,
) -> Interval:
    """Confidence interval for other fresh images, given what was trained.

    x̃ ± z · √(ṽ/ñ), for n independent images, of their means over replicates.

    Parameters
    ----------
    scores : ndarray of float64, shape (R, n)
    confidence, within, classes
        As for `another_sample`.

    Returns
    -------
    low, high : float
        Unbounded without a replicate.
    """
    values, shift, of_images = _over_images(scores, within, confidence, classes)
    if not values.size:
        return -np.inf, np.inf
    middle = float(values.mean()) + shift
    half = _normal(confidence) * float(np.sqrt(of_images))
    return middle - half, middle + half


def wilson(successes: float, n: int, confidence: float = 0.95) -> Interval:
    """Score interval for a proportion (Wilson, JASA 22, 1927).

    Parameters
    ----------
    successes : float
        0 to n; a half where a trial was a tie.
    n : int
        Trials, 1 or more.
    confidence : float
        In (0, 1).

    Returns
    -------
    low, high : float
        In [0, 1].

    Examples
    --------
    >>> low, high = wilson(83, 100)
    >>> print(f"{low:.3f} to {high:.3f}")
    0.745 to 0.891
    """
    z2 = _normal(confidence) ** 2
    share = successes / n
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = np.sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n**2))) / (1 + z2 / n)
    # Rounding must not leave the share, or 0 and 1, outside.
    low, high = max(0.0, float(middle - half)), min(1.0, float(middle + half))
    return min(share, low), max(share, high)


def outperforms(differences: ArrayLike, confidence: float = 0.95) -> tuple[float, float, float]:
    """Probability that one model beats another on a new split of these images.

    The share of replicates in which it did (Bouthillier et al., Accounting for variance in
    machine learning benchmarks, MLSys 2021); here a tie is half a win, and the interval is
    Wilson's in the place of a bootstrap.

    Parameters
    ----------
    differences : array_like of float, shape (R,)
        Accuracy of the one minus that of the other, replicate by replicate; R ≥ 1.
    confidence : float
        In (0, 1).

    Returns
    -------
    probability, low, high : float
    """
    differences = np.asarray(differences, dtype=np.float64)
    wins = float((differences > 0).sum() + (differences == 0).sum() / 2)
    return wins / differences.size, *wilson(wins, differences.size, confidence)


def two_sided(interval: Interval, freedom: float, confidence: float = 0.95) -> float:
    """Find the p-value of no difference that belongs to an interval by Student's t.

    Of how many of the interval's standard errors its middle is from 0: at most 1 − confidence
    where 0 is not inside.

    Parameters
    ----------
    interval : low, high
        Around a paired difference.
    freedom : float
        Degrees of freedom, ≥ 1: R − 1, or infinity for the normal distribution.
    confidence : float
        Of the interval, in (0, 1).

    Returns
    -------
    float
        In [0, 1]; 1 for an interval without bounds, and where it is [0, 0].
    """
    low, high = interval
    if not np.isfinite(high - low) or low == high == 0:
        return 1.0
    if low == high:
        return 0.0
    from scipy.special import stdtr

    t = abs(low + high) / (high - low) * _student(freedom, confidence)
    return float(2 * stdtr(freedom, -t))


def _over_images(
    scores: ArrayLike,
    within: Interval,
    confidence: float,
    classes: NDArray[np.integer] | None = None,
) -> tuple[NDArray[np.float64], float, float]:
    """Means of replicates (R,), how far imaginary images shift their mean, and ṽ/ñ."""
    scores = np.asarray(scores, dtype=np.float64)
    if scores.ndim == 1 or not len(scores):
        return scores.ravel(), 0.0, 0.0
    means = scores.mean(axis=0)
    if classes is not None:
        return scores.mean(axis=1), *_by_class(means, classes, within, confidence)
    images = np.append(means, within)
    counts = np.append(np.ones(means.size), [_normal(confidence) ** 2 / 2] * 2)
    middle = np.average(images, weights=counts)
    variance = np.average((images - middle) ** 2, weights=counts)
    return scores.mean(axis=1), float(middle - means.mean()), float(variance / counts.sum())


def _by_class(
    images: NDArray[np.float64], classes: NDArray[np.integer], within: Interval, confidence: float
) -> tuple[float, float]:
    """The shift, and Σ ṽ_c/ñ_c / C², of means over replicates that are weighted by class."""
    _, place, n = np.unique(classes, return_inverse=True, return_counts=True)
    images = images / weights(classes)
    imaginary = _normal(confidence) ** 2 / n.size
    centre, reach = (within[0] + within[1]) / 2, (within[1] - within[0]) / 2
    means = np.bincount(place, images) / n
    squares = np.bincount(place, (images - means[place]) ** 2)
    squares = np.where(n > 1, squares * n / np.maximum(n - 1, 1), reach**2)
    middle = (n * means + imaginary * centre) / (n + imaginary)
    around = squares + n * (means - middle) ** 2 + imaginary * (reach**2 + (centre - middle) ** 2)
    variance = (around / (n + imaginary) ** 2).sum() / n.size**2
    return float((middle - means).mean()), float(variance)


def _of_mean(values: NDArray[np.float64]) -> float:
    """Variance of the mean of independent values."""
    return deviation(values) ** 2 / max(values.size, 1)


def _t_interval(
    values: NDArray[Any], variance: float, confidence: float, shift: float = 0.0
) -> Interval:
    if values.size < 2:
        return -np.inf, np.inf
    middle = float(values.mean()) + shift
    half = _student(values.size - 1, confidence) * float(np.sqrt(variance))
    return middle - half, middle + half


# SciPy takes longer to import than most tables take: only what asks for an interval does.


def _normal(confidence: float) -> float:
    """How many standard deviations around the mean hold a share of a normal distribution."""
    from scipy.special import ndtri

    return float(ndtri((1 + confidence) / 2))


def _student(freedom: float, confidence: float) -> float:
    """As `_normal`, of Student's t with some degrees of freedom."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, (1 + confidence) / 2))

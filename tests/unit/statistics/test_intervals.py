"""Summaries over replicates, by routes that do not share their formulas."""

import itertools
import math
import statistics

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from fewpixels.statistics.decisions import holm, smallest_sufficient
from fewpixels.statistics.intervals import (
    another_sample,
    another_split,
    converged,
    corrected_resampled,
    deviation,
    next_replicate,
    other_images,
    outperforms,
    two_sided,
    wilson,
)

VALUES = st.lists(st.integers(0, 100).map(lambda n: n / 100), min_size=2, max_size=30)


@given(VALUES)
def test_deviation_equals_the_standard_library(values):
    assert deviation(values) == pytest.approx(statistics.stdev(values), abs=1e-12)


def test_one_value_has_no_spread():
    assert deviation([0.5]) == 0
    assert next_replicate([0.5]) == (-math.inf, math.inf)


@pytest.mark.parametrize("confidence", [0.5, 0.8, 0.95, 0.99])
@pytest.mark.parametrize("replicates", [2, 5, 20])
def test_an_end_of_the_interval_is_just_significant(confidence, replicates):
    """Regression on a flag for the new value tests whether it belongs to the others."""
    values = np.random.default_rng(replicates).normal(0.8, 0.03, replicates)
    flag = [0] * replicates + [1]
    for end in next_replicate(values, confidence):
        p = stats.linregress(flag, [*values, end]).pvalue
        assert p == pytest.approx(1 - confidence, rel=1e-6)


@pytest.mark.parametrize(("replicates", "confidence"), [(3, 0.95), (20, 0.95), (20, 0.8)])
def test_the_interval_covers_the_next_replicate_as_often_as_it_says(replicates, confidence):
    """8,000 studies; a right interval misses by five deviations once in two million seeds."""
    studies = 8000
    drawn = np.random.default_rng(1).normal(0.8, 0.03, (studies, replicates + 1))
    covered = 0
    for *values, new in drawn:
        low, high = next_replicate(values, confidence)
        covered += low <= new <= high
    tolerance = 5 * np.sqrt(confidence * (1 - confidence) / studies)
    assert covered / studies == pytest.approx(confidence, abs=tolerance)


@given(VALUES, st.floats(0.1, 0.99))
def test_the_interval_is_symmetric_about_the_mean_and_grows_with_confidence(values, confidence):
    low, high = next_replicate(values, confidence)
    assert (low + high) / 2 == pytest.approx(statistics.fmean(values), abs=1e-9)
    wider = next_replicate(values, (1 + confidence) / 2)
    assert wider[0] <= low <= high <= wider[1]


WIDE = st.lists(st.floats(-1e100, 1e100), min_size=1, max_size=8)


@given(WIDE, st.floats(0.01, 0.999), st.randoms(use_true_random=False))
def test_any_values_lie_around_a_mean_inside_the_interval(values, confidence, random):
    low, high = next_replicate(values, confidence)
    mean = float(np.mean(values))
    assert low <= mean <= high
    if len(values) == 1:
        assert (low, high) == (-math.inf, math.inf)
        return
    wider = next_replicate(values, (1 + confidence) / 2)
    assert wider[0] <= low
    assert high <= wider[1]
    shuffled = random.sample(values, len(values))
    size = max(map(abs, values))
    assert next_replicate(shuffled, confidence) == pytest.approx(
        (low, high), rel=1e-9, abs=size * 1e-9 + 1e-300
    )


@given(WIDE, st.floats(-1e3, 1e3), st.floats(-1e3, 1e3))
def test_deviation_ignores_where_values_lie_and_scales_with_them(values, factor, shift):
    found = deviation(values)
    # The mean of equal values is rounded.
    rounding = max(map(abs, values)) * 1e-15
    assert 0 <= found <= (max(values) - min(values)) * 1.0000001 + rounding
    moved = [v * factor + shift for v in values]
    size = max(map(abs, [*values, *moved, shift, 1]))
    assert deviation(moved) == pytest.approx(found * abs(factor), rel=1e-6, abs=size * 1e-9)


def reach(interval):
    return (interval[1] - interval[0]) / 2


def test_prediction_of_a_published_example():
    """22 loads at failure (Montgomery and Runger, Applied Statistics and Probability, 8-6)."""
    values = stats.zscore(np.random.default_rng(1).random(22), ddof=1) * 3.55 + 13.71
    assert next_replicate(values) == pytest.approx((6.16, 21.26), abs=0.005)


@pytest.mark.parametrize(("replicates", "n_train", "n_test"), [(20, 800, 100), (3, 20, 5)])
def test_corrected_resampled_is_what_equally_correlated_replicates_need(
    replicates, n_train, n_test
):
    """Nadeau and Bengio: replicates correlate by n_test/(n_train + n_test)."""
    share = n_test / (n_train + n_test)
    covariance = np.full((replicates, replicates), share) + (1 - share) * np.eye(replicates)
    centred = np.eye(replicates) - 1 / replicates
    of_mean = covariance.mean()
    expected_s2 = np.trace(centred @ covariance) / (replicates - 1)
    values = np.random.default_rng(replicates).normal(0.8, 0.03, replicates)
    half = stats.t.ppf(0.95, replicates - 1) * math.sqrt(of_mean / expected_s2)
    found = corrected_resampled(values, n_train, n_test, confidence=0.9)
    mean, s = statistics.fmean(values), statistics.stdev(values)
    assert found == pytest.approx((mean - half * s, mean + half * s))


@pytest.mark.parametrize(("replicates", "n_train", "n_pool"), [(20, 800, 1000), (3, 20, 400)])
def test_another_sample_is_what_equally_correlated_replicates_need(replicates, n_train, n_pool):
    """Means over n_train of N images have two in N in common: they correlate by n_train/N."""
    share = n_train / n_pool
    covariance = np.full((replicates, replicates), share) + (1 - share) * np.eye(replicates)
    centred = np.eye(replicates) - 1 / replicates
    expected_s2 = np.trace(centred @ covariance) / (replicates - 1)
    values = np.random.default_rng(replicates).normal(0.8, 0.03, replicates)
    half = stats.t.ppf(0.95, replicates - 1) * math.sqrt(covariance.mean() / expected_s2)
    found = another_sample(values, n_train, n_pool, confidence=0.9)
    mean, s = statistics.fmean(values), statistics.stdev(values)
    assert found == pytest.approx((mean - half * s, mean + half * s))


@pytest.mark.parametrize("n_train", [3, 5])
def test_another_sample_is_exact_for_a_mean_over_all_subsets(n_train):
    """The delete-d jackknife of a mean is the variance of a mean, s²/N; drawing adds its own."""
    pool = np.random.default_rng(1).normal(size=6)
    means = [statistics.fmean(subset) for subset in itertools.combinations(pool, n_train)]
    found = reach(another_sample(means, n_train, 6)) / stats.t.ppf(0.975, len(means) - 1)
    of_pool = found**2 - stats.sem(means) ** 2
    # All subsets are a population, a sample of them is not.
    assert of_pool * (len(means) - 1) / len(means) == pytest.approx(stats.sem(pool) ** 2)


def joined(scores, confidence=0.95, within=(0, 1)):
    """Mean and variance of the mean over images and imaginary ones, by their moments."""
    images, z2 = np.mean(scores, axis=0), stats.norm.ppf((1 + confidence) / 2) ** 2
    n = len(images) + z2
    mean = (images.sum() + z2 * sum(within) / 2) / n
    square = ((images**2).sum() + z2 * (within[0] ** 2 + within[1] ** 2) / 2) / n
    return mean, (square - mean**2) / n


OVER_IMAGES = [
    another_split,
    lambda scores, *rest: another_sample(scores, 80, 100, *rest),
    other_images,
]
each_over_images = pytest.mark.parametrize(
    "interval", OVER_IMAGES, ids=["another split", "another sample", "other images"]
)
each_dealt = pytest.mark.parametrize("interval", OVER_IMAGES[:2], ids=["split", "sample"])


@each_dealt
def test_replicates_that_agree_leave_the_sampling_of_images(interval):
    scores = np.tile(np.random.default_rng(2).random(50) < 0.8, (5, 1))
    mean, variance = joined(scores)
    assert interval(scores) == pytest.approx(stats.t.interval(0.95, 4, mean, math.sqrt(variance)))


def test_another_split_adds_the_variances_of_replicates_and_of_images():
    scores = np.random.default_rng(3).random((6, 40)) < 0.7
    mean, variance = joined(scores, 0.9)
    variance += stats.sem(scores.mean(1)) ** 2
    expected = stats.t.interval(0.9, 5, mean, math.sqrt(variance))
    assert another_split(scores, confidence=0.9) == pytest.approx(expected)


def test_another_sample_adds_the_variances_of_the_pool_and_of_images():
    scores = np.random.default_rng(4).integers(-1, 2, (6, 40))
    mean, variance = joined(scores, within=(-1, 1))
    # 800 of 1,000: four times the variance over replicates, and a sixth for there being six.
    variance += (4 + 1 / 6) * statistics.variance(scores.mean(1))
    expected = stats.t.interval(0.95, 5, mean, math.sqrt(variance))
    assert another_sample(scores, 800, 1000, within=(-1, 1)) == pytest.approx(expected)


def test_other_images_of_one_run_are_agresti_and_coulls():
    """Two successes and two failures more, about: 0.62 ± 0.33 for 3 of 4."""
    n, share = 4 + 1.959964**2, (3 + 1.959964**2 / 2) / (4 + 1.959964**2)
    half = 1.959964 * math.sqrt(share * (1 - share) / n)
    found = other_images(np.array([[1, 1, 0, 1]]))
    assert found == pytest.approx((share - half, share + half), abs=1e-6)
    assert found == pytest.approx((0.29, 0.96), abs=0.01)


def scored(seed, replicates, n, within):
    """Scores of all kinds: at one end, at both, between; replicates alike or not."""
    rng = np.random.default_rng(seed)
    low, high = within
    shape = (rng.choice([1, replicates]), rng.choice([1, n]))
    share = rng.random(shape) ** rng.choice([0.01, 1, 100])
    if rng.random() < 0.5:
        share = share.round()
    return np.broadcast_to(low + (high - low) * share, (replicates, n))


ENDS_OF_SCORES = st.tuples(st.floats(-2, 0), st.floats(0.1, 2))
CONFIDENCES = st.floats(0.01, 0.999)


@each_over_images
@given(st.integers(0, 2**32 - 1), st.integers(2, 30), st.integers(1, 30), CONFIDENCES,
       ENDS_OF_SCORES)  # fmt: skip
def test_the_plain_mean_is_inside(interval, seed, replicates, n, confidence, within):
    scores = scored(seed, replicates, n, within)
    low, high = interval(scores, confidence, within)
    assert low < scores.mean() < high
    # A larger confidence adds nothing within what is possible but more of it.
    wider = interval(scores, (1 + confidence) / 2, within)
    assert max(wider[0], within[0]) <= max(low, within[0]) + 1e-12
    assert min(wider[1], within[1]) >= min(high, within[1]) - 1e-12


@each_over_images
@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
       st.integers(2, 30), CONFIDENCES)  # fmt: skip
def test_right_and_wrong_images_have_at_least_wilsons_interval(
    interval, counts, replicates, confidence
):
    right, n = counts
    scores = np.tile(np.arange(n) < right, (replicates, 1))
    low, high = interval(scores, confidence)
    expected = wilson(right, n, confidence)
    assert low <= expected[0] + 1e-12
    assert expected[1] - 1e-12 <= high


@each_over_images
@given(st.integers(2, 30), st.integers(1, 5000))
def test_models_that_agree_on_all_images_may_differ_on_others(interval, replicates, n):
    """With none of n discordant, 3/n may be: the rule of three is for one side."""
    low, high = interval(np.zeros((replicates, n)), 0.95, (-1.0, 1.0))
    assert high == -low
    assert 3 / (n + 3) < high


def test_four_of_four_are_far_from_certain():
    for interval in OVER_IMAGES:
        low, high = interval(np.ones((20, 4)))
        assert low < 0.46
        assert high > 1


@each_over_images
def test_images_are_joined_by_no_more_than_two_at_each_end(interval):
    """Of 4,000 images: no end is .001 from where it is by the plain mean and variance."""
    scores = np.tile(np.arange(4000) < 3600, (20, 1))
    quantile = 1.959964 if interval is other_images else stats.t.ppf(0.975, 19)
    half = quantile * math.sqrt(0.9 * 0.1 / 4000)
    assert interval(scores) == pytest.approx((0.9 - half, 0.9 + half), abs=0.001)


@pytest.mark.parametrize(
    ("interval", "scores"),
    [
        (another_split, [0.5]),
        (another_split, [[1, 0, 1]]),
        (lambda x: another_sample(x, 80, 100), [0.5]),
        (lambda x: another_sample(x, 80, 100), [[1, 0, 1]]),
        (lambda x: corrected_resampled(x, 80, 10), [0.5]),
    ],
)
def test_one_replicate_bounds_nothing(interval, scores):
    found = interval(scores)
    assert found == (-math.inf, math.inf)
    assert two_sided(found, len(scores)) == 1


@pytest.mark.parametrize(
    ("successes", "n", "expected"),
    [(81, 263, (0.2553, 0.3662)), (15, 148, (0.0624, 0.1605)), (0, 20, (0, 0.1611)),
     (1, 29, (0.0061, 0.1718))],
)  # fmt: skip
def test_wilson_gives_the_published_intervals(successes, n, expected):
    """Newcombe, Statistics in Medicine 17, 1998, table I, method 3."""
    assert wilson(successes, n) == pytest.approx(expected, abs=0.00005)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
       st.floats(0.01, 0.999))  # fmt: skip
def test_wilson_equals_scipy(counts, confidence):
    expected = stats.binomtest(*counts).proportion_ci(confidence, method="wilson")
    assert wilson(*counts, confidence) == pytest.approx(tuple(expected), abs=1e-9)


@given(st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, 2 * n), st.just(n))),
       st.floats(0.01, 0.999))  # fmt: skip
def test_wilson_holds_the_share_and_mirrors_failures(counts, confidence):
    halves, n = counts
    low, high = wilson(halves / 2, n, confidence)
    assert 0 <= low <= halves / 2 / n <= high <= 1
    mirrored = wilson(n - halves / 2, n, confidence)
    assert mirrored == pytest.approx((1 - high, 1 - low), abs=1e-9)
    wider = wilson(halves / 2, n, (1 + confidence) / 2)
    assert wider[0] <= low + 1e-12
    assert high <= wider[1] + 1e-12


def test_holm_decides_as_in_published_examples():
    """Demšar, JMLR 7, 2006, section 3.2.2: of three classifiers, two differ from the control."""
    assert holm([0.607, 0.019, 0.016]) == pytest.approx([0.607, 0.048, 0.048])
    # At 0.05 the procedure stops at the third smallest: 0.03 > 0.05/2.
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


PVALUES = st.lists(st.floats(0, 1), min_size=1, max_size=6)


@given(PVALUES)
def test_holm_is_closed_testing_by_bonferroni(p):
    """An adjusted p-value is the largest Bonferroni p-value of any set that it belongs to."""
    m = len(p)
    sets = [s for size in range(1, m + 1) for s in itertools.combinations(range(m), size)]
    closed = [max(min(1, len(s) * min(p[j] for j in s)) for s in sets if i in s) for i in range(m)]
    assert holm(p) == pytest.approx(closed, abs=1e-15)


@given(PVALUES, st.randoms(use_true_random=False))
def test_holm_never_lowers_a_p_value_and_keeps_their_order(p, random):
    adjusted = holm(p)
    assert np.all((adjusted >= p) & (adjusted <= 1))
    assert np.all(np.diff(adjusted[np.argsort(p)]) >= 0)
    order = random.sample(range(len(p)), len(p))
    assert holm(np.take(p, order)).tolist() == adjusted[order].tolist()


def test_holm_of_nothing_is_nothing():
    assert holm([]).size == 0


@pytest.mark.parametrize(
    ("differences", "wins"),
    [([1, 2, 3, 4], 4), ([-0.1, 0.2, 0.3, 0.4], 3), ([0, 0, 1, -1], 2), ([0, 0.5], 1.5),
     ([0], 0.5), ([-1, -2], 0)],
)  # fmt: skip
def test_outperforms_counts_a_tie_as_half_a_win(differences, wins):
    n = len(differences)
    assert outperforms(differences, 0.9) == (wins / n, *wilson(wins, n, 0.9))


@given(st.lists(st.integers(-2, 2), min_size=1, max_size=30), st.floats(0.01, 0.999),
       st.floats(0.1, 9), st.randoms(use_true_random=False))  # fmt: skip
def test_outperforms_depends_on_signs_and_mirrors_them(differences, confidence, factor, random):
    p, low, high = outperforms(differences, confidence)
    assert 0 <= low <= p <= high <= 1
    other = outperforms([-d for d in differences], confidence)
    assert other == pytest.approx((1 - p, 1 - high, 1 - low), abs=1e-12)
    shuffled = random.sample(differences, len(differences))
    assert outperforms([d * factor for d in shuffled], confidence) == (p, low, high)


# Of values and a confidence.
INTERVALS = [
    next_replicate,
    lambda values, c: corrected_resampled(values, 800, 100, c),
    lambda values, c: another_sample(values, 800, 1000, c),
    another_split,
]


@pytest.mark.parametrize("interval", INTERVALS)
@given(VALUES, CONFIDENCES, st.floats(-50, 50), st.floats(-50, 50), st.randoms())
def test_intervals_follow_their_values(interval, values, confidence, factor, shift, random):
    low, high = interval(values, confidence)
    assert (low + high) / 2 == pytest.approx(statistics.fmean(values), abs=1e-9)
    wider = interval(values, (1 + confidence) / 2)
    assert wider[0] <= low <= high <= wider[1]
    shuffled = random.sample(values, len(values))
    moved = interval([v * factor + shift for v in shuffled], confidence)
    expected = sorted([low * factor + shift, high * factor + shift])
    assert moved == pytest.approx(expected, rel=1e-6, abs=1e-9)


@given(VALUES, CONFIDENCES)
def test_a_larger_question_has_a_wider_interval(values, confidence):
    """One more replicate varies more than their mean, and another pool more than this one."""
    widths = [reach(interval(values, confidence)) for interval in INTERVALS]
    predicted, heldout, sample, split = widths
    assert split <= heldout <= predicted
    assert split <= sample


@given(st.integers(0, 2**32 - 1), st.integers(2, 6), st.integers(2, 9), CONFIDENCES)
def test_intervals_ignore_the_order_of_replicates_and_of_images(seed, replicates, n, confidence):
    rng = np.random.default_rng(seed)
    scores = rng.random((replicates, n)) < 0.6
    shuffled = scores[rng.permutation(replicates)][:, rng.permutation(n)]
    mirrored = 1 - scores.astype(float)
    for interval in INTERVALS[2:]:
        low, high = interval(scores, confidence)
        assert interval(shuffled, confidence) == pytest.approx((low, high))
        assert interval(mirrored, confidence) == pytest.approx((1 - high, 1 - low))
        # The images are a sample too.
        assert reach(interval(scores.mean(1), confidence)) <= reach((low, high)) + 1e-12


@given(
    st.lists(st.integers(-100, 100).map(lambda n: n / 100), min_size=2, max_size=30), CONFIDENCES
)
def test_two_sided_is_the_p_value_of_a_t_test(differences, confidence):
    assume(len(set(differences)) > 1)
    found = two_sided(another_split(differences, confidence), len(differences) - 1, confidence)
    expected = stats.ttest_1samp(differences, 0).pvalue
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-12)


@given(st.floats(-5, 5), st.floats(0.01, 5), st.integers(2, 40), CONFIDENCES)
def test_p_values_fall_with_distance_from_0(middle, half, replicates, confidence):
    p = two_sided((middle - half, middle + half), replicates - 1, confidence)
    assert 0 <= p <= 1
    assert two_sided((-middle - half, -middle + half), replicates - 1, confidence) == p
    farther = two_sided((middle * 2 - half, middle * 2 + half), replicates - 1, confidence)
    assert farther <= p + 1e-9
    # 0 is outside where the difference is significant at this confidence.
    if abs(abs(middle) - half) > 1e-6:
        assert (p < 1 - confidence) == (abs(middle) > half)


def test_p_values_of_replicates_that_agree():
    assert two_sided((0.0, 0.0), 20) == 1
    assert two_sided((0.1, 0.1), 20) == 0


@given(st.integers(1, 3), st.integers(1, 30), st.floats(0.5, 0.99), st.integers(0, 99))
def test_other_images_give_the_interval_of_a_z_test(replicates, n, confidence, seed):
    scores = np.random.default_rng(seed).integers(-1, 2, (replicates, n)).astype(float)
    mean, variance = joined(scores, confidence, (-1, 1))
    found = other_images(scores, confidence, (-1, 1))
    assert found == pytest.approx(stats.norm.interval(confidence, mean, math.sqrt(variance)))
    p = two_sided(found, np.inf, confidence)
    assert p == pytest.approx(2 * stats.norm.sf(abs(mean) / math.sqrt(variance)))


def test_other_images_need_a_replicate():
    assert other_images(np.empty((0, 5))) == (-math.inf, math.inf)


GAPPY = st.lists(st.sampled_from([0.0, 1.0, math.nan]), min_size=3, max_size=3)


@given(st.lists(GAPPY, min_size=1), st.data())
def test_replicates_that_converged_are_those_without_gaps(rows, data):
    scores = np.array(rows).reshape(-1, 3)
    other = np.array(data.draw(st.permutations(rows))).reshape(-1, 3)[:, 0]
    kept, beside = converged(scores, other)
    whole = [i for i, row in enumerate(rows) if not any(map(math.isnan, [*row, other[i]]))]
    assert kept.tolist() == scores[whole].tolist()
    assert beside.tolist() == other[whole].tolist()


ENDS = st.sampled_from([-math.inf, -2, -1, 0, 1, 2, math.inf])


@given(st.lists(st.tuples(ENDS, ENDS).map(sorted), min_size=1, max_size=6))
def test_the_smallest_sufficient_size_is_found_by_walking_from_both_ends(bounds):
    low, high = smallest_sufficient(bounds)
    assert 0 <= low <= high < len(bounds)
    assert all(upper < 0 for _, upper in bounds[:low])
    assert all(lower > 0 for lower, _ in bounds[high:-1])
    assert low == len(bounds) - 1 or bounds[low][1] >= 0
    assert high == 0 or bounds[high - 1][0] <= 0

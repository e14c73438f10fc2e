"""Accuracy balanced by class, against sums of fractions, and how often its interval covers."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from fewpixels.statistics.classes import chance, guessing, uneven, weights
from fewpixels.statistics.intervals import another_sample, another_split, other_images

Z2 = stats.norm.ppf(0.975) ** 2
CLASSES = st.lists(st.integers(0, 4), min_size=1, max_size=12).map(np.array)


def recalls(right, y):
    """Share of each class's images that are labelled rightly."""
    own = {c: [int(r) for r, k in zip(right, y, strict=True) if k == c] for c in set(y.tolist())}
    return {c: Fraction(sum(values), len(values)) for c, values in own.items()}


@given(CLASSES, st.integers(0, 99))
def test_the_mean_of_weighted_scores_is_the_mean_of_the_recalls(y, seed):
    right = np.random.default_rng(seed).integers(0, 2, len(y))
    exact = recalls(right, y)
    assert (right * weights(y)).mean() == pytest.approx(float(sum(exact.values()) / len(exact)))
    assert weights(y).mean() == pytest.approx(1)
    assert guessing(y) == 1 / len(exact)
    counts = [int((y == c).sum()) for c in exact]
    assert chance(y) == max(counts) / len(y)
    assert uneven(y) == (min(counts) != max(counts))
    if not uneven(y):
        np.testing.assert_allclose(weights(y), 1)
        assert chance(y) == pytest.approx(guessing(y))


@pytest.mark.parametrize("classes", [2, 300])
def test_naming_one_class_alone_gives_what_guessing_gives(classes):
    y = np.repeat(np.arange(classes), np.arange(classes) + 1)
    for named in (0, classes - 1):
        assert ((y == named) * weights(y)).mean() == pytest.approx(1 / classes)
    assert chance(y) == pytest.approx(2 / (classes + 1))


def test_replicates_of_images_have_classes_of_their_own():
    y = np.array([[0, 0, 1, 1], [0, 1, 1, 1]])
    np.testing.assert_allclose(weights(y), [weights(own) for own in y])
    assert uneven(y)
    assert not uneven(y[:1])
    assert chance(y) == (0.5 + 0.75) / 2


def by_hand(right, y, within=(0, 1)):
    """Mean, and the middle and variance that an interval is made from, class by class."""
    members = [right[:, y == c].mean(axis=0) for c in sorted(set(y.tolist()))]
    more, (low, high) = Z2 / len(members), within
    means, middles, variances = [], [], []
    for own in members:
        v = own.var(ddof=1) if len(own) > 1 else ((high - low) / 2) ** 2
        middle = (own.sum() + more * (low + high) / 2) / (len(own) + more)
        apart = [(end - middle) ** 2 * more / 2 for end in within]
        total = len(own) * (v + (own.mean() - middle) ** 2) + sum(apart)
        means.append(own.mean())
        middles.append(middle)
        variances.append(total / (len(own) + more) ** 2)
    return np.mean(means), np.mean(middles), sum(variances) / len(members) ** 2


@given(CLASSES, st.integers(1, 4), st.integers(0, 99), st.booleans())
def test_intervals_are_those_of_stratified_images(y, replicates, seed, paired):
    """Of differences too, that can be negative; the mean is inside."""
    rng, within = np.random.default_rng(seed), (-1, 1) if paired else (0, 1)
    right = rng.integers(within[0], 2, (replicates, len(y))).astype(float)
    mean, middle, variance = by_hand(right, y, within)
    options = {"within": within, "classes": y}
    low, high = other_images(right * weights(y), **options)
    half = np.sqrt(Z2 * variance)
    assert (low, high) == pytest.approx((middle - half, middle + half))
    assert low <= mean + 1e-9
    assert mean - 1e-9 <= high
    if replicates > 1:
        t, s2 = stats.t.ppf(0.975, replicates - 1), (right * weights(y)).mean(axis=1).var(ddof=1)
        for found, factor in (
            (another_split(right * weights(y), **options), 1 / replicates),
            (another_sample(right * weights(y), 8, 10, **options), 1 / replicates + 4),
        ):
            half = t * np.sqrt(variance + s2 * factor)
            assert found == pytest.approx((middle - half, middle + half))


@pytest.mark.parametrize(
    ("counts", "recall"),
    [
        ([90, 10], [0.95, 0.6]),
        ([396, 4], [0.9, 0.99]),
        ([20, 2, 2], [1, 1, 0.5]),
        ([1, 2, 3, 4] * 75, [0.5, 0.9, 0.7, 1] * 75),
    ],
    ids=["nine in ten", "four of one class", "three classes", "300 classes"],
)
def test_the_interval_covers_the_balanced_accuracy(counts, recall):
    """Of 2,000 studies at least 95%, less three standard errors: a false alarm in 700."""
    rng, studies = np.random.default_rng(0), 2000
    y = np.repeat(np.arange(len(counts)), counts)
    right = rng.random((studies, 1, len(y))) < np.array(recall)[y]
    found = np.array([other_images(own * weights(y), classes=y) for own in right])
    truth = np.mean(recall)
    covered = ((found[:, 0] <= truth) & (truth <= found[:, 1])).mean()
    assert covered >= 0.95 - 3 * np.sqrt(0.05 * 0.95 / studies)


@pytest.mark.parametrize("rate", [0.5, 0.9, 1.0])
def test_models_that_look_at_nothing_are_rarely_above_chance(rate):
    """A coin for each image, of any bias: at most 2.5%, and three standard errors."""
    rng, studies = np.random.default_rng(1), 2000
    y = np.repeat([0, 1], [90, 10])
    right = (rng.random((studies, 1, len(y))) >= rate) == y
    low = np.array([other_images(own * weights(y), classes=y)[0] for own in right])
    assert (low > 0.5).mean() <= 0.025 + 3 * np.sqrt(0.025 * 0.975 / studies)


def test_weighting_is_alike_whatever_classes_are_called():
    right, y = np.array([[1.0, 0, 1, 1, 1, 0]]), np.array([0, 0, 0, 1, 1, 2])
    found = {
        tuple(np.round(other_images(right * weights(own), classes=own), 12))
        for names in itertools.permutations(range(3))
        for own in [np.array(names)[y]]
    }
    assert len(found) == 1

"""Summaries over replicates, by routes that do not share their formulas."""

import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import linregress

from fewpixels.statistics import deviation, next_replicate

VALUES = st.lists(st.integers(0, 100).map(lambda n: n / 100), min_size=2, max_size=30)


@given(VALUES)
def test_deviation_equals_the_standard_library(values):
    assert deviation(values) == pytest.approx(statistics.stdev(values), abs=1e-12)


def test_one_value_has_no_spread():
    assert deviation([0.5]) == 0
    assert next_replicate([0.5]) == (0.5, 0.5)


@pytest.mark.parametrize("confidence", [0.5, 0.8, 0.95, 0.99])
@pytest.mark.parametrize("replicates", [2, 5, 20])
def test_an_end_of_the_interval_is_just_significant(confidence, replicates):
    """Regression on a flag for the new value tests whether it belongs to the others."""
    values = np.random.default_rng(replicates).normal(0.8, 0.03, replicates)
    flag = [0] * replicates + [1]
    for end in next_replicate(values, confidence):
        p = linregress(flag, [*values, end]).pvalue
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
        assert low == mean == high
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
    assert 0 <= found <= (max(values) - min(values)) * 1.0000001
    moved = [v * factor + shift for v in values]
    size = max(map(abs, [*values, *moved, shift, 1]))
    assert deviation(moved) == pytest.approx(found * abs(factor), rel=1e-6, abs=size * 1e-9)

"""Perceptrons with a few explicit features, against Rosenblatt's loop, image by image."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_perceptrons import one_at_a_time

from fewpixels.perceptrons import features
from fewpixels.perceptrons.few import visit_few


@given(st.integers(1, 60), st.integers(1, 3), st.integers(1, 40), st.booleans())
def test_visits_ahead_equal_those_one_by_one(n, repeats, width, averaged):
    """Of more images and features than are scored at once, in one group and in two."""
    rng = np.random.default_rng(n)
    x = rng.integers(-3, 4, (n * 7, width)).astype(float)
    sign = rng.choice([-1.0, 1.0], (3, len(x)))
    sign[2] *= rng.choice([0.0, 1.0], len(x))
    order = np.array([rng.permutation(len(x)) for _ in range(repeats)])
    total = repeats * len(x) - n
    groups = np.array([0, 0, 1])
    transposed = np.ascontiguousarray(x.T)
    alpha, late, mistakes, weights, lag = visit_few(
        transposed, x, sign, groups, order, total, averaged
    )
    for p, own in enumerate(sign):
        found, _, _ = one_at_a_time(x @ x.T, x[:1] @ x.T, own, np.concatenate(order)[:total])
        expected = np.zeros((2, len(x)))
        for i, time in found:
            expected[:, i] += own[i], own[i] * time * averaged
        np.testing.assert_array_equal([alpha[p], late[p]], expected)
        assert mistakes[p].sum() == len(found)
        np.testing.assert_array_equal(weights[p, -1], alpha[p] @ x)
        if averaged:
            np.testing.assert_array_equal(lag[p, -1], late[p] @ x)


@pytest.mark.parametrize("scheme", ["one-vs-rest", "one-vs-one", "one-vs-one-unordered"])
@pytest.mark.parametrize("order", ["sorted", "shuffled"])
@given(st.integers(1, 5), st.integers(1, 40), st.integers(1, 6000))
def test_features_are_explicit_where_they_are_few(scheme, order, degree, pixels, n):
    """More features or fewer images never make them explicit, nor both ways at once."""
    form = "polynomial", degree
    explicit = [features.are_explicit(*form, own, n) for own in (pixels, pixels + 1)]
    few = [features.are_few(scheme, order, *form, own, n) for own in (pixels, pixels + 1)]
    assert not (explicit[0] and few[0])
    assert explicit[1] <= explicit[0]
    assert explicit[0] <= features.are_explicit(*form, pixels, n + 1)
    assert few[1] <= few[0]
    least = features.few_images(features.count(*form, pixels))
    assert not features.are_explicit(*form, pixels, least)
    assert features.are_explicit(*form, pixels, 10 * least) == features.are_explicit(
        *form, pixels, least + 1
    )
    assert (explicit[0] or few[0]) >= (features.count(*form, pixels) <= 8)

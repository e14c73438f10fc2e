"""How a study's images were drawn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fewpixels.statistics.classes import weights
from fewpixels.statistics.intervals import another_sample, other_images
from fewpixels.statistics.sampling import Dealt, Fixed, by_class, sampling


@given(st.integers(1, 999), st.integers(0, 999), st.integers(1000, 9999))
def test_images_are_dealt_where_there_are_counts_and_else_fixed(n_train, n_test, n_pool):
    dealt = sampling({"n_train": n_train, "n_test": n_test}, n_pool)
    assert dealt == Dealt(n_train=n_train, n_test=n_test, n_pool=n_pool)
    assert sampling({}, n_pool) == Fixed()


@given(
    st.lists(st.integers(0, 3), min_size=1, max_size=20).map(np.array),
    st.sampled_from([Dealt(8, 1, 10), Fixed()]),
    st.integers(2, 4),
    st.integers(0, 99),
)
def test_intervals_by_class_hold_the_mean_of_recalls(y, of, replicates, seed):
    """The classes go to intervals as they are, and all else stays."""
    right = np.random.default_rng(seed).integers(0, 2, (replicates, len(y))).astype(float)
    balanced = np.mean([right[:, y == c].mean() for c in np.unique(y)])
    own = by_class(of, y)
    assert own == of
    assert own.another == of.another
    low, high = own.accuracy(right * weights(y))
    assert low - 1e-9 <= balanced <= high + 1e-9
    (lower, upper), p = own.difference(right * weights(y), (0.0, 1.0))
    assert (lower, upper) == (low, high)
    assert 0 <= p <= 1
    counts = (of.n_train, of.n_pool) if isinstance(of, Dealt) else ()
    plain = another_sample if counts else other_images
    assert (low, high) == plain(right * weights(y), *counts, classes=y)
    if len(np.unique(y)) == 1:
        # Of one class, only n − 1 in place of n in the denominator tells them apart.
        same = of.accuracy(right)
        assert (low + high) / 2 == pytest.approx(sum(same) / 2)
        assert high - low >= same[1] - same[0] - 1e-9

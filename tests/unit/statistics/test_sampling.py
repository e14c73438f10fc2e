"""How a study's images were drawn."""

from hypothesis import given
from hypothesis import strategies as st

from fewpixels.statistics.sampling import Dealt, Fixed, sampling


@given(st.integers(1, 999), st.integers(0, 999), st.integers(1000, 9999))
def test_images_are_dealt_where_there_are_counts_and_else_fixed(n_train, n_test, n_pool):
    dealt = sampling({"n_train": n_train, "n_test": n_test}, n_pool)
    assert dealt == Dealt(n_train=n_train, n_test=n_test, n_pool=n_pool)
    assert sampling({}, n_pool) == Fixed()

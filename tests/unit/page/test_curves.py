"""Curves of the page: thinned, summarised as pandas does, and written in two bytes a number."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fewpixels.page.curves import STEP, in_shares, in_steps, joined, over_replicates, thinned

NUMBERS = st.lists(st.floats(0, 1) | st.just(float("nan")), min_size=1, max_size=9)


@given(st.integers(0, 3000), st.integers(2, 100))
def test_thinned_places_keep_both_ends_and_their_order(n, most):
    places = np.arange(n) * 3
    found = thinned(places, most)
    assert len(found) <= max(2, most)
    assert np.isin(found, places).all()
    assert (np.diff(found) > 0).all()
    if n:
        assert found[[0, -1]].tolist() == places[[0, -1]].tolist()
    if n <= most:
        assert found.tolist() == places.tolist()


@given(st.integers(0, 100), st.integers(1, 4), st.sampled_from([None, 2, 3]))
def test_curves_are_summarised_as_pandas_does(seed, replicates, most):
    rng = np.random.default_rng(seed)
    rows = [
        {"replicate": r, "step": step, "loss": rng.random(), "accuracy": rng.random()}
        for r in range(replicates)
        for step in range(1, rng.integers(2, 12))
    ]
    own = pd.DataFrame(rows)
    own.loc[rng.random(len(own)) < 0.3, ["loss", "accuracy"]] = np.nan
    places, curves = over_replicates(own, "step", ["loss", "accuracy"], most)
    kept = own[own["step"].isin(places)].groupby("step")
    wanted = kept[["loss", "accuracy"]].agg(["mean", "min", "max"])
    assert places.tolist() == wanted.index.tolist()
    assert most is None or len(places) <= most
    np.testing.assert_allclose(curves[:6].T, wanted)
    assert curves[6].tolist() == kept["accuracy"].count().tolist()


def test_no_steps_make_no_curve():
    empty = pd.DataFrame({"replicate": [], "step": [], "loss": []}).astype(int)
    places, curves = over_replicates(empty, "step", ["loss"])
    assert places.size == 0
    assert curves.shape == (4, 0)


@given(NUMBERS)
def test_shares_in_two_bytes_keep_four_digits(numbers):
    values = np.array(numbers)
    found = in_steps(values, np.array(STEP))
    assert found.dtype == np.uint16
    assert (found[np.isnan(values)] == 65535).all()
    known = ~np.isnan(values)
    np.testing.assert_allclose(found[known] * STEP, values[known], atol=0.501 * STEP)
    np.testing.assert_allclose(in_shares(found), values, atol=0.501 * STEP)


def test_numbers_that_are_too_large_are_cut_off():
    assert in_steps(np.array([7.0, 1e9]), np.array(1e-4)).tolist() == [65534, 65534]


@given(st.lists(st.integers(0, 3), max_size=3))
def test_arrays_are_joined_along_their_last_axis(lengths):
    parts = [np.full((2, n), n) for n in lengths]
    found = joined(parts, (2, 0))
    assert found.shape == (2, sum(lengths))
    assert found[0].tolist() == [n for n in lengths for _ in range(n)]


def test_an_infinite_loss_has_no_place_on_a_curve():
    own = pd.DataFrame({"replicate": [0, 1], "step": [1, 1], "loss": [np.inf, 2.0]})
    _, curves = over_replicates(own, "step", ["loss"])
    assert curves[:, 0].tolist() == pytest.approx([2, 2, 2, 1])

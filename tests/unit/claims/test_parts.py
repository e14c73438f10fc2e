"""Findings, the evidence that is kept of them, and the words for both."""

import math
from dataclasses import astuple

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fewpixels.claims.parts import Evidence, Finding, Judged, form, labels, named, rounding
from fewpixels.claims.words import explained

NAMES = st.from_regex("[a-z]{1,6}", fullmatch=True)
ENDS = st.lists(st.floats(-1, 1), min_size=2, max_size=2).map(sorted).map(tuple)
OPEN = st.sampled_from([(-math.inf, math.inf)]) | ENDS
QUANTITIES = st.builds(
    lambda label, cells: {"label": label, "metric": "accuracy", "cells": cells},
    NAMES,
    st.lists(st.tuples(NAMES, st.integers(1, 28)), min_size=1, max_size=3),
)
FINDINGS = st.builds(
    Finding,
    st.builds(
        lambda above, below: {"above": above, "below": below, "published": None, "unit": 0.01},
        QUANTITIES,
        st.none() | QUANTITIES,
    ),
    st.lists(st.floats(0, 1), max_size=4).map(np.array),
    st.integers(0, 3),
    OPEN,
    OPEN,
)


@given(FINDINGS, st.sampled_from(["", "remedied"]))
def test_evidence_comes_back_from_the_columns_that_keep_it(found, protocol):
    kept = Evidence.of(found, "heldout")
    row = kept.columns(protocol)
    np.testing.assert_equal(astuple(Evidence.read(row, protocol)), astuple(kept))
    assert Evidence.read(row | dict.fromkeys(row, math.nan), protocol) is None
    assert len(kept.cells) == 1 + (found.part["below"] is not None)
    assert all(cell.startswith("heldout/") for cells in kept.cells for cell in cells)
    np.testing.assert_equal(kept.mean, found.mean)
    for own, ends in ((kept.interval, found.interval), (kept.region, found.region)):
        for a, b in zip(own, ends, strict=True):
            assert math.isnan(a) if math.isinf(b) else a == b


@given(FINDINGS)
def test_what_is_outside_has_no_slack(found):
    if found.outside:
        assert found.slack < 0
    if found.slack >= 0:
        assert found.region[0] <= found.interval[0] <= found.interval[1] <= found.region[1]


@given(FINDINGS, st.none() | FINDINGS, st.sampled_from(["repeated", "not repeated"]))
def test_an_explanation_ends_with_what_follows(found, remedied, verdict):
    claim = {"kind": "order", "parts": [0], "remedied": [0]}
    judged = Judged(claim, None, "none", found, verdict, None, remedied, "survives", None)
    text = explained(judged)
    if remedied is None:
        assert text.endswith("There is no corrected training to hold it against.")
    else:
        assert text.endswith(": true.")
    if len(found.values) > 1:
        said = {"repeated": "reproduced", "not repeated": "not reproduced"}
        assert f": {said[verdict]}." in text


@given(st.floats(-1000, 1000), st.sampled_from([0.001, 0.01, 0.1, 1, 10]), st.booleans())
def test_a_number_is_written_with_the_places_of_its_unit(value, unit, finer):
    text = f"{value:{form(unit, finer)}}"
    places = max(0, round(-math.log10(unit))) + (finer and unit < 1)
    assert len(text.partition(".")[2]) == places
    assert abs(float(text) - value) <= 0.5 * 10**-places + 1e-9
    assert not (text.startswith("-") and float(text) == 0)


@given(st.integers(-100, 100), st.integers(-100, 100), st.floats(-0.49, 0.49))
def test_no_difference_is_rounded_by_more(a, b, rest):
    """Two numbers that were rounded to hundredths: their difference, and theirs before."""
    one = {"above": 1, "below": None, "unit": 0.01}
    assert abs(rest) / 100 <= rounding(one)
    difference = (a + rest) / 100 - (b - rest) / 100
    assert abs(difference - (a - b) / 100) <= rounding(one | {"below": 1}) + 1e-9


@given(FINDINGS)
def test_a_name_says_what_is_compared(found):
    above, below = found.part["above"], found.part["below"]
    text = named(found.part)
    assert text.startswith(f"accuracy of {above['label']}")
    assert f"at {above['cells'][0][1]}×" in text
    assert (" minus " in text) == (below is not None)
    if below and below["label"] != above["label"]:
        assert f"minus {below['label']}" in text
    other = below["label"] if below else ""
    assert labels(text) == (above["label"], other)

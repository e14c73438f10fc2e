"""Findings, the evidence that is kept of them, and the words for both."""

import math
from dataclasses import astuple

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fewpixels.claims.parts import Evidence, Finding, Judged
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
        lambda above, below: {"above": above, "below": below, "published": None},
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


@given(FINDINGS, st.none() | FINDINGS, st.sampled_from(["reproduced", "not reproduced"]))
def test_an_explanation_ends_with_what_follows(repeated, remedied, verdict):
    claim = {"kind": "order", "parts": [0], "remedied": [0]}
    text = explained(Judged(claim, repeated, verdict, None, remedied, "survives", None))
    if remedied is None:
        assert text.endswith("There is no remedied counterpart.")
    else:
        assert text.endswith(": survives.")
    if len(repeated.values) > 1:
        assert f": {verdict}." in text

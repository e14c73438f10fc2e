"""The explorer's charts: a point for each number, and axes that end where shares end."""

import json

import numpy as np
import vl_convert
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from random_pages import explored

from fewpixels.page.curve_charts import CURVES, SUBSETS, charts, curve_chart, rows

NUMBER = st.just(np.nan) | st.floats(0, 1)


@st.composite
def curves(draw):
    """Places, and three series of means, lowest and highest."""
    n = draw(st.integers(1, 6))
    values = draw(arrays(float, (9, n), elements=NUMBER))
    values[:, np.isnan(values).any(axis=0)] = np.nan
    return np.arange(1, n + 1) * 3, values


@given(curves())
def test_each_number_is_a_point_and_lone_ones_are_known(own):
    places, values = own
    found = rows(places, values, SUBSETS)
    drawn = {
        title for title, own in zip(SUBSETS, values[::3], strict=True) if np.isfinite(own).any()
    }
    assert {row["series"] for row in found} == drawn
    for row in found:
        i = places.tolist().index(row["x"])
        mean = values[3 * SUBSETS.index(row["series"])]
        assert row["mean"] == (None if np.isnan(mean[i]) else mean[i])
        known = np.isfinite(mean)
        beside = known[max(0, i - 1) : i].any() or known[i + 1 : i + 2].any()
        assert row["alone"] == (known[i] and not beside)


@settings(max_examples=10)
@given(curves(), st.floats(0.01, 1), st.booleans())
def test_an_axis_of_shares_ends_at_1_and_one_of_others_begins_at_0(own, chance, shares):
    shown = rows(*own, SUBSETS)
    found = curve_chart(shown, SUBSETS, "k", "accuracy", chance if shares else None)
    assert found["datasets"][CURVES] == shown
    drawn = vl_convert.vegalite_to_scenegraph(found | {"width": 300})
    text = json.dumps(drawn)
    assert ("guessing" in text) == shares
    domain = vl_convert.vegalite_to_vega(found | {"width": 300})["scales"]
    y = next(scale for scale in domain if scale["name"] == "y")
    assert y["domain"] == [0, 1] if shares else y["zero"]


@settings(max_examples=10)
@given(explored())
def test_a_study_has_the_charts_that_it_has_curves_for(e):
    record, arrays = e.made()
    found = charts(record, arrays)
    assert ("loss" in found) == ("validation" in found) == bool(arrays["steps"].size)
    assert ("sweep" in found) == bool(arrays["k"].size)
    cell = record["cells"][record["start"][0]]
    assert bool(found.get("loss", {}).get("drawn")) == ("curve" in record["fits"][cell["fit"]])

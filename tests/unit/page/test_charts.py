"""Charts are drawn from numbers alone, and in the colours of the page."""

import re

import altair as alt
from hypothesis import given, settings
from hypothesis import strategies as st

from fewpixels.page.charts import drawn, specified


@settings(max_examples=20)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=9))
def test_a_chart_has_a_mark_for_each_row(values):
    data = alt.InlineData([{"x": i, "y": value} for i, value in enumerate(values)])
    chart = alt.Chart(data, width="container").mark_point().encode(x="x:Q", y="y:Q")
    specification = specified(chart)
    assert "$schema" not in specification
    svg = drawn(specification, width=300)
    assert svg == drawn(specification, width=300)
    symbols = re.search(r'class="mark-symbol role-mark marks"[^>]*>(.*?)</g>', svg)[1]
    assert symbols.count("<path") == len(values)
    # The frame of the plot, and no text, has a colour of its own.
    assert not re.search(r'<text[^>]*fill="(?!currentColor)', svg)

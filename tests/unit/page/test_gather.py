"""What the page's template is filled with."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from random_pages import explored

from fewpixels.page import gather
from fewpixels.page.gather import context, held, noting

PROVENANCE = {
    "configuration": {}, "commit": "", "written": "", "processor": "", "platform": "",
    "python": "", "packages": {}, "cores": 1, "memory_bytes": 1,
}  # fmt: skip
NO_TIMES = pd.DataFrame({"entry": []})


@given(st.integers(2, 40), st.integers(1, 6), st.integers(1, 60))
def test_as_many_fresh_images_are_held_as_there_is_room_for(n, classes, thousands):
    rng = np.random.default_rng(n)
    y = rng.integers(0, classes, n)
    images = rng.integers(0, 256, (n, 28, 28)).astype(np.uint8)
    few, gather.FRESH = gather.FRESH, 1000 * thousands
    try:
        rows = held(y, images)
    finally:
        gather.FRESH = few
    assert 1 <= len(rows) <= n
    assert len({*rows.tolist()}) == len(rows)
    if len(rows) < n:  # noise is not made smaller by packing
        assert (len(rows) - 1) * 28**2 < 1000 * thousands
    assert held(y, images).tolist() == list(range(n))


@given(explored())
def test_the_first_replicate_of_each_fit_is_noted_as_cells_pass(e):
    labels, images = {}, np.arange(0, len(e.y), 2)
    assert list(noting(iter(e.cells), e.study, images, labels)) == e.cells
    assert labels.keys() == {e.study.fit_of(cell) for cell, _ in e.cells}
    for cell, own in e.cells:
        assert labels[e.study.fit_of(cell)].tolist() == own["fresh"][0][::2].tolist()


@given(explored())
def test_the_template_gets_what_results_hold(e):
    values = {"models": e.study.models, "splits": e.study.splits, "title": "T"}
    values |= {"licence": "", "remarks": []}
    ran = {}, {}
    history = PROVENANCE, NO_TIMES, [1.0, 2.0]
    parts, packs = {"answer": "first"}, {"other": ({}, {})}
    filled = context(
        values, e.study, e.made(), ran, None, history, [("all", "x")], "d", parts, packs
    )
    assert (filled["title"], filled["dataset"], filled["answer"]) == ("T", "d", "first")
    assert list(filled["packs"]) == ["models", "explorer", "other"]
    assert filled["claims"] is None
    assert filled["made"]["data"] == gather.UNKNOWN

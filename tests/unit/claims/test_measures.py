"""What training measured counts for every split that has its models."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from fewpixels.claims.measures import on_every_split

SPLITS = st.sampled_from("abc")


@given(st.lists(st.tuples(SPLITS, st.integers())), st.dictionaries(SPLITS, SPLITS, min_size=1))
def test_rows_of_a_split_are_those_of_the_one_that_trains_for_it(rows, trained):
    found = on_every_split(pd.DataFrame(rows, columns=["split", "updates"]), trained)
    for split, of in trained.items():
        own = found[found["split"] == split]["updates"]
        assert own.tolist() == [updates for there, updates in rows if there == of]
    assert set(found["split"]) <= set(trained)

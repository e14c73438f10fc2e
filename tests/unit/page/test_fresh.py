"""The fresh images that the page holds."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fewpixels.page.fresh import shown


@given(arrays(np.int64, st.integers(0, 40), elements=st.integers(0, 4)), st.integers(0, 45))
def test_the_first_images_of_each_class_are_shown_evenly(labels, most):
    found = shown(labels, most)
    # Dealt one by one: each class in turn gives its next image.
    queues = [np.flatnonzero(labels == c).tolist() for c in range(5)]
    dealt = []
    while any(queues):
        dealt += [queue.pop(0) for queue in queues if queue]
    assert found.dtype == np.int64
    assert found.tolist() == sorted(dealt[:most])


def test_all_are_shown_where_they_fit():
    assert shown(np.array([2, 0, 2, 2]), 4).tolist() == [0, 1, 2, 3]
    assert shown(np.array([2, 0, 2, 2]), 3).tolist() == [0, 1, 2]
    assert shown(np.array([1, 1, 0, 1], np.uint8), 2).tolist() == [0, 2]

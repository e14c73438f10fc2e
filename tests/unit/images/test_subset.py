"""Subsets of a pool, and the share of labels that are right."""

import numpy as np
import pytest
from helpers import subset
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fewpixels.contract import top_and_margin
from fewpixels.images.subset import Subset, accuracy


@given(
    arrays(np.int32, st.tuples(st.integers(1, 3), st.integers(1, 8)), elements=st.integers(0, 9))
)
def test_pooled_holds_each_image_once_and_leads_back(ids):
    pool = np.random.default_rng(0).integers(0, 256, (10, 4))
    images = subset(pool, np.arange(10) % 3, ids)
    distinct, place = images.pooled()
    assert len(distinct) == len(set(ids.ravel().tolist()))
    assert place.shape == ids.shape
    np.testing.assert_array_equal(distinct[place], images.x)


def test_different_images_that_look_the_same_stay_apart():
    images = subset(np.zeros((5, 4)), np.zeros(5), [[0, 1], [1, 4]])
    assert len(images.pooled()[0]) == 3


@given(arrays(np.int32, st.integers(1, 8), elements=st.integers(0, 9)), st.integers(2, 3))
def test_images_held_once_are_shared_and_pooled_in_their_order(ids, replicates):
    pool = np.random.default_rng(0).integers(0, 256, (10, 4))
    one = subset(pool, np.arange(10) % 3, ids[None])
    many = Subset(*(np.broadcast_to(a, (replicates, *a.shape[1:])) for a in vars(one).values()))
    assert many.shared
    assert not one.shared
    assert not Subset(*(a.copy() for a in vars(many).values())).shared
    images, place = many.pooled()
    np.testing.assert_array_equal(images, one.x[0])
    np.testing.assert_array_equal(images[place], many.x)


def test_classes_are_counted_from_zero():
    assert subset(np.zeros((3, 1)), [0, 4, 2], [[0, 1, 2]]).classes == 5


def test_accuracy_is_the_share_of_equal_labels():
    y = np.array([[0, 1, 2, 3], [3, 2, 1, 0]])
    assert accuracy(np.array([[0, 1, 2, 0], [0, 0, 0, 0]]), y).tolist() == [0.75, 0.25]
    # Labels for several k, of two replicates.
    assert accuracy(np.zeros((5, 2, 4)), y).tolist() == [[0.25, 0.25]] * 5
    assert accuracy(y, y[0]).tolist() == [1.0, 0.0]


@given(arrays(np.float64, (3, 4), elements=st.integers(-3, 3).map(float)))
def test_top_and_margin_against_sorting(scores):
    labels, margin = top_and_margin(scores)
    for row, label, gap in zip(scores.tolist(), labels, margin, strict=True):
        first, second, *_ = sorted(row, reverse=True)
        assert label == row.index(first), "the smallest class on a tie"
        assert gap == pytest.approx(first - second)


@given(st.integers(1, 3), st.integers(1, 6), st.integers(1, 4), st.data())
def test_classes_are_one_more_than_the_largest_label(replicates, n, d, data):
    labels = data.draw(arrays(np.int64, 10, elements=st.integers(0, 5)))
    ids = data.draw(arrays(np.int32, (replicates, n), elements=st.integers(0, 9)))
    images = subset(np.zeros((10, d)), labels, ids)
    assert images.classes == max(labels[i] for i in ids.ravel()) + 1


@given(st.integers(1, 3), st.integers(1, 3), st.integers(1, 6), st.data())
def test_accuracy_counts_equal_labels_one_by_one(k, replicates, n, data):
    labels = data.draw(arrays(np.int64, (k, replicates, n), elements=st.integers(0, 2)))
    y = data.draw(arrays(np.int64, (replicates, n), elements=st.integers(0, 2)))
    found = accuracy(labels, y)
    assert found.shape == (k, replicates)
    for i, r in np.ndindex(k, replicates):
        right = sum(a == b for a, b in zip(labels[i, r].tolist(), y[r].tolist(), strict=True))
        assert found[i, r] == right / n
    order = data.draw(st.permutations(range(n)))
    np.testing.assert_array_equal(accuracy(labels[..., order], y[:, order]), found)

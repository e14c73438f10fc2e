"""Subsets of a pool, and the share of labels that are right."""

import numpy as np
import pytest
from helpers import for_all, subset
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fewpixels.contract import top_and_margin
from fewpixels.images.subset import Subset, accuracy


@given(
    arrays(np.int32, st.tuples(st.integers(1, 3), st.integers(1, 8)), elements=st.integers(0, 9))
)
def test_each_image_is_held_once_and_found_again(ids):
    pool = np.random.default_rng(0).integers(0, 256, (10, 4))
    images = subset(pool, np.arange(10) % 3, ids)
    if len(ids) > 1:  # of one replicate nothing is copied, nor looked for
        assert images.ids.tolist() == sorted(set(ids.ravel().tolist()))
    np.testing.assert_array_equal(images.ids[images.place], ids)
    np.testing.assert_array_equal(images.x, pool[ids])
    np.testing.assert_array_equal(images.y, ids % 3)
    for r, own in enumerate(ids):
        alone = images.replicate(r)
        np.testing.assert_array_equal(alone.ids[alone.place[0]], own)
        np.testing.assert_array_equal(alone.x[0], images.x[r])
        np.testing.assert_array_equal(alone.y[0], images.y[r])


def test_different_images_that_look_the_same_stay_apart():
    images = subset(np.zeros((5, 4)), np.zeros(5), [[0, 1], [1, 4]])
    assert len(images.images) == 3


@given(arrays(np.int32, st.integers(1, 8), elements=st.integers(0, 9)), st.integers(2, 3))
def test_images_of_all_replicates_are_held_once_in_their_order(ids, replicates):
    pool = np.random.default_rng(0).integers(0, 256, (10, 4))
    one = subset(pool, np.arange(10) % 3, ids[None])
    many, copies = for_all(one, replicates), for_all(one, replicates, copies=True)
    wide = (np.broadcast_to(a, (replicates, *a.shape[1:])) for a in (one.x, one.y, one.ids[None]))
    for images in (many, Subset.of(*wide)):
        assert images.shared
        assert images.x.strides[0] == images.y.strides[0] == 0
        np.testing.assert_array_equal(images.images, one.x[0])
    assert not one.shared
    assert not copies.shared
    np.testing.assert_array_equal(copies.x, many.x)
    np.testing.assert_array_equal(copies.y, many.y)


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

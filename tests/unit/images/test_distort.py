"""Distorted copies, against moves of whole pixels, quarter turns and interpolation by hand."""

from math import ceil, cos, floor, radians, sin

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fewpixels.images.distort import DistortError, distort

STILL = {"copies": 2, "rotation": 0, "scale": 0, "shear": 0, "shift": 0, "filling": 0}
LARGEST = {"uint8": 255, "uint16": 65535, "float32": 1.0}
KINDS = st.sampled_from(sorted(LARGEST))
SEEDS = st.integers(0, 1000)


class Drawn:
    """A generator that gives what it is told: of each amount, the share of its bound."""

    def __init__(self, angle=0.0, scale=0.0, shear=0.0, down=0.0, right=0.0):
        self.shares = [angle, scale, shear, down, right]

    def uniform(self, low, high, size):
        assert (low, high) == (-1, 1)
        return np.broadcast_to(np.array(self.shares), size)


def pixels(seed, kind="uint8", n=3, side=6):
    drawn = np.random.default_rng(seed).random((n, side, side)) * LARGEST[kind]
    return drawn.astype(kind)


def plain(image, angle, scale, shear, down, right, filling):
    """One copy, pixel by pixel: where it shows the image, and the mean of the four around there."""
    side = len(image)
    middle = (side - 1) / 2
    copy = np.empty((side, side))

    def grey(row, column):
        known = 0 <= row < side and 0 <= column < side
        return float(image[row, column]) if known else filling

    for i, j in np.ndindex(side, side):
        y, x = i - middle - down, j - middle - right
        y, x = y / (1 + scale), x / (1 + scale)
        x += shear * y
        y, x = cos(angle) * y - sin(angle) * x, sin(angle) * y + cos(angle) * x
        y, x = y + middle, x + middle
        top, left = floor(y), floor(x)
        copy[i, j] = sum(
            (1 - abs(y - row)) * (1 - abs(x - column)) * grey(row, column)
            for row in {top, ceil(y)}
            for column in {left, ceil(x)}
        )
    return copy


@given(
    st.tuples(*[st.floats(-1, 1)] * 5),
    st.floats(0, 180),
    st.floats(0, 0.9),
    st.floats(0, 1),
    st.floats(0, 4),
    st.floats(0, 1),
    SEEDS,
)
def test_copies_are_the_images_moved_and_interpolated_by_hand(
    shares, rotation, scale, shear, shift, filling, seed
):
    image = pixels(seed, "float32", n=1)
    amounts = {"rotation": rotation, "scale": scale, "shear": shear, "shift": shift}
    settings = amounts | {"copies": 1, "filling": filling}
    found = distort(image, settings, Drawn(*shares))[0, 0]
    bounds = radians(rotation), scale, shear, shift, shift
    moves = [share * bound for share, bound in zip(shares, bounds, strict=True)]
    np.testing.assert_allclose(found, plain(image[0], *moves, filling), atol=1e-6)


@given(SEEDS, KINDS, st.integers(-6, 6), st.integers(-6, 6), st.sampled_from([0, 1]))
def test_whole_shifts_move_whole_pixels(seed, kind, down, right, filling):
    images = pixels(seed, kind)
    side = images.shape[1]
    found = distort(
        images, STILL | {"shift": 6, "filling": filling}, Drawn(down=down / 6, right=right / 6)
    )
    framed = np.pad(images, [(0, 0), (6, 6), (6, 6)], constant_values=filling)
    moved = framed[:, 6 - down : 6 - down + side, 6 - right : 6 - right + side]
    assert found.dtype == images.dtype
    for c in range(2):
        np.testing.assert_allclose(found[:, c].astype(float), moved, atol=1e-6)


@given(SEEDS, KINDS, st.sampled_from([-1, 1]), st.integers(2, 7))
def test_a_quarter_turn_is_one(seed, kind, way, side):
    images = pixels(seed, kind, side=side)
    found = distort(images, STILL | {"rotation": 90}, Drawn(angle=way))[:, 0]
    np.testing.assert_allclose(found, np.rot90(images, -way, axes=(1, 2)), atol=1e-6)


@given(SEEDS, KINDS, st.floats(0, 180), st.floats(0, 0.9), st.floats(0, 1), st.floats(0, 5))
def test_grey_values_stay_between_those_of_the_image_and_the_filling(
    seed, kind, rotation, scale, shear, shift
):
    images = pixels(seed, kind)
    bounds = {"rotation": rotation, "scale": scale, "shear": shear, "shift": shift}
    copies = distort(images, STILL | bounds, np.random.default_rng(seed))
    assert (copies.dtype, copies.shape) == (images.dtype, (3, 2, 6, 6))
    most = images.max(axis=(1, 2))[:, None, None, None]
    assert (copies >= 0).all()
    assert (copies <= most * (1 + 1e-6)).all()


@given(SEEDS)
def test_amounts_are_uniform_between_their_bounds(seed):
    """Of shifts: a column that alone is white shows how far it moved, between two pixels."""
    image = np.zeros((1, 21, 21))
    image[:, :, 10] = 1
    settings = STILL | {"copies": 200, "shift": 4}
    copies = distort(image, settings, np.random.default_rng(seed))[0]
    moved = (copies[:, 10] * np.arange(21)).sum(axis=1) - 10
    assert np.abs(moved).max() <= 4
    assert np.abs(moved).max() > 3.5
    assert abs(moved.mean()) < 0.8
    assert 0.35 < (np.abs(moved) > 2).mean() < 0.65


def test_copies_of_an_image_differ_and_the_seed_decides():
    images, settings = pixels(0), STILL | {"rotation": 20, "shift": 1}
    first, again, other = (distort(images, settings, np.random.default_rng(s)) for s in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
    assert (first[:, 0] != first[:, 1]).any(axis=(1, 2)).all()


def test_later_images_change_no_earlier_copies():
    images, settings = pixels(3), STILL | {"rotation": 20, "scale": 0.1, "shear": 0.2, "shift": 1}
    all_, some = (distort(own, settings, np.random.default_rng(5)) for own in (images, images[:2]))
    np.testing.assert_array_equal(all_[:2], some)


def test_whole_grey_values_are_rounded_and_others_are_not():
    image = np.array([[[0, 3], [0, 3]]])
    half = STILL | {"copies": 1, "shift": 0.5}
    for kind, expected in (("uint8", 2), ("uint16", 2), ("float32", 1.5)):
        found = distort(image.astype(kind), half, Drawn(right=1))
        assert found[0, 0, 0, 1] == expected


@pytest.mark.parametrize(("kind", "filling"), [("uint8", 256), ("uint16", -1), ("float32", 1e39)])
def test_a_filling_that_images_cannot_hold_is_refused(kind, filling):
    with pytest.raises(DistortError, match=r"^filling: found .+, expected .+ to .+"):
        distort(pixels(0, kind), STILL | {"filling": filling}, np.random.default_rng(0))

"""Averaging images down, against blocks, and against upsampling to a common grid."""

from math import lcm

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fewpixels.images.downscale import downscale, overlaps


def block_means(images, size):
    """Means of the pixels in each block, for a size that divides the side."""
    side = images.shape[-1]
    step = side // size
    means = np.empty((len(images), size, size))
    for row in range(size):
        for column in range(size):
            block = images[:, row * step : (row + 1) * step, column * step : (column + 1) * step]
            means[:, row, column] = block.reshape(len(images), -1).sum(axis=1) / step**2
    return means.reshape(len(images), -1)


def by_common_grid(images, size):
    """Cut each pixel into equal parts, so that blocks of parts fit the new pixels exactly."""
    side = images.shape[-1]
    parts = lcm(side, size) // side
    return block_means(np.kron(images.astype(np.int64), np.ones((1, parts, parts), int)), size)


@st.composite
def images_and_size(draw):
    side = draw(st.integers(1, 12))
    images = draw(arrays(np.uint8, (draw(st.integers(1, 3)), side, side)))
    return images, draw(st.integers(1, side))


@pytest.mark.parametrize("size", [14, 7, 4, 2, 1])
def test_a_size_that_divides_the_side_gives_block_means(size):
    images = np.random.default_rng(0).integers(0, 256, (5, 28, 28), np.uint8)
    expected = block_means(images.astype(np.int64), size).astype(np.float32)
    np.testing.assert_array_equal(downscale(images, size), expected)


@given(images_and_size())
def test_pixels_count_by_the_area_inside(given_):
    images, size = given_
    np.testing.assert_allclose(
        downscale(images, size), by_common_grid(images, size), rtol=1e-6, atol=1e-4
    )


@pytest.mark.parametrize("size", [3, 5, 10, 13, 27])
def test_a_size_that_does_not_divide_28(size):
    images = np.random.default_rng(size).integers(0, 256, (2, 28, 28), np.uint8)
    np.testing.assert_allclose(downscale(images, size), by_common_grid(images, size), rtol=1e-6)


@given(images_and_size())
def test_the_mean_is_preserved(given_):
    images, size = given_
    means = downscale(images, size).mean(axis=1, dtype=np.float64)
    np.testing.assert_allclose(means, images.mean(axis=(1, 2)), rtol=1e-6, atol=1e-6)


@given(images_and_size())
def test_the_same_size_changes_nothing(given_):
    images, _ = given_
    same = downscale(images, images.shape[-1])
    assert same.dtype == np.float32
    np.testing.assert_array_equal(same, images.reshape(len(images), -1))


@given(images_and_size())
def test_turning_the_image_turns_the_result(given_):
    """Rows and columns are treated alike, and in the right order."""
    images, size = given_
    turned = downscale(images.swapaxes(1, 2), size).reshape(-1, size, size)
    np.testing.assert_allclose(
        turned.swapaxes(1, 2).reshape(len(images), -1), downscale(images, size), rtol=1e-6
    )


def test_by_hand():
    # Three pixels to two: each takes one whole pixel and half of the middle one.
    image = np.array([[[0, 30, 60], [0, 30, 60], [0, 30, 60]]], np.uint8)
    assert downscale(image, 2).tolist() == [[10, 50, 10, 50]]
    np.testing.assert_allclose(overlaps(3, 2), [[1, 0.5, 0], [0, 0.5, 1]])


@pytest.mark.parametrize("size", [0, -1, 6])
def test_other_sizes_are_refused(size):
    with pytest.raises(ValueError, match=f"^size is {size}, expected 1 to 5") as caught:
        downscale(np.zeros((1, 5, 5), np.uint8), size)
    assert "\n" not in str(caught.value)


@given(st.integers(1, 60), st.data())
def test_overlaps_share_every_pixel_out_evenly(side, data):
    size = data.draw(st.integers(1, side))
    share = overlaps(side, size)
    assert share.shape == (size, side)
    assert (share >= 0).all()
    np.testing.assert_allclose(share.sum(axis=1), side / size)
    np.testing.assert_allclose(share.sum(axis=0), 1)
    np.testing.assert_allclose(share, share[::-1, ::-1], atol=1e-12)


@given(images_and_size())
def test_no_pixel_is_darker_or_lighter_than_the_image(given_):
    images, size = given_
    small = downscale(images, size)
    flat = images.reshape(len(images), -1)
    assert (small.min(axis=1) >= flat.min(axis=1)).all()
    assert (small.max(axis=1) <= flat.max(axis=1)).all()


@given(images_and_size(), st.sampled_from([np.uint8, np.int64, np.float32, np.float64]))
def test_each_image_is_averaged_alone_whatever_the_type_of_its_numbers(given_, kind):
    images, size = given_
    together = downscale(images.astype(kind), size)
    for image, own in zip(images, together, strict=True):
        np.testing.assert_array_equal(downscale(image[None], size)[0], own)


@given(
    arrays(np.float64, (2, 6, 6), elements=st.floats(-1e30, 1e30)),
    st.integers(1, 6),
    st.floats(-1e3, 1e3),
)
def test_averaging_is_linear(images, size, factor):
    first, second = images
    np.testing.assert_allclose(
        downscale((first + factor * second)[None], size).astype(np.float64),
        downscale(first[None], size) + factor * downscale(second[None], size).astype(np.float64),
        rtol=1e-5,
        atol=1e-5 * max(np.abs(images).max() * max(abs(factor), 1), 1e-30),
    )

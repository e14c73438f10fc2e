"""Files of images: read as they were written, and refused if they hold something else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fewpixels.artifacts.arrays import write_npz
from fewpixels.artifacts.files import ArtifactError
from fewpixels.artifacts.images import (
    read_copies,
    read_images,
    read_subset,
    read_training,
    write_images,
)
from fewpixels.images.copies import with_copies
from fewpixels.images.downscale import block_sums, downscale, means


def write_subset(path, **other):
    """Three images of 2 × 2 pixels, of which two replicates have two each."""
    sums, place = np.arange(12, dtype=np.uint16).reshape(3, 4), np.array([[0, 2], [2, 1]], np.uint8)
    arrays = {"sums": sums, "area": np.int64(49), "labels": np.array([0, 1, 1], np.uint8)}
    write_npz(path, **{**arrays, "ids": np.array([3, 5, 8], np.int32), "place": place, **other})
    return (sums / 49).astype(np.float32)[place]


def test_a_subset_is_read_as_written(tmp_path):
    x = write_subset(tmp_path / "train.npz")
    subset = read_subset(tmp_path / "train.npz", size=2)
    np.testing.assert_array_equal(subset.x, x)
    assert subset.y.tolist() == [[0, 1], [1, 1]]
    assert (subset.x.dtype, subset.y.dtype, subset.ids.dtype) == (np.float32, np.int64, np.int32)


@given(
    st.sampled_from([np.uint8, np.uint16, np.uint32, np.float32]),
    st.sampled_from([1, 2, 3, 4, 6]),
    st.integers(0, 99),
)
def test_images_are_read_as_they_were_averaged_down(tmp_path_factory, kind, size, seed):
    path = tmp_path_factory.mktemp("images") / "images.npz"
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 256, (5, 6, 6)).astype(kind)
    labels = rng.integers(0, 300, 5)
    sums, area = block_sums(images, size)
    write_images(path, sums, area, labels)
    x, y = read_images(path, size)
    assert (x.dtype, y.dtype) == (np.float32, np.int64)
    np.testing.assert_array_equal(x, means(sums, area))
    np.testing.assert_array_equal(x, downscale(images, size))
    np.testing.assert_array_equal(y, labels)


@given(st.integers(1, 3), st.integers(0, 99))
def test_a_model_trains_on_its_images_and_on_copies_of_them(tmp_path_factory, each, seed):
    folder = tmp_path_factory.mktemp("images")
    write_subset(folder / "train.npz")
    ids = np.repeat(np.arange(10, dtype=np.int32), each)
    sums = np.random.default_rng(seed).integers(0, 999, (len(ids), 4)).astype(np.uint16)
    write_images(folder / "copies.npz", sums, 49, ids % 2, ids=ids)
    alone = read_training(folder / "train.npz", [], 2, 2)
    np.testing.assert_array_equal(alone.x, read_subset(folder / "train.npz", 2, 2).x)
    copies = read_copies(folder / "copies.npz", 2, ids)
    np.testing.assert_array_equal(copies.ids, ids)
    np.testing.assert_array_equal(copies.images, means(sums, 49))
    some = read_copies(folder / "copies.npz", 2, np.array([7, 3]))
    np.testing.assert_array_equal(some.ids, np.repeat([3, 7], each))
    np.testing.assert_array_equal(some.images, copies.images[np.isin(ids, [3, 7])])
    larger = read_training(folder / "train.npz", [folder / "copies.npz"], 2, 2)
    np.testing.assert_array_equal(larger.x, with_copies(alone, copies).x)
    assert larger.x.shape == (2, 2 * (1 + each), 4)


@pytest.mark.parametrize(
    ("other", "found", "expected"),
    [
        (
            {"sums": np.ones((3, 4))},
            "sums of float64 (3, 4)",
            "float32|uint8|uint16|uint32|uint64 U 4 (U = 3)",
        ),
        (
            {"sums": np.ones((3, 9), np.float32)},
            "sums of float32 (3, 9)",
            "float32|uint8|uint16|uint32|uint64 U 4 (U = 3)",
        ),
        (
            {"sums": np.ones(3, np.float32)},
            "sums of float32 (3,)",
            "float32|uint8|uint16|uint32|uint64 U 4 (U = 3)",
        ),
        (
            {"labels": np.ones(4, np.int64)},
            "labels of int64 (4,)",
            "whole U (U = 3)",
        ),
        (
            {"place": np.ones((2, 4))},
            "place of float64 (2, 4)",
            "whole R n (U = 3, R = 2, n = 4)",
        ),
        (
            {"ids": np.ones(3, np.uint32)},
            "ids of uint32 (3,)",
            "int32 U (U = 3)",
        ),
        (
            {"place": np.array([[3]])},
            "image 3",
            "0 to 2",
        ),
        ({"place": np.array([[-1]])}, "image -1", "0 to 2"),
        ({"area": np.array(0)}, "an area of 0", "1 or more"),
        ({"labels": np.array([0, -1, 1])}, "the class -1", "0 or more"),
    ],
)
def test_another_type_or_shape_is_refused(tmp_path, other, found, expected):
    path = tmp_path / "train.npz"
    write_subset(path, **other)
    with pytest.raises(ArtifactError) as caught:
        read_subset(path, size=2)
    message = f"{path}: found {found}, expected {expected}; delete the file and run again"
    assert str(caught.value) == message

"""Wrong images and labels: each gives one exact line, whichever source reads them."""

import numpy as np
import pytest
from data_files import IMAGES, LABELS, NEEDED, PIXEL, RIGHT, SOURCES, error_of, saved

SHAPE = "expected (N, H, H): grey, square and of one size, at least one; convert them"


def with_pixel(value):
    """The images as floats, one pixel of which is another number."""
    images = IMAGES.astype(float)
    images[3, 1, 0] = value
    return images


# Images and labels that neither source takes: what they are instead, and what is said of them.
ARRAYS = {
    "no labels": ({"labels": None}, f"found no labels, {NEEDED}"),
    "no images": ({"images": None}, f"found no images, {NEEDED}"),
    "labels with a fraction": (
        {"labels": LABELS + 0.5},
        "labels: found float64 of shape (8,), expected whole numbers (N,); convert them",
    ),
    "labels that are floats": (
        {"labels": LABELS.astype(np.float32)},
        "labels: found float32 of shape (8,), expected whole numbers (N,); convert them",
    ),
    "labels of truth": (
        {"labels": LABELS.astype(bool)},
        "labels: found bool, expected whole numbers; convert them",
    ),
    "negative labels": (
        {"labels": LABELS - 1},
        "labels: found -1, expected 0 to C−1 for C classes; number them from 0",
    ),
    "labels from 1": (
        {"labels": LABELS + 1},
        "labels: found labels up to 2, but none is 0; number the classes from 0 without gaps",
    ),
    "labels with a gap": (
        {"labels": LABELS * 2},
        "labels: found labels up to 2, but none is 1; number the classes from 0 without gaps",
    ),
    "labels beyond all numbers": (
        {"labels": LABELS.astype(np.uint64) * 2**63},
        f"labels: found labels up to {2**63}, but none is 1; number the classes from 0 without "
        "gaps",
    ),
    "labels one-hot": (
        {"labels": np.eye(2, dtype=int)[LABELS]},
        "labels: found int64 of shape (8, 2), expected whole numbers (N,); convert them",
    ),
    "one class": (
        {"labels": LABELS * 0},
        "labels: found 1 classes, expected two or more; correct the file",
    ),
    "fewer labels than images": (
        {"labels": LABELS[:7]},
        "found 8 images and 7 labels, expected a label for each image; correct the file",
    ),
    "images that are not square": (
        {"images": IMAGES.reshape(4, 2, 4)},
        f"images: found shape (4, 2, 4), {SHAPE}",
    ),
    "flattened images": ({"images": IMAGES.reshape(8, 4)}, f"images: found shape (8, 4), {SHAPE}"),
    "one image": ({"images": IMAGES[0]}, f"images: found shape (2, 2), {SHAPE}"),
    "colour": (
        {"images": np.repeat(IMAGES[..., None], 3, axis=3)},
        f"images: found shape (8, 2, 2, 3), {SHAPE}",
    ),
    "one image in colour": (
        {"images": np.zeros((8, 2, 3), np.uint8)},
        f"images: found shape (8, 2, 3), {SHAPE}",
    ),
    "no image": ({"images": IMAGES[:0]}, f"images: found shape (0, 2, 2), {SHAPE}"),
    "images without pixels": (
        {"images": np.zeros((8, 0, 0), np.uint8)},
        f"images: found shape (8, 0, 0), {SHAPE}",
    ),
    "shares of white": (
        {"images": IMAGES / 255},
        f"images: found the pixel {1 / 255} in image 0, {PIXEL}",
    ),
    "fraction": ({"images": with_pixel(0.5)}, f"images: found the pixel 0.5 in image 3, {PIXEL}"),
    "pixel below": (
        {"images": with_pixel(-1)},
        f"images: found the pixel -1.0 in image 3, {PIXEL}",
    ),
    "pixel above": (
        {"images": with_pixel(256).astype(np.int16)},
        f"images: found the pixel 256 in image 3, {PIXEL}",
    ),
    "nan": ({"images": with_pixel(np.nan)}, f"images: found the pixel nan in image 3, {PIXEL}"),
    "infinity": (
        {"images": with_pixel(np.inf)},
        f"images: found the pixel inf in image 3, {PIXEL}",
    ),
    "pixels of truth": (
        {"images": IMAGES > 3},
        "images: found bool, expected arrays of pixels; convert them",
    ),
}
# What is read from one kind of file only.
LISTS = {
    "images of two sizes": (
        {"images": [*IMAGES[:7], np.zeros((3, 3), np.uint8)]},
        "images: found shape (3, 3) at 7, expected (2, 2) as at 0; make them alike",
    ),
    "images as lists": (
        {"images": IMAGES.tolist()},
        "images: found list in a list, expected arrays of pixels; convert them",
    ),
    "no image in a list": ({"images": []}, f"images: found shape (0,), {SHAPE}"),
    "images in a dict": (
        {"images": {"0": IMAGES[0]}},
        "images: found dict, expected arrays of pixels; convert them",
    ),
    "labels of text": (
        {"labels": [str(label) for label in LABELS]},
        "labels: found str in a list, expected whole numbers; convert them",
    ),
    "a label that is missing": (
        {"labels": [*LABELS[:7].tolist(), None]},
        "labels: found NoneType in a list, expected whole numbers; convert them",
    ),
    "a label beyond all numbers": (
        {"labels": [*LABELS[:7].tolist(), 2**70]},
        "labels: found object, expected whole numbers; convert them",
    ),
}


@pytest.mark.parametrize(
    ("source", "case"),
    [*((s, c) for c in ARRAYS for s in SOURCES), *(("pickle", c) for c in LISTS)],
)
def test_wrong_images_and_labels_are_refused_in_one_exact_line(source, case, tmp_path):
    change, expected = (ARRAYS | LISTS)[case]
    content = {k: v for k, v in (RIGHT | change).items() if v is not None}
    path = tmp_path / "file"
    path.write_bytes(saved(source, content))
    assert error_of(source, path) == expected


@pytest.mark.parametrize("source", SOURCES)
def test_the_same_file_without_the_mistakes_is_right(source, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(saved(source, RIGHT))
    pool = SOURCES[source].load({"file": str(path), "fresh_per_class": 2})
    assert (len(pool.images), len(pool.fresh_images)) == (4, 4)


@pytest.mark.parametrize("source", SOURCES)
def test_what_goes_with_no_content(source, tmp_path):
    path = tmp_path / "file"
    assert error_of(source, path) == "found no such file, expected one; correct the path"
    assert error_of(source, tmp_path) == "found no such file, expected one; correct the path"
    path.write_bytes(saved(source, RIGHT))
    assert error_of(source, path, fresh_per_class=3) == (
        "found 3 images of class 0, expected more than fresh_per_class, 3; lower it"
    )
    said = error_of(source, path, sha256="0" * 64)
    assert said.startswith("found sha256 ")
    assert said.endswith(
        f", expected {'0' * 64}; get the right file, or correct the entry's sha256"
    )

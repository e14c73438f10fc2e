"""Wrong images and labels: each gives one exact line, whichever source reads them."""

import numpy as np
import pytest
from data_files import IMAGES, LABELS, NEEDED, PIXEL, RIGHT, SOURCES, error_of, saved

NAME = "expected 1 to 100 printable characters, no blank first or last; rename the class"
WHOLE_PIXEL = "expected 0 to 65535, or floats; convert them"
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
        "labels: found float64 of shape (8,), expected whole numbers or texts (N,); convert them",
    ),
    "labels that are floats": (
        {"labels": LABELS.astype(np.float32)},
        "labels: found float32 of shape (8,), expected whole numbers or texts (N,); convert them",
    ),
    "labels of truth": (
        {"labels": LABELS.astype(bool)},
        "labels: found bool, expected whole numbers or texts; convert them",
    ),
    "labels one-hot": (
        {"labels": np.eye(2, dtype=int)[LABELS]},
        "labels: found int64 of shape (8, 2), expected whole numbers or texts (N,); convert them",
    ),
    "one class": (
        {"labels": LABELS * 0},
        "labels: found the class '0' alone, expected two classes or more; add the others",
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
    "whole pixel below": (
        {"images": with_pixel(-1).astype(np.int16)},
        f"images: found the pixel -1 in image 3, {WHOLE_PIXEL}",
    ),
    "whole pixel above": (
        {"images": with_pixel(65536).astype(np.int64)},
        f"images: found the pixel 65536 in image 3, {WHOLE_PIXEL}",
    ),
    "nan": ({"images": with_pixel(np.nan)}, f"images: found the pixel nan in image 3, {PIXEL}"),
    "infinity": (
        {"images": with_pixel(np.inf)},
        f"images: found the pixel inf in image 3, {PIXEL}",
    ),
    "beyond float32": (
        {"images": with_pixel(1e39)},
        f"images: found the pixel 1e+39 in image 3, {PIXEL}",
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
    "labels of numbers and text": (
        {"labels": [*LABELS[:7].tolist(), "1"]},
        "labels: found str in a list, expected whole numbers or texts; convert them",
    ),
    "a label without characters": (
        {"labels": ["cat"] * 7 + [""]},
        f"labels: found the label '', {NAME}",
    ),
    "a label of two lines": (
        {"labels": ["cat"] * 7 + ["a\nb"]},
        f"labels: found the label 'a\\nb', {NAME}",
    ),
    "a label with a blank behind it": (
        {"labels": ["cat"] * 7 + ["dog "]},
        f"labels: found the label 'dog ', {NAME}",
    ),
    "a label as long as a letter": (
        {"labels": ["cat"] * 7 + ["x" * 101]},
        f"labels: found the label 'xxxxxxxxxxxx...xxxxxxxxxxxxx', {NAME}",
    ),
    "a label that is missing": (
        {"labels": [*LABELS[:7].tolist(), None]},
        "labels: found NoneType in a list, expected whole numbers or texts; convert them",
    ),
    "a label beyond all numbers": (
        {"labels": [*LABELS[:7].tolist(), 2**70]},
        "labels: found object, expected whole numbers or texts; convert them",
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

"""Wrong files of images: each gives one exact line."""

import os

import numpy as np
import pytest
from data_files import BOTH, IMAGES, LABELS, NEEDED, PIXEL, RIGHT, WHOLE, archive, error_of, member
from pickles import Calls, dumps

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
ONLY_PICKLE = (
    "expected a pickle of NumPy arrays and plain containers alone; get another copy, or save the "
    "arrays as .npz"
)
ONLY_NPZ = "expected an .npz archive of arrays of numbers; get another copy, or save it again"
ONLY_MEMBERS = (
    "expected images.npy, labels.npy, fresh_images.npy, fresh_labels.npy, names.npy once at the "
    "most; save these arrays alone"
)


def claiming(size):
    """An archive whose member claims a size that it has not."""
    damaged = bytearray(WHOLE)
    directory = damaged.index(b"PK\x01\x02")
    damaged[directory + 24 : directory + 28] = size.to_bytes(4, "little")
    return bytes(damaged)


def swapped(old, new):
    """The archive with a header that says something else; both have equal lengths."""
    assert len(old) == len(new)
    assert BOTH["images"].count(old) == 1
    return archive(images=BOTH["images"].replace(old, new), labels=BOTH["labels"])


class Touch(Calls):
    """Pickled as a call that makes the marker file."""

    def __init__(self):
        super().__init__(os.system, "touch marker")


# The source, the file's bytes, and what is said of them.
FILES = {
    "empty pickle": ("pickle", b"", f"found that it ends too early, {ONLY_PICKLE}"),
    "picture for a pickle": (
        "pickle",
        PNG,
        f"found the instruction PERSID, {ONLY_PICKLE}",
    ),
    "text for a pickle": (
        "pickle",
        b"hello",
        f"found Memo value not found at index 101, {ONLY_PICKLE}",
    ),
    "archive for a pickle": (
        "pickle",
        WHOLE,
        None,
    ),
    "pickle cut short": (
        "pickle",
        dumps(RIGHT, 2)[:-1],
        f"found that it ends too early, {ONLY_PICKLE}",
    ),
    "pickle that runs code": (
        "pickle",
        dumps({**RIGHT, "img_filenames": [Touch()]}, 4),
        f"found the function 'posix.system', {ONLY_PICKLE}",
    ),
    "pickled objects": (
        "pickle",
        dumps({**RIGHT, "images": np.array([None])}, 4),
        f"found an array of a type that is no plain number, {ONLY_PICKLE}",
    ),
    "pickled complex numbers": (
        "pickle",
        dumps({**RIGHT, "images": IMAGES * 1j}, 4),
        f"found an array of a type that is no plain number, {ONLY_PICKLE}",
    ),
    "pickled list": (
        "pickle",
        dumps([IMAGES, LABELS], 4),
        "found a pickled list, expected a dict of images and labels, or pairs of them for "
        "training, validation and test; correct the file",
    ),
    "empty archive": ("npz", b"", f"found File is not a zip file, {ONLY_NPZ}"),
    "picture for an archive": ("npz", PNG, f"found File is not a zip file, {ONLY_NPZ}"),
    "text for an archive": ("npz", b"hello\n", f"found File is not a zip file, {ONLY_NPZ}"),
    "pickle for an archive": ("npz", dumps(RIGHT, 4), f"found File is not a zip file, {ONLY_NPZ}"),
    "bare array": ("npz", member(IMAGES), f"found File is not a zip file, {ONLY_NPZ}"),
    "archive cut short": ("npz", WHOLE[:-40], f"found File is not a zip file, {ONLY_NPZ}"),
    "archive with a flipped bit": (
        "npz",
        WHOLE.replace(IMAGES.tobytes(), IMAGES[::-1].tobytes()),
        f"found Bad CRC-32 for file 'images.npy', {ONLY_NPZ}",
    ),
    "archive of nothing": ("npz", archive(), f"found no images, {NEEDED}"),
    "archived objects": (
        "npz",
        archive(images=member(np.array([None])), labels=BOTH["labels"]),
        f"found an array of Python objects, {ONLY_NPZ}",
    ),
    "archived code": (
        "npz",
        archive(images=dumps(Touch(), 4), labels=BOTH["labels"]),
        None,
    ),
    "archived text": (
        "npz",
        archive(images=member(np.full((8, 2, 2), "a")), labels=BOTH["labels"]),
        "images: found <U1, expected arrays of pixels; convert them",
    ),
    "archived complex numbers": (
        "npz",
        archive(images=member(IMAGES * 1j), labels=BOTH["labels"]),
        "images: found complex128, expected arrays of pixels; convert them",
    ),
    "archived structure": (
        "npz",
        archive(images=member(np.zeros(8, "u1,u1")), labels=BOTH["labels"]),
        "images: found [('f0', 'u1'), ('f1', 'u1')], expected arrays of pixels; convert them",
    ),
    "member that leads up": (
        "npz",
        archive(("../x.npy", member(IMAGES)), **BOTH),
        f"found the member '../x.npy' 1 times, {ONLY_MEMBERS}",
    ),
    "member that is absolute": (
        "npz",
        archive(("/tmp/images.npy", member(IMAGES)), **BOTH),
        f"found the member '/tmp/images.npy' 1 times, {ONLY_MEMBERS}",
    ),
    "member that is no array": (
        "npz",
        archive(("labels.pickle", b""), **BOTH),
        f"found the member 'labels.pickle' 1 times, {ONLY_MEMBERS}",
    ),
    "member with a line break": (
        "npz",
        archive(("a\nb.npy", member(IMAGES)), **BOTH),
        f"found the member 'a\\nb.npy' 1 times, {ONLY_MEMBERS}",
    ),
    "member that is there twice": (
        "npz",
        archive(("labels.npy", member(1 - LABELS)), **BOTH),
        f"found the member 'labels.npy' 2 times, {ONLY_MEMBERS}",
    ),
    "member larger than memory": (
        "npz",
        claiming(2**32 - 2),
        f"found {2**32 - 2 + len(BOTH['labels'])} bytes of arrays, expected {2**31} at the most; "
        "save fewer images",
    ),
    "more numbers than bytes": (
        "npz",
        swapped(b"(8, 2, 2)", b"(8, 2, 9)"),
        f"found buffer is smaller than requested size, {ONLY_NPZ}",
    ),
    "a type that is none": ("npz", swapped(b"'|u1'", b"'|??'"), None),
    "a header that is none": ("npz", swapped(b"{'descr'", b"[[[[[[[["), None),
    "fresh images without labels": (
        "npz",
        archive(fresh_images=member(IMAGES), **BOTH),
        "found no fresh_labels, expected fresh_images and fresh_labels; add them",
    ),
    "fresh labels without images": (
        "npz",
        archive(fresh_labels=member(LABELS), **BOTH),
        "found no fresh_images, expected fresh_images and fresh_labels; add them",
    ),
    "fresh images of other than pixels": (
        "npz",
        archive(fresh_images=member(IMAGES + np.nan), fresh_labels=member(LABELS), **BOTH),
        f"fresh_images: found the pixel nan in image 0, {PIXEL}",
    ),
}


@pytest.mark.parametrize("case", FILES)
def test_a_wrong_file_is_refused_in_one_exact_line(case, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    source, content, expected = FILES[case]
    path = tmp_path / "file"
    path.write_bytes(content)
    said = error_of(source, path)
    if expected is None:  # the words are those of Python or NumPy
        assert said.endswith(ONLY_PICKLE if source == "pickle" else ONLY_NPZ)
    else:
        assert said == expected
    assert list(tmp_path.iterdir()) == [path]


def test_fresh_images_in_the_file_and_held_back_are_one_too_many(tmp_path):
    path = tmp_path / "file"
    fresh = {f"fresh_{name}": content for name, content in BOTH.items()}
    path.write_bytes(archive(**BOTH, **fresh))
    assert error_of("npz", path, fresh_per_class=1) == (
        "found fresh images, expected none to go with fresh_per_class, 1; leave one of them out"
    )


def test_an_archive_cut_anywhere_is_refused(tmp_path):
    path = tmp_path / "file"
    for length in range(0, len(WHOLE), 5):
        path.write_bytes(WHOLE[:length])
        assert error_of("npz", path).endswith(ONLY_NPZ)

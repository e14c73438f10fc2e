"""Small files of images for both sources, right and wrong."""

import warnings
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import numpy as np
import pytest
from pickles import dumps

from fewpixels.datasets import DatasetError, npz, pickle

SOURCES = {"pickle": pickle, "npz": npz}
IMAGES = np.arange(32, dtype=np.uint8).reshape(8, 2, 2)
LABELS = np.array([1, 0, 1, 1, 0, 1, 0, 1])
NEEDED = "expected images and labels; add them"
PIXEL = "expected finite numbers; convert them"


def archive(*members, **named):
    """An archive of members by name, each with its bytes; names can be such as zipfile allows."""
    file = BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that are there already
        with ZipFile(file, "w", ZIP_STORED) as opened:
            for name, content in [*members, *((f"{n}.npy", c) for n, c in named.items())]:
                opened.writestr(ZipInfo(name), content)
    return file.getvalue()


def member(values):
    file = BytesIO()
    np.save(file, values)
    return file.getvalue()


RIGHT = {"images": IMAGES, "labels": LABELS}
BOTH = {"images": member(IMAGES), "labels": member(LABELS)}
WHOLE = archive(**BOTH)


def saved(source, content):
    """A file of these arrays."""
    if source == "pickle":
        return dumps(content, 4)
    return archive(**{name: member(values) for name, values in content.items()})


def error_of(source, path, **options):
    """The one line that a file is refused with, without the file's name."""
    with pytest.raises(DatasetError) as caught:
        SOURCES[source].load({"file": str(path), "fresh_per_class": 0} | options)
    said = str(caught.value)
    assert len(said.splitlines()) == 1
    assert said.startswith(f"{path}: ")
    return said.removeprefix(f"{path}: ")

"""Images in a NumPy archive: ``images`` and ``labels``, and perhaps fresh ones of both."""

from collections.abc import Mapping
from pathlib import Path
from reprlib import repr as brief
from typing import Any
from zipfile import ZipFile

import numpy as np
from numpy.typing import NDArray

from fewpixels.artifacts.arrays import parse_array
from fewpixels.datasets import LARGEST, Dataset, DatasetError, as_pool, hold_back, set_apart
from fewpixels.datasets._download import local
from fewpixels.datasets._options import ARRAYS

OPTIONS = ARRAYS
MEMBERS = ("images.npy", "labels.npy", "fresh_images.npy", "fresh_labels.npy", "names.npy")


def load(options: Mapping[str, Any]) -> Dataset:
    """Load ``images`` and ``labels``, and ``fresh_images`` and ``fresh_labels`` if they are there.

    Where there are ``names`` of the classes, as in a file that the workflow made, labels are their
    numbers from 0.

    Parameters
    ----------
    options : mapping
        As `OPTIONS` says.

    Returns
    -------
    Dataset
        In the order of the file; its fresh set can be empty.

    Raises
    ------
    DatasetError
        If the file is missing or damaged, or holds anything but these arrays, or arrays that are
        not as `as_pool` expects them.
    """
    file, per_class = options["file"], options["fresh_per_class"]
    arrays = _named(_read(local(file, options.get("sha256")), file), file)
    images, labels = as_pool(arrays, file)
    if not {"fresh_images", "fresh_labels"} & set(arrays):
        return hold_back(images, labels, per_class, file)
    if per_class:
        raise DatasetError(
            f"{file}: found fresh images, expected none to go with fresh_per_class, {per_class}; "
            "leave one of them out"
        )
    return set_apart(images, labels, *as_pool(arrays, file, "fresh_"), file)


def _named(arrays: dict[str, NDArray[Any]], file: str) -> dict[str, NDArray[Any]]:
    """Replace labels by names, if there are any; whole numbers that are names are numbers."""
    names = arrays.pop("names", None)
    if names is None:
        return arrays
    if names.ndim != 1 or names.dtype.kind != "U":
        raise DatasetError(
            f"{file}: found names of {names.dtype} {names.shape}, expected texts (C,); correct them"
        )
    if all(name.isdecimal() and str(int(name)) == name for name in names.tolist()):
        names = names.astype(np.int64)
    for key in {"labels", "fresh_labels"} & set(arrays):
        labels = arrays[key]
        if labels.dtype.kind not in "iu" or not np.isin(labels, np.arange(len(names))).all():
            raise DatasetError(
                f"{file}: found {key} that are no numbers 0 to {len(names) - 1}, expected one "
                f"of the {len(names)} names for each; correct them, or leave names out"
            )
        arrays[key] = names[labels]
    return arrays


def _read(path: Path, file: str) -> dict[str, NDArray[Any]]:
    try:
        with ZipFile(path) as archive:
            names = archive.namelist()
            for name in names:
                if name not in MEMBERS or names.count(name) > 1:
                    raise DatasetError(
                        f"{file}: found the member {brief(name)} {names.count(name)} times, "
                        f"expected {', '.join(MEMBERS)} once at the most; save these arrays alone"
                    )
            size = sum(member.file_size for member in archive.infolist())
            if size > LARGEST:
                raise DatasetError(
                    f"{file}: found {size} bytes of arrays, expected {LARGEST} at the most; save "
                    "fewer images"
                )
            # Whole members, so that their checksums are compared before anything is parsed.
            return {name.removesuffix(".npy"): parse_array(archive.read(name)) for name in names}
    except DatasetError:
        raise
    except Exception as error:  # whatever a damaged archive leads zipfile and NumPy to
        reason = " ".join(str(error).split()) or type(error).__name__
        raise DatasetError(
            f"{file}: found {reason[:200]}, expected an .npz archive of arrays of numbers; get "
            "another copy, or save it again"
        ) from error

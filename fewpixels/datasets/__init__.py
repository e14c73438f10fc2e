"""Sources of images: each module is one source, with a function ``load(options) -> Dataset``.

Its ``OPTIONS``, a JSON Schema literal, says what a dataset's entry in ``config.yaml`` may set. An
option ``file`` is a path, which the workflow tracks, or an address. A number marked
``positive_without_fresh`` may be 0 only if the entry names another source of fresh images.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fewpixels import FewpixelsError


class DatasetError(FewpixelsError):
    """A source does not hold what was expected."""


@dataclass(frozen=True)
class Dataset:
    """A pool of images that splits draw from, and fresh images that none touches.

    Attributes
    ----------
    images, fresh_images : ndarray of uint8, shape (N, H, W)
    labels, fresh_labels : ndarray of int64, shape (N,)
        Classes, 0…C−1.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    fresh_images: NDArray[np.uint8]
    fresh_labels: NDArray[np.int64]


def load(entry: Mapping[str, Any], name: str) -> Dataset:
    """Load a dataset from its source, with fresh images of another source if it names one.

    Parameters
    ----------
    entry : mapping
        The dataset's entry in the configuration, defaults filled in.
    name : str
        The entry's name.

    Returns
    -------
    Dataset
        Checked against the entry.

    Raises
    ------
    DatasetError
        If a source does not hold what was expected.
    """
    dataset = _load(entry)
    if "fresh" in entry:
        other = _load(entry["fresh"])
        dataset = replace(dataset, fresh_images=other.fresh_images, fresh_labels=other.fresh_labels)
    check_dataset(dataset, entry, name)
    return dataset


def _load(entry: Mapping[str, Any]) -> Dataset:
    dataset: Dataset = import_module(f"fewpixels.datasets.{entry['source']}").load(entry["options"])
    return dataset


def as_pool(
    arrays: Mapping[str, Any], where: str, prefix: str = ""
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Check images and labels that a file holds.

    Parameters
    ----------
    arrays : mapping
        By name: `prefix` + ``images``, an array or a sequence of one array for each image, and
        `prefix` + ``labels``, an array or a sequence of numbers.
    where : str
        The file.
    prefix : str

    Returns
    -------
    images : ndarray of uint8, shape (N, H, H)
    labels : ndarray of int64, shape (N,)

    Raises
    ------
    DatasetError
        If they are anything but equal squares of grey pixels from 0 to 255, and labels of two or
        more classes, 0…C−1, each of which has an image.
    """
    for name in (f"{prefix}images", f"{prefix}labels"):
        if name not in arrays:
            raise DatasetError(
                f"{where}: found no {name}, expected {prefix}images and {prefix}labels; add them"
            )
    images = _as_images(arrays[f"{prefix}images"], f"{where}: {prefix}images")
    labels = _as_labels(arrays[f"{prefix}labels"], f"{where}: {prefix}labels")
    if len(images) != len(labels):
        raise DatasetError(
            f"{where}: found {len(images)} {prefix}images and {len(labels)} {prefix}labels, "
            "expected a label for each image; correct the file"
        )
    return images, labels


def _as_images(values: Any, where: str) -> NDArray[np.uint8]:
    images = _as_array(values, where, "arrays of pixels")
    if images.ndim != 3 or images.shape[1] != images.shape[2] or not images.size:
        raise DatasetError(
            f"{where}: found shape {images.shape}, expected (N, H, H): grey, square and of one "
            "size, at least one; convert them"
        )
    if images.dtype == np.uint8:
        return images
    right = images == np.clip(np.floor(images), 0, 255)  # never so for nan
    if not right.all():
        i, row, column = np.argwhere(~right)[0]
        raise DatasetError(
            f"{where}: found the pixel {images[i, row, column]} in image {i}, expected whole "
            "numbers 0 to 255; convert them"
        )
    return images.astype(np.uint8)


def _as_labels(values: Any, where: str) -> NDArray[np.int64]:
    labels = _as_array(values, where, "whole numbers")
    if labels.ndim != 1 or labels.dtype.kind not in "iu":
        raise DatasetError(
            f"{where}: found {labels.dtype} of shape {labels.shape}, expected whole numbers (N,); "
            "convert them"
        )
    found = np.unique(labels)
    if len(found) < 2:
        raise DatasetError(
            f"{where}: found {len(found)} classes, expected two or more; correct the file"
        )
    if found[0] < 0:
        raise DatasetError(
            f"{where}: found {found[0]}, expected 0 to C−1 for C classes; number them from 0"
        )
    if found[-1] != len(found) - 1:
        missing = np.flatnonzero(found != np.arange(len(found)))[0]
        raise DatasetError(
            f"{where}: found labels up to {found[-1]}, but none is {missing}; number the classes "
            "from 0 without gaps"
        )
    return labels.astype(np.int64)


def _as_array(values: Any, where: str, expected: str) -> NDArray[Any]:
    """Make one array of an array, or of a sequence of arrays or numbers that are alike."""
    if isinstance(values, list | tuple):
        odd = {type(v).__name__ for v in values if not isinstance(v, np.ndarray | np.generic | int)}
        if odd:
            raise DatasetError(
                f"{where}: found {', '.join(sorted(odd))} in a {type(values).__name__}, expected "
                f"{expected}; convert them"
            )
        first = np.shape(values[0]) if values else ()
        for i, value in enumerate(values):
            if np.shape(value) != first:
                raise DatasetError(
                    f"{where}: found shape {np.shape(value)} at {i}, expected {first} as at 0; "
                    "make them alike"
                )
        values = np.array(values)
    if not isinstance(values, np.ndarray) or values.dtype.kind not in "iuf":
        kind = values.dtype if isinstance(values, np.ndarray) else type(values).__name__
        raise DatasetError(f"{where}: found {kind}, expected {expected}; convert them")
    return values


def hold_back(
    images: NDArray[np.uint8], labels: NDArray[np.int64], per_class: int, where: str
) -> Dataset:
    """Hold the last images of each class back as the fresh set; the others are the pool.

    Parameters
    ----------
    images : ndarray of uint8, shape (N, H, H)
    labels : ndarray of int64, shape (N,)
        Classes, 0…C−1.
    per_class : int
        Images of each class to hold back.
    where : str
        The file.

    Returns
    -------
    Dataset
        Both sets are in the order of the file.

    Raises
    ------
    DatasetError
        If nothing of a class is left for the pool.
    """
    fresh = np.zeros(len(labels), bool)
    for c in range(int(labels.max()) + 1):
        members = np.flatnonzero(labels == c)
        if len(members) <= per_class:
            raise DatasetError(
                f"{where}: found {len(members)} images of class {c}, expected more than "
                f"fresh_per_class, {per_class}; lower it"
            )
        fresh[members[len(members) - per_class :]] = True
    return Dataset(images[~fresh], labels[~fresh], images[fresh], labels[fresh])


def check_dataset(dataset: Dataset, entry: Mapping[str, Any], name: str) -> None:
    """Check a dataset against its entry in the configuration.

    Parameters
    ----------
    dataset : Dataset
    entry : mapping
        ``side`` and ``classes``, and ``sha256`` of the bytes of the pool's images, if known.
    name : str
        The entry's name.

    Raises
    ------
    DatasetError
        If something differs.
    """
    side, classes = dataset.images.shape[1:], int(dataset.labels.max()) + 1
    if side != (entry["side"], entry["side"]):
        raise DatasetError(
            f"datasets.{name}.side: the images are {side[0]} × {side[1]} pixels, expected "
            f"{entry['side']} × {entry['side']}; correct the entry"
        )
    if classes != entry["classes"]:
        raise DatasetError(
            f"datasets.{name}.classes: the labels have {classes} classes, expected "
            f"{entry['classes']}; correct the entry"
        )
    if len(dataset.fresh_labels) == 0:
        raise DatasetError(
            f"datasets.{name}: found no fresh images, expected some in the file, or "
            "options.fresh_per_class of 1 or more, or fresh, another source; set one of them"
        )
    fresh_side, fresh_classes = dataset.fresh_images.shape[1:], int(dataset.fresh_labels.max()) + 1
    if (fresh_side, fresh_classes) != (side, classes):
        raise DatasetError(
            f"datasets.{name}: the fresh images are {fresh_side[0]} × {fresh_side[1]} pixels of "
            f"{fresh_classes} classes, expected {side[0]} × {side[1]} of {classes}, as in the "
            "pool; choose others"
        )
    pool = {image.tobytes() for image in dataset.images}
    known = sum(image.tobytes() in pool for image in dataset.fresh_images)
    if known:
        raise DatasetError(
            f"datasets.{name}: found {known} fresh images that are in the pool too, expected none; "
            "choose others"
        )
    found = sha256(dataset.images.tobytes()).hexdigest()
    if found != entry.get("sha256", found):
        raise DatasetError(
            f"datasets.{name}.sha256: the images have {found}, expected {entry['sha256']}; "
            "install the pinned packages, get the right file, or correct the entry"
        )

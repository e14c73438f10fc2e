"""What a source gives: images of one size and type, their classes and names; checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from re import fullmatch
from reprlib import repr as brief
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fewpixels import FewpixelsError

Images = NDArray[np.uint8] | NDArray[np.uint16] | NDArray[np.float32]
"""Pixels in the units of their source."""

LARGEST = 2**31
"""Bytes of all arrays of a source; a file of a few kilobytes can claim any number."""

LONGEST = 100
"""Characters of a class's name."""

NAMED = 5
"""Classes that a line names at the most."""


class DatasetError(FewpixelsError):
    """A source does not hold what was expected."""


@dataclass(frozen=True)
class Dataset:
    """A pool of images that splits draw from, and fresh images that none touches.

    Attributes
    ----------
    images, fresh_images : ndarray of uint8, uint16 or float32, shape (N, H, W)
        In one type.
    labels, fresh_labels : ndarray of int64, shape (N,)
        Classes, 0…C−1.
    names : ndarray of str, shape (C,)
        Of the classes.
    """

    images: Images
    labels: NDArray[np.int64]
    fresh_images: Images
    fresh_labels: NDArray[np.int64]
    names: NDArray[np.str_]


def as_pool(arrays: Mapping[str, Any], where: str, prefix: str = "") -> tuple[Images, NDArray[Any]]:
    """Check images and labels that a file holds.

    Parameters
    ----------
    arrays : mapping
        By name: `prefix` + ``images``, an array or a sequence of one array for each image, and
        `prefix` + ``labels``, an array or a sequence of whole numbers or of texts.
    where : str
        The file.
    prefix : str

    Returns
    -------
    images : ndarray of uint8, uint16 or float32, shape (N, H, H)
        Whole numbers of another type are held in the smallest of these that can.
    labels : ndarray of integers or of str, shape (N,)

    Raises
    ------
    DatasetError
        If they are anything but squares of one size, of grey pixels that are finite or whole
        numbers from 0 to 65,535, and labels of two or more classes.
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


def _as_images(values: Any, where: str) -> Images:
    images = _as_array(values, where, "arrays of pixels", "iuf")
    if images.ndim != 3 or images.shape[1] != images.shape[2] or not images.size:
        raise DatasetError(
            f"{where}: found shape {images.shape}, expected (N, H, H): grey, square and of one "
            "size, at least one; convert them"
        )
    if images.dtype.kind == "f":
        with np.errstate(over="ignore"):  # infinite, and refused as such
            floats = images.astype(np.float32)
        _check_pixels(images, np.isfinite(floats), where, "finite numbers")
        return floats
    if images.dtype in (np.uint8, np.uint16):
        small = images.dtype == np.uint8
    else:
        _check_pixels(images, (images >= 0) & (images < 2**16), where, "0 to 65535, or floats")
        small = images.max() < 2**8
    return images.astype(np.uint8) if small else images.astype(np.uint16)


def _check_pixels(images: NDArray[Any], right: NDArray[np.bool_], where: str, what: str) -> None:
    if not right.all():
        i, row, column = np.argwhere(~right)[0]
        raise DatasetError(
            f"{where}: found the pixel {images[i, row, column]} in image {i}, expected {what}; "
            "convert them"
        )


def _as_labels(values: Any, where: str) -> NDArray[Any]:
    labels = _as_array(values, where, "whole numbers or texts", "iufU")
    if labels.ndim != 1 or labels.dtype.kind not in "iuU":
        raise DatasetError(
            f"{where}: found {labels.dtype} of shape {labels.shape}, expected whole numbers or "
            "texts (N,); convert them"
        )
    found = np.unique(labels)
    if len(found) < 2:
        named = f"the class {brief(str(found[0]))} alone" if len(found) else "none"
        raise DatasetError(f"{where}: found {named}, expected two classes or more; add the others")
    for name in found if labels.dtype.kind == "U" else ():
        if not 0 < len(name) <= LONGEST or not name.isprintable() or name != name.strip():
            raise DatasetError(
                f"{where}: found the label {brief(str(name))}, expected 1 to {LONGEST} printable "
                "characters, no blank first or last; rename the class"
            )
    return labels


def _as_array(values: Any, where: str, expected: str, kinds: str) -> NDArray[Any]:
    """Make one array of an array, or of a sequence of arrays, numbers or texts that are alike."""
    if isinstance(values, list | tuple):
        scalar = str if "U" in kinds and values and isinstance(values[0], str) else int
        odd = {
            type(v).__name__ for v in values if not isinstance(v, np.ndarray | np.number | scalar)
        }
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
    if not isinstance(values, np.ndarray) or values.dtype.kind not in kinds:
        kind = values.dtype if isinstance(values, np.ndarray) else type(values).__name__
        raise DatasetError(f"{where}: found {kind}, expected {expected}; convert them")
    return values


def hold_back(images: Images, labels: NDArray[Any], per_class: int, where: str) -> Dataset:
    """Hold the last images of each class back as the fresh set; the others are the pool.

    Parameters
    ----------
    images : ndarray, shape (N, H, H)
    labels : ndarray of integers or of str, shape (N,)
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
    names, y = _numbered(labels)
    fresh = np.zeros(len(y), bool)
    for c, name in enumerate(names):
        members = np.flatnonzero(y == c)
        if len(members) <= per_class:
            raise DatasetError(
                f"{where}: found {len(members)} images of class {name}, expected more than "
                f"fresh_per_class, {per_class}; lower it"
            )
        fresh[members[len(members) - per_class :]] = True
    return Dataset(images[~fresh], y[~fresh], images[fresh], y[fresh], names)


def set_apart(
    images: Images,
    labels: NDArray[Any],
    fresh_images: Images,
    fresh_labels: NDArray[Any],
    where: str,
) -> Dataset:
    """Join a pool and fresh images that a source keeps apart.

    Parameters
    ----------
    images, fresh_images : ndarray, shape (N, H, H)
    labels, fresh_labels : ndarray of integers or of str, shape (N,)
    where : str
        What holds the fresh images.

    Returns
    -------
    Dataset

    Raises
    ------
    DatasetError
        If they are not of the same classes.
    """
    names, y = _numbered(labels)
    fresh_names, fresh_y = _numbered(fresh_labels)
    compare_names(fresh_names, names, where)
    if images.dtype.kind == fresh_images.dtype.kind == "u":  # one file's largest pixel is smaller
        kind = np.result_type(images, fresh_images)
        images, fresh_images = images.astype(kind), fresh_images.astype(kind)
    return Dataset(images, y, fresh_images, fresh_y, names)


def _numbered(labels: NDArray[Any]) -> tuple[NDArray[np.str_], NDArray[np.int64]]:
    """Number the classes in the order of their names: as numbers, where all are whole numbers."""
    found, index = np.unique(labels, return_inverse=True)
    names = [str(label) for label in found]
    if all(fullmatch("0|-?[1-9][0-9]*", name) for name in names):
        order = sorted(range(len(names)), key=lambda i: int(names[i]))
    else:
        order = sorted(range(len(names)), key=names.__getitem__)
    return np.array(names)[order], np.argsort(order)[index]


def compare_names(fresh: NDArray[np.str_], pool: NDArray[np.str_], where: str) -> None:
    differing = sorted({*fresh.tolist()} ^ {*pool.tolist()})
    if differing:
        place = "the pool" if differing[0] in pool else "the fresh images"
        raise DatasetError(
            f"{where}: found {len(fresh)} classes of fresh images and {len(pool)} of the pool, "
            f"expected the same; {differing[0]!r} is in {place} alone; correct one of them"
        )


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
    side = dataset.images.shape[1:]
    if side != (entry["side"], entry["side"]):
        raise DatasetError(
            f"datasets.{name}.side: the images are {side[0]} × {side[1]} pixels, expected "
            f"{entry['side']} × {entry['side']}; correct the entry"
        )
    check_classes(dataset.names, entry["classes"], name)
    if len(dataset.fresh_labels) == 0:
        raise DatasetError(
            f"datasets.{name}: found no fresh images, expected some of the source, or "
            "options.fresh_per_class of 1 or more, or fresh, another source; set one of them"
        )
    fresh_side = dataset.fresh_images.shape[1:]
    kinds = dataset.fresh_images.dtype, dataset.images.dtype
    if fresh_side != side or kinds[0] != kinds[1]:
        raise DatasetError(
            f"datasets.{name}: the fresh images are {fresh_side[0]} × {fresh_side[1]} pixels in "
            f"{kinds[0]}, expected {side[0]} × {side[1]} in {kinds[1]}, as in the pool; choose "
            "others"
        )
    _check_fresh(dataset, name)
    found = sha256(dataset.images.tobytes()).hexdigest()
    if found != entry.get("sha256", found):
        raise DatasetError(
            f"datasets.{name}.sha256: the images have {found}, expected {entry['sha256']}; "
            "install the pinned packages, get the right file, or correct the entry"
        )


def check_classes(names: NDArray[np.str_], expected: int, dataset: str) -> None:
    """Refuse another number of classes than an entry of the configuration has.

    Parameters
    ----------
    names : ndarray of str, shape (C,)
        Of the classes that were found.
    expected : int
    dataset : str
        Name of the entry.

    Raises
    ------
    DatasetError
        If they are more or fewer.
    """
    if len(names) != expected:
        more = ", …" if len(names) > NAMED else ""
        raise DatasetError(
            f"datasets.{dataset}.classes: the labels have {len(names)} classes "
            f"({', '.join(names[:NAMED])}{more}), expected {expected}; correct the entry, or the "
            "labels"
        )


def _check_fresh(dataset: Dataset, name: str) -> None:
    """Refuse fresh images that the pool has too."""
    pool = {image.tobytes(): i for i, image in enumerate(dataset.images)}
    pairs = [(pool.get(image.tobytes()), i) for i, image in enumerate(dataset.fresh_images)]
    known = [(i, j) for i, j in pairs if i is not None]
    if known:
        i, j = known[0]
        classes = dataset.names[dataset.labels[i]], dataset.names[dataset.fresh_labels[j]]
        raise DatasetError(
            f"datasets.{name}: found {len(known)} fresh images that are in the pool too (the first "
            f"is image {j} of the fresh ones, of {classes[1]}, and image {i} of the pool, of "
            f"{classes[0]}, counted from 0), expected none; remove each from one of the two"
        )

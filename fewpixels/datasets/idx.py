"""Images in IDX files, as those of MNIST, Fashion-MNIST, KMNIST and EMNIST; packed or not."""

import zlib
from collections.abc import Mapping
from hashlib import sha256
from math import prod
from pathlib import Path
from struct import unpack
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fewpixels.datasets import LARGEST, Dataset, DatasetError, Images, as_pool, hold_back, set_apart
from fewpixels.datasets._download import find, local, opened
from fewpixels.datasets._options import FOLDER, PER_CLASS, SHA256


def _name(what: str, default: str, **marks: str) -> dict[str, str]:
    return {
        "description": f"{what}: the name of a file, which may have .gz behind it",
        "type": "string",
        "pattern": r"^[A-Za-z0-9_][A-Za-z0-9._-]*(?!\n)$",
        "default": default,
        "in": "folder",
        **marks,
    }


OPTIONS = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "folder": FOLDER | {"description": "the folder of the files, a path without braces"},
        "images": _name("the pool's images", "train-images-idx3-ubyte"),
        "labels": _name("the pool's labels", "train-labels-idx1-ubyte"),
        "fresh_images": _name(
            "the fresh images", "t10k-images-idx3-ubyte", unless="fresh_per_class"
        ),
        "fresh_labels": _name(
            "the fresh labels", "t10k-labels-idx1-ubyte", unless="fresh_per_class"
        ),
        "fresh_per_class": PER_CLASS
        | {"description": "instead of fresh files: the pool's last images of each class"},
        "address": {
            "description": "a folder, https://…/, that has the files that are not here, with .gz",
            "type": "string",
            "pattern": r"^https://[^{}\x00-\x20\x7f-\x9f\u2028\u2029]+/(?!\n)$",
        },
        "sha256": {
            "description": "of the unpacked files, by name; an address needs them",
            "type": "object",
            "additionalProperties": SHA256,
        },
        "transpose": {
            "description": "whether rows and columns change places, as EMNIST needs it",
            "type": "boolean",
            "default": False,
        },
    },
    "if": {"required": ["address"]},
    "then": {"required": ["sha256"]},
    "else": {"required": ["folder"]},
}
TYPES = {8: ">u1", 9: ">i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}


def load(options: Mapping[str, Any]) -> Dataset:
    """Load the pool's images and labels, and the fresh ones.

    Parameters
    ----------
    options : mapping
        As `OPTIONS` says.

    Returns
    -------
    Dataset
        In the order of the files.

    Raises
    ------
    DatasetError
        If a file is missing or damaged, has another checksum, or holds anything but images or
        labels as `as_pool` expects them.
    """
    per_class = options["fresh_per_class"]
    used = [prefix + key for prefix in ("", "fresh_") for key in ("images", "labels")]
    names = {options[key] for key in used[: 2 if per_class else 4]}
    unknown = sorted({*options.get("sha256", {})} - names)
    if unknown:
        raise DatasetError(
            f"options.sha256: found {unknown[0]}, expected one of {', '.join(sorted(names))}; "
            "correct the name"
        )
    images, labels = _pool(options)
    if per_class:
        return hold_back(images, labels, per_class, options["labels"])
    return set_apart(images, labels, *_pool(options, "fresh_"), options["fresh_labels"])


def _pool(options: Mapping[str, Any], prefix: str = "") -> tuple[Images, NDArray[Any]]:
    images, labels = (options[f"{prefix}{key}"] for key in ("images", "labels"))
    arrays = {"images": _read(options, images, 3), "labels": _read(options, labels, 1)}
    if options["transpose"]:
        arrays["images"] = np.ascontiguousarray(arrays["images"].transpose(0, 2, 1))
    return as_pool(arrays, f"{images} and {labels}")


def _read(options: Mapping[str, Any], name: str, axes: int) -> NDArray[Any]:
    expected = options.get("sha256", {}).get(name)
    path = _locate(options, name, expected)
    try:
        with opened(path) as file:
            head = file.read(4)
            if len(head) < 4 or head[:2] != b"\0\0" or head[2] not in TYPES or head[3] != axes:
                raise DatasetError(
                    f"{path}: found {head.hex(' ') or 'nothing'} at the beginning, expected "
                    f"00 00, a type and {axes:02x}, an IDX file of {axes} axes; choose another file"
                )
            sizes = file.read(4 * axes)
            if len(sizes) < 4 * axes:
                raise DatasetError(
                    f"{path}: found a header of {4 + len(sizes)} bytes, expected {4 + 4 * axes}; "
                    "get another copy"
                )
            shape, kind = unpack(f">{axes}I", sizes), np.dtype(TYPES[head[2]])
            length = prod(shape) * kind.itemsize
            if length > LARGEST:
                raise DatasetError(
                    f"{path}: found {length} bytes by its header, expected {LARGEST} at the most; "
                    "choose another file"
                )
            body = file.read(length + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise DatasetError(
            f"{path}: found {error}, expected a whole IDX file, packed by gzip or not; get another "
            "copy"
        ) from error
    if len(body) != length:
        found = "more" if len(body) > length else str(len(body))
        raise DatasetError(
            f"{path}: found {found} bytes behind the header, expected {length}, "
            f"{' × '.join(map(str, shape))} of {kind.name}; get another copy"
        )
    digest = sha256(head + sizes + body).hexdigest()
    if expected not in (None, digest):
        raise DatasetError(
            f"{path}: found sha256 {digest} of the unpacked file, expected {expected}; get the "
            "right file, or correct the entry's sha256"
        )
    return np.frombuffer(body, kind).reshape(shape)


def _locate(options: Mapping[str, Any], name: str, checksum: str | None) -> Path:
    """Find a file in the folder, or download it."""
    here = find(options["folder"], name) if "folder" in options else None
    if here is not None:
        return Path(here)
    if "address" not in options:
        raise DatasetError(
            f"{options['folder']}: found neither {name} nor {name}.gz, expected one; correct the "
            "path or the name, or give an address"
        )
    if checksum is None:
        raise DatasetError(
            f"options.sha256: found none of {name}, expected that of the unpacked file, which an "
            "address needs; add it"
        )
    return local(f"{options['address']}{name}.gz", checksum, unpack=True)

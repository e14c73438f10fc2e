"""Images in a pickle, as the study was once published with; no code in it is run."""

import zlib
from collections.abc import Mapping
from math import isqrt
from pathlib import Path
from pickle import UnpicklingError  # nosec B403 # an error, and no more
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fewpixels.datasets import LARGEST, Dataset, DatasetError, Images, as_pool, hold_back, set_apart
from fewpixels.datasets._download import local, opened
from fewpixels.datasets._options import ARRAYS
from fewpixels.datasets._unpickling import load_arrays

OPTIONS = ARRAYS


def load(options: Mapping[str, Any]) -> Dataset:
    """Load ``images`` and ``labels``, or such pairs, the last of which are the fresh ones.

    Parameters
    ----------
    options : mapping
        As `OPTIONS` says. The file, packed by gzip or not, holds a dictionary of ``images`` and
        ``labels``, and whatever else, which is ignored; or, as ``mnist.pkl.gz`` does, pairs of
        images and labels for training, perhaps validation, and test. Their images can be flattened.

    Returns
    -------
    Dataset
        In the order of the file; its fresh set can be empty.

    Raises
    ------
    DatasetError
        If the file is missing, or holds anything but arrays and plain containers, or images and
        labels that are not as `as_pool` expects them.
    """
    file, per_class = options["file"], options["fresh_per_class"]
    content = _read(local(file, options.get("sha256")), file)
    if isinstance(content, dict):
        return hold_back(*_pool(content, file), per_class, file)
    if not _are_pairs(content):
        raise DatasetError(
            f"{file}: found a pickled {type(content).__name__}, expected a dict of images and "
            "labels, or pairs of them for training, validation and test; correct the file"
        )
    if per_class:
        raise DatasetError(
            f"{file}: found fresh images, those for test, expected none to go with "
            f"fresh_per_class, {per_class}; leave it out"
        )
    *pools, fresh = (
        _pool({"images": _squares(images), "labels": labels}, f"{file}: part {i}")
        for i, (images, labels) in enumerate(content)
    )
    images, labels = (np.concatenate(parts) for parts in zip(*pools, strict=True))
    return set_apart(images, labels, *fresh, file)


def _read(path: Path, file: str) -> Any:
    try:
        raw = bytearray()
        with opened(path) as stream:
            while block := stream.read(2**20):
                raw += block
                if len(raw) > LARGEST:
                    raise UnpicklingError(f"more than {LARGEST} bytes")
        return load_arrays(bytes(raw))
    except (UnpicklingError, OSError, EOFError, zlib.error) as error:
        raise DatasetError(
            f"{file}: found {error}, expected a pickle of NumPy arrays and plain containers alone; "
            "get another copy, or save the arrays as .npz"
        ) from error


def _are_pairs(content: Any) -> bool:
    return (
        isinstance(content, list | tuple)
        and len(content) in (2, 3)
        and all(isinstance(pair, list | tuple) and len(pair) == 2 for pair in content)
    )


def _pool(arrays: Mapping[str, Any], where: str) -> tuple[Images, NDArray[Any]]:
    for name, values in arrays.items():
        # A list can name one array, or one text, over and over.
        if name in ("images", "labels") and isinstance(values, list | tuple):
            size = len(values) * max(map(_size, values), default=0)
            if size > LARGEST:
                raise DatasetError(
                    f"{where}: found {size} bytes of {name}, expected {LARGEST} at the most; save "
                    "fewer images"
                )
    return as_pool(arrays, where)


def _size(value: Any) -> int:
    """Bytes of an item, as part of an array."""
    return 4 * len(value) if isinstance(value, str) else getattr(value, "nbytes", 8)


def _squares(images: Any) -> Any:
    """Images that were flattened, as far as they are squares."""
    if not isinstance(images, np.ndarray) or images.ndim != 2:
        return images
    side = isqrt(images.shape[1])
    return images.reshape(len(images), side, side) if side**2 == images.shape[1] else images

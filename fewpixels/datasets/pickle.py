"""Images in a pickle, as the study was once published with; no code in it is run."""

from collections.abc import Mapping
from typing import Any

from fewpixels.datasets import Dataset, DatasetError, as_pool, hold_back
from fewpixels.datasets._download import local
from fewpixels.datasets._unpickling import UnpicklingError, load_arrays

OPTIONS = {
    "type": "object",
    "additionalProperties": False,
    "required": ["file"],
    "properties": {
        "file": {
            "description": "a path without braces, or an address that begins with https://",
            "type": "string",
            "path": "file",
            "pattern": r"^(https://|(?![A-Za-z][A-Za-z0-9+.-]*:/))[^{}\x00-\x1f\x7f-\x9f\u2028\u2029]+(?!\n)$",
        },
        "sha256": {
            "description": "of the file: 64 hexadecimal digits in lower case",
            "type": "string",
            "pattern": r"^[0-9a-f]{64}(?!\n)$",
        },
        "fresh_per_class": {
            "description": "the last images of each class, which no split touches",
            "type": "integer",
            "minimum": 0,
            "default": 0,
            "positive_without_fresh": True,
        },
    },
    "if": {"properties": {"file": {"pattern": "^https://"}}},
    "then": {"required": ["file", "sha256"]},
}


def load(options: Mapping[str, Any]) -> Dataset:
    """Load a dictionary of ``images`` and ``labels``; whatever else it has is ignored.

    Parameters
    ----------
    options : mapping
        As `OPTIONS` says.

    Returns
    -------
    Dataset
        In the order of the file.

    Raises
    ------
    DatasetError
        If the file is missing, or holds anything but arrays and plain containers, or images and
        labels that are not as `as_pool` expects them.
    """
    file = options["file"]
    try:
        content = load_arrays(local(file, options.get("sha256")).read_bytes())
    except UnpicklingError as error:
        raise DatasetError(
            f"{file}: found {error}, expected a pickle of NumPy arrays and plain containers alone; "
            "get another copy, or save the arrays as .npz"
        ) from error
    if not isinstance(content, dict):
        raise DatasetError(
            f"{file}: found a pickled {type(content).__name__}, expected a dict of images and "
            "labels; correct the file"
        )
    images, labels = as_pool(content, file)
    return hold_back(images, labels, options["fresh_per_class"], file)

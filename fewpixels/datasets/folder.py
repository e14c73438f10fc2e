"""Images in folders, one a class, as PNG or JPEG; a class has the name of its folder."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fewpixels.datasets import LARGEST, Dataset, DatasetError, Images, as_pool, hold_back, set_apart
from fewpixels.datasets._options import FOLDER, PER_CLASS
from fewpixels.images.downscale import downscale

FOLDERS = FOLDER | {"path": "folder", "suffixes": [".png", ".jpg", ".jpeg"]}
OPTIONS = {
    "type": "object",
    "additionalProperties": False,
    "required": ["folder"],
    "properties": {
        "folder": FOLDERS
        | {"description": "the folder of the classes' folders, a path without braces"},
        "fresh_folder": FOLDERS
        | {"description": "a folder like it, of the fresh images; not inside the other"},
        "fresh_per_class": PER_CLASS
        | {"description": "instead of fresh_folder: the last images of each class, by file name"},
        "grey": {
            "description": "whether colour becomes grey: 0.299 red + 0.587 green + 0.114 blue",
            "type": "boolean",
            "default": False,
        },
        "pad": {
            "description": "what makes oblong images square, on both sides alike",
            "enum": ["black", "white"],
        },
        "side": {
            "description": "pixels a side to average each image down to, by area",
            "type": "integer",
            "minimum": 1,
        },
    },
}
GREY = ("1", "L", "I;16", "I;16B", "I;16L", "I")
MOST_PIXELS = 2**26
"""Pixels of one image; a file of a few kilobytes can claim any number."""


def load(options: Mapping[str, Any]) -> Dataset:
    """Load all images, class by class in the order of the classes' names, then of the files' names.

    Parameters
    ----------
    options : mapping
        As `OPTIONS` says.

    Returns
    -------
    Dataset
        8-bit images in uint8, 16-bit images in uint16.

    Raises
    ------
    DatasetError
        If there are no such folders, or a file in them is no image, or not like the others.
    """
    folder, per_class = options["folder"], options["fresh_per_class"]
    images, labels = _read(folder, options)
    if "fresh_folder" not in options:
        return hold_back(images, labels, per_class, folder)
    fresh = options["fresh_folder"]
    if per_class:
        raise DatasetError(
            f"{fresh}: found a fresh_folder, expected none to go with fresh_per_class, "
            f"{per_class}; leave one of them out"
        )
    fresh_images, fresh_labels = _read(fresh, options)
    if fresh_images.dtype != images.dtype:
        raise DatasetError(
            f"{fresh}: found {fresh_images.dtype} pixels, expected {images.dtype} as in {folder}; "
            "convert them"
        )
    return set_apart(images, labels, fresh_images, fresh_labels, fresh)


def outline(options: Mapping[str, Any]) -> Dataset:
    """Tell the pool's classes from the names of its files, which are not opened.

    Parameters
    ----------
    options : mapping
        As `OPTIONS` says.

    Returns
    -------
    Dataset
        What `load` gives of the pool, but without pixels: images of shape (N, 0, 0).

    Raises
    ------
    DatasetError
        If there is no such folder, or a class has too few files.
    """
    folder = options["folder"]
    labels = np.array([file.parent.name for file in _files(folder)])
    images = np.empty((len(labels), 0, 0), np.uint8)
    return hold_back(images, labels, options["fresh_per_class"], folder)


def _files(folder: str) -> list[Path]:
    if not Path(folder).is_dir():
        raise DatasetError(f"{folder}: found no such folder, expected one; correct the path")
    files = sorted(Path(folder).glob("[!.]*/[!.]*"))
    if not files:
        raise DatasetError(
            f"{folder}: found no files in folders, expected a folder for each class, as in "
            f"{folder}/cat/1.png; move the images there"
        )
    return files


def _read(folder: str, options: Mapping[str, Any]) -> tuple[Images, NDArray[Any]]:
    images: list[NDArray[Any]] = []
    labels: list[str] = []
    first = None
    for file in _files(folder):
        image = _square(_pixels(file, options["grey"]), file, options)
        first = first or (file, image.shape, image.dtype)
        if (image.shape, image.dtype) != first[1:]:
            raise DatasetError(
                f"{file}: found {_form(image.shape, image.dtype)}, expected "
                f"{_form(*first[1:])} as in {first[0]}; convert it, or set side"
            )
        images.append(image)
        labels.append(file.parent.name)
        if len(images) * image.nbytes > LARGEST:
            raise DatasetError(
                f"{folder}: found more than {LARGEST} bytes of pixels, expected no more; set side, "
                "or use fewer images"
            )
    return as_pool({"images": images, "labels": labels}, folder)


def _form(shape: tuple[int, ...], kind: np.dtype[Any]) -> str:
    return f"{shape[0]} × {shape[1]} pixels of {8 * kind.itemsize} bits"


def _pixels(file: Path, grey: bool) -> NDArray[Any]:
    """Decode an image to grey, (H, W) uint8 or uint16."""
    from PIL import Image, ImageOps

    try:
        with Image.open(file, formats=("PNG", "JPEG")) as image:
            if image.width * image.height > MOST_PIXELS:
                raise DatasetError(
                    f"{file}: found {image.width} × {image.height} pixels, expected {MOST_PIXELS} "
                    "at the most; make it smaller"
                )
            image.load()
            upright = ImageOps.exif_transpose(image)
    except DatasetError:
        raise
    except Exception as error:  # whatever a damaged file leads Pillow to
        reason = " ".join(str(error).split()) or type(error).__name__
        raise DatasetError(
            f"{file}: found {reason[:200]}, expected a whole PNG or JPEG file; get another copy, "
            "or remove it"
        ) from error
    if upright.has_transparency_data:
        if upright.convert("RGBA").getchannel("A").getextrema() != (255, 255):
            raise DatasetError(
                f"{file}: found transparent pixels, expected none; flatten the image"
            )
        if upright.mode == "LA":
            upright = upright.convert("L")
    if upright.mode in GREY:
        pixels = np.asarray(upright.convert("L") if upright.mode == "1" else upright)
        return pixels if pixels.dtype == np.uint8 else pixels.astype(np.uint16)
    if not grey:
        raise DatasetError(
            f"{file}: found colour ({upright.mode}), expected grey; set grey: true to convert it"
        )
    return np.asarray(upright.convert("RGB").convert("L"))


def _square(pixels: NDArray[Any], file: Path, options: Mapping[str, Any]) -> NDArray[Any]:
    """Pad an image to a square, then average it down, as far as the options say so."""
    height, width = pixels.shape
    side = max(height, width)
    if height != width:
        if "pad" not in options:
            raise DatasetError(
                f"{file}: found {height} × {width} pixels, expected a square; set pad: black or "
                "pad: white, or cut it"
            )
        margins = [((side - n) // 2, side - n - (side - n) // 2) for n in pixels.shape]
        value = 0 if options["pad"] == "black" else np.iinfo(pixels.dtype).max
        pixels = np.pad(pixels, margins, constant_values=value)
    size = options.get("side", side)
    if size > side:
        raise DatasetError(
            f"{file}: found {side} pixels a side, expected side, {size}, or more; lower it"
        )
    if size == side:
        return pixels
    return np.rint(downscale(pixels[None], size)).reshape(size, size).astype(pixels.dtype)

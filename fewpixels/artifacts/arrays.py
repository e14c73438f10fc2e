"""Artifacts: the arrays and tables that stages hand to one another.

Readers state the types and shapes that they expect; arrays are read without pickle.
"""

import csv
import zlib
from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import numpy as np
from numpy.typing import NDArray

from fewpixels.artifacts.files import ArtifactError, checked, replacing

COLUMNS = {
    "history.csv": {
        "replicate": "int64",
        "step": "int64",
        "loss": "float64",
        "validation_accuracy": "float64",
    },
    "fit.csv": {
        "replicate": "int64",
        "updates": "int64",
        "seconds": "float64",
        "diverged": "int64",
    },
    "timing.csv": {"subset": "str", "seconds": "float64", "images": "int64"},
    "sweep.csv": {"replicate": "int64", "subset": "str", "k": "int64", "accuracy": "float64"},
    "diagnostics.csv": {
        "replicate": "int64",
        "layer": "int64",
        "quantity": "str",
        "value": "float64",
    },
    "metrics.csv": {
        "dataset": "str",
        "split": "str",
        "size": "int64",
        "model": "str",
        "replicate": "int64",
        "subset": "str",
        "n": "int64",
        "correct": "float64",
        "accuracy": "float64",
        "balanced": "float64",
        "majority": "float64",
        "chosen": "float64",
    },
}
"""Columns and their types of the tables of cells, by file name; some families write only some.

A ``float64`` can be missing: of a replicate that diverged. ``balanced`` accuracy and the share of
the ``majority`` are missing where the classes of a subset's images are even.
"""

PIXELS = "uint8|uint16|float32"
"""Types of a dataset's images."""


def write_npz(path: str | Path, **arrays: NDArray[Any]) -> None:
    """Write arrays, by name; equal arrays give equal bytes."""
    with replacing(path) as temporary:
        np.savez(temporary, allow_pickle=False, **arrays)


def read_npz(path: str | Path, **forms: str) -> dict[str, NDArray[Any]]:
    """Read arrays.

    Parameters
    ----------
    path : path
    **forms : str
        Type and shape of each array to read, by its name, as in ``x="float32 R n 49"``: a
        number is a length, a letter the same length wherever it stands; ``uint8|uint16`` is
        one of two types, ``whole`` any type of whole numbers, ``str`` text of any length. Without
        any, all arrays are read.

    Returns
    -------
    dict of str to ndarray
        Read-only.

    Raises
    ------
    ArtifactError
        If the file is missing or not as it was written, or lacks an array, or one has
        another type or shape.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = f"{folder}/images.npz"
    ...     write_npz(file, x=np.zeros((3, 49), np.float32), y=np.arange(3))
    ...     read_npz(file, x="float32 n 49", y="int64 n")["y"]
    array([0, 1, 2])
    """
    with checked(path) as file:
        try:
            with ZipFile(file) as archive:
                there = [name.removesuffix(".npy") for name in archive.namelist()]
                missing = [name for name in forms if name not in there]
                if missing:
                    raise unexpected(path, f"arrays {there}", f"{missing} too")
                # Whole members, so that their checksums are compared before they are parsed.
                arrays = {name: parse_array(archive.read(f"{name}.npy")) for name in forms or there}
        except (OSError, BadZipFile, ValueError, KeyError, EOFError, RuntimeError, zlib.error) as e:
            raise unexpected(path, str(e), "an .npz archive") from e
    lengths: dict[str, int] = {}
    for name, form in forms.items():
        array = arrays[name]
        kinds, *axes = form.split()
        for axis, length in zip(axes, array.shape, strict=False):
            lengths.setdefault(axis, int(axis) if axis.isdigit() else length)
        kind = {"U": "str", "i": "whole", "u": "whole"}.get(array.dtype.kind)
        right = any(expected in (kind, str(array.dtype)) for expected in kinds.split("|"))
        if not right or array.shape != tuple(lengths.get(axis) for axis in axes):
            known = ", ".join(f"{k} = {v}" for k, v in lengths.items() if not k.isdigit())
            found = f"{name} of {array.dtype} {array.shape}"
            raise unexpected(path, found, f"{form} ({known})" if known else form)
    return arrays


def unexpected(path: str | Path, found: str, expected: str) -> ArtifactError:
    """What to raise where an artifact holds something else than expected."""
    return ArtifactError(
        f"{path}: found {found}, expected {expected}; delete the file and run again"
    )


def parse_array(member: bytes) -> NDArray[Any]:
    """Parse a file of NumPy's format; the array is a view of its bytes, and read-only."""
    stream = BytesIO(member)
    version = np.lib.format.read_magic(stream)
    read_header = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }[version]
    shape, fortran_order, dtype = read_header(stream)
    if dtype.hasobject:
        raise ValueError("an array of Python objects")
    array = np.frombuffer(member, dtype, int(np.prod(shape)), offset=stream.tell())
    return array.reshape(shape, order="F" if fortran_order else "C")


def smallest(array: NDArray[np.integer]) -> NDArray[np.integer]:
    """Whole numbers in the smallest type that holds them.

    >>> smallest(np.array([-1, 9])).dtype
    dtype('int8')
    """
    low, high = int(array.min(initial=0)), int(array.max(initial=0))
    kinds = ("uint8", "int8", "uint16", "int16", "uint32", "int32", "int64")
    fits = (np.iinfo(k).min <= low and high <= np.iinfo(k).max for k in kinds)
    return array.astype(next(k for k, fit in zip(kinds, fits, strict=True) if fit))


def read_labels(path: str | Path, subset: str, images: int) -> NDArray[np.int64]:
    """Read how a cell labels a subset's images: (R, n); −1 where a replicate diverged."""
    return read_npz(path, **{subset: f"whole R {images}"})[subset].astype(np.int64)


def read_model(path: str | Path, replicates: int) -> dict[str, NDArray[Any]]:
    """Read the parameters of a fit: arrays with the replicates first."""
    parameters = read_npz(path)
    for name, array in parameters.items():
        if array.shape[:1] != (replicates,):
            found = f"{name} of shape {array.shape}"
            raise unexpected(path, found, f"{replicates} replicates first")
    return parameters


def write_csv(path: str | Path, header: Iterable[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a table; floats are written so that reading gives the same number back."""
    with replacing(path) as temporary, open(temporary, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def check_header(path: str | Path, header: Iterable[str]) -> None:
    """Refuse a table of a cell if its columns are others than it should have.

    Raises
    ------
    ArtifactError
        If they are.
    """
    expected = list(COLUMNS.get(Path(path).name, header))
    if list(header) != expected:
        raise unexpected(path, f"the columns {', '.join(header)}", ", ".join(expected))

"""Reading and writing artifacts: the files that stages hand to one another.

An artifact is written to a temporary file beside its target and renamed, so that a target
is always whole; arrays are read without pickle.
"""

import csv
import os
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import numpy as np
from numpy.typing import NDArray

from fewpixels.subsets import Subset


class ArtifactError(Exception):
    """An artifact is missing, damaged or not what was expected."""


@contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """Give a temporary path beside `path`, and rename it to `path` if all goes well.

    Parameters
    ----------
    path : path
        The target. Its folder is made if it is missing.

    Yields
    ------
    Path
        Where to write; it has the target's suffix.
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.stem}.{os.getpid()}.partial{target.suffix}")
    try:
        yield temporary
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def write_npz(path: str | Path, **arrays: NDArray[Any]) -> None:
    """Write arrays, by name; equal arrays give equal bytes."""
    with replacing(path) as temporary:
        np.savez(temporary, allow_pickle=False, **arrays)


def read_npz(path: str | Path, *names: str) -> dict[str, NDArray[Any]]:
    """Read arrays.

    Parameters
    ----------
    path : path
    *names : str
        Arrays that must be there; only they are read. Without names, all are.

    Returns
    -------
    dict of str to ndarray

    Raises
    ------
    ArtifactError
        If the file is missing or damaged, or lacks one of the names.
    """
    try:
        with ZipFile(path) as archive:
            there = [name.removesuffix(".npy") for name in archive.namelist()]
            missing = sorted(set(names) - set(there))
            if missing:
                raise ArtifactError(
                    f"{path}: found arrays {there}, expected {missing} too; "
                    "delete the file and run again"
                )
            # Whole members, so that their checksums are compared before anything is parsed.
            return {name: _array(archive.read(f"{name}.npy")) for name in names or there}
    except (OSError, BadZipFile, ValueError, KeyError, EOFError, RuntimeError, zlib.error) as error:
        raise ArtifactError(
            f"{path}: expected an .npz archive, found {error}; delete the file and run again"
        ) from error


def _array(member: bytes) -> NDArray[Any]:
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


def read_subset(path: str | Path) -> Subset:
    """Read the images of one subset."""
    return Subset(**read_npz(path, "x", "y", "ids"))


def write_csv(path: str | Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a table; floats are written so that reading gives the same number back."""
    with replacing(path) as temporary, open(temporary, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def write_text(path: str | Path, text: str) -> None:
    """Write text in UTF-8."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")

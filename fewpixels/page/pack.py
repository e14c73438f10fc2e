"""Packs: a record and arrays in one line of text, for a page to hold."""

import base64
import gzip
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

DTYPES = ("uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64")
# Of gzip: the highest takes eight times as long and saves no half per cent.
LEVEL = 7
# Typed arrays of JavaScript begin at multiples of their items' size.
_ALIGNMENT = 8


def pack(record: Any, arrays: Mapping[str, NDArray[Any]]) -> str:
    """Pack a record and arrays; equal ones give equal text.

    The text is base64 of gzip of: the length of a header, uint32; the header, UTF-8 JSON with
    ``record`` and, of each array in ``arrays``, ``name``, ``dtype``, ``shape`` and ``offset``, in
    bytes from the header's end; and the arrays. All numbers are little-endian, and the header and
    each array are filled up to a multiple of 8 bytes.

    Parameters
    ----------
    record : object
        What JSON can hold; no NaN.
    arrays : mapping of str to ndarray
        Of the types in `DTYPES`.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If an array is of another type, or a number of the record is not finite.
    """
    described, parts, offset = [], [], 0
    for name, array in arrays.items():
        dtype = array.dtype.name
        if dtype not in DTYPES:
            raise ValueError(f"{name}: found {dtype}, expected one of {', '.join(DTYPES)}")
        content = np.ascontiguousarray(array, array.dtype.newbyteorder("<")).tobytes()
        described.append(
            {"name": name, "dtype": dtype, "shape": list(array.shape), "offset": offset}
        )
        parts.append(_filled(content, b"\0"))
        offset += len(parts[-1])
    header = json.dumps(
        {"record": record, "arrays": described},
        ensure_ascii=False,
        allow_nan=False,
        separators=(",", ":"),
    ).encode()
    header = _filled(b"    " + header, b" ")[4:]  # with the length in front
    content = len(header).to_bytes(4, "little") + header + b"".join(parts)
    return base64.b64encode(gzip.compress(content, LEVEL, mtime=0)).decode("ascii")


def _filled(content: bytes, filler: bytes) -> bytes:
    return content + filler * (-len(content) % _ALIGNMENT)

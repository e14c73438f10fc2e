"""Users' own files: the options of their sources, and files in the format of MNIST."""

import struct
from pathlib import Path

from fewpixels.study.sources import options_of
from fewpixels.study.validation import filled

ROOT = Path(__file__).resolve().parents[2]


def options(source, **own):
    """As the workflow hands them over: defaults filled in."""
    return filled(own, options_of(source))


def encode(values, code):
    """An IDX file, number by number."""
    letter = {8: "B", 9: "b", 11: "h", 12: "i", 13: "f", 14: "d"}[code]
    head = struct.pack(f">HBB{values.ndim}I", 0, code, values.ndim, *values.shape)
    return head + struct.pack(f">{values.size}{letter}", *values.ravel().tolist())

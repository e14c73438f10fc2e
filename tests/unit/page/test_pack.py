"""Packs, read by a decoder of their own."""

import base64
import gzip
import json
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from fewpixels.page.pack import DTYPES, pack

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
ARRAYS = st.dictionaries(
    st.text(max_size=5),
    st.sampled_from(DTYPES).flatmap(
        lambda kind: arrays(kind, array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4))
    ),
    max_size=4,
)


def unpacked(text):
    content = gzip.decompress(base64.b64decode(text))
    (length,) = struct.unpack_from("<I", content)
    header = json.loads(content[4 : 4 + length])
    body = content[4 + length :]
    assert (4 + length) % 8 == 0
    found = {}
    for own in header["arrays"]:
        assert own["offset"] % 8 == 0
        kind = np.dtype(own["dtype"]).newbyteorder("<")
        count = int(np.prod(own["shape"], dtype=int))
        flat = np.frombuffer(body, kind, count, own["offset"])
        found[own["name"]] = flat.reshape(own["shape"])
    return header["record"], found


@given(JSON, ARRAYS)
def test_packs_hold_what_was_packed(record, held):
    text = pack(record, held)
    assert text.isascii()
    assert text == pack(record, held)
    found = unpacked(text)
    assert found[0] == record
    assert list(found[1]) == list(held)
    for name, array in held.items():
        np.testing.assert_array_equal(found[1][name], array)


def test_other_types_are_refused():
    with pytest.raises(ValueError, match="x: found complex128, expected one of uint8"):
        pack({}, {"x": np.zeros(2, complex)})
    with pytest.raises(ValueError, match="Out of range"):
        pack({"a": float("nan")}, {})

"""What may be in a pickle comes back as it was, whoever wrote it; damage is noticed."""

from io import BytesIO
from pickle import UnpicklingError

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from pickles import PYTHON_2, PYTHON_2_SCALAR, array, dumps

from fewpixels.datasets._unpickling import _Unpickler, load_arrays

PROTOCOLS = range(6)
SQUARE = np.array([[0, 1], [254, 255]], np.uint8)
KINDS = ["?", "i1", "<i2", ">i4", "<i8", "u1", ">u2", "<u4", ">u8", "<f2", ">f4", "<f8"]
ARRAYS = {
    "bytes": SQUARE,
    "big-endian": SQUARE.astype(">i4"),
    "little-endian": SQUARE.astype("<f8"),
    "Fortran order": np.asfortranarray(np.arange(24.0).reshape(2, 3, 4)),
    "every other": np.arange(10, dtype=np.int16)[::2],
    "transposed view": np.arange(24, dtype=np.uint8).reshape(2, 3, 4).transpose(2, 0, 1),
    "empty": np.zeros((0, 3)),
    "empty in Fortran order": np.zeros((2, 0, 2), np.uint8, order="F"),
    "one number": np.array(5),
    "truth": np.array([True, False]),
    "read-only": np.frombuffer(b"abc", np.uint8),
}
PLAIN = {
    "dict": {"images": [1, 2], "": {}},
    "numbers": [0, 1, 255, 256, 65536, -1, 2**31, 2**100, -(2**100), 0.5, -1e300, 10**600],
    "constants": [None, True, False],
    "text": ["", "a", "é", "0\n1\\", "\N{GRINNING FACE}", "a" * 300],
    "bytes": [b"", b"a", b"\x00\xff\n", b"\xff" * 300],
    "bytearrays": [bytearray(), bytearray(b"\xff\x00")],
    "tuples": [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), ((),)],
    "lists": [[], [[]], [[1], [2, 3]]],
}


def assert_alike(read, written):
    """Equal, and of the same types throughout."""
    assert type(read) is type(written)
    if isinstance(written, np.ndarray | np.generic):
        # NumPy reads another order of bytes as that of the machine.
        assert read.dtype.newbyteorder("=") == written.dtype.newbyteorder("=")
        np.testing.assert_array_equal(read, written)
    elif isinstance(written, dict):
        assert list(read) == list(written)
        assert_alike(list(read.values()), list(written.values()))
    elif isinstance(written, list | tuple):
        assert len(read) == len(written)
        for r, w in zip(read, written, strict=True):
            assert_alike(r, w)
    else:
        assert read == written or (read != read and written != written)


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("numpy", [1, 2])
@pytest.mark.parametrize("name", ARRAYS)
def test_arrays_come_back_as_they_were(name, numpy, protocol):
    raw = dumps(ARRAYS[name], protocol, numpy)
    assert (b"numpy._core" in raw) == (numpy == 2)
    read = load_arrays(raw)
    assert_alike(read, ARRAYS[name])
    if name.endswith("Fortran order"):
        assert read.flags.f_contiguous


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("name", PLAIN)
def test_plain_containers_come_back_as_they_were(name, protocol):
    assert_alike(load_arrays(dumps(PLAIN[name], protocol)), PLAIN[name])


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("numpy", [1, 2])
@pytest.mark.parametrize("kind", KINDS)
def test_scalars_come_back_as_they_were(kind, numpy, protocol):
    written = [np.ones(1, kind)[0]] * 2 + [np.zeros(1, kind)[0]]
    assert_alike(load_arrays(dumps(written, protocol, numpy)), written)


@pytest.mark.parametrize("protocol", PYTHON_2)
def test_arrays_of_python_2_are_read(protocol):
    assert_alike(load_arrays(PYTHON_2[protocol]), SQUARE)


def test_scalars_and_text_of_python_2_are_read():
    assert_alike(load_arrays(PYTHON_2_SCALAR), np.uint8(7))
    assert load_arrays(b"(dp0\nS'caf\\xe9'\np1\n(lp2\nI7\naL8L\naI01\nas.") == {
        "café": [7, 8, True]
    }


@given(
    content=st.recursive(
        st.sampled_from(KINDS).flatmap(
            lambda kind: arrays(kind, array_shapes(min_dims=0, min_side=0, max_side=4))
        )
        | st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text()
        | st.binary(),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.text(), inner, max_size=4)
            | st.lists(inner, max_size=4).map(tuple)
        ),
        max_leaves=10,
    ),
    protocol=st.sampled_from(PROTOCOLS),
    numpy=st.sampled_from([1, 2]),
)
def test_whatever_is_written_comes_back(content, protocol, numpy):
    assert_alike(load_arrays(dumps(content, protocol, numpy)), content)


def real_looking(side=2, count=4):
    """The structure of the study's original file, in small."""
    images = [np.full((side, side), 8 * i, np.uint8) for i in range(count)]
    names = [f"mini-mnist-1000-images/{i % 2}_{i}.jpg" for i in range(count)]
    return {"images": images, "labels": [i % 2 for i in range(count)], "img_filenames": names}


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("numpy", [1, 2])
def test_a_file_like_the_original_comes_back(numpy, protocol):
    written = real_looking(28, 30)
    assert_alike(load_arrays(dumps(written, protocol, numpy)), written)


def test_content_that_is_shared_is_shared_again():
    twice = [SQUARE] * 2
    first, second = load_arrays(dumps(twice, 4))
    assert first is second


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_pickle_cut_anywhere_is_refused(protocol):
    raw = dumps(real_looking(), protocol)
    for length in range(len(raw)):
        with pytest.raises(UnpicklingError):
            load_arrays(raw[:length])


PLAIN_TYPES = (dict, list, tuple, str, bytes, bytearray, int, float, bool, type(None), np.generic)


def only_plain(value):
    """Whether nothing but plain data is in a value."""
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "biuf"
    if isinstance(value, dict):
        return all(map(only_plain, [*value, *value.values()]))
    if isinstance(value, list | tuple):
        return all(map(only_plain, value))
    return isinstance(value, PLAIN_TYPES)


def outcome(raw):
    """What is read, which must be plain data, or the line that says why nothing is."""
    try:
        read = load_arrays(raw)
    except UnpicklingError as error:
        return str(error)
    assert only_plain(read)
    return None


@pytest.mark.filterwarnings("ignore:invalid escape sequence")
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_flipped_bits_give_an_error_or_plain_data(protocol):
    raw = dumps(real_looking(count=2), protocol)
    said = []
    for place in range(0, len(raw), 3):
        for bit in range(8):
            damaged = bytearray(raw)
            damaged[place] ^= 1 << bit
            said.append(outcome(bytes(damaged)))
    refused = [line for line in said if line is not None]
    assert len(refused) > len(said) / 4
    assert [line for line in refused if len(line.splitlines()) != 1] == []


@given(raw=st.binary(max_size=100), start=st.sampled_from([b"", b"\x80\x04", array()[:60]]))
def test_random_bytes_give_an_error_or_plain_data(raw, start):
    said = outcome(start + raw + b".")
    assert said is None or len(said.splitlines()) == 1


@given(module=st.text(), name=st.text())
@example(module="numpy", name="load")
@example(module="builtins", name="eval")
def test_other_names_stand_for_nothing(module, name):
    with pytest.raises(UnpicklingError, match="the function"):
        _Unpickler(BytesIO(), 0).find_class(module, name)


def test_the_hand_made_array_is_one():
    """Its parts are changed in the tests of hostile pickles."""
    assert_alike(load_arrays(array()), np.array([[0, 1], [2, 3]], np.uint8))

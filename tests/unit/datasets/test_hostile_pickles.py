"""Pickles that would run code, or take all memory or time: refused, and nothing happened.

``pickle.load`` would make the marker file, or would not come back.
"""

import codecs
import ctypes
import functools
import gzip
import operator
import os
import pickle
import subprocess
import sys
import timeit
import tracemalloc
from collections import OrderedDict
from copyreg import add_extension, remove_extension
from tempfile import NamedTemporaryFile

import numpy as np
import pytest
from pickles import Calls, array, call, dumps, stack_call, text

from fewpixels.datasets import DatasetError, _unpickling
from fewpixels.datasets import pickle as pickle_source
from fewpixels.datasets._unpickling import load_arrays
from fewpixels.datasets.pickle import load

MARKER = "marker-of-hostile-pickles"
TOUCH = f"touch {MARKER}"
OPEN = f"open('{MARKER}', 'w').close()"
START = b"\x80\x04"


class SetsState:
    """Pickled with a state, which BUILD would set."""

    def __setstate__(self, state):
        open(MARKER, "w").close()


def extended(code):
    """A pickle of an extension of that number, which stands for os.system."""
    add_extension("posix", "system", code)
    try:
        return pickle.dumps(Calls(os.system, TOUCH), 2)
    finally:
        remove_extension("posix", "system", code)


FUNCTION = b"cnumpy.core.multiarray\n_reconstruct\n"
NDARRAY = b"cnumpy\nndarray\n"
STATE = b"}X\x01\x00\x00\x00xK\x01s"

# What it is, and what the error names.
CODE = {
    **{f"os.system, {p}": (dumps(Calls(os.system, TOUCH), p), "posix.system") for p in range(6)},
    "os.system by its other name": (call("os", "system", TOUCH), "os.system"),
    "os.system of Windows": (call("nt", "system", TOUCH), "nt.system"),
    "eval": (dumps(Calls(eval, OPEN), 4), "builtins.eval"),
    "eval of Python 2": (call("__builtin__", "eval", OPEN), "__builtin__.eval"),
    "exec": (dumps(Calls(exec, OPEN), 2), ".exec"),
    "compile": (dumps(Calls(compile, OPEN, "", "exec"), 4), "builtins.compile"),
    "open": (call("builtins", "open", MARKER, "w"), "builtins.open"),
    "open of io": (call("_io", "open", MARKER, "w"), "_io.open"),
    "__import__": (call("builtins", "__import__", "this"), "builtins.__import__"),
    "getattr": (call("builtins", "getattr", "x", "upper"), "builtins.getattr"),
    "map": (dumps(Calls(list, Calls(map, eval, [OPEN])), 4), "builtins.list"),
    "subprocess": (dumps(Calls(subprocess.check_call, ["touch", MARKER]), 4), "check_call"),
    "runpy": (call("runpy", "run_path", MARKER), "runpy.run_path"),
    "pty": (call("pty", "spawn", TOUCH), "pty.spawn"),
    "timeit": (dumps(Calls(timeit.timeit, OPEN), 4), "timeit.timeit"),
    "attrgetter": (dumps(Calls(operator.attrgetter, "system"), 4), "operator.attrgetter"),
    "methodcaller": (call("operator", "methodcaller", "system"), "operator.methodcaller"),
    "partial": (dumps(functools.partial(eval, OPEN), 4), "functools.partial"),
    "ctypes": (dumps(Calls(ctypes.CDLL, "libc.so.6"), 4), "ctypes.CDLL"),
    "pickle in a pickle": (dumps(Calls(pickle.loads, b"."), 4), "_pickle.loads"),
    "codecs other than Latin 1": (dumps(Calls(codecs.encode, "a", "rot13"), 4), "encode"),
    "codecs.lookup": (call("_codecs", "lookup", "latin1"), "_codecs.lookup"),
    "np.load": (dumps(Calls(np.load, MARKER, None, True), 4), "numpy.load"),
    "np.save": (dumps(Calls(np.save, MARKER, 1), 4), "numpy.save"),
    "np.fromfile": (call("numpy.core.multiarray", "fromfile", MARKER), "multiarray.fromfile"),
    "np.memmap": (call("numpy", "memmap", MARKER), "numpy.memmap"),
    "runstring": (call("numpy.testing._private.utils", "runstring", OPEN), "runstring"),
    "another class of arrays": (dumps(np.ma.zeros(2), 4), "_mareconstruct"),
    "dots": (stack_call("os", "path.os.system", TOUCH), "os.path.os.system"),
    "dots of builtins": (stack_call("builtins", "open.__self__.eval", OPEN), "builtins.open."),
    "dots of what is allowed": (stack_call("numpy", "ndarray.tofile", MARKER), "ndarray.tofile"),
    "dots of a method": (
        stack_call("numpy.core.multiarray", "_reconstruct.__call__"),
        "_reconstruct.__call__",
    ),
    "module with a space": (stack_call("numpy ndarray", ""), "function"),
    "names that are no text": (START + b"K\x01K\x02\x93.", "STACK_GLOBAL requires str"),
    "a module that speaks when it is imported": (call("this", "s"), "this.s"),
    "a call of a result": (array()[:-1] + b")R.", "not callable"),
    "a call of a class": (START + NDARRAY + b")R.", "not callable"),
    "a call with a list": (START + FUNCTION + b"]R.", "required positional argument"),
    "an array of another class": (
        START + FUNCTION + b"cnumpy\ndtype\nK\x00\x85C\x01b\x87R.",
        "call of _reconstruct",
    ),
    "an array without a state": (
        START + FUNCTION + NDARRAY + b"K\x00\x85C\x01b\x87R.",
        "a pickled ndarray",
    ),
    "a function for data": (START + b"(" + NDARRAY + b"l.", "a pickled list"),
    "a state of a function": (START + FUNCTION + STATE + b"b.", "state for a method"),
    "a state of a class": (START + NDARRAY + STATE + b"b.", "state for a str"),
    "a state of a dict": (START + b"}" + STATE + b"b.", "state for a dict"),
    "a state that is a dict": (array()[:-1] + STATE + b"b.", "state that is of no array"),
    "a state of an object": (dumps(SetsState(), 0), "_reconstructor"),
    "a second state": (array()[:-1] + b")b.", "state that is of no array"),
    "items of an array": (array()[:-1] + b"K\x01K\x02s.", "items for a ndarray"),
    "items of a function": (START + NDARRAY + b"K\x01a.", "no attribute 'append'"),
    "NEWOBJ": (START + NDARRAY + b")\x81.", "instruction NEWOBJ"),
    "NEWOBJ_EX": (START + NDARRAY + b")}\x92.", "instruction NEWOBJ_EX"),
    "INST": (b"(" + text(TOUCH) + b"iposix\nsystem\n.", "instruction INST"),
    "OBJ": (b"(" + b"cposix\nsystem\n" + text(TOUCH) + b"o.", "posix.system"),
    "OBJ of a class": (b"(" + NDARRAY + b"o.", "instruction OBJ"),
    "PERSID": (b"Pmarker\n.", "instruction PERSID"),
    "BINPERSID": (text("marker") + b"Q.", "instruction BINPERSID"),
    "EXT1": (extended(1), "instruction EXT1"),
    "EXT2": (extended(300), "instruction EXT2"),
    "EXT4": (extended(70000), "instruction EXT4"),
    "NEXT_BUFFER": (b"\x80\x05\x97.", "instruction NEXT_BUFFER"),
    "READONLY_BUFFER": (b"\x80\x05C\x01a\x98.", "instruction READONLY_BUFFER"),
    "a set": (dumps({1}, 4), "instruction EMPTY_SET"),
    "a frozen set": (dumps(frozenset({1}), 4), "instruction FROZENSET"),
    "an ordered dict": (dumps(OrderedDict(), 4), "collections.OrderedDict"),
    "a second pickle": (dumps({}, 2) + call("posix", "system", TOUCH), "more bytes after"),
    "a protocol to come": (b"\x80\x06N.", "protocol: 6"),
    "code in an array": (dumps(np.array([Calls(eval, OPEN)], object), 4), "no plain number"),
    "code in what is ignored": (dumps({"img_filenames": Calls(eval, OPEN)}, 4), "builtins.eval"),
}


# Arrays that do not go together, and what the error says.
BROKEN = {
    "objects": (dumps(np.array([None], object), 4), "no plain number"),
    "objects of another name": (array(kind=b"U\x02O8"), "no plain number"),
    "a structure": (dumps(np.zeros(1, "i4,i4"), 4), "no plain number"),
    "parts of a number": (array(state=b"N" + b"U\x01a\x85" + b"}"), "no plain number"),
    "text": (dumps(np.array(["a"]), 4), "no plain number"),
    "bytes": (dumps(np.array([b"a"]), 4), "no plain number"),
    "dates": (dumps(np.array(["2000-01-01"], "M8[D]"), 4), "no plain number"),
    "complex numbers": (dumps(np.array([1j]), 4), "no plain number"),
    "nothing": (array(kind=b"U\x02V4"), "no plain number"),
    "longer doubles": (array(kind=b"U\x03f16"), "no plain number"),
    "a type that is no text": (array(kind=b"K\x01"), "no plain number"),
    "a type that is a list": (array(kind=b"]"), "no plain number"),
    "a scalar object": (
        START
        + b"cnumpy.core.multiarray\nscalar\n(cnumpy\ndtype\n(U\x02O8\x89\x88tR(K\x03U\x01|NNN"
        b"K\x00K\x00K\x00tbN tR.".replace(b"N t", b"Nt"),
        "no plain number",
    ),
    "too few bytes": (array(data=b"C\x03\x00\x01\x02"), "buffer is too small"),
    "too many bytes": (array(data=b"C\x05\x00\x01\x02\x03\x04"), "5 bytes, expected 4"),
    "text beyond Latin 1": (array(data=text("\u20ac" * 4)), "damage, UnicodeEncodeError"),
    "a list of items": (array(data=b"]"), "a list, expected bytes"),
    "a number for bytes": (array(data=b"K\x04"), "a int, expected bytes"),
    "negative shape": (array(shape=b"J\xff\xff\xff\xffJ\xfc\xff\xff\xff\x86"), "negative dim"),
    "a shape of 2**62": (array(shape=b"\x8a\x08" + bytes(7) + b"\x40\x85"), "buffer is too small"),
    "a shape of 2**2000": (array(shape=b"\x8a\xfb" + bytes(250) + b"\x01\x85"), "Maximum allowed"),
    "a huge empty shape": (
        array(shape=(b"\x8a\x08" + bytes(7) + b"\x40") * 2 + b"K\x00\x87", data=b"C\x00"),
        "damage, ValueError",
    ),
    "a shape of truth": (array(shape=b"\x88K\x04\x86"), "an integer"),
    "a shape of fractions": (array(shape=b"G\x40" + bytes(7) + b"K\x02\x86"), "as an integer"),
    "seventy axes": (
        array(shape=b"(" + b"K\x01" * 70 + b"t", data=b"C\x01a"),
        "maximum supported",
    ),
}

MANY = 3 * 10**4
HALF = b"}" + text("labels") + b"]s" + text("images")
FROMBUFFER = b"cnumpy._core.numeric\n_frombuffer\n"
SHAPE_1000, BYTES_1000 = b"M\xe8\x03\x85", b"B\xe8\x03\x00\x00" + bytes(1000)
TWICE = b"0h\x00h\x00\x86q\x00"  # instead of what was last, a pair of it
ENDLESS = b")q\x00" + TWICE * 60

# What would take all memory or time.
BOMBS = {
    "bytes of 2**62": b"\x8e" + (2**62).to_bytes(8, "little") + b"a.",
    "bytearray of 2**62": b"\x96" + (2**62).to_bytes(8, "little") + b"a.",
    "text of 2**62": b"\x8d" + (2**62).to_bytes(8, "little") + b"a.",
    "bytes of 2**31": b"B" + (2**31).to_bytes(4, "little") + b"a.",
    "number of 2**30 bytes": b"\x8b" + (2**30).to_bytes(4, "little") + b"a.",
    "text of less than nothing": b"T\xff\xff\xff\xffa.",
    "number of many digits": b"L" + b"9" * 10**6 + b"L\n.",
    "bytes(10**12)": START + b"cbuiltins\nbytes\n" + b"\x8a\x05" + bytes(4) + b"\x40\x85R.",
    "bytearray(10**12)": START + b"cbuiltins\nbytearray\n" + b"\x8a\x05" + bytes(4) + b"\x40\x85R.",
    "a shape of many counts": array(
        shape=b"(\x8a\x08" + b"\xff" * 7 + b"\x7fq\x00" + b"h\x00" * 10**5 + b"t"
    ),
    "marks": b"(" * MANY + b".",
    "tuples in tuples": b")" + b"\x85" * MANY + b".",
    "lists in lists": b"]" * MANY + b"a" * (MANY - 1) + b".",
    "calls in calls": START + b"cbuiltins\nbytearray\n" * 99 + b"C\x00" + b"\x85R" * 99 + b".",
    "a list that holds itself": b"]q\x00h\x00a.",
    "a dict that holds itself": b"}q\x00" + text("x") + b"h\x00s.",
    "pairs of pairs": ENDLESS + b".",
    "pairs of pairs for images": HALF + b"](" + ENDLESS + ENDLESS + b"es.",
    "pairs of pairs for a shape": array(shape=ENDLESS),
    "pairs of pairs for a type": array(kind=ENDLESS),
    "pairs of pairs for bytes": array(data=ENDLESS),
    "pairs of pairs for an order": START + FROMBUFFER + b"(C\x00NN" + ENDLESS + b"tR.",
    "pairs of pairs as a key": b"}" + ENDLESS + b"Ns.",
    "pairs of pairs as the key of another dict": b"(" + ENDLESS + b"Nd.",
    "pairs of pairs as one of many keys": b"}(" + ENDLESS + b"Nu.",
    "pairs of pairs as arguments": START + b"cbuiltins\nbytes\n" + ENDLESS + b"R.",
    "numbers as keys": b"}" + b"K\x01Ns.",
    "one array over and over": b"("
    + array(SHAPE_1000, data=BYTES_1000)[2:-1]
    + b"q\x00"
    + b"h\x00" * MANY
    + b"l.",
    "one image over and over": HALF
    + b"]("
    + array(b"M\xe8\x03K\x64\x86", data=b"B\xa0\x86\x01\x00" + bytes(10**5))[2:-1]
    + b"q\x00"
    + b"h\x00" * MANY
    + b"es.",
    "one long text among short ones": b"}"
    + text("images")
    + array()[2:-1]
    + b"s"
    + text("labels")
    + b"]("
    + text("a" * 10**5)
    + text("b") * MANY
    + b"es.",
    "one text encoded often": b"X\x10\x27\x00\x00"
    + b"a" * 10**4
    + b"q\x000("
    + b"c_codecs\nencode\nh\x00X\x06\x00\x00\x00latin1\x86R" * 10**4
    + b"l.",
    "nothing": b"",
    "nothing left": b"0.",
    "no such memo": b"h\x07.",
    "mark below all": b"t.",
}


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    """A folder in which there must be no marker afterwards."""
    monkeypatch.chdir(tmp_path)
    yield
    assert list(tmp_path.iterdir()) == []
    assert "this" not in sys.modules


def refusal(raw):
    """The one line that a file is refused with."""
    with NamedTemporaryFile() as file:
        file.write(raw)
        file.flush()
        with pytest.raises(DatasetError) as caught:
            load({"file": file.name, "fresh_per_class": 0})
        said = str(caught.value).removeprefix(f"{file.name}: ")
    assert len(said.splitlines()) == 1
    assert len(said) < 300
    return said


@pytest.mark.parametrize("case", CODE)
def test_code_is_not_run(case):
    raw, named = CODE[case]
    assert named in refusal(raw)


@pytest.mark.parametrize("case", CODE)
def test_code_is_not_run_deep_inside(case):
    """In a list in a dict, with the same bytes but for the beginning and the end."""
    raw, _ = CODE[case]
    refusal(HALF + b"]" + raw.removesuffix(b".") + b"as.")


@pytest.mark.parametrize("case", BROKEN)
def test_an_array_that_does_not_go_together_is_refused(case):
    raw, said = BROKEN[case]
    assert said in refusal(raw)


@pytest.mark.parametrize("case", BOMBS)
def test_a_bomb_takes_neither_memory_nor_time(case):
    tracemalloc.start()
    try:
        refusal(BOMBS[case])
        assert tracemalloc.get_traced_memory()[1] < 2**26
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("put", [b"r\xff\xff\xff\xff", b"p99999999999999\n"])
def test_a_memo_of_any_number_takes_no_memory(put):
    """Python's own unpickler would make a table of that length."""
    tracemalloc.start()
    try:
        assert load_arrays(b"]" + put + b".") == []
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


def test_instructions_without_end_are_refused(monkeypatch):
    """Each can take a hundred bytes, and a packed file of a megabyte can hold 10**9."""
    monkeypatch.setattr(_unpickling, "MOST_INSTRUCTIONS", 1000)
    assert load_arrays(b"(" + b"N" * 997 + b"l.") == [None] * 997
    assert "more than 1000 instructions" in refusal(b"(" + b"N" * 998 + b"l.")


def test_a_packed_file_is_unpacked_to_a_limit(monkeypatch):
    monkeypatch.setattr(pickle_source, "LARGEST", 2**20)
    fits, more = (gzip.compress(b"(" + bytes(n)) for n in (2**20 - 1, 2**24))
    assert "instruction 0x0" in refusal(fits)
    assert "more than 1048576 bytes" in refusal(more)

"""Reading a pickle that holds NumPy arrays and plain containers, without running what it names.

A pickle is a program: it names functions, and Python's unpickler imports and calls them. Here it
imports none. The few names that arrays are written with stand for functions of this module, which
check their arguments: NumPy's own trust a pickle's shapes, types and flags. The unpickler is
Python's in Python: that in C hashes whatever is a key, which can take for ever, and makes its memo
as large as a pickle says.
"""

import pickle  # nosec B403 # of a pickle's names, none is imported
import pickletools  # nosec B403 # the format's description, a table
from collections.abc import Callable
from io import BytesIO
from pickle import UnpicklingError  # nosec B403 # an error, and no more
from reprlib import Repr
from struct import unpack
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST_INSTRUCTIONS = 10**7
"""A pickle's instructions; 70,000 images of an array each take 2 million."""

# Those for numbers, text, bytes, lists, tuples, dicts, the memo, names and calls; none for sets,
# instances, extensions, and what is kept outside.
_INSTRUCTIONS = {*b"().012BCFGIJKLMNRSTUVX]abcdeghjlpqrstu}", 0x80}
_INSTRUCTIONS |= {*range(0x85, 0x8F), *range(0x93, 0x97)}
_NAMES = {instruction.code: instruction.name for instruction in pickletools.opcodes}
_GROWTH = 4  # bytes of content for each byte of the pickle, at the most
_NUMBERS = {"b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"}
_NDARRAY = "ndarray"  # stands for the class
_REPR = Repr()
_REPR.maxstring = _REPR.maxother = 80


def load_arrays(raw: bytes) -> Any:
    """Read a pickle of arrays and plain containers.

    Parameters
    ----------
    raw : bytes
        Any protocol, written with any version of NumPy.

    Returns
    -------
    dict, list, tuple, ndarray, NumPy scalar, str, bytes, bytearray, int, float, bool or None
        Dictionaries have keys of text. Arrays hold truth values, integers or floats, and may be
        read-only. Text of Python 2 is read as Latin 1. Containers can be nested to any depth, hold
        themselves, and hold what stands for NumPy's functions, which is of no use.

    Raises
    ------
    UnpicklingError
        If the pickle is damaged or holds anything else; one line.
    """
    file = BytesIO(raw)
    try:
        content = _Unpickler(file, _GROWTH * len(raw)).load()
        if file.read(1):
            raise UnpicklingError(f"more bytes after its end at byte {file.tell() - 1}")
    except UnpicklingError as error:
        raise UnpicklingError(" ".join(str(error).split())[:200]) from error
    except EOFError as error:
        raise UnpicklingError("that it ends too early") from error
    except Exception as error:  # whatever a damaged program leads to, down to MemoryError
        raise UnpicklingError(f"damage, {_REPR.repr(error)}") from error
    return content


class _Kind:
    """Stands for a ``dtype``, which a pickle first makes and then gives an order of bytes."""

    def __init__(self, code: Any, *_: Any) -> None:
        self.code = code
        self.dtype: np.dtype[Any] | None = None

    def _set_state(self, state: Any) -> None:
        match state:
            case (3 | 4, "<" | ">" | "|" as order, None, None, None, *_):
                if isinstance(self.code, str) and self.code in _NUMBERS:
                    self.dtype = np.dtype(order + self.code)
                    return
        raise UnpicklingError("an array of a type that is no plain number")


class _Methods(dict[int, Callable[[Any], None]]):
    """What follows each instruction; `load` asks for one after the other."""

    asked = 0

    def __getitem__(self, code: int) -> Callable[[Any], None]:
        self.asked += 1
        if self.asked > MOST_INSTRUCTIONS:
            raise UnpicklingError(f"more than {MOST_INSTRUCTIONS} instructions")
        if code not in _INSTRUCTIONS:
            raise UnpicklingError(f"the instruction {_NAMES.get(chr(code), hex(code))}")
        return super().__getitem__(code)


class _Unpickler(pickle._Unpickler):
    """Python's unpickler, with nothing to call but what follows `__init__`.

    `left` bounds the bytes that calls make, however often they are given the same content.
    """

    append: Callable[[Any], None]
    pop_mark: Callable[[], list[Any]]
    read: Callable[[int], bytes]
    stack: list[Any]

    def __init__(self, file: BytesIO, left: int) -> None:
        super().__init__(file, encoding="latin1")
        self.left = left
        self.dispatch = _Methods(  # type: ignore[misc]
            pickle._Unpickler.dispatch
            | {
                pickle.BUILD[0]: _Unpickler._load_build,
                pickle.BYTEARRAY8[0]: _Unpickler._load_bytearray8,
                pickle.DICT[0]: _Unpickler._load_dict,
                pickle.SETITEM[0]: _Unpickler._load_setitem,
                pickle.SETITEMS[0]: _Unpickler._load_setitems,
            }
        )
        self.functions: dict[str, Any] = {
            "numpy.ndarray": _NDARRAY,
            "numpy.dtype": _Kind,
            "_codecs.encode": self._encode,
            "builtins.bytes": self._no_bytes,
            "builtins.bytearray": self._bytearray,
        }
        for core in ("numpy.core", "numpy._core"):  # of NumPy 1 and 2
            self.functions |= {
                f"{core}.multiarray._reconstruct": self._reconstruct,
                f"{core}.multiarray.scalar": self._scalar,
                f"{core}.numeric._frombuffer": self._frombuffer,
            }

    def find_class(self, module: str, name: str) -> Any:
        """What stands for a function or class that the pickle names."""
        found = f"{module}.{name}".replace("__builtin__.", "builtins.")
        if found not in self.functions:
            raise UnpicklingError(f"the function {_REPR.repr(f'{module}.{name}')}")
        return self.functions[found]

    def _load_build(self) -> None:
        state, made = self.stack.pop(), self.stack[-1]
        if isinstance(made, _Kind):
            made._set_state(state)
        elif isinstance(made, np.ndarray):
            self._fill(made, state)
        else:
            raise UnpicklingError(f"a state for a {type(made).__name__}")

    def _load_bytearray8(self) -> None:
        (length,) = unpack("<Q", self.read(8))  # Python's own makes them before it reads them
        self.append(bytearray(self.read(length)))

    def _load_dict(self) -> None:
        items = self.pop_mark()
        self.append({})
        self._update(items)

    def _load_setitem(self) -> None:
        value, key = self.stack.pop(), self.stack.pop()
        self._update([key, value])

    def _load_setitems(self) -> None:
        self._update(self.pop_mark())

    def _update(self, items: list[Any]) -> None:
        if type(self.stack[-1]) is not dict:
            raise UnpicklingError(f"items for a {type(self.stack[-1]).__name__}, expected a dict")
        for key, value in zip(items[::2], items[1::2], strict=True):
            if type(key) is not str:  # a tuple of tuples can take for ever to hash
                raise UnpicklingError(f"a {type(key).__name__} for a key, expected text")
            self.stack[-1][key] = value

    def _spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise UnpicklingError("the same content over and over")

    def _bytes(self, data: Any) -> bytes:
        if not isinstance(data, str | bytes | bytearray):
            raise UnpicklingError(f"a {type(data).__name__}, expected bytes")
        self._spend(len(data))
        return data.encode("latin-1") if isinstance(data, str) else bytes(data)

    def _encode(self, text: Any, codec: Any) -> bytes:
        if not isinstance(text, str) or codec != "latin1":
            raise UnpicklingError("a call of encode that writes no bytes")
        return self._bytes(text)

    def _no_bytes(self) -> bytes:
        return b""

    def _bytearray(self, data: Any = b"") -> bytearray:
        return bytearray(self._bytes(data))

    def _reconstruct(self, kind: Any, *_: Any) -> NDArray[Any]:
        if kind is not _NDARRAY:
            raise UnpicklingError("a call of _reconstruct that makes no array")
        return np.empty(0, np.uint8)  # _load_build fills it

    def _fill(self, array: NDArray[Any], state: Any) -> None:
        match state:
            case (1, shape, kind, fortran, data):
                made, raw = self._array(data, kind, shape, "F" if fortran else "C")
                checked: Any = (1, made.shape, made.dtype, bool(fortran), raw)
                array.__setstate__(checked)
            case _:
                raise UnpicklingError("a state that is of no array")

    def _frombuffer(
        self, data: Any, kind: Any, shape: Any, order: Any, axes: Any = None
    ) -> NDArray[Any]:
        if axes is None:
            return self._array(data, kind, shape, order)[0]
        return self._array(data, kind, shape, "C")[0].transpose(axes)

    def _scalar(self, kind: Any, data: Any) -> Any:
        return self._array(data, kind, (), "C")[0][()]

    def _array(self, data: Any, kind: Any, shape: Any, order: Any) -> tuple[NDArray[Any], bytes]:
        """An array of what it is made of, none of which is trusted; and its bytes."""
        raw = self._bytes(data)
        if not isinstance(kind, _Kind) or kind.dtype is None:
            raise UnpicklingError("an array of a type that is no plain number")
        array = np.ndarray(shape, kind.dtype, raw, order=order)  # which wants bytes enough
        if array.nbytes != len(raw):
            raise UnpicklingError(f"an array of {len(raw)} bytes, expected {array.nbytes}")
        return array, raw

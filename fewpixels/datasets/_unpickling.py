"""Reading a pickle that holds NumPy arrays and plain containers, without running it.

A pickle is a program: it names functions, and Python's unpickler imports and calls them. This
reader follows the program but has nothing to call. It takes note of the calls, and understands
those few that arrays are written as, whose arguments it makes the arrays from by itself.
"""

import math
import pickletools  # nosec B403 # the format's description, a table; it runs nothing
from codecs import escape_decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from reprlib import Repr
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Instructions that put their own argument on the stack: numbers, text and bytes.
_LITERALS = {
    o.name
    for o in pickletools.opcodes
    if o.arg and not o.stack_before and o.stack_after and o.stack_after[0].obtype is not object
}
_CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False, "EMPTY_TUPLE": ()}

# What arrays, their scalars and bytes are written with, by versions 1 and 2 of NumPy and by
# Python 2 and 3.
_FUNCTIONS = {
    "numpy ndarray": "ndarray",
    "numpy dtype": "dtype",
    "_codecs encode": "encode",
    **{f"{b} {name}": name for b in ("builtins", "__builtin__") for name in ("bytes", "bytearray")},
    **{
        f"numpy.{core}.{module} {name}": name
        for core in ("core", "_core")
        for module, name in (
            ("multiarray", "_reconstruct"),
            ("multiarray", "scalar"),
            ("numeric", "_frombuffer"),
        )
    },
}
_NUMBERS = {"b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"}

_REPR = Repr()
_REPR.maxstring = _REPR.maxother = 80

_DEEPEST = 20  # containers in containers
_GROWTH = 4  # bytes of content for each byte of the file, at the most


class UnpicklingError(Exception):
    """A pickle is damaged, or holds more than arrays and plain containers; one line."""


@dataclass(frozen=True)
class _Function:
    """A function or class that a pickle names: no more than its name."""

    name: str


@dataclass(eq=False, repr=False)  # both would follow the arguments, for ever if made to
class _Call:
    """A call that a pickle asks for, and the state that it sets in the result."""

    name: str
    arguments: tuple[Any, ...]
    state: tuple[Any, ...] | None = None


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
        views of the pickle's bytes. Text of Python 2 is read as Latin 1.

    Raises
    ------
    UnpicklingError
        If the pickle is damaged or holds anything else.
    """
    try:
        return _Contents(_GROWTH * len(raw)).plain(_follow(raw))
    except UnpicklingError:
        raise
    except Exception as error:  # whatever a damaged program leads to, down to MemoryError
        raise UnpicklingError(f"damage, {_REPR.repr(error)}") from error


def _read_string(stream: BytesIO) -> str:
    # pickletools takes these bytes for ASCII; Python 2 wrote arrays in them.
    return escape_decode(pickletools.read_stringnl(stream, decode=False))[0].decode("latin-1")


def _reader(opcode: pickletools.OpcodeInfo) -> Callable[[Any], Any] | None:
    if opcode.name == "STRING":
        return _read_string
    return opcode.arg.reader if opcode.arg else None


_INSTRUCTIONS = {o.code.encode("latin-1"): (o.name, _reader(o)) for o in pickletools.opcodes}


def _instructions(raw: bytes) -> Iterator[tuple[str, Any]]:
    """Names and arguments of instructions; no argument is longer than the file."""
    stream = BytesIO(raw)
    name = ""
    while name != "STOP":
        code = stream.read(1)
        if not code:
            raise UnpicklingError("that it ends too early")
        if code not in _INSTRUCTIONS:
            raise UnpicklingError(f"no instruction at byte {stream.tell() - 1}, but {code!r}")
        name, read = _INSTRUCTIONS[code]
        yield name, read(stream) if read else None
    if stream.read(1):
        raise UnpicklingError(f"more bytes after its end at byte {stream.tell() - 1}")


def _follow(raw: bytes) -> Any:
    """Follow the instructions; the result holds calls in the place of arrays."""
    stack: list[Any] = []  # down to the last mark
    below: list[list[Any]] = []  # stacks down to earlier marks
    memo: dict[int, Any] = {}

    def since_mark() -> list[Any]:
        nonlocal stack
        items, stack = stack, below.pop()
        return items

    for name, argument in _instructions(raw):
        if name in _LITERALS:
            stack.append(argument)
            continue
        match name:
            case "STOP" | "FRAME":  # a frame's length is for reading ahead
                pass
            case "PROTO":
                if argument > 5:
                    raise UnpicklingError(f"protocol {argument}, expected 0 to 5")
            case "NONE" | "NEWTRUE" | "NEWFALSE" | "EMPTY_TUPLE":
                stack.append(_CONSTANTS[name])
            case "MARK":
                below.append(stack)
                stack = []
            case "POP":
                if stack:
                    stack.pop()
                else:
                    since_mark()
            case "POP_MARK":
                since_mark()
            case "DUP":
                stack.append(stack[-1])
            case "TUPLE":
                items = since_mark()
                stack.append(tuple(items))
            case "TUPLE1" | "TUPLE2" | "TUPLE3":
                items = [stack.pop() for _ in range(int(name[-1]))]
                stack.append(tuple(items[::-1]))
            case "EMPTY_LIST":
                stack.append([])
            case "LIST":
                items = since_mark()
                stack.append(items)
            case "APPEND":
                item = stack.pop()
                _extend(stack[-1], [item])
            case "APPENDS":
                items = since_mark()
                _extend(stack[-1], items)
            case "EMPTY_DICT":
                stack.append({})
            case "DICT":
                items = since_mark()
                stack.append({})
                _update(stack[-1], items)
            case "SETITEM":
                value, key = stack.pop(), stack.pop()
                _update(stack[-1], [key, value])
            case "SETITEMS":
                items = since_mark()
                _update(stack[-1], items)
            case "PUT" | "BINPUT" | "LONG_BINPUT":
                memo[argument] = stack[-1]
            case "MEMOIZE":
                memo[len(memo)] = stack[-1]
            case "GET" | "BINGET" | "LONG_BINGET":
                stack.append(memo[argument])
            case "GLOBAL":
                stack.append(_function(argument))
            case "STACK_GLOBAL":
                function, module = stack.pop(), stack.pop()
                stack.append(_function(f"{_text(module)} {_text(function)}"))
            case "REDUCE":
                arguments, called = stack.pop(), stack.pop()
                if not isinstance(called, _Function) or not isinstance(arguments, tuple):
                    raise UnpicklingError("a call of what is no function")
                stack.append(_Call(called.name, arguments))
            case "BUILD":
                _set_state(state=stack.pop(), of=stack[-1])
            case _:
                raise UnpicklingError(f"the instruction {name}")
    return stack.pop()


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise UnpicklingError(f"a {_kind(value)}, expected text")
    return value


def _kind(value: Any) -> str:
    return value.name if isinstance(value, _Function | _Call) else type(value).__name__


def _function(name: str) -> _Function:
    if name not in _FUNCTIONS:
        raise UnpicklingError(f"the function {_REPR.repr('.'.join(name.split(' ', 1)))}")
    return _Function(_FUNCTIONS[name])


def _extend(to: Any, items: list[Any]) -> None:
    if type(to) is not list:
        raise UnpicklingError(f"items for a {_kind(to)}, expected a list")
    to.extend(items)


def _update(to: Any, items: list[Any]) -> None:
    if type(to) is not dict:
        raise UnpicklingError(f"items for a {_kind(to)}, expected a dict")
    # Keys of text alone: hashing others can take for ever.
    to.update(zip(map(_text, items[::2]), items[1::2], strict=True))


def _set_state(state: Any, of: Any) -> None:
    if not isinstance(of, _Call) or of.state is not None or not isinstance(state, tuple):
        raise UnpicklingError(f"a state for a {_kind(of)}")
    of.state = state


class _Contents:
    """What the calls stand for.

    Each container is made once, and `limit` bounds the bytes of all arrays, however often a
    pickle names the same one.
    """

    def __init__(self, limit: int) -> None:
        self.left = limit
        self.made: dict[int, Any] = {}

    def plain(self, value: Any, depth: int = 0) -> Any:
        """Replace the calls in a value by what they stand for."""
        if depth > _DEEPEST:
            raise UnpicklingError(f"containers nested more than {_DEEPEST} deep")
        if isinstance(value, _Function):
            raise UnpicklingError(f"the function {value.name} among the data")
        if not isinstance(value, list | tuple | dict | _Call):
            return value
        if id(value) not in self.made:
            self.made[id(value)] = self._make(value, depth + 1)
        result = self.made[id(value)]
        if isinstance(result, np.ndarray):
            self._spend(result.nbytes)
        return result

    def _make(self, value: Any, depth: int) -> Any:
        if isinstance(value, _Call):
            return self._call(value, depth)
        if isinstance(value, dict):
            return {key: self.plain(item, depth) for key, item in value.items()}
        return type(value)(self.plain(item, depth) for item in value)

    def _call(self, call: _Call, depth: int) -> Any:
        match call.name, call.arguments, call.state:
            case "_reconstruct", (_Function("ndarray"), _, _), (1, shape, dtype, fortran, data):
                return self._array(data, dtype, shape, "F" if fortran else "C", depth)
            case "_frombuffer", (data, dtype, shape, "C" | "F" as order), None:
                return self._array(data, dtype, shape, order, depth)
            case "_frombuffer", (data, dtype, shape, "K", tuple(axes)), None:
                return self._array(data, dtype, shape, "C", depth).transpose(axes)
            case "scalar", (dtype, data), None:
                return self._array(data, dtype, (), "C", depth)[()]
            case "encode", (str(text), "latin1"), None:
                self._spend(len(text))
                return text.encode("latin-1")
            case "bytes", (), None:
                return b""
            case "bytearray", (), None:
                return bytearray()
            case "bytearray", (data,), None:
                return bytearray(self._bytes(data, depth))
        raise UnpicklingError(f"a call of {call.name} that writes no array")

    def _array(
        self, data: Any, dtype: Any, shape: Any, order: Any, depth: int
    ) -> NDArray[Any] | Any:
        kind, raw = _number(dtype), self._bytes(data, depth)
        if not isinstance(shape, tuple) or len(shape) > 64 or not all(map(_is_count, shape)):
            raise UnpicklingError("an array with a shape of other than counts, 64 at the most")
        expected = math.prod(shape) * kind.itemsize
        if len(raw) != expected:
            raise UnpicklingError(
                f"an array of {len(raw)} bytes, expected {_REPR.repr(expected)} for its shape "
                f"{_REPR.repr(shape)}"
            )
        return np.ndarray(shape, kind, raw, order=order)

    def _bytes(self, data: Any, depth: int) -> bytes | bytearray:
        raw = self.plain(data, depth)
        if isinstance(raw, str):  # of Python 2
            raw = raw.encode("latin-1")
        if not isinstance(raw, bytes | bytearray):
            raise UnpicklingError(f"a {_kind(raw)}, expected bytes")
        self._spend(len(raw))
        return raw

    def _spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise UnpicklingError("the same content over and over")


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value < 2**63


def _number(dtype: Any) -> np.dtype[Any]:
    """The type of an array's numbers."""
    match dtype:
        case _Call("dtype", (code, *_), (3 | 4, "<" | ">" | "|" as order, None, None, None, *_)):
            if isinstance(code, str) and code in _NUMBERS:
                return np.dtype(order + code)
    raise UnpicklingError("an array of a type that is no plain number")

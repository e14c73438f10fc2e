"""Pickles to read: of both versions of NumPy, of Python 2, and those that call functions."""

import pickle
from io import BytesIO
from types import BuiltinFunctionType, FunctionType


class OfNumPy1(pickle._Pickler):
    """Names functions as NumPy 1 did, in ``numpy.core``."""

    def save_global(self, obj, name=None):
        module = getattr(obj, "__module__", None) or ""
        if not module.startswith("numpy._core."):
            super().save_global(obj, name)
            return
        module = module.replace("numpy._core.", "numpy.core.")
        if self.proto >= 4:
            self.save(module)
            self.save(obj.__name__)
            self.write(pickle.STACK_GLOBAL)
        else:
            self.write(pickle.GLOBAL + f"{module}\n{obj.__name__}\n".encode())
        self.memoize(obj)


functions = dict.fromkeys((BuiltinFunctionType, FunctionType), OfNumPy1.save_global)
OfNumPy1.dispatch = pickle._Pickler.dispatch | functions


def dumps(content, protocol, numpy=2):
    """A pickle that names the modules of this version of NumPy."""
    if numpy == 2:
        return pickle.dumps(content, protocol)
    file = BytesIO()
    OfNumPy1(file, protocol).dump(content)
    return file.getvalue()


# np.array([[0, 1], [254, 255]], np.uint8) and its scalar 7, as Python 2.7 pickled them.
PYTHON_2 = {
    0: (
        b"cnumpy.core.multiarray\n_reconstruct\np0\n(cnumpy\nndarray\np1\n(I0\ntp2\nS'b'\np3\ntp4\n"
        b"Rp5\n(I1\n(I2\nI2\ntp6\ncnumpy\ndtype\np7\n(S'u1'\np8\nI0\nI1\ntp9\nRp10\n(I3\nS'|'\np11\n"
        b"NNNI-1\nI-1\nI0\ntp12\nbI00\nS'\\x00\\x01\\xfe\\xff'\np13\ntp14\nb."
    ),
    2: (
        b"\x80\x02cnumpy.core.multiarray\n_reconstruct\nq\x00cnumpy\nndarray\nq\x01K\x00\x85q\x02"
        b"U\x01bq\x03\x87q\x04Rq\x05(K\x01K\x02K\x02\x86q\x06cnumpy\ndtype\nq\x07U\x02u1q\x08K\x00"
        b"K\x01\x87q\tRq\n(K\x03U\x01|q\x0bNNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tq\x0cb\x89"
        b"U\x04\x00\x01\xfe\xffq\rtq\x0eb."
    ),
}
PYTHON_2_SCALAR = (
    b"cnumpy.core.multiarray\nscalar\np0\n(cnumpy\ndtype\np1\n(S'u1'\np2\nI0\nI1\ntp3\nRp4\n"
    b"(I3\nS'|'\np5\nNNNI-1\nI-1\nI0\ntp6\nbS'\\x07'\np7\ntp8\nRp9\n."
)


class Calls:
    """Pickled as a call of a function."""

    def __init__(self, function, *arguments):
        self.function, self.arguments = function, arguments

    def __reduce__(self):
        return self.function, self.arguments


def text(value):
    """The instruction that puts text on the stack."""
    return b"X" + len(value.encode()).to_bytes(4, "little") + value.encode()


def call(module, name, *arguments):
    """A pickle of protocol 0 that calls a function by its name, on text."""
    named = f"c{module}\n{name}\n".encode()
    return named + b"(" + b"".join(map(text, arguments)) + b"tR."


def stack_call(module, name, *arguments):
    """The same in protocol 4, where names can have dots."""
    return (
        b"\x80\x04" + text(module) + text(name) + b"\x93(" + b"".join(map(text, arguments)) + b"tR."
    )


def array(shape=b"K\x02K\x02\x86", kind=b"U\x02u1", data=b"C\x04\x00\x01\x02\x03", state=b"NNN"):
    """The pickle of an array of 2 × 2, or of parts that do not go together."""
    dtype = b"cnumpy\ndtype\n(" + kind + b"\x89\x88tR(K\x03U\x01|" + state + b"K\x00K\x00K\x00tb"
    made = b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\nK\x00\x85C\x01btR"
    return b"\x80\x04" + made + b"(K\x01" + shape + dtype + b"\x89" + data + b"tb."

"""Fitted models in a form that the page can run: the smallest that labels as they do."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from zlib import compress

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]

# Bits of a quantised weight, fewest first.
BITS = (8, 10, 12, 14, 16)
# Images to try at first, since coarse forms mostly fail on few already; then twice as many.
_FIRST = 256


@dataclass(frozen=True)
class Portable:
    """The first replicate of a fitted model, for the page.

    Attributes
    ----------
    kind : {"kernel", "weights", "knn", "mlp", "convnet"}
        Which code of the page runs it (``workflow/report/page/predict.js``).
    values : dict
        What JSON can hold.
    arrays : dict of str to ndarray
        Of the types in `fewpixels.page.pack.DTYPES`.
    """

    kind: str
    values: dict[str, Any]
    arrays: Arrays

    @property
    def needs_train(self) -> bool:
        """Whether it runs on the training images."""
        return self.kind in ("kernel", "knn")

    def packed_size(self) -> int:
        """Characters that it takes in a pack, about."""
        packed = sum(len(compress(array.tobytes(), 1)) for array in self.arrays.values())
        return packed * 4 // 3


def smallest(forms: Sequence[Portable]) -> Portable:
    """The form that takes the fewest characters; of equal ones the first."""
    return forms[0] if len(forms) == 1 else min(forms, key=Portable.packed_size)


def first_equal(
    candidates: Iterable[Arrays],
    label: Callable[[Arrays, NDArray[Any]], NDArray[Any]],
    x: NDArray[Any],
    labels: NDArray[Any],
) -> Arrays | None:
    """Find the first arrays that label images as wanted.

    Parameters
    ----------
    candidates : iterable of dict of str to ndarray
        From the coarsest to the finest.
    label : callable
        Labels (n,) by such arrays of images.
    x : ndarray, shape (n, d)
    labels : ndarray of int, shape (n,)

    Returns
    -------
    dict of str to ndarray, or None
        None if no candidate labels every image so.
    """
    edges = [0]
    while edges[-1] < len(x):
        edges.append(min(max(_FIRST, 2 * edges[-1]), len(x)))
    telling = np.arange(0)  # images that told earlier candidates apart, and so may tell these
    for arrays in candidates:
        if len(telling) and not np.array_equal(label(arrays, x[telling]), labels[telling]):
            continue
        for start, end in pairwise(edges):
            wrong = np.flatnonzero(label(arrays, x[start:end]) != labels[start:end])
            if len(wrong):
                telling = np.append(telling, start + wrong)
                break
        else:
            return arrays
    return None


def quantised(weights: Mapping[str, NDArray[np.floating]], bits: int) -> Arrays:
    """Round weights to whole multiples of a step, array by array.

    Parameters
    ----------
    weights : mapping of str to ndarray
        Finite.
    bits : int
        Of a multiple, with its sign: 2 to 16.

    Returns
    -------
    dict of str to ndarray
        Of each array the multiples, int8 or int16, by its name, and the step, float64 of shape
        (1,), by its name with ``_step``.
    """
    most = 2 ** (bits - 1) - 1
    arrays: Arrays = {}
    for name, array in weights.items():
        step = (float(np.abs(array).max(initial=0)) or 1.0) / most
        multiples = np.rint(array.astype(np.float64) / step)
        arrays[name] = multiples.astype(np.int8 if bits <= 8 else np.int16)
        arrays[f"{name}_step"] = np.array([step])
    return arrays


def restored(arrays: Mapping[str, NDArray[Any]], name: str) -> NDArray[np.float64]:
    """Weights as the page restores them, quantised or not."""
    held = arrays[name].astype(np.float64)
    return held * arrays[f"{name}_step"][0] if f"{name}_step" in arrays else held


def whole(numbers: NDArray[np.float64]) -> NDArray[Any]:
    """Whole numbers in the narrowest type that holds them; others as they are."""
    rounded = np.rint(numbers)
    if not np.allclose(numbers, rounded, rtol=1e-9, atol=1e-6):
        return numbers
    for dtype in (np.int8, np.int16, np.int32):
        if np.abs(rounded).max(initial=0) <= np.iinfo(dtype).max:
            return rounded.astype(dtype)
    return rounded

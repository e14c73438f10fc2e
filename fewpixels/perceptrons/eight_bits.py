"""Inner products of images whose pixels are bytes: as whole numbers, and several times as fast.

PyTorch multiplies matrices of signed bytes by a processor's instructions for neural networks
(VNNI), which add up four products of bytes at once, in int32. Nothing is rounded.
"""

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

import fewpixels.compiled  # noqa: F401 - before anything is compiled
from fewpixels.arrays import Doubles

# Sums of so many products of a byte and a signed byte stay below 2^31.
MOST_PIXELS = 2**16

Bytes = NDArray[np.int8]


@cache
def _torch() -> Any:
    """PyTorch, where it is installed and the processor has the instructions; else None.

    It takes a second to import. No statement imports it, since no number depends on it: to
    install it makes no result stale.
    """
    if not find_spec("torch"):
        return None
    torch = import_module("torch")
    supported = getattr(torch.cpu, "_is_vnni_supported", None)  # not in every version
    return torch if supported and supported() else None


def suit(images: NDArray[np.floating]) -> bool:
    """Whether images (n, d) of whole numbers can be multiplied so."""
    fit = 0 < images.shape[1] <= MOST_PIXELS and images.min() >= 0 and images.max() <= 255
    return bool(fit) and _torch() is not None


def shift(images: NDArray[np.floating]) -> Bytes:
    """Hold pixels k as k − 128; changes the images in place."""
    images -= 128
    return images.astype(np.int8)


def dot(x: Bytes, z: Bytes) -> Doubles:
    """Inner products, shape (n, m), of images that were shifted, (n, d) and (m, d)."""
    torch = _torch()
    # Of the calling thread, which is one of those that share the work.
    torch.set_num_threads(1)
    found = torch._int_mm(torch.from_numpy(x), torch.from_numpy(z).T)
    return _unshift(found.numpy(), x, z)


def squares(x: Bytes, z: Bytes) -> Doubles:
    """Σ k_j² k_j'² of images as in `dot`. A square is 256 h + l, whose h and l are bytes."""
    (x_high, x_low), (z_high, z_low) = _split_squares(x), _split_squares(z)
    found = dot(x_high, z_high)
    found *= 256
    found += dot(x_high, z_low)
    found += dot(x_low, z_high)
    found *= 256
    found += dot(x_low, z_low)
    return found


@njit("f8[:,::1](i4[:,::1], i1[:,::1], i1[:,::1])", cache=True, nogil=True)
def _unshift(products: NDArray[np.int32], x: Bytes, z: Bytes) -> Doubles:
    """Inner products of x + 128 and z + 128, from those (n, m) of x and z."""
    n, width = x.shape
    m = len(z)
    out = np.empty((n, m))
    sums = np.empty(m, np.int64)
    for j in range(m):
        total = np.int32(0)
        for k in range(width):
            total += z[j, k]
        sums[j] = 128 * total
    for i in range(n):
        total = np.int32(0)
        for k in range(width):
            total += x[i, k]
        own = 128 * (total + 128 * width)
        for j in range(m):
            out[i, j] = products[i, j] + own + sums[j]
    return out


@njit("UniTuple(i1[:,::1], 2)(i1[:,::1])", cache=True, nogil=True)
def _split_squares(x: Bytes) -> tuple[Bytes, Bytes]:
    """Of squares of x + 128, both bytes, less 128."""
    high, low = np.empty_like(x), np.empty_like(x)
    for i in range(x.shape[0]):
        for k in range(x.shape[1]):
            square = (np.int32(x[i, k]) + 128) ** 2
            high[i, k] = (square >> 8) - 128
            low[i, k] = (square & 255) - 128
    return high, low

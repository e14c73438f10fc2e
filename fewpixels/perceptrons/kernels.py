"""Kernels: inner products of feature vectors that are never built.

Arithmetic is in float64: a Gram matrix of 28 × 28 grey images does not fit float32.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from fewpixels.arrays import Doubles


def linear(x: NDArray[np.floating], z: NDArray[np.floating]) -> Doubles:
    """Inner products x·z of the pixels.

    Parameters
    ----------
    x, z : ndarray, shapes (..., n, d) and (..., m, d)

    Returns
    -------
    ndarray of float64, shape (..., n, m)
    """
    x, z = x.astype(np.float64), z.astype(np.float64)
    return x @ z.swapaxes(-1, -2)


def quadratic(x: NDArray[np.floating], z: NDArray[np.floating]) -> Doubles:
    """Inner products of all monomials of degree 0, 1 and 2, each once and unweighted.

    The sum over j ≤ k of x_j x_k z_j z_k counts each unordered pair once, so it is half of
    (x·z)² plus half of the squares: K(x, z) = 1 + x·z + ((x·z)² + Σ_j x_j² z_j²) / 2. This is
    not (1 + x·z)², which weights the mixed monomials by √2.

    Parameters
    ----------
    x, z : ndarray, shapes (..., n, d) and (..., m, d)

    Returns
    -------
    ndarray of float64, shape (..., n, m)
    """
    x, z = x.astype(np.float64), z.astype(np.float64)
    dot = x @ z.swapaxes(-1, -2)
    squares = (x * x) @ (z * z).swapaxes(-1, -2)
    return 1 + dot + (dot * dot + squares) / 2


def grams(
    kernel: Callable[[NDArray[np.floating], NDArray[np.floating]], Doubles],
    pool: NDArray[np.float32],
    train: NDArray[np.int32],
    validation: NDArray[np.int32],
) -> tuple[Doubles, Doubles]:
    """Inner products of each replicate's images with its training images.

    Each pair of the images that any replicate has drawn is multiplied once, unless these are so
    many that replicates hardly share any.

    Parameters
    ----------
    kernel : callable
        A value of `KERNELS`.
    pool : ndarray, shape (N, d)
        All images that splits draw from.
    train, validation : ndarray of int, shapes (R, n) and (R, m)
        Indices into the pool.

    Returns
    -------
    train : ndarray of float64, shape (R, n, n)
    validation : ndarray of float64, shape (R, m, n)
    """
    both = np.hstack([train, validation])
    drawn, place = np.unique(both, return_inverse=True)
    if drawn.size**2 > both.size * train.shape[1]:
        own = [kernel(pool[ids], pool[t]) for ids, t in zip(both, train, strict=True)]
        gram = np.stack(own)
    else:
        products = kernel(pool[drawn], pool[drawn])
        rows = place.reshape(both.shape)
        gram = products[rows[:, :, None], rows[:, None, : train.shape[1]]]
    return gram[:, : train.shape[1]], gram[:, train.shape[1] :]


KERNELS: dict[str, Callable[[NDArray[np.floating], NDArray[np.floating]], Doubles]] = {
    "linear": linear,
    "quadratic": quadratic,
}


def append_constant(kernel: str, gram: Doubles, dot: Doubles, c: Doubles) -> Doubles:
    """Give every image a constant feature c, without touching the images.

    Appending c to x and z turns x·z into x·z + c², and Σ x_j² z_j² into Σ x_j² z_j² + c⁴.

    Parameters
    ----------
    kernel : {"linear", "quadratic"}
    gram : ndarray, shape (..., n, m)
        K(x, z) without the constant.
    dot : ndarray, shape (..., n, m)
        x·z.
    c : ndarray, broadcasts with `gram`

    Returns
    -------
    ndarray of float64, shape (..., n, m)
        K((x, c), (z, c)).
    """
    if kernel == "linear":
        return gram + c**2
    return gram + c**2 * (1 + dot) + c**4

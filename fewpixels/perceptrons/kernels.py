"""Kernels: inner products of feature vectors that are never built.

Arithmetic is in float64: a Gram matrix of 28 × 28 grey images does not fit float32.
"""

import numpy as np

from fewpixels.arrays import Doubles

ROWS_AT_ONCE = 16


def finish(gram: Doubles, dot: Doubles, kernel: str, degree: int, constant: float) -> Doubles:
    """Give every image a constant feature; of the polynomial kernel, make K of x·z.

    Appending c to x and z turns x·z into x·z + c², and Σ x_j² z_j² into Σ x_j² z_j² + c⁴.

    Parameters
    ----------
    gram, dot : ndarray of float64, shape (n, m)
        As `fewpixels.perceptrons.rows.inner_products` returns them.
    kernel : {"linear", "quadratic", "polynomial"}
    degree : int
        Of the polynomial kernel (1 + x·z)^degree.
    constant : float
        The feature c; 0 for none.

    Returns
    -------
    ndarray of float64, shape (n, m)
        K((x, c), (z, c)).
    """
    if kernel == "polynomial":
        # Numba takes half a second to import, and other kernels do not need it.
        from fewpixels.perceptrons.loops import power

        return power(dot, 1 + constant**2, degree)
    if not constant:
        return gram
    c = np.asarray(constant)
    if kernel == "linear":
        return gram + c**2
    out = np.empty_like(gram)
    for start in range(0, len(gram), ROWS_AT_ONCE):  # what is in between stays in a cache
        own = slice(start, start + ROWS_AT_ONCE)
        np.add(dot[own], 1, out=out[own])
        out[own] *= c**2
        out[own] += gram[own]
        out[own] += c**4
    return out

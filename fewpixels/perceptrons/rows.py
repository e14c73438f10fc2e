"""Rows of a kernel's Gram matrix: of one that all replicates share, or computed from the images."""

from itertools import pairwise
from math import ceil
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from fewpixels.arrays import Doubles
from fewpixels.images.subset import Subset
from fewpixels.parallel import in_blocks
from fewpixels.perceptrons.kernels import ROWS_AT_ONCE, finish

IMAGES_AT_ONCE = 4096
# Shorter sums are no faster in float32.
LEAST_CHUNK = 64
# Every whole number up to here is a float32.
WHOLE = 2.0**24
# Of so many images, to multiply bytes saves more time than it takes to start.
MANY = 20_000
# Entries of a Gram matrix that all replicates share, 256 MB; and as many of x·z for some kernels.
MOST_SHARED = 2**25


class Rows(Protocol):
    """Where K(x, z) of images comes from.

    Attributes
    ----------
    held : bool
        Whether all rows are held; else a trainer asks for no more than some at a time.
    """

    held: bool

    def take(self, images: NDArray[np.int64]) -> NDArray[Any]:
        """Fetch what is needed of some images, one a row."""

    def products(self, x: NDArray[Any], z: NDArray[Any]) -> Doubles:
        """K(x, z), shape (n, m), of images that were fetched."""


class Dots:
    """Inner products x·z of images, exact wherever float64 is.

    Grey values are whole multiples of a unit, a power of two: 1, or 1/4 where four pixels were
    averaged. So are x·z and all its partial sums, of unit². In float32, which is twice as fast,
    they are exact as long as they stay below 2^24 unit², and by Cauchy and Schwarz no partial
    sum exceeds the largest |x|². So pixels are split into chunks within which none does; sums of
    chunks are float64. Where chunks would be short, or there is no such unit, all is float64.

    Of many images with bytes as pixels, products are those of `eight_bits` where it is
    supported. All these ways make the same numbers.

    Parameters
    ----------
    *sets : ndarray of float32, shape (n, d)
        Images. They are numbered through, set by set. Pixels that are 0 throughout the first
        set are left out: one of x and z is always of that set.

    Attributes
    ----------
    dtype : type
        float32, float64, or int8.
    chunks : list of slice
        Of the pixels that are kept.
    """

    def __init__(self, *sets: NDArray[np.float32]) -> None:
        used = sets[0].any(axis=0)
        self.x = np.empty((sum(map(len, sets)), used.sum()), np.float32)
        start = 0
        for images in sets:
            np.compress(used, images, axis=1, out=self.x[start : start + len(images)])
            start += len(images)
        self.dtype: type[np.number] = np.float64
        self.chunks = [slice(None)]
        scale = 2.0 ** max(in_blocks(self._fraction_bits, len(self.x), IMAGES_AT_ONCE))
        if scale == 1 and len(self.x) >= MANY and self._are_bytes():
            self.dtype = np.int8
        elif np.isfinite(scale):
            self._split(scale)

    def _fraction_bits(self, images: slice) -> float:
        """Binary digits behind the point; infinite if there are too many for float32 to help."""
        for bits in range(13):
            scaled = self.x[images] * np.float32(2**bits)
            if np.array_equal(scaled, np.rint(scaled)):
                return bits
        return np.inf

    def _are_bytes(self) -> bool:
        from fewpixels.perceptrons import eight_bits

        if not eight_bits.suit(self.x):
            return False
        self.x = eight_bits.shift(self.x)
        return True

    def _split(self, scale: float) -> None:
        width = self.x.shape[1]

        def largest(slices: list[slice]) -> float:
            def block(images: slice) -> float:
                squares = [self.x[images, s].astype(np.float64) for s in slices]
                return max(np.einsum("ij,ij->i", a, a).max() for a in squares)

            return max(in_blocks(block, len(self.x), IMAGES_AT_ONCE)) * scale**2

        # A chunk of so few, at least, has its share of the largest |x|².
        parts = max(ceil(largest([slice(None)]) / WHOLE), 1)
        while width >= parts * LEAST_CHUNK:
            edges = np.linspace(0, width, parts + 1).astype(int).tolist()
            slices = [slice(*pair) for pair in pairwise(edges)]
            if largest(slices) < WHOLE:
                self.dtype, self.chunks = np.float32, slices
                return
            parts += 1

    def take(self, images: Any) -> NDArray[Any]:
        """Pixels of some images, in the type that they are multiplied in."""
        return self.x[images].astype(self.dtype, copy=False)

    def dot(self, x: NDArray[Any], z: NDArray[Any]) -> Doubles:
        """x·z of images that were taken, (n, d') and (m, d').

        Returns
        -------
        ndarray of float64, shape (n, m)
        """
        if self.dtype is np.int8:
            from fewpixels.perceptrons import eight_bits

            return eight_bits.dot(x, z)
        first, *others = self.chunks
        total = (x[:, first] @ z[:, first].T).astype(np.float64, copy=False)
        for chunk in others:
            total += x[:, chunk] @ z[:, chunk].T
        return total

    def squares(self, x: NDArray[Any], z: NDArray[Any]) -> Doubles:
        """Σ x_j² z_j² of images that were taken.

        Returns
        -------
        ndarray of float64, shape (n, m)
        """
        if self.dtype is np.int8:
            from fewpixels.perceptrons import eight_bits

            return eight_bits.squares(x, z)
        x, z = (np.square(s, dtype=np.float64) for s in (x, z))
        return x @ z.T


class Shared:
    """Rows of the Gram matrix of all replicates' images, each pair of which is multiplied once.

    Parameters
    ----------
    dots : Dots
        Of training images, and of others.
    kernel : {"linear", "quadratic", "polynomial"}
    train : int
        Number of training images.
    """

    def __init__(self, dots: Dots, kernel: str, train: int) -> None:
        self.kernel = kernel
        self.gram, self.dot = inner_products(
            dots, kernel, dots.take(slice(train)), dots.take(slice(None))
        )

    def of(self, place: NDArray[np.int64], degree: int, constant: float) -> "Held":
        """Rows of one replicate, whose images are at `place`: those that it trains on, and more."""
        # Numba takes time to import, and prediction does not need it.
        from fewpixels.perceptrons.loops import part

        n = np.searchsorted(place >= len(self.gram), True)
        train = place[:n]

        def finished(columns: NDArray[np.int64]) -> Doubles:
            out = np.empty((n, len(columns)))
            for start in range(0, n, ROWS_AT_ONCE):  # what is in between stays in a cache
                own = slice(start, start + ROWS_AT_ONCE)
                dot = gram = part(self.gram, train[own], columns)
                if constant and self.dot is not self.gram:
                    dot = part(self.dot, train[own], columns)
                out[own] = finish(gram, dot, self.kernel, degree, constant)
            return out

        return Held(finished(train), finished(place[n:]))


def share(train: Subset, validation: Subset, kernel: str) -> tuple[Shared, NDArray[np.intp]] | None:
    """Inner products of all replicates' images, and the places of each replicate's, (R, n + m).

    None where each pair of the distinct images would be more than those of each replicate apart,
    or than fit into `MOST_SHARED`.
    """
    images, place = train.images, train.place
    others, other_place = validation.images, validation.place
    once = len(images) * (len(images) + len(others))
    if once > min(MOST_SHARED, place.size * (place.shape[1] + other_place.shape[1])):
        return None
    places = np.hstack([place, len(images) + other_place])
    return Shared(Dots(images, others), kernel, len(images)), places


class Held:
    """Rows of a Gram matrix that is held.

    Parameters
    ----------
    gram : ndarray of float64, shape (n, n)
        Of training images.
    crossed : ndarray of float64, shape (n, m)
        Of these with others, which are numbered from n on.
    """

    held = True

    def __init__(self, gram: Doubles, crossed: Doubles) -> None:
        self.gram, self.crossed = gram, crossed

    def take(self, images: NDArray[np.int64]) -> NDArray[np.int64]:
        """Indices stand for images."""
        return images

    def products(self, x: NDArray[np.int64], z: NDArray[np.int64]) -> Doubles:
        """K(x, z), shape (n, m), of training images with each other, or with others."""
        from fewpixels.perceptrons.loops import part

        n = len(self.gram)
        if z.min(initial=n) >= n:
            return part(self.crossed, x, z - n)
        if np.array_equal(x, z) and np.array_equal(x, np.arange(n)):
            return self.gram
        return part(self.gram, x, z)


class Computed:
    """Rows of a Gram matrix that is never held: K(x, z) from the images.

    Parameters
    ----------
    dots : Dots
    kernel, degree, constant
        As in `finish`.
    """

    held = False

    def __init__(self, dots: Dots, kernel: str, degree: int, constant: float) -> None:
        self.dots, self.take = dots, dots.take
        self.form = kernel, degree, constant

    def products(self, x: NDArray[Any], z: NDArray[Any]) -> Doubles:
        """K(x, z), shape (n, m), of images that were taken."""
        kernel, degree, constant = self.form
        return finish(*inner_products(self.dots, kernel, x, z), kernel, degree, constant)


def inner_products(
    dots: Dots, kernel: str, x: NDArray[Any], z: NDArray[Any]
) -> tuple[Doubles, Doubles]:
    """What a kernel is made from, of images that were taken from `dots`.

    Returns
    -------
    gram : ndarray of float64, shape (n, m)
        K(x, z) without a constant; of the polynomial kernel, x·z.
    dot : ndarray of float64, shape (n, m)
        x·z.
    """
    dot = dots.dot(x, z)
    if kernel == "quadratic":
        gram = dots.squares(x, z)
        for start in range(0, len(x), ROWS_AT_ONCE):  # what is in between stays in a cache
            own = slice(start, start + ROWS_AT_ONCE)
            gram[own] += dot[own] * dot[own]
            gram[own] /= 2
            gram[own] += 1 + dot[own]
        return gram, dot
    return dot, dot

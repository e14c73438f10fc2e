"""Explicit features of the kernels, for perceptrons that hold their weights themselves."""

from collections.abc import Iterator
from itertools import combinations_with_replacement, pairwise
from math import comb, factorial, prod

import numpy as np
from numpy.typing import NDArray

from fewpixels.arrays import Doubles
from fewpixels.parallel import in_blocks

# Up to so many, explicit features are faster than kernel form on 20,000 digits: 1.2 times for
# 1,275 features (7 × 7 pixels, degree 2), and half as fast for 4,845 (4 × 4 pixels, degree 4).
MOST_EXPLICIT = 2000
# Up to so many, a mistake adds a row that stays in a core's cache in some 100 ns, and most visits
# cost a comparison, of 1 ns, where explicit weights cost a product: kernel form is faster. Of many
# features it is up to more images: five times for 4,000 images of 7 × 7 pixels.
FEW_IMAGES, FEW_OF_MANY, MANY = 1024, 4096, 512
# Images at a time, and their features, which so stay in a core's cache: 1 MB.
CACHED_IMAGES, CACHED_FEATURES = 256, 2**17
# Up to so many features of so few images, weights are faster than kernel form. It takes 1 ns for a
# visit and 100 ns for a mistake, and some 10 ms for the Gram matrices of a replicate's pairs. By
# weights, sixteen images and more are scored at a time: 0.1 ns for a feature and visit, and 100 ns
# for a mistake. Where pairs are shuffled, each epoch gathers the images of every pair anew.
MOST_AHEAD = {
    ("one-vs-rest", "sorted"): 24,
    ("one-vs-rest", "shuffled"): 24,
    ("one-vs-one", "sorted"): 64,
    ("one-vs-one", "shuffled"): 8,
}


def degree_of(kernel: str, degree: int) -> int:
    """Degree of a kernel's monomials; `degree` is that of the polynomial kernel."""
    return {"linear": 1, "quadratic": 2}.get(kernel, degree)


def count(kernel: str, degree: int, pixels: int) -> int:
    """Number of a kernel's features: monomials up to its degree; linear has no constant one."""
    degree = degree_of(kernel, degree)
    return comb(pixels + degree, degree) - (kernel == "linear")


def are_explicit(kernel: str, degree: int, pixels: int, images: int) -> bool:
    """Whether perceptrons hold weights of explicit features; else coefficients of images.

    Parameters
    ----------
    kernel, degree
        As in `fewpixels.perceptrons.kernels.finish`.
    pixels : int
        With the constant one, if there is one.
    images : int
        That are trained on.
    """
    features = count(kernel, degree, pixels)
    return images > few_images(features) and features <= MOST_EXPLICIT


def few_images(features: int) -> int:
    """Images up to which kernel form is faster than so many explicit features."""
    return FEW_IMAGES if features <= MANY else FEW_OF_MANY


def are_few(scheme: str, order: str, kernel: str, degree: int, pixels: int, images: int) -> bool:
    """Whether perceptrons train with weights, but are kept as coefficients of few images.

    Parameters
    ----------
    scheme : str
        As in `fewpixels.perceptrons.schemes`.
    order : {"sorted", "shuffled"}
    kernel, degree, pixels, images
        As in `are_explicit`.
    """
    most = MOST_AHEAD[scheme.removesuffix("-unordered"), order]
    return images <= FEW_IMAGES and count(kernel, degree, pixels) <= most


class Features:
    """Monomials φ of an image (x, c), by which K(x, z) = Σ sⱼ φⱼ(x) φⱼ(z).

    Each monomial counts once, in the order of its degree; the scale s is the multinomial
    coefficient that (1 + x·z)^degree gives it, and 1 for the other kernels. So all stays whole
    where pixels are, which features times √s would not.

    Parameters
    ----------
    kernel, degree, constant
        As in `fewpixels.perceptrons.kernels.finish`.
    pixels : int

    Attributes
    ----------
    scale : ndarray of float64, shape (f,)
    """

    def __init__(self, kernel: str, degree: int, constant: float, pixels: int) -> None:
        self.linear, self.constant = kernel == "linear", constant
        self.pixels = pixels
        width = pixels + (constant != 0)
        if self.linear:
            self.scale = np.ones(width)
            return
        degree = degree_of(kernel, degree)
        chosen = [
            c for k in range(degree + 1) for c in combinations_with_replacement(range(width), k)
        ]
        place = {monomial: i for i, monomial in enumerate(chosen)}
        # Each is a monomial of one degree less times a pixel.
        self._factor = np.array([place[c[:-1]] for c in chosen[1:]], np.int64)
        self._pixel = np.array([c[-1] for c in chosen[1:]], np.int64)
        self._ends = np.cumsum([comb(width + k - 1, k) for k in range(degree + 1)]).tolist()
        self.scale = np.ones(len(chosen))
        if kernel == "polynomial":
            self.scale[:] = [
                factorial(degree)
                // factorial(degree - len(c))
                // prod(factorial(c.count(pixel)) for pixel in set(c))
                for c in chosen
            ]

    def of(self, x: NDArray[np.floating]) -> NDArray[np.floating]:
        """Features (n, f) of images (n, d): float64, or as they are where nothing is made."""
        if self.linear and not self.constant:
            return x
        pixels = x.astype(np.float64)
        if self.constant:
            pixels = np.hstack([pixels, np.full((len(x), 1), self.constant)])
        if self.linear:
            return pixels
        features = np.ones((len(x), len(self.scale)))
        for start, stop in pairwise(self._ends):
            own = slice(start - 1, stop - 1)
            features[:, start:stop] = features[:, self._factor[own]] * pixels[:, self._pixel[own]]
        return features

    def of_pixels(self, weights: Doubles) -> Doubles:
        """Σ αᵢ xᵢ (..., d) from weights (..., f)."""
        own = slice(0, self.pixels) if self.linear else slice(1, 1 + self.pixels)
        return weights[..., own] / self.scale[own]


def score(features: Features, weights: Doubles, x: NDArray[np.floating]) -> Doubles:
    """Scores (P, n) of images (n, d) by weights (P, f)."""

    def block(images: slice) -> Doubles:
        # A product of two types would not be BLAS's.
        return weights @ features.of(x[images]).astype(np.float64, copy=False).T

    return np.hstack(list(in_blocks(block, len(x), CACHED_IMAGES)))


def train(
    features: Features,
    x: NDArray[np.float32],
    y: NDArray[np.int64],
    sign: Doubles,
    order: NDArray[np.int64],
    visits: int,
    averaged: bool,
) -> Iterator[tuple[Doubles, NDArray[np.int64]]]:
    """Train perceptrons with explicit weights, one image at a time.

    Parameters
    ----------
    features : Features
    x : ndarray, shape (n, d)
    y : ndarray of int64, shape (n,)
        Classes.
    sign : ndarray of float64, shape (C, P)
        +1 or −1 for each class and perceptron, 0 where it does not train on the class.
    order : ndarray of int64, shape (epochs, n) or (1, n)
        Visits of each epoch, or of all epochs.
    visits : int
        In all; the last epoch can be cut short.
    averaged : bool
        Give the mean over the weights after each visit so far.

    Yields
    ------
    weights : ndarray of float64, shape (P, f)
        After each epoch.
    mistakes : ndarray of int64, shape (3, mistakes)
        Of the epoch: perceptrons, images and times (see `fewpixels.perceptrons.loops`).
    """
    # Numba takes half a second to import, and prediction does not need it.
    from fewpixels.perceptrons.loops import visit_features

    weights, early = np.zeros((2, sign.shape[1], len(features.scale)))
    made = np.zeros(sign.shape[1], np.int64)
    at_once = max(min(CACHED_IMAGES, CACHED_FEATURES // len(features.scale)), 1)
    found = None
    for epoch, start in enumerate(range(0, visits, len(x))):
        own = order[epoch % len(order)][: visits - start]
        if found is None or found.size:
            parts = []
            for i in range(0, len(own), at_once):
                images = own[i : i + at_once]
                perceptrons, places, times = visit_features(
                    features.of(x[images]), y[images], sign, features.scale,
                    made, weights, early, averaged,
                )  # fmt: skip
                parts.append(np.stack([perceptrons, images[places], times]))
            found = np.hstack(parts)
        else:  # every image was right: nothing changes any more
            made += np.count_nonzero(sign[y[own]], axis=0)
        yield weights - early / np.maximum(made, 1)[:, None], found

"""Scores of images by fitted perceptrons, in each form that these are kept in."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fewpixels.arrays import Doubles
from fewpixels.images.subset import Subset
from fewpixels.parallel import in_blocks
from fewpixels.perceptrons import features
from fewpixels.perceptrons.kernels import finish
from fewpixels.perceptrons.rows import Computed, Dots, inner_products

# Entries of K that are held at a time: 32 MB a thread.
ENTRIES = 2**22

Parameters = Mapping[str, NDArray[Any]]
Scored = Iterator[tuple[int, slice, Doubles]]
"""A replicate, a slice of its images, and their scores (P, n)."""


def by_weights(parameters: Parameters, kernel: str, degree: int, x: NDArray[np.float32]) -> Scored:
    """Score images by weights of explicit features.

    Parameters
    ----------
    parameters : mapping
        ``weights`` (R, P, f) and ``constant`` (R,).
    kernel : {"linear", "quadratic", "polynomial"}
    degree : int
        Of the polynomial kernel.
    x : ndarray of float32, shape (R, n, d) or (n, d)

    Yields
    ------
    tuple
        As `Scored`.
    """
    for r, constant in enumerate(parameters["constant"]):
        form = features.Features(kernel, degree, constant, x.shape[-1])
        own = x[r] if x.ndim == 3 else x
        yield r, slice(None), features.score(form, parameters["weights"][r], own)


def coefficients(parameters: Parameters, r: int, inside: NDArray[np.bool_]) -> Doubles:
    """Coefficients α of one replicate's training images, of the last weights or of their mean.

    A mistake at the t-th of T visits adds 1 to the last weights, and 1 − t / T to their mean.

    Parameters
    ----------
    parameters : mapping
        ``alpha`` and, of a mean, ``late``, whole numbers (R, n, K), of the K perceptrons that
        train on an image; ``visits`` (R, P).
    r : int
        The replicate.
    inside : ndarray of bool, shape (n, P)
        Which perceptrons these are.

    Returns
    -------
    ndarray of float64, shape (P, n)
    """
    own = parameters["alpha"][r].astype(np.float64)
    if "late" in parameters:
        visits = np.broadcast_to(parameters["visits"][r], inside.shape)[inside].reshape(own.shape)
        own -= parameters["late"][r] / np.maximum(visits, 1)
    alpha = np.zeros(inside.shape)
    alpha[inside] = own.ravel()
    return np.ascontiguousarray(alpha.T)


def by_coefficients(
    parameters: Parameters,
    kernel: str,
    degree: int,
    train: Subset,
    x: NDArray[np.float32],
    sign: Doubles,
) -> Scored:
    """Score images by coefficients of training images, or by the weights that these make up.

    Parameters
    ----------
    parameters : mapping
        As of `coefficients`, and ``constant`` (R,).
    kernel : {"linear", "quadratic", "polynomial"}
    degree : int
        Of the polynomial kernel.
    train : Subset
        The training images.
    x : ndarray of float32, shape (R, n, d) or (n, d)
    sign : ndarray of float64, shape (C, P)
        +1 or −1 for each class and perceptron, 0 where it does not train on the class.

    Yields
    ------
    tuple
        As `Scored`.
    """
    constant = parameters["constant"]
    own = [np.flatnonzero(a.any(axis=1)) for a in parameters["alpha"]]
    pixels = x.shape[-1]
    # Of fewer features than images, weights take fewer products.
    if features.count(kernel, degree, pixels + constant.any()) < train.place.shape[1]:
        for r, images in enumerate(own):
            alpha = coefficients(parameters, r, sign[train.y[r]] != 0)[:, images]
            form = features.Features(kernel, degree, constant[r], pixels)
            seen = form.of(train.images[train.place[r][images]]).astype(np.float64, copy=False)
            weights = alpha @ (seen * form.scale)
            yield r, slice(None), features.score(form, weights, x[r] if x.ndim == 3 else x)
        return
    dots, used, place = _multiply(train, own, x)
    spread = np.zeros((len(own), sign.shape[1], used))
    for r, images in enumerate(own):
        alpha = coefficients(parameters, r, sign[train.y[r]] != 0)
        spread[r][:, place[r]] = alpha[:, images]
    kept = dots.take(slice(0, used))

    def some(images: slice, replicates: list[int], first: int) -> list[tuple[int, slice, Doubles]]:
        taken = dots.take(slice(first + images.start, first + images.stop))
        gram, dot = inner_products(dots, kernel, taken, kept)
        return [
            (r, images, spread[r] @ finish(gram, dot, kernel, degree, constant[r]).T)
            for r in replicates
        ]

    n = x.shape[-2]
    everyone = list(range(len(own)))
    # Images that replicates share are multiplied once.
    for i, replicates in enumerate([everyone] if x.ndim == 2 else [[r] for r in everyone]):
        block = partial(some, replicates=replicates, first=used + i * n)
        for scores in in_blocks(block, n, max(64, ENTRIES // max(used, 1))):
            yield from scores


def by_votes(
    parameters: Parameters,
    kernel: str,
    degree: int,
    train: Subset,
    x: NDArray[np.float32],
    sign: Doubles,
) -> Scored:
    """Score images by the votes of all weights that a perceptron had (Freund and Schapire 1999).

    Parameters
    ----------
    parameters : mapping
        ``mistakes`` (R, P, K), ``survived`` (R, P, K + 1) and ``constant`` (R,).
    kernel : {"linear", "quadratic", "polynomial"}
    degree : int
        Of the polynomial kernel.
    train : Subset
        The training images.
    x : ndarray of float32, shape (R, n, d) or (n, d)
    sign : ndarray of float64, shape (C, P)
        +1 or −1 for each class and perceptron.

    Yields
    ------
    tuple
        As `Scored`.
    """
    # Numba takes half a second to import, and other forms do not need it.
    from fewpixels.perceptrons import blocks

    logs = [[m[m >= 0] for m in own] for own in parameters["mistakes"]]
    dots, used, place = _multiply(train, [np.concatenate(own) for own in logs], x)
    n = x.shape[-2]
    for r, own in enumerate(logs):
        survived = parameters["survived"][r]
        ends = np.cumsum([len(images) for images in own])
        found = zip(np.split(place[r], ends[:-1]), np.cumsum(survived, axis=1), strict=True)
        scores = blocks.score(
            Computed(dots, kernel, degree, parameters["constant"][r]),
            used + np.arange(n) + (r * n if x.ndim == 3 else 0),
            [(images, times[: len(images)]) for images, times in found],
            [sign[train.y[r][images], p] for p, images in enumerate(own)],
            survived.sum(axis=1)[:, None],
            blocks.CODES["voted"],
        )
        yield r, slice(None), scores[:, 0]


def mean_of_voted(
    mistakes: NDArray[np.integer],
    survived: NDArray[np.integer],
    sign: Doubles,
    y: NDArray[np.int64],
) -> Doubles:
    """Coefficients of the mean, over all visits, of the weights that vote.

    Parameters
    ----------
    mistakes, survived : ndarray of int, shapes (P, K) and (P, K + 1)
        Of one replicate.
    sign : ndarray of float64, shape (C, P)
    y : ndarray of int64, shape (m,)
        Classes of its training images.

    Returns
    -------
    ndarray of float64, shape (P, m)
    """
    total = survived.sum(axis=1, keepdims=True)
    left = (total - np.cumsum(survived, axis=1))[:, :-1] / np.maximum(total, 1)
    alpha = np.zeros((len(mistakes), len(y)))
    for p, images in enumerate(mistakes):
        own = images[images >= 0]
        np.add.at(alpha[p], own, sign[y[own], p] * left[p, : len(own)])
    return alpha


def _multiply(
    train: Subset, own: Sequence[NDArray[np.integer]], x: NDArray[np.float32]
) -> tuple[Dots, int, list[NDArray[np.intp]]]:
    """Inner products of some training images of each replicate with images x.

    Returns
    -------
    dots : Dots
        First of each such training image once, then of all images x.
    used : int
        Number of such training images.
    place : list of ndarray of int
        Where `own` are among them.
    """
    pool = train.images
    rows = [train.place[r][images] for r, images in enumerate(own)]
    used = np.unique(np.concatenate(rows))
    if 2 * len(used) > len(pool):  # to leave out the few others saves less than it copies
        used = np.arange(len(pool))
    dots = Dots(pool[used], x.reshape(-1, x.shape[-1]))
    return dots, len(used), [np.searchsorted(used, row) for row in rows]

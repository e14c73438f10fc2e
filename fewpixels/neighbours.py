"""The nearest training images, exactly, without all distances.

A lower bound of every distance, from a few coordinates, leaves some hundred images for each query
whose distances are then computed pixel by pixel.
"""

import numpy as np
from numba import float32, float64, int64, njit, types
from numpy.typing import NDArray

from fewpixels.arrays import Doubles
from fewpixels.parallel import in_blocks

Floats = NDArray[np.float32]
Whole = NDArray[np.int64]

# Coordinates of the lower bound: with more, its product takes longer, and with fewer it leaves more
# images. Images of hardly more pixels are taken as they are.
COORDINATES = 128
# Images whose principal components are those of all, nearly.
SAMPLE = 4096
# Queries at a time.
BLOCK = 128

# Files give images that are read-only.
_Image = types.Array(float32, 1, "A", readonly=True)
_Images = types.Array(float32, 2, "A", readonly=True)


def nearest(train: Floats, x: Floats, k: int) -> tuple[Whole, Doubles]:
    """Rank the k nearest training images of each image.

    With P a projection to orthonormal coordinates and ρ the length of what it leaves out,
    ‖Px − Pz‖² + (ρx − ρz)² ≤ ‖x − z‖², by the reverse triangle inequality. The left side is the
    squared distance of vectors (Px, ρx). Images among the k with the smallest bounds are so near
    that any whose bound exceeds their largest distance is not among the k nearest.

    Parameters
    ----------
    train : ndarray of float32, shape (m, d)
    x : ndarray of float32, shape (n, d)
    k : int
        1 to m.

    Returns
    -------
    nearest : ndarray of int64, shape (n, k)
        Training images, nearest first; equidistant ones in training order.
    distance : ndarray of float64, shape (n, k)
        Their distances.
    """
    mean = train.mean(axis=0, dtype=np.float64)
    basis = _basis(train, mean)
    own, squares = _reduced(train, mean, basis)
    largest = np.sqrt(squares.max())
    half_squares = (squares / 2).astype(np.float32)

    def search(queries: slice) -> tuple[Whole, Doubles]:
        reduced, lengths = _reduced(x[queries], mean, basis)
        products = reduced @ own.T
        slack = _rounding(train.shape[1], own.shape[1]) * (np.sqrt(lengths) + largest) ** 2
        return _search(products, half_squares, lengths, slack, x[queries], train, k)

    found = list(in_blocks(search, len(x), BLOCK))
    if not found:
        return np.empty((0, k), np.int64), np.empty((0, k))
    ranks, distances = zip(*found, strict=True)
    return np.concatenate(ranks), np.concatenate(distances)


def _basis(train: Floats, mean: Doubles) -> Doubles | None:
    """Leading principal components (d, p) of the training images, or None for few pixels."""
    pixels = train.shape[1]
    if pixels <= COORDINATES + 32:
        return None
    some = train[:: -(-len(train) // SAMPLE)] - mean
    return np.linalg.eigh(some.T @ some)[1][:, pixels - COORDINATES :]


def _reduced(x: Floats, mean: Doubles, basis: Doubles | None) -> tuple[Floats, Doubles]:
    """Vectors (Px, ρx) of images, less the mean, and their squared lengths."""

    def reduce(block: slice) -> tuple[Floats, Doubles]:
        centred = x[block] - mean
        squares = np.einsum("ij,ij->i", centred, centred)
        if basis is None:
            return centred.astype(np.float32), squares
        inside = centred @ basis
        outside = squares - np.einsum("ij,ij->i", inside, inside)
        both = np.column_stack([inside, np.sqrt(np.maximum(outside, 0))])
        return both.astype(np.float32), squares

    vectors, squares = zip(*in_blocks(reduce, len(x), 1024), strict=True)
    return np.concatenate(vectors), np.concatenate(squares)


def _rounding(pixels: int, coordinates: int) -> float:
    """By how much rounding can raise a bound, as a share of (‖x‖ + ‖z‖)².

    A product of p float32 coordinates, in any order, is off by γ(p) ‖x‖ ‖z‖ at the most, where
    γ(p) = p u / (1 − p u) and u = 2⁻²⁴ (Higham, Accuracy and Stability of Numerical Algorithms,
    §3.1); rounding coordinates, squares and sums to float32 adds a few u. Where ρ is small, the
    float64 difference of squares that it is the root of can be off by 4 d 2⁻⁵³ ‖x‖², and so ρ
    by the root of that.
    """
    return float((coordinates + 16) * 2**-24 + 4 * np.sqrt(pixels * 2.0**-53))


@njit(
    types.void(_Image, _Images, int64[::1], int64, float64[::1]),
    nogil=True,
    cache=True,
)
def _squared_distances(
    image: Floats, train: Floats, chosen: Whole, count: int, squares: Doubles
) -> None:
    """Squared distances to the first `count` of the chosen images, summed pixel by pixel.

    Four images at a time, since each sum must wait for its last addition.
    """
    for start in range(0, count, 4):
        a = chosen[start]
        b = chosen[min(start + 1, count - 1)]
        c = chosen[min(start + 2, count - 1)]
        d = chosen[min(start + 3, count - 1)]
        first, second, third, fourth = 0.0, 0.0, 0.0, 0.0
        for pixel in range(len(image)):
            value = np.float64(image[pixel])
            difference = value - train[a, pixel]
            first += difference * difference
            difference = value - train[b, pixel]
            second += difference * difference
            difference = value - train[c, pixel]
            third += difference * difference
            difference = value - train[d, pixel]
            fourth += difference * difference
        sums = (first, second, third, fourth)
        for lane in range(min(4, count - start)):
            squares[start + lane] = sums[lane]


@njit(
    (float32[:, ::1], float32[::1], float64[::1], float64[::1], _Images, _Images, int64),
    nogil=True,
    cache=True,
)
def _search(
    products: Floats,
    half_squares: Floats,
    lengths: Doubles,
    slack: Doubles,
    x: Floats,
    train: Floats,
    k: int,
) -> tuple[Whole, Doubles]:
    """Rank the nearest images of some queries by their bounds, then by their distances.

    Of bounds only half is computed: ‖x‖²/2 − x·z, which is less by ‖z‖²/2.
    """
    n, m = products.shape
    nearest = np.empty((n, k), np.int64)
    distance = np.empty((n, k))
    bounds = np.empty(m, np.float32)
    likely = np.empty(k, np.int64)
    smallest = np.empty(k, np.float32)
    candidates = np.empty(m, np.int64)
    squares = np.empty(m)
    for i in range(n):
        for j in range(m):
            bounds[j] = half_squares[j] - products[i, j]
        found = 0
        for j in range(m):
            if found == k:
                if bounds[j] >= smallest[k - 1]:
                    continue
            else:
                found += 1
            rank = found - 1
            while rank > 0 and smallest[rank - 1] > bounds[j]:
                smallest[rank], likely[rank] = smallest[rank - 1], likely[rank - 1]
                rank -= 1
            smallest[rank], likely[rank] = bounds[j], j
        _squared_distances(x[i], train, likely, k, squares)
        limit = (squares[:k].max() - lengths[i] + slack[i]) / 2
        count = 0
        for j in range(m):
            if bounds[j] <= limit:
                candidates[count] = j
                count += 1
        _squared_distances(x[i], train, candidates, count, squares)
        found = 0
        for c in range(count):
            if found == k:
                if squares[c] >= distance[i, k - 1]:
                    continue
            else:
                found += 1
            rank = found - 1
            while rank > 0 and distance[i, rank - 1] > squares[c]:
                distance[i, rank] = distance[i, rank - 1]
                nearest[i, rank] = nearest[i, rank - 1]
                rank -= 1
            distance[i, rank], nearest[i, rank] = squares[c], candidates[c]
    return nearest, np.sqrt(distance)


@njit("f8[:,::1](f8[:,::1], f8[:,:])", cache=True)
def squared_distances(x: Doubles, z: Doubles) -> Doubles:
    """Squared distances (n, m) between x (n, d) and the columns of z (d, m).

    Differences are squared and summed pixel by pixel, so that the distances of identical
    images are identical, which the expansion x² − 2xz + z² does not promise.
    """
    columns = np.ascontiguousarray(z)
    squares = np.zeros((len(x), columns.shape[1]))
    for i in range(len(x)):
        for pixel in range(len(columns)):
            for j in range(columns.shape[1]):
                difference = x[i, pixel] - columns[pixel, j]
                squares[i, j] += difference * difference
    return squares


@njit("Tuple((i8[:,::1], f8[:,::1]))(f8[:,::1], i8[::1], i8)", cache=True)
def nearest_of_pool(squares: Doubles, place: Whole, k_max: int) -> tuple[Whole, Doubles]:
    """Rank the nearest training images.

    Parameters
    ----------
    squares : ndarray of float64, shape (n, U)
        Squared distances to the images of the pool.
    place : ndarray of int64, shape (m,)
        Where in the pool the training images are.
    k_max : int

    Returns
    -------
    nearest : ndarray of int64, shape (n, k_max)
        Training images, nearest first; equidistant ones in training order.
    distance : ndarray of float64, shape (n, k_max)
        Their distances, unsquared.
    """
    nearest = np.empty((len(squares), k_max), np.int64)
    distance = np.empty((len(squares), k_max))
    for i in range(len(squares)):
        found = 0
        for image in range(len(place)):
            square = squares[i, place[image]]
            if found == k_max:
                if square >= distance[i, k_max - 1]:
                    continue
            else:
                found += 1
            rank = found - 1
            while rank > 0 and distance[i, rank - 1] > square:
                distance[i, rank] = distance[i, rank - 1]
                nearest[i, rank] = nearest[i, rank - 1]
                rank -= 1
            distance[i, rank] = square
            nearest[i, rank] = image
    return nearest, np.sqrt(distance)


@njit("Tuple((i8[:,::1], f4[:,::1]))(i8[:,::1], f8[:,::1], i8, b1)", cache=True)
def vote(
    neighbours: Whole, distance: Doubles, classes: int, as_published: bool
) -> tuple[Whole, Floats]:
    """Vote with the k nearest neighbours, for each k from 1 to K.

    A tie in votes goes to the class whose voters have the smaller sum of distances, then to
    the smaller class. As published it goes to the smallest class; and a winner with fewer
    than k / 2 votes loses to the smallest class present.

    Parameters
    ----------
    neighbours : ndarray of int64, shape (n, K)
        Classes of the neighbours, nearest first.
    distance : ndarray of float64, shape (n, K)
    classes : int
    as_published : bool

    Returns
    -------
    labels : ndarray of int64, shape (K, n)
    margin : ndarray of float32, shape (K, n)
        Votes of the class with the most, minus the second most.
    """
    n, k_max = neighbours.shape
    labels = np.empty((k_max, n), np.int64)
    margin = np.empty((k_max, n), np.float32)
    for i in range(n):
        votes = np.zeros(classes, np.int64)
        total = np.zeros(classes)
        for k in range(1, k_max + 1):
            votes[neighbours[i, k - 1]] += 1
            total[neighbours[i, k - 1]] += distance[i, k - 1]
            winner = 0
            for c in range(1, classes):
                if votes[c] > votes[winner] or (
                    votes[c] == votes[winner] and not as_published and total[c] < total[winner]
                ):
                    winner = c
            second = 0
            for c in range(classes):
                if c != winner and votes[c] > second:
                    second = votes[c]
            margin[k - 1, i] = votes[winner] - second
            if as_published and 2 * votes[winner] < k:
                winner = 0
                while votes[winner] == 0:
                    winner += 1
            labels[k - 1, i] = winner
    return labels, margin

"""The nearest training images, exactly, without all distances; and how they vote.

Products in float32 bound all distances from below. They leave little more than the nearest images,
whose distances are then computed pixel by pixel in float64.
"""

from collections.abc import Callable

import numpy as np
from numba import boolean, float32, float64, int64, njit, types
from numpy.typing import NDArray

import fewpixels.compiled  # noqa: F401 - before anything is compiled
from fewpixels.arrays import Doubles, Floats, Whole
from fewpixels.parallel import in_blocks

Bounds = Callable[[Floats], tuple[Floats, Doubles, Doubles]]
"""From images (b, d): bounds (b, m), squares (b,) and slack (b,).

The squared distance of image i and training image j is 2 (bounds[i, j] - slack[i]) + squares[i] at
the least.
"""

# Pixels at a time: rounding grows with the length of one sum, and with the number of sums.
CHUNK = 1024
# Numbers in a block of products, and queries in it at the most.
PRODUCTS, QUERIES = 2**22, 512
# Principal components that bound distances where there are many of these, and the share of the
# variance that they may leave out: where it is larger, they rule out too few images.
COMPONENTS, LEFT_OUT = 128, 0.1
# They pay for so many pixels, beyond so many distances for each entry of their covariance.
FEWEST, MOST, DISTANCES = 512, 2048, 64
# Images whose principal components are those of all, nearly.
SAMPLE = 4096
# Pixels below 2 to this power, and above 2 to its opposite, have squares that float32 can sum.
POWER = 40
# Unit roundoff of float32 and float64.
U, U64 = 2.0**-24, 2.0**-53

# Files give images that are read-only.
_Image = types.Array(float32, 1, "C", readonly=True)
_Images = types.Array(float32, 2, "C", readonly=True)
_Rows = types.Array(int64, 1, "C", readonly=True)


def nearest(train: Floats, x: Floats, k: int) -> tuple[Whole, Doubles]:
    """Rank the k nearest training images of each image.

    Images among the k with the smallest bounds are so near that any whose bound exceeds their
    largest distance is not among the k nearest.

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
    squares : ndarray of float64, shape (n, k)
        Their squared distances.
    """
    power = _power(train, x)
    train, x = (np.ldexp(images, -power) if power else images for images in (train, x))
    train = np.ascontiguousarray(train)
    m, pixels = train.shape
    many = FEWEST <= pixels <= MOST and len(x) * m > DISTANCES * pixels**2
    basis = _components(train) if many else None
    bounds = _direct(train) if basis is None else _reduced(train, basis)

    def search(queries: slice) -> tuple[Whole, Doubles]:
        images = np.ascontiguousarray(x[queries])
        own, lengths, slack = bounds(images)
        likely = np.partition(own, k - 1, axis=1)[:, k - 1].copy()
        return _search(own, likely, lengths, slack, images, train, k)

    found = list(in_blocks(search, len(x), max(1, min(QUERIES, PRODUCTS // m))))
    if not found:
        return np.empty((0, k), np.int64), np.empty((0, k))
    ranks, squares = zip(*found, strict=True)
    return np.concatenate(ranks), np.ldexp(np.concatenate(squares), 2 * power)


def _power(*images: Floats) -> int:
    """Power of two to divide pixels by, exactly, lest their squares are too large for float32.

    Or too small for it; of ordinary pixels 0.
    """
    largest = max(max(own.max(initial=0), -own.min(initial=0)) for own in images)
    power = int(np.frexp(largest)[1])
    return power if abs(power) > POWER else 0


def _direct(train: Floats) -> Bounds:
    """Bound distances by products with all pixels.

    With c a point amid the training images z, ‖x − z‖² = ‖x‖² − ‖c‖² + ‖z − c‖² − 2 (x − c)·z. Of
    this the bound is ‖z − c‖² / 2 − (x − c)·z. It holds for any c; for one near all images x − c
    is small, and so is the error of the product.

    In float32, with u = 2⁻²⁴, a sum of q products is off by γ(q) ‖x − c‖ ‖z‖ at the most, in any
    order, where γ(q) = q u / (1 − q u) (Higham, Accuracy and Stability of Numerical Algorithms,
    §3.1). Summed in chunks of p pixels, and then over these, q is p + d / p: for 50,176 pixels
    1,073, so that γ(q) < (q + 1) u. Rounding x − c adds u ‖x − c‖ ‖z‖; rounding ‖z − c‖² / 2 and
    the bound itself, u ‖z − c‖² + u ‖x − c‖ ‖z‖ and terms in u². Each of the squares, summed in
    float64, is off by d 2⁻⁵³ (‖x‖ + ‖z‖)² or so; fewer than eight of them, halved, are compared.
    """
    m, pixels = train.shape
    centre = train[:: -(-m // 64)].mean(axis=0)
    squares = _squares(train, centre)
    half = (squares / 2).astype(np.float32)
    nothing = np.zeros_like(centre)
    own = _squares(centre[None], nothing)[0]
    radius = np.sqrt(squares.max())
    largest = radius + np.sqrt(own)
    terms = CHUNK + pixels / CHUNK + 8

    def bounds(x: Floats) -> tuple[Floats, Doubles, Doubles]:
        chunks = (slice(start, start + CHUNK) for start in range(0, pixels, CHUNK))
        products = ((x[:, part] - centre[part]) @ train[:, part].T for part in chunks)
        total = next(products)
        for product in products:
            total += product
        squares, reach = _squares(x, nothing), np.sqrt(_squares(x, centre))
        slack = U * (radius**2 + terms * reach * largest)
        slack += 8 * pixels * U64 * (np.sqrt(squares) + largest) ** 2
        return np.subtract(half, total, out=total), squares - own, slack

    return bounds


def _components(train: Floats) -> Doubles | None:
    """Leading principal components (d, p) of the images, or None if they leave out too much."""
    some = train[:: -(-len(train) // SAMPLE)].astype(np.float64)
    some -= some.mean(axis=0)
    variances, basis = np.linalg.eigh(some.T @ some)
    left_out = variances[:-COMPONENTS].sum()
    return basis[:, -COMPONENTS:] if left_out <= LEFT_OUT * variances.sum() else None


def _reduced(train: Floats, basis: Doubles) -> Bounds:
    """Bound distances by products of a few coordinates.

    With P a projection to orthonormal coordinates and ρ the length of what it leaves out,
    ‖Px − Pz‖² + (ρx − ρz)² ≤ ‖x − z‖², by the reverse triangle inequality. The left side is the
    squared distance of vectors (Px, ρx). A product of p of their float32 coordinates is off by
    γ(p) ‖x‖ ‖z‖ at the most, as above, and rounding coordinates, squares and sums to float32 adds a
    few u. Where ρ is small, the float64 difference of squares that it is the root of can be off by
    4 d 2⁻⁵³ ‖x‖², and so ρ by the root of that.
    """
    mean = train.mean(axis=0, dtype=np.float64)

    def reduce(x: Floats) -> tuple[Floats, Doubles]:
        centred = x - mean
        squares = np.einsum("ij,ij->i", centred, centred)
        inside = centred @ basis
        outside = squares - np.einsum("ij,ij->i", inside, inside)
        both = np.column_stack([inside, np.sqrt(np.maximum(outside, 0))])
        return both.astype(np.float32), squares

    vectors, of_blocks = zip(
        *in_blocks(lambda block: reduce(train[block]), len(train), 1024), strict=True
    )
    own, squares = np.concatenate(vectors), np.concatenate(of_blocks)
    largest = np.sqrt(squares.max())
    half = (squares / 2).astype(np.float32)
    share = (basis.shape[1] + 17) * U + 4 * np.sqrt(train.shape[1] * U64)

    def bounds(x: Floats) -> tuple[Floats, Doubles, Doubles]:
        vectors, squares = reduce(x)
        products = vectors @ own.T
        slack = share / 2 * (np.sqrt(squares) + largest) ** 2
        return np.subtract(half, products, out=products), squares, slack

    return bounds


def _squares(images: Floats, point: Floats) -> Doubles:
    """Squared distances (n,) of images to a point (d,)."""

    def own(block: slice) -> Doubles:
        squares = np.empty(block.stop - block.start)
        _squared_distances(point, images[block], np.arange(len(squares)), squares)
        return squares

    return np.concatenate(list(in_blocks(own, len(images), 1024)))


@njit(
    types.void(_Image, _Images, int64[::1], float64[::1]),
    nogil=True,
    cache=True,
    fastmath={"reassoc", "nsz"},
)
def _squared_distances(image: Floats, train: Floats, chosen: Whole, squares: Doubles) -> None:
    """Squared distances to the chosen images, summed pixel by pixel.

    Sums may be split into as many as the processor adds at once: alike for each pair, so that
    the distances of identical images are identical.
    """
    for c in range(len(chosen)):
        total = 0.0
        other = train[chosen[c]]
        for pixel in range(len(image)):
            difference = np.float64(image[pixel]) - np.float64(other[pixel])
            total += difference * difference
        squares[c] = total


@njit(
    (float32[:, ::1], float32[::1], float64[::1], float64[::1], _Images, _Images, int64),
    nogil=True,
    cache=True,
)
def _search(
    bounds: Floats,
    likely: Floats,
    lengths: Doubles,
    slack: Doubles,
    x: Floats,
    train: Floats,
    k: int,
) -> tuple[Whole, Doubles]:
    """Rank the nearest images of some queries by distances to those whose bounds are small.

    The k-th smallest bounds are given.
    """
    n, m = bounds.shape
    nearest = np.empty((n, k), np.int64)
    squares = np.empty((n, k))
    candidates = np.empty(m, np.int64)
    found = np.empty(m)
    for i in range(n):
        near = 0
        for j in range(m):
            if bounds[i, j] <= likely[i]:
                candidates[near] = j
                near += 1
        _squared_distances(x[i], train, candidates[:near], found[:near])
        # Besides these k, all that can be as near.
        limit = (found[:near].max() - lengths[i]) / 2 + slack[i]
        count = near
        for j in range(m):
            if likely[i] < bounds[i, j] <= limit:
                candidates[count] = j
                count += 1
        _squared_distances(x[i], train, candidates[near:count], found[near:count])
        for c in range(count):
            square, image, rank = found[c], candidates[c], min(c, k)
            while rank > 0:
                before = squares[i, rank - 1]
                if before < square or (before == square and nearest[i, rank - 1] < image):
                    break
                if rank < k:
                    squares[i, rank], nearest[i, rank] = before, nearest[i, rank - 1]
                rank -= 1
            if rank < k:
                squares[i, rank], nearest[i, rank] = square, image
    return nearest, squares


@njit(
    (
        _Rows,
        int64[:, ::1],
        float64[:, ::1],
        int64[:, ::1],
        _Rows,
        boolean,
        int64[:, :, ::1],
        float32[:, :, ::1],
    ),
    nogil=True,
    cache=True,
)
def vote(
    rows: Whole,
    nearest: Whole,
    squares: Doubles,
    position: Whole,
    classes: Whole,
    as_published: bool,
    labels: Whole,
    margin: Floats,
) -> NDArray[np.bool_]:
    """Vote with the k nearest training images of each replicate, for each k from 1 to K.

    A tie in votes goes to the class whose voters have the smaller sum of distances, then to
    the smaller class. As published it goes to the smallest class; and a winner with fewer
    than k / 2 votes loses to the smallest class present.

    Parameters
    ----------
    rows : ndarray of int64, shape (b,)
        Queries.
    nearest : ndarray of int64, shape (b, T)
        Images of the pool that are nearest to each, nearest first.
    squares : ndarray of float64, shape (b, T)
        Their squared distances.
    position : ndarray of int64, shape (R, U)
        Place of each image of the pool in the training order of a replicate, or −1. Equidistant
        neighbours are in this order.
    classes : ndarray of int64, shape (U,)
        Of the images of the pool.
    as_published : bool
    labels : ndarray of int64, shape (K, R, n)
        Receives the labels of the queries.
    margin : ndarray of float32, shape (K, R, n)
        Receives the votes of the class with the most, minus the second most.

    Returns
    -------
    short : ndarray of bool, shape (b,)
        Queries whose T images do not tell the K nearest of all replicates; ask again with more.
    """
    k_max, replicates, _ = labels.shape
    neighbours = np.empty(k_max, np.int64)
    apart = np.empty(k_max)
    votes, total = np.empty(classes.max() + 1, np.int64), np.empty(classes.max() + 1)
    short = np.zeros(len(rows), np.bool_)
    for r in range(replicates):
        place = position[r]
        for q in range(len(rows)):
            # Walk down the pool, to the last that is as near as the K-th of the replicate's own.
            found, enough = 0, nearest.shape[1] == len(place)
            for t in range(nearest.shape[1]):
                image, square = nearest[q, t], squares[q, t]
                if place[image] < 0:
                    continue
                if found == k_max and square > apart[k_max - 1]:
                    enough = True
                    break
                rank = found
                while rank > 0 and apart[rank - 1] == square:
                    if place[neighbours[rank - 1]] < place[image]:
                        break
                    if rank < k_max:
                        neighbours[rank] = neighbours[rank - 1]
                    rank -= 1
                if rank < k_max:
                    neighbours[rank] = image
                if found < k_max:
                    apart[found] = square
                    found += 1
            if not enough:
                short[q] = True
                continue
            votes[:], total[:] = 0, 0
            winner = smallest = classes[neighbours[0]]
            second = 0
            # With one vote more its class wins, or else the winner stays.
            for k in range(k_max):
                c = classes[neighbours[k]]
                votes[c] += 1
                total[c] += np.sqrt(apart[k])
                if c != winner:
                    wins = votes[c] > votes[winner]
                    if votes[c] == votes[winner]:
                        wins = c < winner
                        if not as_published and total[c] != total[winner]:
                            wins = total[c] < total[winner]
                    second = votes[winner] if wins else max(second, votes[c])
                    winner = c if wins else winner
                smallest = min(smallest, c)
                margin[k, r, rows[q]] = votes[winner] - second
                few = as_published and 2 * votes[winner] < k + 1
                labels[k, r, rows[q]] = smallest if few else winner
    return short

"""k-nearest neighbours, Euclidean: all k at once, from one ranking of the neighbours."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from fewpixels.arrays import Doubles
from fewpixels.contract import Cost, Fit, Prediction
from fewpixels.images.subset import Subset, accuracy
from fewpixels.neighbours import nearest
from fewpixels.streams import Streams

HYPERPARAMETERS = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "k_max": {
            "description": "neighbours at the most; k is chosen on validation from 1 to this",
            "type": "integer",
            "minimum": 1,
            "at_most_train": True,
            "default": 50,
        },
        "ties": {
            "description": "a tie in votes goes to the nearer class, or as the notebook did",
            "enum": ["nearer", "published"],
            "default": "nearer",
        },
    },
}

TABLES: dict[str, list[str]] = {"train": [], "evaluate": ["sweep"]}
ITERATES = False


def fit(
    train: Subset,
    validation: Subset,
    hyperparameters: Mapping[str, Any],
    *,
    grams: Mapping[str, Mapping[str, NDArray[np.float64]]],
    streams: Streams,
) -> Fit:
    """Choose k on the validation images; of equal accuracies, the smallest k.

    Parameters
    ----------
    train, validation : Subset
        (R, n, d) and (R, m, d) images.
    hyperparameters : mapping
        As `HYPERPARAMETERS` says, defaults filled in.
    grams, streams
        Not used.

    Returns
    -------
    Fit
        ``parameters``: ``chosen`` (R,), k. There are no updates and no history.
    """
    labels, _ = _sweep(train, validation.x, hyperparameters)
    chosen = accuracy(labels, validation.y).argmax(axis=0) + 1
    return Fit({"chosen": chosen})


def predict(
    parameters: Mapping[str, NDArray[Any]],
    hyperparameters: Mapping[str, Any],
    train: Subset,
    x: NDArray[np.float32],
) -> Prediction:
    """Label images by the vote of the k nearest training images.

    Parameters
    ----------
    parameters : mapping
        Of a `Fit`.
    hyperparameters : mapping
        Those of the fit.
    train : Subset
        The neighbours.
    x : ndarray of float32, shape (R, n, d) or (n, d)
        Images of each replicate, or images that all replicates share.

    Returns
    -------
    Prediction
        The margin is a difference of votes; ``sweep`` has the labels for every k.
    """
    labels, margin = _sweep(train, x, hyperparameters)
    row = (parameters["chosen"] - 1)[None, :, None]
    return Prediction(
        np.take_along_axis(labels, row, axis=0)[0],
        np.take_along_axis(margin, row, axis=0)[0],
        labels,
    )


def cost(
    parameters: Mapping[str, NDArray[Any]],
    hyperparameters: Mapping[str, Any],
    images: int,
    pixels: int,
) -> Cost:
    """Count what a look-up takes: the squares of all differences to all training images.

    Parameters
    ----------
    parameters : mapping
        Of a `Fit`.
    hyperparameters : mapping
        Those of the fit.
    images, pixels : int
        Training images of a replicate, and pixels of an image.

    Returns
    -------
    Cost
        Kept are the training images, their labels, and k.
    """
    chosen = parameters["chosen"]
    size = images * (pixels * np.dtype(np.float32).itemsize + np.dtype(np.int64).itemsize)
    return Cost.equal(
        len(chosen), images * (pixels + 1) + 1, images * pixels, size + chosen.itemsize
    )


def _sweep(
    train: Subset, x: NDArray[np.float32], hyperparameters: Mapping[str, Any]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Labels and margins for each k; shapes (K, R, n)."""
    replicates, k_max = len(train.y), hyperparameters["k_max"]
    published = hyperparameters["ties"] == "published"
    if x.ndim == 3 and not x.strides[0]:
        x = x[0]  # of all replicates
    if train.shared and x.ndim == 2:
        ranked = nearest(train.x[0], x, k_max)
        found = _vote(train.y[0][ranked[0]], ranked[1], train.classes, published)
        shape = k_max, replicates, len(x)
        return np.broadcast_to(found[0][:, None], shape), np.broadcast_to(found[1][:, None], shape)
    labels = np.empty((k_max, replicates, x.shape[-2]), np.int64)
    margin = np.empty(labels.shape, np.float32)
    for r, ranked in enumerate(_ranked(train, x, k_max)):
        labels[:, r], margin[:, r] = _vote(
            train.y[r][ranked[0]], ranked[1], train.classes, published
        )
    return labels, margin


def _ranked(
    train: Subset, x: NDArray[np.float32], k_max: int
) -> Iterator[tuple[NDArray[np.int64], Doubles]]:
    """The nearest training images and their distances, (n, k_max), of each replicate."""
    replicates, n = train.y.shape
    pool, place = train.pooled()
    # Replicates that share most of their images share the distances to these, too.
    together = not train.shared and len(pool) < replicates * n / 2
    for r in range(replicates):
        images = x[r] if x.ndim == 3 else x
        if not together:
            yield nearest(train.x[r], images, k_max)
            continue
        if r == 0 or x.ndim == 3:
            squares = _squared_distances(images.astype(np.float64), pool.T.astype(np.float64))
        yield _nearest(squares, place[r].copy(), k_max)


@njit("f8[:,::1](f8[:,::1], f8[:,:])", cache=True)
def _squared_distances(x: Doubles, z: Doubles) -> Doubles:
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
def _nearest(
    squares: Doubles, place: NDArray[np.int64], k_max: int
) -> tuple[NDArray[np.int64], Doubles]:
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
def _vote(
    neighbours: NDArray[np.int64], distance: Doubles, classes: int, as_published: bool
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
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

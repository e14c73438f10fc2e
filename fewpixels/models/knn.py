"""k-nearest neighbours, Euclidean: all k at once, from one ranking of the neighbours."""

from collections.abc import Iterator, Mapping
from itertools import repeat
from math import ceil, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fewpixels.contract import Cost, Fit, Job, Needs, Prediction
from fewpixels.images.subset import Subset, accuracy
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
    streams: Streams,
) -> Fit:
    """Choose k on the validation images; of equal accuracies, the smallest k.

    Parameters
    ----------
    train, validation : Subset
        (R, n, d) and (R, m, d) images.
    hyperparameters : mapping
        As `HYPERPARAMETERS` says, defaults filled in.
    streams
        Not used.

    Returns
    -------
    Fit
        ``parameters``: ``chosen`` (R,), k. There are no updates and no history.
    """
    own: NDArray[np.float32] | Iterator[NDArray[np.float32]]
    own = (validation.images[rows] for rows in validation.place)
    if validation.shared:
        own = next(own)
    labels, _ = _sweep(train, own, hyperparameters)
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
    if x.ndim == 3 and not x.strides[0]:
        x = x[0]
    labels, margin = _sweep(train, x if x.ndim == 2 else iter(x), hyperparameters)
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


def needs(job: Job) -> Needs:
    """Estimate all distances, though most are ruled out, and the votes for each k.

    Besides, there are blocks of bounds, a covariance of some thousand images where these are small,
    and the images of one replicate.
    """
    labels = job.replicates * job.labelled
    products = job.held * job.images * job.labelled * job.pixels
    numbers = 3 * labels * job.hyperparameters["k_max"] + 6e6
    numbers += min(job.pixels, 2000) * (3 * min(job.pixels, 2000) + min(job.images, 4096))
    if job.held > 1:
        numbers += (job.images + job.trains * job.labelled) * job.pixels / 2
    return Needs(1e-5 * labels + 3e-11 * products, numbers)


def _sweep(
    train: Subset,
    x: NDArray[np.float32] | Iterator[NDArray[np.float32]],
    hyperparameters: Mapping[str, Any],
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Labels and margins for each k, (K, R, n), of images (n, d) or of those of each replicate."""
    pool, place, classes = train.images, train.place, train.labels
    replicates, images = place.shape
    k_max, published = hyperparameters["k_max"], hyperparameters["ties"] == "published"
    # Replicates that share most of their images share the distances to these, too.
    together = len(pool) <= images * max(2, replicates / 2)
    if isinstance(x, np.ndarray) and together:
        places = place[:1] if train.shared else place
        labels, margin = _votes(pool, places, classes, x, k_max, published)
        shape = k_max, replicates, len(x)
        return np.broadcast_to(labels, shape), np.broadcast_to(margin, shape)
    found = []
    for rows, queries in zip(place, repeat(x) if isinstance(x, np.ndarray) else x, strict=False):
        own = pool, rows[None], classes
        if not together:
            own = pool[rows], np.arange(images)[None], classes[rows]
        found.append(_votes(*own, queries, k_max, published))
    labels, margin = (np.concatenate(each, axis=1) for each in zip(*found, strict=True))
    return labels, margin


def _votes(
    pool: NDArray[np.float32],
    place: NDArray[np.intp],
    classes: NDArray[np.int64],
    x: NDArray[np.float32],
    k_max: int,
    published: bool,
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Labels and margins (K, R, n) of images (n, d), whose nearest of the pool are ranked once."""
    # Numba takes half a second to import, and estimates do not need it.
    from fewpixels.neighbours import nearest, vote

    replicates, images = place.shape
    position = np.full((replicates, len(pool)), -1)
    np.put_along_axis(position, place, np.arange(images)[None], axis=1)
    labels = np.empty((k_max, replicates, len(x)), np.int64)
    margin = np.empty(labels.shape, np.float32)
    # So many of the pool hold k_max of a replicate's, but for five standard deviations.
    share = images / len(pool)
    count = ceil((k_max + 1 + 5 * sqrt(k_max * (1 - share))) / share)
    rows = np.arange(len(x))
    while len(rows):
        count = min(count, len(pool))
        ranked = nearest(pool, x, count)
        short = vote(rows, *ranked, position, classes, published, labels, margin)
        rows, x, count = rows[short], x[short], 2 * count
    return labels, margin

"""Perceptrons in kernel form, one against the rest or one against one.

A perceptron only ever adds training images to its weights, so w = Σ αᵢ φ(xᵢ), and every
score is Σ αᵢ K(xᵢ, x). Training keeps the scores of all training images and adds one row of
the Gram matrix on each mistake; it visits the same images, with the same mistakes, as
Rosenblatt's loop over explicit features.
"""

from collections.abc import Mapping
from itertools import combinations, permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fewpixels.kernels import KERNELS, Doubles, append_constant, linear
from fewpixels.models import Cost, Fit, Prediction, top_and_margin
from fewpixels.streams import Streams
from fewpixels.subsets import Subset, accuracy

HYPERPARAMETERS = {
    "type": "object",
    "additionalProperties": False,
    "required": ["scheme", "kernel", "epochs"],
    "properties": {
        "scheme": {
            "description": "a perceptron of each class, each ordered pair, or each pair once",
            "enum": ["one-vs-rest", "one-vs-one", "one-vs-one-unordered"],
        },
        "kernel": {
            "description": "the pixels themselves, or all their monomials of degree 0, 1 and 2",
            "enum": ["linear", "quadratic"],
        },
        "epochs": {
            "description": "visits to every training image",
            "type": "integer",
            "minimum": 1,
            "maximum": 10000,
        },
        "order": {
            "description": "of the visits: class by class, or shuffled for each epoch",
            "enum": ["sorted", "shuffled"],
            "default": "sorted",
        },
        "weights": {
            "description": "used for prediction: the last, or their average over all visits",
            "enum": ["last", "averaged"],
            "default": "last",
        },
        "bias": {
            "description": "append the root mean square of the training pixels to every image",
            "type": "boolean",
            "default": False,
        },
    },
}

TABLES: dict[str, list[str]] = {"train": [], "evaluate": []}
ITERATES = True


def fit(
    train: Subset,
    validation: Subset,
    hyperparameters: Mapping[str, Any],
    *,
    grams: Mapping[str, Mapping[str, Doubles]],
    streams: Streams,
) -> Fit:
    """Train the perceptrons of every replicate (Rosenblatt 1958).

    Parameters
    ----------
    train, validation : Subset
        (R, n, d) and (R, m, d) images.
    hyperparameters : mapping
        As `HYPERPARAMETERS` says, defaults filled in.
    grams : mapping
        By kernel, ``train`` (R, n, n) and ``validation`` (R, m, n): of the kernel asked for,
        and with a bias ``linear`` too.
    streams : Streams
        A shuffled order comes from the stream that all perceptrons share.

    Returns
    -------
    Fit
        ``parameters``: ``alpha`` (R, P, n), float64, one row for each of P perceptrons, and
        ``constant`` (R,), the appended feature (0 without bias). ``history``: ``loss`` is the
        number of mistakes of all perceptrons in an epoch.
    """
    # Numba takes half a second to import, and prediction does not need it.
    from fewpixels.visits import visit

    replicates, n = train.y.shape
    epochs = hyperparameters["epochs"]
    kernel = hyperparameters["kernel"]
    averaged = hyperparameters["weights"] == "averaged"
    scheme = hyperparameters["scheme"]
    problems = _problems(scheme, train.classes)
    alpha = np.empty((replicates, len(problems), n))
    constant = np.zeros(replicates)
    if hyperparameters["bias"]:
        constant = np.sqrt(np.square(train.x, dtype=np.float64).mean(axis=(1, 2)))
    history: list[list[Any]] = []
    for r in range(replicates):
        gram, gram_val = (grams[kernel][subset][r] for subset in ("train", "validation"))
        if hyperparameters["bias"]:
            dots = (grams["linear"][subset][r] for subset in ("train", "validation"))
            gram, gram_val = (
                append_constant(kernel, products, dot, constant[r])
                for products, dot in zip((gram, gram_val), dots, strict=True)
            )
        order = np.argsort(train.y[r], kind="stable")[None]
        if hyperparameters["order"] == "shuffled":
            rng = streams.order(r)
            order = np.stack([rng.permutation(n) for _ in range(epochs)])
        both = np.hstack([gram, gram_val.T])
        scores = np.empty((len(problems), epochs, len(gram_val)))
        mistakes = np.zeros(epochs, np.int64)
        alpha[r] = 0.0
        for classes, own in _by_classes(problems).items():
            members = np.flatnonzero(np.isin(train.y[r], classes))
            place = np.full(n, -1)
            place[members] = np.arange(len(members))
            visits = place[order]
            visits = visits[visits >= 0].reshape(len(order), len(members))
            columns = np.append(members, np.arange(n, both.shape[1]))
            own_gram = both if len(members) == n else both[np.ix_(members, columns)]
            for p in own:
                sign = np.where(np.isin(train.y[r][members], problems[p][0]), 1.0, -1.0)
                alpha[r, p, members], scores[p], wrong = visit(
                    own_gram, sign, visits, epochs, averaged
                )
                mistakes += wrong
        labels, _ = _decide(scores, scheme, train.classes)
        correct = accuracy(labels, validation.y[r])
        if not np.isfinite(scores).all():  # beyond the range of float64
            alpha[r], correct[:] = np.nan, np.nan
        history.extend(
            [r, e + 1, m, a]
            for e, (m, a) in enumerate(zip(mistakes.tolist(), correct.tolist(), strict=True))
        )
    updates = np.full(replicates, epochs, np.int64)
    parameters = {"alpha": alpha, "constant": constant}
    return Fit(parameters, updates, history)


def predict(
    parameters: Mapping[str, NDArray[Any]],
    hyperparameters: Mapping[str, Any],
    train: Subset,
    x: NDArray[np.float32],
) -> Prediction:
    """Label images: the largest score wins, or the most votes; the smaller class on a tie.

    Parameters
    ----------
    parameters : mapping
        Of a `Fit`.
    hyperparameters : mapping
        Those of the fit.
    train : Subset
        The images that the fit saw.
    x : ndarray of float32, shape (R, n, d) or (n, d)
        Images of each replicate, or images that all replicates share.

    Returns
    -------
    Prediction
        The margin is a difference of scores, or of votes.
    """
    kernel = hyperparameters["kernel"]
    alpha, constant = parameters["alpha"], parameters["constant"]
    scheme = hyperparameters["scheme"]
    problems = _problems(scheme, train.classes)
    pool, place = train.pooled()
    labels = np.empty((len(alpha), x.shape[-2]), np.int64)
    margin = np.empty(labels.shape, np.float32)
    for r in range(len(alpha)):
        if r == 0 or x.ndim == 3:
            images = x[r] if x.ndim == 3 else x
            dot = linear(images, pool)
            gram = dot if kernel == "linear" else KERNELS[kernel](images, pool)
        own_gram = append_constant(kernel, gram, dot, constant[r]) if constant[r] else gram
        spread = np.zeros((len(problems), len(pool)))
        spread[:, place[r]] = alpha[r]
        labels[r], margin[r] = _decide(spread @ own_gram.T, scheme, train.classes)
    return Prediction(labels, margin)


def weights(parameters: Mapping[str, NDArray[Any]], train: Subset) -> Doubles:
    """Weights of the pixels themselves, Σ αᵢ xᵢ.

    Parameters
    ----------
    parameters : mapping
        Of a `Fit`.
    train : Subset
        The images that the fit saw.

    Returns
    -------
    ndarray of float64, shape (R, P, d)
        For each of P perceptrons; of a quadratic kernel, the monomials of degree 1.
    """
    return np.asarray(parameters["alpha"] @ train.x.astype(np.float64))


def cost(
    parameters: Mapping[str, NDArray[Any]],
    hyperparameters: Mapping[str, Any],
    images: int,
    pixels: int,
) -> Cost:
    """Count what a prediction takes in the form that takes fewer multiplications.

    With explicit weights: the monomials of degree 2, if any, each computed once; and for each
    perceptron a product for each pixel and each such monomial. A constant feature adds to the
    other weights and to an offset, which takes no product.

    In kernel form, for each training image with a coefficient other than 0 in any perceptron:
    x·z; for the quadratic kernel the squares of its d products, the square of their sum, the
    half, and with a bias the product of x·z and c²; and a product with each perceptron's
    coefficient.

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
        Kept are the weights and offsets; or such training images, their coefficients, and the
        constant. Of two forms with as many multiplications, the first.
    """
    alpha = parameters["alpha"]
    quadratic, bias = hyperparameters["kernel"] == "quadratic", hyperparameters["bias"]
    replicates, perceptrons, _ = alpha.shape
    monomials = pixels * (pixels + 1) // 2 * quadratic
    weights = perceptrons * (pixels + monomials + (quadratic or bias))
    explicit = Cost.equal(
        replicates,
        weights,
        perceptrons * (pixels + monomials) + monomials,
        weights * alpha.itemsize,
    )
    support = (alpha != 0).any(axis=1).sum(axis=1)
    own = 2 * pixels + 2 + bias if quadratic else pixels
    numbers = support * perceptrons + bias
    kernel = Cost(
        support * pixels + numbers,
        support * (own + perceptrons),
        support * pixels * np.dtype(np.float32).itemsize + numbers * alpha.itemsize,
    )
    fewer = kernel.multiplications < explicit.multiplications
    pairs = zip(vars(kernel).values(), vars(explicit).values(), strict=True)
    return Cost(*(np.where(fewer, first, second) for first, second in pairs))


def _problems(scheme: str, classes: int) -> list[tuple[list[int], list[int]]]:
    """Classes that are +1 and classes that are −1 for each perceptron."""
    if scheme == "one-vs-rest":
        return [([c], [d for d in range(classes) if d != c]) for c in range(classes)]
    pairs = combinations if scheme == "one-vs-one-unordered" else permutations
    return [([a], [b]) for a, b in pairs(range(classes), 2)]


def _by_classes(problems: list[tuple[list[int], list[int]]]) -> dict[tuple[int, ...], list[int]]:
    """Group the perceptrons that train on the same classes, and so on the same images."""
    groups: dict[tuple[int, ...], list[int]] = {}
    for p, (positive, negative) in enumerate(problems):
        groups.setdefault(tuple(sorted(positive + negative)), []).append(p)
    return groups


def _decide(
    scores: Doubles, scheme: str, classes: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Labels (...) and margins (...) from the scores (P, ...) of all perceptrons."""
    if scheme == "one-vs-rest":
        return top_and_margin(np.moveaxis(scores, 0, -1))
    votes = np.zeros((classes, *scores.shape[1:]), np.int16)
    for own, ((a,), (b,)) in zip(scores, _problems(scheme, classes), strict=True):
        votes[a] += own >= 0
        votes[b] += own < 0
    return top_and_margin(np.moveaxis(votes, 0, -1))

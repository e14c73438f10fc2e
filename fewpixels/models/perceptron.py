"""Perceptrons, one against the rest or one against one.

A perceptron only ever adds training images to its weights, so w = Σ αᵢ φ(xᵢ), and every
score is Σ αᵢ K(xᵢ, x). Training in kernel form keeps the scores of all training images and adds
one row of the Gram matrix on each mistake; it visits the same images, with the same mistakes, as
Rosenblatt's loop over explicit features. Where these are few, weights are faster.
"""

from collections.abc import Mapping
from math import ceil, comb, log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fewpixels.arrays import Doubles
from fewpixels.contract import Cost, Fit, Job, Needs, Prediction
from fewpixels.images.subset import Subset, accuracy
from fewpixels.perceptrons import scoring
from fewpixels.perceptrons.features import (
    Features,
    are_explicit,
    are_few,
    count,
    degree_of,
    few_images,
)
from fewpixels.perceptrons.rows import MOST_SHARED, Computed, Dots, Rows, share
from fewpixels.perceptrons.schemes import decide, pairs_of, signs_of
from fewpixels.streams import Streams

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
            "description": "the pixels themselves; all their monomials of degree 0, 1 and 2; or "
            "(1 + x·z)^degree",
            "enum": ["linear", "quadratic", "polynomial"],
        },
        "degree": {
            "description": "of the polynomial kernel",
            "type": "integer",
            "minimum": 1,
            "maximum": 8,
            "default": 2,
        },
        "epochs": {
            "description": "visits to every training image; 0.1 to the first tenth of the order",
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 10000,
        },
        "order": {
            "description": "of the visits: class by class, or shuffled for each epoch",
            "enum": ["sorted", "shuffled"],
            "default": "sorted",
        },
        "weights": {
            "description": "used for prediction: the last, their average over all visits, or all "
            "of them, which vote by the visits that they survived",
            "enum": ["last", "averaged", "voted"],
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

MOST = 2**62


def fit(
    train: Subset,
    validation: Subset,
    hyperparameters: Mapping[str, Any],
    *,
    streams: Streams,
) -> Fit:
    """Train the perceptrons of every replicate (Rosenblatt 1958).

    Parameters
    ----------
    train, validation : Subset
        (R, n, d) and (R, m, d) images.
    hyperparameters : mapping
        As `HYPERPARAMETERS` says, defaults filled in.
    streams : Streams
        A shuffled order comes from the stream that all perceptrons share.

    Returns
    -------
    Fit
        ``parameters``: ``constant`` (R,), the appended feature (0 without bias; NaN if training
        left the range of float64); and for each of P perceptrons

        - ``alpha``, of averaged weights ``late``, and ``visits``: of coefficients, whole
          numbers of the smallest type (see `fewpixels.perceptrons.scoring.coefficients`);
        - or of explicit features, ``weights`` (R, P, f), float64;
        - or of voted weights, ``mistakes`` (R, P, K), int32, the mistaken training images in
          order, filled up with −1, and ``survived`` (R, P, K + 1), int64, the visits for which
          the first weights lasted, and those after each mistake.

        ``history``: ``loss`` is the number of mistakes of all perceptrons in an epoch.
    """
    # Numba takes half a second to import, and most predictions do not need it.
    from fewpixels.perceptrons import blocks, training
    from fewpixels.perceptrons.loops import label

    replicates, n = train.y.shape
    kernel, degree, scheme = (hyperparameters[name] for name in ("kernel", "degree", "scheme"))
    averaged, voted = (hyperparameters["weights"] == name for name in ("averaged", "voted"))
    total = max(round(hyperparameters["epochs"] * n), 1)
    sign, pairs = signs_of(scheme, train.classes), pairs_of(scheme, train.classes)
    pixels = train.images.shape[1]
    size = kernel, degree, pixels + hyperparameters["bias"], n
    explicit = are_explicit(*size)
    few = not (explicit or voted) and are_few(scheme, hyperparameters["order"], *size)
    in_kernel_form = voted or not (explicit or few)
    shared = share(train, validation, kernel) if in_kernel_form else None
    constant = np.zeros(replicates)
    learned: list[Any] = []
    history: list[list[Any]] = []
    for r in range(replicates):
        # The appended feature, and the order of visits, which all perceptrons share.
        anew = r == 0 or not train.shared
        if hyperparameters["bias"]:
            constant[r] = _root_mean_square(train.images[train.place[r]]) if anew else constant[0]
        order = np.argsort(train.y[r], kind="stable")[None]
        if hyperparameters["order"] == "shuffled":
            rng = streams.order(r)
            order = np.stack([rng.permutation(n) for _ in range(-(-total // n))])
        visits = training.Visits(train.y[r], sign, order, total)
        # Where inner products come from: what all replicates share, or their own images.
        rows: Rows
        if shared:
            products, place = shared
            rows = products.of(place[r], degree, constant[r])
        elif in_kernel_form:
            if anew or not validation.shared:
                dots = Dots(train.x[r], validation.x[r])
            rows = Computed(dots, kernel, degree, constant[r])
        # Train: which visits are mistakes, and with explicit features the weights too.
        if explicit or few:
            form = Features(kernel, degree, constant[r], pixels)
            own = (images.images[images.place[r]] for images in (train, validation))
            given = visits, form, *own, averaged
        if few:
            kept, made, scores, places = training.with_few_features(*given)
        else:
            if explicit:
                mistakes, weights, scores = training.with_features(*given)
            else:
                mistakes = training.in_kernel_form(visits, rows)
            made = visits.count_by_epoch(mistakes)
        if in_kernel_form:  # score the validation images after each epoch
            scores = blocks.score(
                rows,
                n + np.arange(validation.y.shape[1]),
                mistakes,
                visits.changes(mistakes),
                visits.ends(),
                blocks.CODES[hyperparameters["weights"]],
            )
        if not few:
            places = np.arange(scores[..., 0].size).reshape(scores.shape[:2])
            scores = scores.reshape(-1, scores.shape[2])
        if voted:
            learned.append((mistakes, visits.ends()[:, -1]))
        elif explicit:
            learned.append({"weights": weights})
        else:
            learned.append(kept if few else visits.coefficients(mistakes, averaged))
        labels = label(scores, places, pairs, train.classes)
        correct = accuracy(labels, validation.y[r])
        if not np.isfinite(scores).all():  # beyond the range of float64
            constant[r], correct[:] = np.nan, np.nan
        steps = zip(range(1, visits.epochs + 1), made.tolist(), correct.tolist(), strict=True)
        history.extend([r, *step] for step in steps)
    updates = np.full(replicates, visits.epochs, np.int64)
    parameters: dict[str, NDArray[Any]]
    if voted:
        parameters = training.log(*zip(*learned, strict=True))
    else:
        names = learned[0]
        parameters = {name: _smallest(np.stack([own[name] for own in learned])) for name in names}
    return Fit(parameters | {"constant": constant}, updates, history)


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
    if x.ndim == 3 and x.strides[0] == 0:
        x = x[0]
    kernel, degree, scheme = (hyperparameters[name] for name in ("kernel", "degree", "scheme"))
    sign = signs_of(scheme, train.classes)
    if "weights" in parameters:
        scores = scoring.by_weights(parameters, kernel, degree, x)
    elif "alpha" in parameters:
        scores = scoring.by_coefficients(parameters, kernel, degree, train, x, sign)
    else:
        scores = scoring.by_votes(parameters, kernel, degree, train, x, sign)
    labels = np.empty((len(parameters["constant"]), x.shape[-2]), np.int64)
    margin = np.empty(labels.shape, np.float32)
    for r, images, own in scores:
        labels[r, images], margin[r, images] = decide(own, scheme, train.classes)
    return Prediction(labels, margin)


def weights(
    parameters: Mapping[str, NDArray[Any]], hyperparameters: Mapping[str, Any], train: Subset
) -> Doubles:
    """Weights of the pixels themselves, Σ αᵢ xᵢ.

    Parameters
    ----------
    parameters : mapping
        Of a `Fit`.
    hyperparameters : mapping
        Those of the fit.
    train : Subset
        The images that the fit saw.

    Returns
    -------
    ndarray of float64, shape (R, P, d)
        For each of P perceptrons; of other kernels than the linear one, the monomials of degree
        1, but for a factor; of voted weights, their mean over all visits.
    """
    kernel, degree = hyperparameters["kernel"], hyperparameters["degree"]
    found = []
    for r, constant in enumerate(parameters["constant"]):
        if "weights" in parameters:
            form = Features(kernel, degree, constant, train.images.shape[1])
            found.append(form.of_pixels(parameters["weights"][r]))
            continue
        sign = signs_of(hyperparameters["scheme"], train.classes)
        if "alpha" in parameters:
            alpha = scoring.coefficients(parameters, r, sign[train.y[r]] != 0)
        else:
            mistakes, survived = (parameters[name][r] for name in ("mistakes", "survived"))
            alpha = scoring.mean_of_voted(mistakes, survived, sign, train.y[r])
        used = np.flatnonzero(alpha.any(axis=0))
        found.append(alpha[:, used] @ train.images[train.place[r][used]].astype(np.float64))
    return np.stack(found)


def cost(
    parameters: Mapping[str, NDArray[Any]],
    hyperparameters: Mapping[str, Any],
    images: int,
    pixels: int,
) -> Cost:
    """Count what a prediction takes in the form that takes fewer multiplications.

    With explicit weights: the monomials of a degree of 2 and more, if any, each computed once;
    and for each perceptron a product for each pixel and each such monomial. A constant feature
    adds to the other weights and to an offset, which takes no product.

    In kernel form, for each training image with a coefficient other than 0 in any perceptron:
    x·z; for the quadratic kernel the squares of its d products, the square of their sum, the
    half, and with a bias the product of x·z and c²; for the polynomial kernel its powers; and a
    product with each perceptron's coefficient.

    Voted weights are in kernel form, and change by K, and votes by whole numbers, without a
    product.

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
        Kept are the weights and offsets; or such training images, their coefficients (of voted
        weights, the mistakes and what survived how long), and the constant. Of two forms with as
        many multiplications, the first.
    """
    kernel, bias = hyperparameters["kernel"], hyperparameters["bias"]
    degree = degree_of(kernel, hyperparameters["degree"])
    replicates = len(parameters["constant"])
    number, pixel = np.dtype(np.float64).itemsize, np.dtype(np.float32).itemsize
    own = pixels + {"linear": 0, "quadratic": pixels + 2 + bias}.get(kernel, degree - 1)
    if "mistakes" in parameters:
        logs = parameters["mistakes"].reshape(replicates, -1)
        support = np.array([len(np.unique(log[log >= 0])) for log in logs])
        made = (logs >= 0).sum(axis=1)
        lasted = made + parameters["mistakes"].shape[1]
        return Cost(
            support * pixels + made + lasted + bias,
            support * own,
            support * pixels * pixel
            + made * parameters["mistakes"].itemsize
            + lasted * parameters["survived"].itemsize
            + bias * number,
        )
    perceptrons = parameters["weights" if "weights" in parameters else "visits"].shape[1]
    monomials = comb(pixels + degree, degree) - 1
    weights = perceptrons * (monomials + (kernel != "linear" or bias))
    products = perceptrons * monomials + monomials - pixels
    # Of high degrees there can be more than an int64 counts, and kernel form takes fewer.
    explicit = Cost.equal(
        replicates, *(min(n, MOST) for n in (weights, products, weights * number))
    )
    if "weights" in parameters:
        return explicit
    support = parameters["alpha"].any(axis=2).sum(axis=1)
    numbers = support * perceptrons + bias
    in_kernel_form = Cost(
        support * pixels + numbers,
        support * (own + perceptrons),
        support * pixels * pixel + numbers * number,
    )
    fewer = in_kernel_form.multiplications < explicit.multiplications
    pairs = zip(vars(in_kernel_form).values(), vars(explicit).values(), strict=True)
    return Cost(*(np.where(fewer, first, second) for first, second in pairs))


def _smallest(array: NDArray[Any]) -> NDArray[Any]:
    """Whole numbers in the smallest type that holds them; others as they are."""
    if array.dtype != np.int64:
        return array
    most = max(-int(array.min()) - 1, int(array.max()))
    kinds = (np.int8, np.int16, np.int32, np.int64)
    return array.astype(next(kind for kind in kinds if most <= np.iinfo(kind).max))


def _root_mean_square(x: NDArray[np.float32]) -> float:
    return float(np.sqrt(np.square(x, dtype=np.float64).mean()))


def needs(job: Job) -> Needs:
    """Estimate as if all visits of the first epoch were mistakes, half of the second and so on."""
    own = job.hyperparameters
    sign = signs_of(own["scheme"], job.classes)
    perceptrons = sign.shape[1]
    kernel = own["kernel"], own["degree"], job.pixels + own["bias"]
    explicit = are_explicit(*kernel, job.images)
    # With explicit features no less than of so many images that there are none.
    images = few_images(count(*kernel)) if explicit else job.images
    width = max(images, count(*kernel)) if explicit else images
    visits = job.replicates * job.images * np.count_nonzero(sign) / job.classes
    mistakes = visits * (min(own["epochs"], 1) + log(max(own["epochs"], 1)))
    kept = job.replicates * perceptrons * width
    if own["weights"] == "voted":
        kept = 6 * mistakes
    seconds = 2e-10 * job.replicates * job.labelled * perceptrons * width
    numbers = 3 * kept
    if job.trains:
        seconds += 4e-10 * (visits * own["epochs"] if explicit else mistakes) * width
        # One replicate at a time: its mistakes, and each epoch's scores and few weights.
        numbers += 10 * mistakes / job.replicates
        numbers += 3 * perceptrons * ceil(own["epochs"]) * (job.labelled + 64)
    else:
        numbers += 2 * job.replicates * perceptrons * job.labelled
    if own["weights"] == "voted":
        images = job.images
    # Rows of Gram matrices are computed from copies of the images; of few, those of all
    # replicates together, and of one's own.
    numbers += min(job.held, 2) * (images + job.labelled) * job.pixels
    entries = images * (images + job.labelled)
    numbers += 2 * min(4 * entries, MOST_SHARED) + min(entries, MOST_SHARED)
    seconds += 1e-11 * job.held * images * (images + job.labelled) * job.pixels
    return Needs(seconds, numbers)

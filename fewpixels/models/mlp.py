"""Multilayer perceptrons: replicates train together, in one array.

Every weight has the replicates first, so one stacked product serves all of them, forwards and in
back-propagation. A replicate that has stopped leaves the stack.
Two protocols exist: ``published``, faithful to the study's notebook, saturated softmax
and all, and ``remedied``.
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fewpixels.arrays import Floats
from fewpixels.contract import Cost, Fit, Job, Needs, Prediction, top_and_margin
from fewpixels.images.subset import Subset
from fewpixels.networks.descent import descend
from fewpixels.networks.layers import (
    ACTIVATIONS,
    Signals,
    diagnose,
    forward,
    joined,
    with_ones,
)
from fewpixels.networks.protocols import PROTOCOLS, Protocol
from fewpixels.streams import Streams

HYPERPARAMETERS = {
    "type": "object",
    "additionalProperties": False,
    "required": ["layers", "width", "activation", "batch"],
    "properties": {
        "layers": {
            "description": "layers of weights, the output layer included (2 is one hidden layer)",
            "type": "integer",
            "minimum": 2,
            "maximum": 16,
        },
        "width": {
            "description": "units in each hidden layer",
            "type": "integer",
            "minimum": 1,
            "maximum": 4096,
        },
        "activation": {
            "description": "of the hidden units",
            "enum": ["relu", "atan", "sigmoid"],
        },
        "batch": {
            "description": "all training images for each update, or some of each class",
            "enum": ["full", "mini"],
        },
        "per_class": {
            "description": "images of each class in a mini-batch",
            "type": "integer",
            "minimum": 1,
            "default": 10,
        },
        "protocol": {
            "description": "how to initialise, descend and stop",
            "enum": ["published", "remedied"],
            "default": "remedied",
        },
        "init_range": {
            "description": "published protocol: weights and biases start uniform in ± this",
            "type": "number",
            "exclusiveMinimum": 0,
            "default": 1.0,
        },
        "learning_rate": {
            "description": "step of gradient descent",
            "type": "number",
            "exclusiveMinimum": 0,
            "default": 0.3,
        },
        "patience": {
            "description": "updates without a better validation result before stopping",
            "type": "integer",
            "minimum": 1,
            "default": 100,
        },
        "max_updates": {
            "description": "updates at the most",
            "type": "integer",
            "minimum": 1,
            "default": 2000,
        },
        "validate_every": {
            "description": "updates from one look at the validation images to the next",
            "type": "integer",
            "minimum": 1,
            "default": 1,
        },
    },
}

TABLES = {"train": ["diagnostics"], "evaluate": []}
ITERATES = True

# Pixels or units of a stack's batches: larger stacks take more memory, and no less time.
_STACK = 2**18


# A replicate may overflow on its way to being stopped.
@np.errstate(over="ignore", invalid="ignore", divide="ignore")
def fit(
    train: Subset,
    validation: Subset,
    hyperparameters: Mapping[str, Any],
    *,
    streams: Streams,
) -> Fit:
    """Train one network for each replicate by gradient descent with early stopping.

    Parameters
    ----------
    train, validation : Subset
        (R, n, d) and (R, m, d) images; each replicate has the same class counts.
    hyperparameters : mapping
        As `HYPERPARAMETERS` says, defaults filled in.
    streams : Streams
        Initial weights and mini-batches come from the cell's own stream.

    Returns
    -------
    Fit
        ``parameters``: ``w0, b0, w1, …`` of shapes (R, inputs, outputs) and (R, 1, outputs),
        float32, and ``mean``, ``deviation`` (R,), which standardise the pixels.
        ``history`` has the updates after which validation was looked at: every
        ``validate_every``, and the last. ``loss`` is the mean over the images of the update's
        batch, before it; ``validation_accuracy`` is measured after, and NaN if training diverged:
        the largest logit of a validation image is not finite, or a hundred times as large as
        before training (published protocol: 100,000 times) and as log C. Such a replicate
        stops, and its weights are NaN.
        ``tables["diagnostics"]``: see `fewpixels.networks.layers.diagnose`.
    """
    protocol = PROTOCOLS[hyperparameters["protocol"]]
    (replicates, n), pixels = train.place.shape, train.images.shape[1]
    mean, deviation = _standardisation(train, protocol.standardise)
    hidden = [hyperparameters["width"]] * (hyperparameters["layers"] - 1)
    activation = ACTIVATIONS[hyperparameters["activation"]]
    rngs = [streams.own(r) for r in range(replicates)]
    weights = _initial(rngs, [pixels, *hidden, train.classes], protocol, hyperparameters)

    batch = n
    if hyperparameters["batch"] == "mini":
        batch = min(n, hyperparameters["per_class"] * train.classes)
    height = max(1, _STACK // (batch * max(pixels, hyperparameters["width"])))
    updates = np.zeros(replicates, np.int64)
    history: list[list[Any]] = []
    diagnostics: list[list[Any]] = []
    for first in range(0, replicates, height):
        stack = slice(first, first + height)
        x, x_val = (_standardised(s, stack, mean, deviation) for s in (train, validation))
        own = [w[stack] for w in weights]
        header, rows = diagnose(x, train.y[stack], own, activation, protocol.clamp)
        diagnostics.extend([first + r, *row] for r, *row in rows)
        trained = descend(
            (x, train.y[stack]),
            (x_val, validation.y[stack]),
            own,
            rngs[stack],
            protocol,
            hyperparameters,
        )
        for whole, part in zip(weights, trained.weights, strict=True):
            whole[stack] = part
        updates[stack] = trained.updates
        history.extend([first + r, *row] for r, *row in trained.history)
    history.sort(key=lambda row: row[:2])

    parameters: dict[str, NDArray[Any]] = {"mean": mean, "deviation": deviation}
    for i, w in enumerate(weights):
        both = np.ascontiguousarray(w.swapaxes(-1, -2))
        parameters |= {f"w{i}": both[:, :-1], f"b{i}": both[:, -1:]}
    return Fit(parameters, updates, history, {"diagnostics": (header, diagnostics)})


def predict(
    parameters: Mapping[str, NDArray[Any]],
    hyperparameters: Mapping[str, Any],
    train: Subset,
    x: NDArray[np.float32],
) -> Prediction:
    """Label images by the largest output; the smallest class on a tie.

    Parameters
    ----------
    parameters : mapping
        Of a `Fit`.
    hyperparameters : mapping
        Only ``activation`` matters.
    train : Subset
        Not used.
    x : ndarray of float32, shape (R, n, d) or (n, d)
        Images of each replicate, or images that all replicates share.

    Returns
    -------
    Prediction
        The margin is a difference of logits.
    """
    activation = ACTIVATIONS[hyperparameters["activation"]]
    layers = sum(name.startswith("w") for name in parameters)
    joint = [joined(parameters[f"w{i}"], parameters[f"b{i}"]) for i in range(layers)]
    replicates, n = len(joint[0]), x.shape[-2]
    x = np.broadcast_to(x, (replicates, *x.shape[-2:]))
    signals = Signals.of([w[:1] for w in joint], n)
    labels = np.empty((replicates, n), np.int64)
    margin = np.empty((replicates, n), np.float32)
    for r in range(replicates):
        images = with_ones(x[r])
        images[:, :-1] -= parameters["mean"][r]
        images[:, :-1] /= parameters["deviation"][r]
        logits = forward(images[None], [w[r : r + 1] for w in joint], activation, signals)
        labels[r], margin[r] = top_and_margin(logits[0].T)
    return Prediction(labels, margin)


def cost(
    parameters: Mapping[str, NDArray[Any]],
    hyperparameters: Mapping[str, Any],
    images: int,
    pixels: int,
) -> Cost:
    """Count one product for each weight, and a quotient for each pixel to be standardised.

    Parameters
    ----------
    parameters : mapping
        Of a `Fit`.
    hyperparameters : mapping
        Only ``protocol`` matters.
    images, pixels : int
        Training images of a replicate, and pixels of an image.

    Returns
    -------
    Cost
        Kept are weights and biases and, where pixels are standardised, the mean and the
        deviation.
    """
    standardise = PROTOCOLS[hyperparameters["protocol"]].standardise
    kept = [p for name, p in parameters.items() if standardise or name[0] in "wb"]
    products = sum(p[0].size for name, p in parameters.items() if name[0] == "w")
    return Cost.equal(
        len(parameters["w0"]),
        sum(p[0].size for p in kept),
        products + pixels * standardise,
        sum(p[0].nbytes for p in kept),
    )


def needs(job: Job) -> Needs:
    """Estimate as if training stopped after five times its patience."""
    own = job.hyperparameters
    units = [job.pixels, *[own["width"]] * (own["layers"] - 1), job.classes]
    weights = sum((above + 1) * below for above, below in pairwise(units))
    numbers = 3 * job.replicates * weights + job.labelled * sum(units)
    passes: float = job.labelled
    if job.trains:
        batch = job.images
        if own["batch"] == "mini":
            batch = min(batch, own["per_class"] * job.classes)
        updates = min(own["max_updates"], 5 * own["patience"])
        # Forwards, and backwards to weights and to what came in.
        passes = updates * (3 * batch + job.labelled / own["validate_every"])
        numbers += job.held * (job.images + job.labelled) * job.pixels  # standardised
    return Needs(3e-11 * job.replicates * passes * weights, numbers)


def _standardisation(train: Subset, wanted: bool) -> tuple[Floats, Floats]:
    """Mean and deviation of each replicate's training pixels, or 0 and 1; shapes (R,)."""
    replicates = len(train.place)
    if not wanted:
        return np.zeros(replicates, np.float32), np.ones(replicates, np.float32)
    own = (train.images[rows] for rows in (train.place[:1] if train.shared else train.place))
    both = np.array([[p.mean(dtype=np.float64), p.std(dtype=np.float64)] for p in own])
    both[both[:, 1] == 0, 1] = 1.0
    mean, deviation = np.broadcast_to(both, (replicates, 2)).T.astype(np.float32)
    return mean, deviation


def _standardised(subset: Subset, stack: slice, mean: Floats, deviation: Floats) -> Floats:
    """Pixels of a stack's replicates, and ones, (R, n, d + 1); shared ones are held once."""
    place = subset.place[stack]
    own = place[:1] if subset.shared else place
    x = np.ones((*own.shape, subset.images.shape[1] + 1), np.float32)
    for images, rows, *both in zip(x, own, mean[stack], deviation[stack], strict=False):
        np.subtract(subset.images[rows], both[0], out=images[:, :-1])
        images[:, :-1] /= both[1]
    return np.broadcast_to(x, (*place.shape, x.shape[-1]))


def _initial(
    rngs: list[np.random.Generator],
    sizes: list[int],
    protocol: Protocol,
    hyperparameters: Mapping[str, Any],
) -> list[Floats]:
    """Initial weights with the biases last; each (R, outputs, inputs + 1)."""
    drawn = [
        [
            joined(*protocol.initialise(rng, fan_in, fan_out, hyperparameters))
            for fan_in, fan_out in pairwise(sizes)
        ]
        for rng in rngs
    ]
    return [np.stack(layer) for layer in zip(*drawn, strict=True)]

"""The linear classifier and the network of LeCun et al. 1998: a family for config/lecun.yaml.

LeCun, Bottou, Bengio and Haffner: Gradient-based learning applied to document recognition.

Stochastic gradient descent from their initialisation, with their squashing function A tanh(S a),
A = 1.7159 and S = 2/3, and targets ±1. The squared error can be replaced by cross-entropy, and the
squashed outputs of the squared error by plain ones, to see what either changes. They took one
image at a time, and this takes ten.
"""

from itertools import pairwise

import numpy as np

from fewpixels.models import Cost, Fit, Prediction, top_and_margin

HYPERPARAMETERS = {
    "type": "object",
    "additionalProperties": False,
    "required": ["hidden", "loss", "learning_rate", "epochs"],
    "properties": {
        "hidden": {
            "description": "units in the hidden layer; 0 for none",
            "type": "integer",
            "minimum": 0,
        },
        "loss": {
            "description": "squared error of plain or of squashed outputs, or cross-entropy",
            "enum": ["squared", "squashed", "cross-entropy"],
        },
        "learning_rate": {
            "description": "step of gradient descent, for the mean over a mini-batch",
            "type": "number",
            "exclusiveMinimum": 0,
        },
        "epochs": {
            "description": "visits to every training image",
            "type": "integer",
            "minimum": 1,
        },
    },
}

BATCH = 10
A, S = 1.7159, 2 / 3


def fit(train, validation, hyperparameters, *, streams):
    """Train each replicate's layers; validation images are not looked at."""
    found = [
        _descend(train.x[r], train.y[r], train.classes, hyperparameters, streams.own(r))
        for r in range(len(train.y))
    ]
    names = [f"{name}{i}" for i in range(len(found[0])) for name in ("w", "b")]
    arrays = [[array for layer in own for array in layer] for own in found]
    return Fit(dict(zip(names, map(np.stack, zip(*arrays, strict=True)), strict=True)))


def predict(parameters, hyperparameters, train, x):
    """Label images by the largest output."""
    last = len(parameters) // 2 - 1
    out = _scaled(x)
    for i in range(last + 1):
        out = out @ parameters[f"w{i}"] + parameters[f"b{i}"]
        if i < last:
            out = _squash(out)
    # A squashing function does not change which output is the largest.
    return Prediction(*top_and_margin(out))


def cost(parameters, hyperparameters, images, pixels):
    """Count all numbers, and for a label a product with each weight and each pixel's scaling."""
    shapes = [array.shape for array in parameters.values()]
    replicates = shapes[0][0]
    weights = sum(
        a * b for name, (_, a, b) in zip(parameters, shapes, strict=True) if name[0] == "w"
    )
    numbers = sum(a * b for _, a, b in shapes)
    return Cost.equal(replicates, numbers, pixels + weights, 4 * numbers)


def _scaled(x):
    """White is −0.1 and black 1.175, so that the mean is about 0 (section II.B)."""
    return x * np.float32(1.275 / 255) - np.float32(0.1)


def _squash(a):
    return np.float32(A) * np.tanh(np.float32(S) * a)


def _descend(x, y, classes, hyperparameters, rng):
    loss, step = hyperparameters["loss"], np.float32(hyperparameters["learning_rate"] / BATCH)
    x = _scaled(x)
    targets = np.where(y[:, None] == np.arange(classes), 1, -1).astype(np.float32)
    sizes = [x.shape[1], *[hyperparameters["hidden"]] * (hyperparameters["hidden"] > 0), classes]
    layers = []
    for inputs, outputs in pairwise(sizes):
        w = rng.uniform(-2.4 / inputs, 2.4 / inputs, (inputs, outputs)).astype(np.float32)
        layers.append((w, np.zeros((1, outputs), np.float32)))
    for _ in range(hyperparameters["epochs"]):
        order = rng.permutation(len(x))
        for start in range(0, len(x), BATCH):
            rows = order[start : start + BATCH]
            values = [x[rows]]
            for i, (w, b) in enumerate(layers):
                out = values[-1] @ w + b
                values.append(_squash(out) if i < len(layers) - 1 else out)
            delta = _gradient(values.pop(), targets[rows], loss)
            for w, b in reversed(layers):
                value = values.pop()
                below = delta @ w.T
                w -= step * (value.T @ delta)
                b -= step * delta.sum(axis=0)
                # The derivative of A tanh(S a) in terms of its value.
                delta = below * np.float32(S / A) * (np.float32(A**2) - value**2)
    return layers


def _gradient(out, targets, loss):
    """Of the loss, by the outputs before they are squashed."""
    if loss == "cross-entropy":
        shares = np.exp(out - out.max(axis=1, keepdims=True))
        return shares / shares.sum(axis=1, keepdims=True) - (targets > 0)
    if loss == "squared":
        return out - targets
    squashed = _squash(out)
    return (squashed - targets) * np.float32(S / A) * (np.float32(A**2) - squashed**2)

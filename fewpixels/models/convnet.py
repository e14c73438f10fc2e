"""Convolutional networks: two convolutions and a linear layer, trained by PyTorch's autograd.

Replicates train one after another, each as if it were alone. Importing this file does not import
PyTorch, which takes a second and is not everywhere.

Some hyperparameters can differ by the size of the images: ``{1px: 0.1, 7px: 0.4}`` is 0.1 below 7
pixels a side, and 0.4 from there on. Defaults are good for some hundred images, as validation says;
with distorted copies, a ``weight_decay`` of 0.01 is better.
"""

from collections.abc import Mapping
from math import isqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fewpixels.arrays import Floats
from fewpixels.contract import Cost, Fit, Job, Needs, Prediction, top_and_margin
from fewpixels.images.subset import Subset
from fewpixels.networks.convolutions import convolutions
from fewpixels.streams import Streams

HYPERPARAMETERS = {
    "type": "object",
    "additionalProperties": False,
    "$defs": {
        "size": {
            "description": "the least pixels a side, as in 7px",
            "pattern": "^[1-9][0-9]*px(?!\\n)$",
        },
    },
    "properties": {
        "filters": {
            "description": "of the first convolution; the second has twice as many; can be by size",
            "type": ["integer", "object"],
            "minimum": 1,
            "maximum": 1024,
            "minProperties": 1,
            "propertyNames": {"$ref": "#/$defs/size"},
            "additionalProperties": {"type": "integer", "minimum": 1, "maximum": 1024},
            "default": 16,
        },
        "epochs": {
            "description": "passes over all images, distorted copies among them; can be by size",
            "type": ["integer", "object"],
            "minimum": 1,
            "minProperties": 1,
            "propertyNames": {"$ref": "#/$defs/size"},
            "additionalProperties": {"type": "integer", "minimum": 1},
            "default": 30,
        },
        "batch_size": {
            "description": "images of an update; can be by size",
            "type": ["integer", "object"],
            "minimum": 1,
            "minProperties": 1,
            "propertyNames": {"$ref": "#/$defs/size"},
            "additionalProperties": {"type": "integer", "minimum": 1},
            "default": 50,
        },
        "learning_rate": {
            "description": "at the peak of its one cycle",
            "type": "number",
            "exclusiveMinimum": 0,
            "default": 0.01,
        },
        "weight_decay": {
            "description": "share of each weight lost at a rate of 1; can be by size",
            "type": ["number", "object"],
            "minimum": 0,
            "minProperties": 1,
            "propertyNames": {"$ref": "#/$defs/size"},
            "additionalProperties": {"type": "number", "minimum": 0},
            "default": {"1px": 0.3, "14px": 1.0},
        },
        "dropout": {
            "description": "share of the second convolution's units left out; can be by size",
            "type": ["number", "object"],
            "minimum": 0,
            "exclusiveMaximum": 1,
            "minProperties": 1,
            "propertyNames": {"$ref": "#/$defs/size"},
            "additionalProperties": {"type": "number", "minimum": 0, "exclusiveMaximum": 1},
            "default": {"1px": 0.1, "7px": 0.4},
        },
        "label_smoothing": {
            "description": "share of an image's label that is spread over all classes",
            "type": "number",
            "minimum": 0,
            "exclusiveMaximum": 1,
            "default": 0.1,
        },
        "device": {
            "description": "what computes; a GPU's rounding can change a label of 500",
            "enum": ["cpu", "cuda"],
            "default": "cpu",
        },
    },
}

PACKAGES = ["torch"]
ITERATES = True

# Images labelled at a time: what their units take fits a cache.
_BLOCK = 100


def fit(
    train: Subset,
    validation: Subset,
    hyperparameters: Mapping[str, Any],
    *,
    streams: Streams,
) -> Fit:
    """Train one network for each replicate; the last weights are kept.

    Parameters
    ----------
    train, validation : Subset
        (R, n, d) and (R, m, d) images; d is a square.
    hyperparameters : mapping
        As `HYPERPARAMETERS` says, defaults filled in.
    streams : Streams
        Initial weights, orders and what is dropped come from the cell's own stream.

    Returns
    -------
    Fit
        ``parameters``, float32: ``w0, b0, w1, b1`` of the convolutions, (R, outputs, inputs,
        kernel, kernel) and (R, outputs); ``w2, b2`` of the last layer, (R, C, units) and (R, C);
        and ``mean``, ``deviation`` (R,), which standardise the pixels. ``updates`` and the steps of
        ``history`` are epochs. See `fewpixels.networks.autograd.train`.
    """
    import torch

    from fewpixels.networks.autograd import Images, shapes
    from fewpixels.networks.autograd import train as trained

    own = _at(isqrt(train.images.shape[1]), hyperparameters)
    layers = convolutions(isqrt(train.images.shape[1]), own["filters"])
    replicates, classes = len(train.place), train.classes
    standards = _standardisation(train)
    held = [
        [torch.tensor(array, device=own["device"]) for array in (subset.images, subset.labels)]
        for subset in (train, validation)
    ]
    found = [np.empty((replicates, *shape), np.float32) for shape in shapes(layers, classes)]
    updates = np.zeros(replicates, np.int64)
    history: list[list[Any]] = []
    for r in range(replicates):
        images, judging = (
            Images(pixels, labels, torch.tensor(subset.place[r]).to(pixels.device), *standards[r])
            for subset, (pixels, labels) in zip((train, validation), held, strict=True)
        )
        weights, rows = trained(images, judging, layers, classes, own, streams.own(r))
        for array, weight in zip(found, weights, strict=True):
            array[r] = weight
        updates[r] = len(rows)
        history.extend([r, *row] for row in rows)
    parameters = dict(zip(("mean", "deviation"), standards.T, strict=True))
    parameters |= {f"{'wb'[i % 2]}{i // 2}": weight for i, weight in enumerate(found)}
    return Fit(parameters, updates, history)


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
        Only ``device`` matters.
    train : Subset
        Not used.
    x : ndarray of float32, shape (R, n, d) or (n, d)
        Images of each replicate, or images that all replicates share.

    Returns
    -------
    Prediction
        The margin is a difference of logits.
    """
    import torch

    from fewpixels.networks.autograd import forward

    device = hyperparameters["device"]
    layers = convolutions(isqrt(x.shape[-1]), parameters["w0"].shape[1])
    names = [f"{kind}{i}" for i in range(3) for kind in "wb"]
    replicates = len(parameters["w0"])
    x = np.broadcast_to(x, (replicates, *x.shape[-2:]))
    labels = np.empty(x.shape[:2], np.int64)
    margin = np.empty(x.shape[:2], np.float32)
    for r in range(replicates):
        weights = [torch.tensor(parameters[name][r], device=device) for name in names]
        mean, deviation = parameters["mean"][r], parameters["deviation"][r]
        for first in range(0, x.shape[1], _BLOCK):
            block = r, slice(first, first + _BLOCK)
            own = torch.tensor((x[block] - mean) / deviation, device=device)
            with torch.no_grad():
                logits = forward(own, weights, layers).cpu().numpy()
            labels[block], margin[block] = top_and_margin(logits)
    return Prediction(labels, margin)


def lacks(hyperparameters: Mapping[str, Any]) -> str:
    """Say that this machine has no GPU, if one is to compute.

    Parameters
    ----------
    hyperparameters : mapping
        Only ``device`` matters.

    Returns
    -------
    str
        Empty where nothing is lacking.
    """
    if hyperparameters["device"] != "cuda":
        return ""
    import torch

    if torch.cuda.is_available():
        return ""
    return (
        "found device: cuda, but PyTorch finds no GPU here; set device: cpu, or on a machine with "
        "a GPU install the build for it: make TORCH=cuda"
    )


def cost(
    parameters: Mapping[str, NDArray[Any]],
    hyperparameters: Mapping[str, Any],
    images: int,
    pixels: int,
) -> Cost:
    """Count the products of all filters and of the last layer, and a quotient for each pixel.

    Parameters
    ----------
    parameters : mapping
        Of a `Fit`.
    hyperparameters : mapping
        Not used.
    images, pixels : int
        Training images of a replicate, and pixels of an image.

    Returns
    -------
    Cost
        Products with the zeros around an image do not count.
    """
    layers = convolutions(isqrt(pixels), parameters["w0"].shape[1])
    products = sum(layer.multiplications for layer in layers) + parameters["w2"][0].size
    kept = sum(p[0].size for p in parameters.values())
    return Cost.equal(len(parameters["w0"]), kept, products + pixels, 4 * kept)


def needs(job: Job) -> Needs:
    """Estimate by the products of all passes, and what an update takes besides."""
    own = _at(isqrt(job.pixels), job.hyperparameters)
    layers = convolutions(isqrt(job.pixels), own["filters"])
    products = sum(layer.multiplications for layer in layers) + job.classes * layers[-1].units
    passes, updates = float(job.labelled), 0.0
    batch = min(own["batch_size"], job.images)
    if job.trains:
        updates = own["epochs"] * job.images / batch
        # Forwards, and backwards to weights and to what came in.
        passes = own["epochs"] * (3 * job.images + job.labelled)
    seconds = 1 + job.replicates * (5e-11 * passes * products + 1e-3 * updates)
    units = sum(layer.units for layer in layers)
    weights = sum(layer.inputs * layer.outputs * layer.kernel**2 for layer in layers)
    weights += job.classes * layers[-1].units
    # PyTorch itself, images as tensors, units of a batch, and the weights of all replicates.
    numbers = 2e7 + job.held * job.images * job.pixels / 2 + 4 * batch * units
    return Needs(seconds, numbers + job.replicates * weights)


def _at(side: int, hyperparameters: Mapping[str, Any]) -> dict[str, Any]:
    """Hyperparameters for images of so many pixels a side."""

    def own(value: Any) -> Any:
        if not isinstance(value, Mapping):
            return value
        starts = sorted((int(name.removesuffix("px")), each) for name, each in value.items())
        return [each for i, (start, each) in enumerate(starts) if start <= side or i == 0][-1]

    return {name: own(value) for name, value in hyperparameters.items()}


def _standardisation(train: Subset) -> Floats:
    """Mean and deviation of each replicate's training pixels, (R, 2)."""
    # Of each image once; replicates share most of them.
    sums = train.images.mean(axis=1, dtype=np.float64)
    pixels = train.images.shape[1]
    squares = np.einsum("ud,ud->u", train.images, train.images, dtype=np.float64) / pixels
    mean = sums[train.place].mean(axis=1)
    variance = np.maximum(squares[train.place].mean(axis=1) - mean**2, 0)
    deviation = np.sqrt(variance)
    deviation[deviation == 0] = 1.0
    return np.stack([mean, deviation], axis=1).astype(np.float32)

"""What tests of networks share: torch's forward pass and loss, small images, short training."""

import numpy as np
from helpers import deal
from pytorch import torch

from fewpixels.images.subset import Subset
from fewpixels.models.mlp import fit
from fewpixels.streams import Streams

STREAMS = Streams(5, "unit", "3/mlp")
CLASSES, TRAIN, VALIDATION = 4, 12, 6
PUBLISHED = {"protocol": "published", "learning_rate": 0.02, "patience": 6}
REMEDIED = {"protocol": "remedied", "learning_rate": 1.0, "patience": 6}


def images(seed, replicates=3, noise=60.0, spoilt=0):
    """3 × 3 grey images; `spoilt` validation images of each replicate get a wrong label."""
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.repeat(np.arange(CLASSES), 30))
    prototypes = rng.uniform(0, 255, (CLASSES, 9))
    pool = np.clip(prototypes[labels] + rng.normal(0, noise, (len(labels), 9)), 0, 255)
    train, validation = deal([rng] * replicates, pool, labels, TRAIN, VALIDATION)
    y = validation.y.copy()
    y[:, :spoilt] = (y[:, :spoilt] + 1) % CLASSES
    ids = np.arange(y.size, dtype=np.int32).reshape(y.shape)  # an image can have two labels now
    validation = Subset.of(validation.x, y, ids)
    return train, validation


def settings(**values):
    return {
        "layers": 3,
        "width": 6,
        "activation": "atan",
        "batch": "full",
        "per_class": 5,
        "init_range": 1.0,
        "max_updates": 60,
        "validate_every": 1,
        **values,
    }


def train_all(train, validation, options, streams=STREAMS):
    return fit(train, validation, options, streams=streams)


def weights_of(parameters, r):
    layers = sum(name.startswith("w") for name in parameters)
    return [torch.tensor(parameters[f"{k}{i}"][r]).double() for i in range(layers) for k in "wb"]


def initial(train, validation, options):
    """Initial parameters: those after one update whose step vanishes beside any weight."""
    return train_all(
        train, validation, options | {"learning_rate": 1e-30, "max_updates": 1}
    ).parameters


def torch_logits(x, weights, activation):
    h = x
    for i in range(0, len(weights), 2):
        z = h @ weights[i] + weights[i + 1]
        h = getattr(torch, activation)(z) if i + 2 < len(weights) else z
    return h


def torch_loss(logits, y, clamp):
    """Summed over the images; one value for each replicate."""
    if clamp:
        p = torch.softmax(logits, -1).gather(-1, y[..., None])
        return -torch.log(p + float(clamp)).sum((-2, -1))
    flat = torch.nn.functional.cross_entropy(logits.flatten(0, 1), y.flatten(), reduction="none")
    return flat.reshape(y.shape).sum(-1)

"""How networks are initialised, trained and stopped: as published, and remedied."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from fewpixels.arrays import Floats


@dataclass(frozen=True)
class Protocol:
    """What the two protocols do differently.

    Attributes
    ----------
    standardise : bool
        Subtract the replicate's mean training pixel and divide by its deviation.
    initialise : callable
        ``(rng, fan_in, fan_out, hyperparameters) -> weights, biases``.
    clamp : float32
        Added to the probability p of the true class: the loss is -log(p + clamp), whose
        gradient vanishes where p does.
    by_class : bool
        Divide the summed gradient by the images of one class, not by all of them.
    on_loss : bool
        Stop on validation loss, not on validation accuracy.
    counts_best : bool
        Patience counts the best update itself.
    keeps_best : bool
        Keep the weights of the best validation result, not the last ones.
    exploded : float
        Training has diverged where the largest logit is this many times as large as before
        it, and as log C. Published ReLU networks grow by 2,000, and go on.
    """

    standardise: bool
    initialise: Callable[..., tuple[Floats, Floats]]
    clamp: np.float32
    by_class: bool
    on_loss: bool
    counts_best: bool
    keeps_best: bool
    exploded: float


def _uniform(
    rng: np.random.Generator, fan_in: int, fan_out: int, hyperparameters: Mapping[str, Any]
) -> tuple[Floats, Floats]:
    drawn = rng.uniform(-1.0, 1.0, (fan_in + 1, fan_out)) * hyperparameters["init_range"]
    return drawn[:-1].astype(np.float32), drawn[-1:].astype(np.float32)


def _scaled(
    rng: np.random.Generator, fan_in: int, fan_out: int, hyperparameters: Mapping[str, Any]
) -> tuple[Floats, Floats]:
    """He et al. (2015, eq. 10) for ReLU; else the variance of Glorot and Bengio (2010, eq. 12).

    Four times wider for the sigmoid, whose slope at 0 is a quarter of the arctangent's.
    """
    if hyperparameters["activation"] == "relu":
        deviation = np.sqrt(2.0 / fan_in)
    else:
        deviation = np.sqrt(2.0 / (fan_in + fan_out))
        if hyperparameters["activation"] == "sigmoid":
            deviation *= 4.0
    weights = (rng.standard_normal((fan_in, fan_out)) * deviation).astype(np.float32)
    return weights, np.zeros((1, fan_out), np.float32)


PROTOCOLS = {
    "published": Protocol(False, _uniform, np.float32(1e-8), True, False, True, False, 1e5),
    "remedied": Protocol(True, _scaled, np.float32(0), False, True, False, True, 100.0),
}

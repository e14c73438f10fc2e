"""Feed-forward networks: outputs, loss and gradient of a stack of replicates at once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fewpixels.arrays import Floats
from fewpixels.contract import Table


@dataclass(frozen=True)
class Activation:
    """A hidden unit's function, and its slope from its input z and its output h."""

    value: Callable[[Floats], Floats]
    slope: Callable[[Floats, Floats], Floats]


def _sigmoid(z: Floats) -> Floats:
    # By the hyperbolic tangent, which never overflows.
    return np.float32(0.5) * np.tanh(np.float32(0.5) * z) + np.float32(0.5)


ACTIVATIONS = {
    "relu": Activation(lambda z: np.maximum(z, 0), lambda z, h: (z > 0).astype(np.float32)),
    "atan": Activation(np.arctan, lambda z, h: np.reciprocal(1 + z * z)),
    "sigmoid": Activation(_sigmoid, lambda z, h: h * (1 - h)),
}


def forward(
    x: Floats, weights: list[Floats], activation: Activation
) -> tuple[list[Floats], list[Floats]]:
    """Outputs of the input layer and of every other (the last: logits), and their inputs."""
    outputs, inputs = [x], []
    for i in range(0, len(weights), 2):
        z = outputs[-1] @ weights[i]
        z += weights[i + 1]
        inputs.append(z)
        outputs.append(activation.value(z) if i + 2 < len(weights) else z)
    return outputs, inputs


def cross_entropy(
    logits: Floats, y: NDArray[np.int64], clamp: np.float32
) -> tuple[NDArray[np.float64], Floats]:
    """Mean of -log(p + clamp), p the softmax of the true class, and its summed gradient.

    Returns
    -------
    loss : ndarray of float64, shape (R,)
        Mean over the images.
    gradient : ndarray of float32, shape (R, n, C)
        Of the *sum* over the images, with respect to the logits.
    """
    shifted = logits - logits.max(axis=-1, keepdims=True)
    p = np.exp(shifted)
    total = p.sum(axis=-1, keepdims=True)
    p /= total
    true = y[..., None]
    p_true = np.take_along_axis(p, true, axis=-1)
    if clamp:
        losses = -np.log(p_true + clamp)
    else:
        losses = np.log(total) - np.take_along_axis(shifted, true, axis=-1)
    np.put_along_axis(p, true, p_true - 1, axis=-1)
    if clamp:
        p *= p_true / (p_true + clamp)
    return losses.mean(axis=(-2, -1), dtype=np.float64), p


def backpropagate(
    x: Floats,
    y: NDArray[np.int64],
    weights: list[Floats],
    activation: Activation,
    clamp: np.float32,
) -> tuple[NDArray[np.float64], list[Floats]]:
    """Mean loss of each replicate, and the gradient of its sum over the images."""
    outputs, inputs = forward(x, weights, activation)
    loss, flow = cross_entropy(outputs[-1], y, clamp)
    gradients: list[Floats] = []
    for layer in reversed(range(len(inputs))):
        gradients.append(flow.sum(axis=-2, keepdims=True))
        gradients.append(outputs[layer].swapaxes(-1, -2) @ flow)
        if layer:
            flow = flow @ weights[2 * layer].swapaxes(-1, -2)
            flow *= activation.slope(inputs[layer - 1], outputs[layer])
    return loss, gradients[::-1]


def diagnose(
    x: Floats,
    y: NDArray[np.int64],
    weights: list[Floats],
    activation: Activation,
    clamp: np.float32,
) -> Table:
    """Measure untrained networks on all training images.

    Parameters
    ----------
    x : ndarray of float32, shape (R, n, d)
    y : ndarray of int64, shape (R, n)
    weights : list of ndarray of float32
        Weights and biases, alternating, with the replicates first.
    activation : Activation
    clamp : float32
        Of the loss, see `cross_entropy`.

    Returns
    -------
    Table
        ``replicate, layer, quantity, value``; layers count from 1. ``input`` is the root
        mean square of what enters a layer's activation (of the output layer: the logits,
        which enter the softmax); ``gradient`` is the root mean square over the layer's
        weights of the gradient of the mean loss. Of the output layer, ``saturated`` is the
        share of images whose largest probability exceeds 0.999, and ``silent`` the share that
        is labelled wrongly and yet hardly moves any weight: no logit's gradient exceeds 0.001.
    """
    rows: list[list[Any]] = []
    for r in range(len(x)):
        own = [w[r] for w in weights]
        _, inputs = forward(x[r], own, activation)
        _, gradients = backpropagate(x[r], y[r], own, activation, clamp)
        for layer, (z, gradient) in enumerate(zip(inputs, gradients[::2], strict=True), start=1):
            rows.append([r, layer, "input", _root_mean_square(z)])
            rows.append([r, layer, "gradient", _root_mean_square(gradient) / len(x[r])])
        logits = inputs[-1]
        top = 1 / np.exp(logits - logits.max(axis=-1, keepdims=True)).sum(axis=-1)
        rows.append([r, layer, "saturated", float((top > 0.999).mean())])
        push = np.abs(cross_entropy(logits, y[r], clamp)[1]).max(axis=-1)
        silent = (logits.argmax(axis=-1) != y[r]) & (push <= 0.001)
        rows.append([r, layer, "silent", float(silent.mean())])
    return ["replicate", "layer", "quantity", "value"], rows


def _root_mean_square(values: Floats) -> float:
    return float(np.sqrt(np.square(values, dtype=np.float64).mean()))

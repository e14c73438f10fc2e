"""Feed-forward networks: outputs, loss and gradient of a stack of replicates at once.

Arrays hold units before images, so that all work of an element, of a row of ones and of a softmax
goes along contiguous images. The weights of a layer are one array, (R, outputs, inputs + 1): the
last column is the bias, and every layer gives its inputs a last row of ones.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fewpixels.arrays import Floats, Whole
from fewpixels.contract import Table


@dataclass(frozen=True)
class Activation:
    """A hidden unit's function, and its slope.

    Attributes
    ----------
    value : callable
        ``(z, h)`` writes the outputs for the inputs z to h.
    slope : callable
        ``(z, h)`` overwrites the inputs z, whose outputs are h, with the slope there.
    """

    value: Callable[[Floats, Floats], None]
    slope: Callable[[Floats, Floats], None]


def _relu(z: Floats, h: Floats) -> None:
    # NumPy compares with a row several times faster than with a number.
    np.maximum(z, np.zeros(z.shape[-1:], z.dtype), out=h)


def _relu_slope(z: Floats, h: Floats) -> None:
    np.greater(z, 0, out=z)


def _atan(z: Floats, h: Floats) -> None:
    np.arctan(z, out=h)


def _atan_slope(z: Floats, h: Floats) -> None:
    z *= z
    z += 1
    np.divide(1, z, out=z)


def _sigmoid(z: Floats, h: Floats) -> None:
    # By the hyperbolic tangent, which never overflows.
    np.multiply(z, 0.5, out=h)
    np.tanh(h, out=h)
    h *= 0.5
    h += 0.5


def _sigmoid_slope(z: Floats, h: Floats) -> None:
    np.subtract(1, h, out=z)
    z *= h


ACTIVATIONS = {
    "relu": Activation(_relu, _relu_slope),
    "atan": Activation(_atan, _atan_slope),
    "sigmoid": Activation(_sigmoid, _sigmoid_slope),
}


@dataclass(frozen=True)
class Signals:
    """Memory for what goes through a stack of networks; taking it anew costs a page fault each.

    Attributes
    ----------
    inputs : list of ndarray, shapes (R, units, n)
        Of each hidden and of the last layer: these are the logits.
    outputs : list of ndarray, shapes (R, units + 1, n)
        Of each hidden layer, and a last row of ones.
    """

    inputs: list[Floats]
    outputs: list[Floats]

    @classmethod
    def of(cls, weights: list[Floats], n: int) -> "Signals":
        """For n images through networks of these weights."""
        return cls(
            [np.empty((*w.shape[:2], n), w.dtype) for w in weights],
            [np.ones((len(w), w.shape[1] + 1, n), w.dtype) for w in weights[:-1]],
        )

    def of_first(self, replicates: int) -> "Signals":
        """Those of the first so many replicates."""
        return Signals(
            [z[:replicates] for z in self.inputs], [h[:replicates] for h in self.outputs]
        )


def joined(weights: Floats, biases: Floats) -> Floats:
    """Weights (..., inputs, outputs) and biases (..., 1, outputs) as one array of a layer."""
    return np.concatenate([weights, biases], axis=-2).swapaxes(-1, -2).copy()


def with_ones(x: Floats) -> Floats:
    """Images (..., n, d) as a network takes them: with a last column of ones."""
    extended = np.ones((*x.shape[:-1], x.shape[-1] + 1), x.dtype)
    extended[..., :-1] = x
    return extended


def forward(x: Floats, weights: list[Floats], activation: Activation, signals: Signals) -> Floats:
    """Let images through a stack of networks.

    Parameters
    ----------
    x : ndarray, shape (R, n, d + 1)
        Images of each replicate, with a last column of ones.
    weights : list of ndarray, shapes (R, outputs, inputs + 1)
    activation : Activation
    signals : Signals
        Of n images; overwritten.

    Returns
    -------
    ndarray, shape (R, C, n)
        Logits: the last of ``signals.inputs``.
    """
    below = x.swapaxes(-1, -2)
    for w, z, h in zip(weights, signals.inputs, [*signals.outputs, None], strict=True):
        np.matmul(w, below, out=z)
        if h is not None:
            activation.value(z, h[:, :-1])
            below = h
    return z


def places(y: Whole, classes: int) -> Whole:
    """Where the logits of the true classes are, in an array (R, C, n) made flat; y is (R, n)."""
    replicates, n = y.shape
    return (np.arange(replicates)[:, None] * classes + y) * n + np.arange(n)


def cross_entropy(
    logits: Floats, true: Whole, clamp: np.float32
) -> tuple[NDArray[np.float64], Floats]:
    """Mean of -log(p + clamp), p the softmax of the true class, and its summed gradient.

    Parameters
    ----------
    logits : ndarray, shape (R, C, n)
    true : ndarray of int64, shape (R, n)
        `places` of the true classes.
    clamp : float32

    Returns
    -------
    loss : ndarray of float64, shape (R,)
        Mean over the images.
    gradient : ndarray of float32, shape (R, C, n)
        Of the *sum* over the images, with respect to the logits.
    """
    shifted = logits - logits.max(axis=1, keepdims=True)
    p = np.exp(shifted)
    total = p.sum(axis=1, keepdims=True)
    p /= total
    p_true = p.take(true)
    p.put(true, p_true - 1)
    if clamp:
        losses = -np.log(p_true + clamp)
        p *= (p_true / (p_true + clamp))[:, None]
    else:
        losses = np.log(total[:, 0]) - shifted.take(true)
    return losses.mean(axis=-1, dtype=np.float64), p


def backpropagate(
    x: Floats,
    true: Whole,
    weights: list[Floats],
    activation: Activation,
    clamp: np.float32,
    signals: Signals,
) -> tuple[NDArray[np.float64], list[Floats]]:
    """Mean loss of each replicate, and the gradient of its sum over the images.

    Parameters as of `forward` and `cross_entropy`; a gradient has the shape of its weights.
    """
    loss, flow = cross_entropy(forward(x, weights, activation, signals), true, clamp)
    gradients: list[Floats] = []
    for w, z, h in zip(weights[:0:-1], signals.inputs[-2::-1], signals.outputs[::-1], strict=True):
        gradients.append(flow @ h.swapaxes(-1, -2))
        h = h[:, :-1]
        activation.slope(z, h)
        # Outputs are not needed any more, and what flows back has their shape.
        flow = np.matmul(w[..., :-1].swapaxes(-1, -2), flow, out=h)
        flow *= z
    gradients.append(flow @ x)
    return loss, gradients[::-1]


def diagnose(
    x: Floats,
    y: Whole,
    weights: list[Floats],
    activation: Activation,
    clamp: np.float32,
) -> Table:
    """Measure untrained networks on all training images.

    Parameters
    ----------
    x : ndarray of float32, shape (R, n, d + 1)
        Images, with a last column of ones.
    y : ndarray of int64, shape (R, n)
    weights : list of ndarray of float32
        As `forward` takes them.
    activation : Activation
    clamp : float32
        Of the loss, see `cross_entropy`.

    Returns
    -------
    Table
        ``replicate, layer, quantity, value``; layers count from 1. ``input`` is the root
        mean square of what enters a layer's activation (of the output layer: the logits,
        which enter the softmax); ``gradient`` is the root mean square over the layer's
        weights, without biases, of the gradient of the mean loss. Of the output layer,
        ``saturated`` is the share of images whose largest probability exceeds 0.999, and
        ``silent`` the share that is labelled wrongly and yet hardly moves any weight: no
        logit's gradient exceeds 0.001.
    """
    rows: list[list[Any]] = []
    signals = Signals.of([w[:1] for w in weights], x.shape[1])
    for r in range(len(x)):
        images, labels, own = x[r : r + 1], y[r : r + 1], [w[r : r + 1] for w in weights]
        true = places(labels, own[-1].shape[1])
        logits = forward(images, own, activation, signals)
        inputs = [_root_mean_square(z) for z in signals.inputs]
        gradients = backpropagate(images, true, own, activation, clamp, signals)[1]
        for layer, (size, gradient) in enumerate(zip(inputs, gradients, strict=True), start=1):
            rows.append([r, layer, "input", size])
            size = _root_mean_square(gradient[..., :-1]) / labels.size
            rows.append([r, layer, "gradient", size])
        top = 1 / np.exp(logits - logits.max(axis=1, keepdims=True)).sum(axis=1)
        rows.append([r, layer, "saturated", float((top > 0.999).mean())])
        push = np.abs(cross_entropy(logits, true, clamp)[1]).max(axis=1)
        silent = (logits.argmax(axis=1) != labels) & (push <= 0.001)
        rows.append([r, layer, "silent", float(silent.mean())])
    return ["replicate", "layer", "quantity", "value"], rows


def _root_mean_square(values: Floats) -> float:
    return float(np.sqrt(np.square(values, dtype=np.float64).mean()))

"""Convolutional networks in PyTorch: their outputs, and how one is trained."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, isfinite, pi, prod
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import conv2d, cross_entropy, linear, relu

from fewpixels.arrays import Floats
from fewpixels.networks.convolutions import Convolution

# Sums of several threads depend on how many there are.
torch.set_num_threads(1)
# On a GPU, all bits of float32 count too.
torch.backends.cudnn.allow_tf32 = False

Shapes = Sequence[tuple[int, ...]]


@dataclass(frozen=True)
class Images:
    """Standardised images of one replicate, as rows of those of all replicates.

    Attributes
    ----------
    pixels : Tensor of float32, shape (U, d)
    labels : Tensor of int64, shape (U,)
    rows : Tensor of int64, shape (n,)
    mean, deviation : float
        Standardise the pixels.
    """

    pixels: Tensor
    labels: Tensor
    rows: Tensor
    mean: float
    deviation: float

    def at(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        """Standardised pixels and labels of some rows."""
        return (self.pixels[rows] - self.mean) / self.deviation, self.labels[rows]


def shapes(layers: Sequence[Convolution], classes: int) -> list[tuple[int, ...]]:
    """Shapes of weights and biases, alternating: of the convolutions, and of the last layer."""
    found: list[tuple[int, ...]] = []
    for layer in layers:
        found += [(layer.outputs, layer.inputs, layer.kernel, layer.kernel), (layer.outputs,)]
    return [*found, (classes, layers[-1].units), (classes,)]


def initial(sizes: Shapes, generator: torch.Generator) -> Tensor:
    """Draw all weights in one row: normal, with zero biases.

    Their variance is 2 / fan-in before a ReLU (He et al. 2015, eq. 10), and 1 / fan-in before the
    softmax.
    """
    drawn = []
    for weight, bias in zip(sizes[::2], sizes[1::2], strict=True):
        gain = 1 if weight is sizes[-2] else 2
        deviation = (gain / prod(weight[1:])) ** 0.5
        drawn.append(torch.randn(prod(weight), generator=generator) * deviation)
        drawn.append(torch.zeros(bias))
    return torch.cat(drawn)


def unpacked(row: Tensor, sizes: Shapes) -> list[Tensor]:
    """Weights and biases, as views of one row of numbers."""
    parts = torch.split(row, [prod(shape) for shape in sizes])
    return [part.view(shape) for part, shape in zip(parts, sizes, strict=True)]


def forward(
    x: Tensor, weights: Sequence[Tensor], layers: Sequence[Convolution], kept: Tensor | None = None
) -> Tensor:
    """Compute the logits of images.

    Parameters
    ----------
    x : Tensor, shape (n, d)
        Standardised images.
    weights : sequence of Tensor
        Weights and biases, alternating, of the `shapes` of the layers.
    layers : sequence of Convolution
    kept : Tensor, shape (n, units), optional
        What the units of the last convolution are multiplied by.

    Returns
    -------
    Tensor, shape (n, C)
    """
    h = x.view(-1, 1, layers[0].side, layers[0].side)
    for layer, weight, bias in zip(layers, weights[:-2:2], weights[1:-2:2], strict=True):
        h = relu(conv2d(h, weight, bias, layer.stride, layer.padding))
    h = h.flatten(1)
    return linear(h if kept is None else h * kept, weights[-2], weights[-1])


class AdamW:
    """Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2).

    Of `torch.optim` alone, the first step takes two seconds of imports.
    """

    BETAS = 0.9, 0.999
    EPSILON = 1e-8

    def __init__(self, weights: Tensor, decay: float) -> None:
        self.weights, self.decay, self.steps = weights, decay, 0
        self.mean, self.square = torch.zeros_like(weights), torch.zeros_like(weights)

    @torch.no_grad()
    def step(self, gradient: Tensor, rate: float) -> None:
        """Change the weights, in place."""
        self.steps += 1
        first, second = self.BETAS
        self.mean.lerp_(gradient, 1 - first)
        self.square.mul_(second).addcmul_(gradient, gradient, value=1 - second)
        spread = (self.square / (1 - second**self.steps)).sqrt_().add_(self.EPSILON)
        self.weights.mul_(1 - rate * self.decay)
        self.weights.addcdiv_(self.mean, spread, value=-rate / (1 - first**self.steps))


def cycle(done: float) -> float:
    """Share of the peak of the learning rate, where a share of the updates is done.

    One cycle (Smith and Topin 2019), along cosines: from 1/25 up for three tenths of the updates,
    then down to 0.
    """
    if done < 0.3:
        return 0.52 - 0.48 * cos(pi * done / 0.3)
    return 0.5 + 0.5 * cos(pi * (done - 0.3) / 0.7)


def train(
    images: Images,
    validation: Images,
    layers: Sequence[Convolution],
    classes: int,
    hyperparameters: Mapping[str, Any],
    rng: np.random.Generator,
) -> tuple[list[Floats], list[list[Any]]]:
    """Train the network of one replicate.

    Parameters
    ----------
    images, validation : Images
        On the device that trains.
    layers : sequence of Convolution
    classes : int
    hyperparameters : mapping
        Of `fewpixels.models.convnet`, for images of this size.
    rng : Generator
        Seeds the initial weights, the order of the images and what is dropped: drawn on the
        processor, so that a GPU trains on the same numbers.

    Returns
    -------
    weights : list of ndarray of float32
        The last ones, of the `shapes` of the layers; NaN if training diverged.
    history : list of rows
        ``[epoch, loss, validation_accuracy]``. ``loss`` is the mean over the epoch's images, each
        before the update that it is part of; the accuracy is measured after the epoch. Training
        has diverged, and stops, where either is not finite.
    """
    device = images.pixels.device
    generator = torch.Generator().manual_seed(int(rng.integers(2**63)))
    sizes = shapes(layers, classes)
    row = initial(sizes, generator).to(device).requires_grad_()
    optimiser = AdamW(row, hyperparameters["weight_decay"])
    epochs, batch = hyperparameters["epochs"], hyperparameters["batch_size"]
    n, remaining = len(images.rows), 1 - hyperparameters["dropout"]
    updates = epochs * -(-n // batch)
    history: list[list[Any]] = []
    for epoch in range(1, epochs + 1):
        # Every image once, in a new order.
        total = torch.zeros((), device=device)
        order = images.rows[torch.randperm(n, generator=generator).to(device)]
        for rows in torch.split(order, batch):
            x, y = images.at(rows)
            kept = None
            if remaining < 1:
                kept = torch.rand(len(x), layers[-1].units, generator=generator)
                kept = kept.lt_(remaining).div_(remaining).to(device)
            logits = forward(x, unpacked(row, sizes), layers, kept)
            loss = cross_entropy(logits, y, label_smoothing=hyperparameters["label_smoothing"])
            (gradient,) = torch.autograd.grad(loss, row)
            done = (optimiser.steps + 0.5) / updates
            optimiser.step(gradient, hyperparameters["learning_rate"] * cycle(done))
            total += len(x) * loss.detach()

        # How good it is on validation, and whether it got lost.
        with torch.no_grad():
            x, y = validation.at(validation.rows)
            logits = forward(x, unpacked(row, sizes), layers)
        finite = isfinite(total) and bool(logits.isfinite().all())
        correct = float((logits.argmax(1) == y).double().mean()) if finite else np.nan
        history.append([epoch, float(total) / n, correct])
        if not finite:
            row = torch.full_like(row, torch.nan)
            break
    return [weight.numpy() for weight in unpacked(row.detach().cpu(), sizes)], history

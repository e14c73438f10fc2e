"""A convolutional network as plain loops in NumPy, which count their products."""

from math import isqrt

import numpy as np

NAMES = ["w0", "b0", "w1", "b1", "w2", "b2"]


def strides(side):
    """Of the two convolutions, by the side of the images."""
    return [2 if side >= 10 else 1, 2 if side >= 20 else 1]


def kernels(side):
    return [5 if side >= 10 else 3, 3]


def drawn(rng, side, filters, classes, replicates=2):
    """Parameters with small whole numbers, so that all arithmetic is exact."""
    shown = side
    for stride in strides(side):
        shown = -(-shown // stride)
    first, second = kernels(side)
    shapes = [
        (filters, 1, first, first), (filters,), (2 * filters, filters, second, second),
        (2 * filters,), (classes, 2 * filters * shown**2), (classes,),
    ]  # fmt: skip
    parameters = {
        name: rng.integers(-2, 3, (replicates, *shape)).astype(np.float32)
        for name, shape in zip(NAMES, shapes, strict=True)
    }
    parameters["mean"] = np.full(replicates, 2, np.float32)
    return parameters | {"deviation": np.full(replicates, 4, np.float32)}


def convolve(x, weight, bias, stride):
    """Outputs of images (C, s, s) and the products; a filter is cut off where the image ends."""
    side, kernel = x.shape[1], weight.shape[-1]
    shown, products = -(-side // stride), 0
    out = np.empty((len(weight), shown, shown), x.dtype)
    for i, j in np.ndindex(shown, shown):
        top, left = (k * stride - kernel // 2 for k in (i, j))
        rows, columns = (slice(max(k, 0), min(k + kernel, side)) for k in (top, left))
        part = x[:, rows, columns]
        own = weight[
            :, :, rows.start - top : rows.stop - top, columns.start - left : columns.stop - left
        ]
        out[:, i, j] = (own * part).sum(axis=(1, 2, 3)) + bias
        products += own.size
    return out, products


def forward(image, parameters, r):
    """Logits of one image (d,) by replicate r in float64, and the products that they took."""
    weights = [parameters[name][r].astype(np.float64) for name in NAMES]
    side = isqrt(len(image))
    h = (image.astype(np.float64) - parameters["mean"][r]) / parameters["deviation"][r]
    h, total = h.reshape(1, side, side), image.size
    for stride, weight, bias in zip(strides(side), weights[:4:2], weights[1:4:2], strict=True):
        h, products = convolve(h, weight, bias, stride)
        h, total = np.maximum(h, 0), total + products
    return weights[4] @ h.ravel() + weights[5], total + weights[4].size

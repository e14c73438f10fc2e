"""Convolutional networks in the page: their filters and last weights, quantised."""

from collections.abc import Mapping
from itertools import chain
from math import isqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fewpixels.images.subset import Subset
from fewpixels.networks.convolutions import convolutions
from fewpixels.page.portable import BITS, Portable, first_equal, quantised, restored

_NAMES = ("w0", "b0", "w1", "b1", "w2", "b2")
# Images at a time: what their units take fits a cache.
_BLOCK = 100


def portable(
    parameters: Mapping[str, NDArray[Any]],
    hyperparameters: Mapping[str, Any],
    train: Subset,
    x: NDArray[np.float32],
    labels: NDArray[np.int64],
) -> Portable | None:
    """The first replicate's network, its weights quantised as far as all labels stay.

    Parameters
    ----------
    parameters : mapping
        Of a `Fit`.
    hyperparameters : mapping
        Not used.
    train : Subset
        Not used.
    x : ndarray of float32, shape (n, d)
    labels : ndarray of int64, shape (n,)
        Those of the first replicate.

    Returns
    -------
    Portable or None
        None if not even float32 weights give the labels, in the page's float64 arithmetic.
    """
    import torch

    from fewpixels.networks.autograd import forward

    weights = {name: parameters[name][0] for name in _NAMES}
    mean, deviation = (float(parameters[name][0]) for name in ("mean", "deviation"))
    layers = convolutions(isqrt(x.shape[1]), len(weights["w0"]))

    def label(arrays: Mapping[str, NDArray[Any]], images: NDArray[Any]) -> NDArray[np.int64]:
        used = [torch.tensor(restored(arrays, name)) for name in _NAMES]
        found = []
        for first in range(0, len(images), _BLOCK):
            pixels = images[first : first + _BLOCK].astype(np.float64)
            logits = forward(torch.tensor((pixels - mean) / deviation), used, layers)
            found.append(logits.argmax(dim=1).numpy())
        return np.concatenate(found)

    coarse = (quantised(weights, bits) for bits in BITS)
    arrays = first_equal(chain(coarse, [weights]), label, x, labels)
    if arrays is None:
        return None
    strides = [layer.stride for layer in layers]
    return Portable("convnet", {"strides": strides, "mean": mean, "deviation": deviation}, arrays)

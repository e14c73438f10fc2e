"""Networks in the page: their weights, quantised."""

from collections.abc import Mapping
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fewpixels.images.subset import Subset
from fewpixels.networks.layers import ACTIVATIONS, Signals, forward, joined, with_ones
from fewpixels.page.portable import BITS, Portable, first_equal, quantised, restored


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
        Only ``activation`` matters.
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
    names = [name for name in parameters if name[0] in "wb"]
    weights = {name: parameters[name][0] for name in names}
    mean, deviation = (float(parameters[name][0]) for name in ("mean", "deviation"))
    activation = ACTIVATIONS[hyperparameters["activation"]]
    doubles: Any = (x.astype(np.float64) - mean) / deviation
    standardised = with_ones(doubles)
    layers = len(names) // 2

    def label(arrays: Mapping[str, NDArray[Any]], images: NDArray[Any]) -> NDArray[np.int64]:
        used: dict[str, Any] = {name: restored(arrays, name)[None] for name in names}
        own = [joined(used[f"w{i}"], used[f"b{i}"]) for i in range(layers)]
        signals = Signals.of(own, len(images))
        return forward(images[None], own, activation, signals)[0].argmax(axis=0)

    coarse = (quantised(weights, bits) for bits in BITS)
    arrays = first_equal(chain(coarse, [weights]), label, standardised, labels)
    if arrays is None:
        return None
    values = {"activation": hyperparameters["activation"], "layers": layers}
    return Portable("mlp", values | {"mean": mean, "deviation": deviation}, arrays)

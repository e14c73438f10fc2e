"""Gradient descent: its steps."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from plain_networks import settings

from fewpixels.networks.descent import descend
from fewpixels.networks.layers import ACTIVATIONS, Signals, backpropagate, places, with_ones
from fewpixels.networks.protocols import PROTOCOLS


@given(
    st.integers(1, 3),
    st.integers(1, 4),
    st.integers(1, 3),
    st.sampled_from(sorted(ACTIVATIONS)),
    st.integers(0, 99),
)
def test_an_update_is_a_step_against_the_gradient(replicates, pixels, each, activation, seed):
    """Of all images of a class together, or as published of the images of one class."""
    rng = np.random.default_rng(seed)
    y = np.tile(np.repeat([0, 1, 2], each), (replicates, 1))
    x = with_ones(rng.normal(size=(replicates, 3 * each, pixels)).astype(np.float32))
    shapes = [(2, pixels + 1), (3, 2 + 1)]
    start = [rng.normal(size=(replicates, *shape)).astype(np.float32) for shape in shapes]
    options = settings(activation=activation, learning_rate=0.1, patience=2, max_updates=1)
    for name, images in (("published", each), ("remedied", 3 * each)):
        protocol = PROTOCOLS[name]
        own = [weight.copy() for weight in start]
        trained = descend((x, y), (x, y), own, [], protocol, options)
        signals = Signals.of(start, 3 * each)
        true, kind = places(y, 3), ACTIVATIONS[activation]
        loss, gradients = backpropagate(x, true, start, kind, protocol.clamp, signals)
        for found, weight, gradient in zip(trained.weights, start, gradients, strict=True):
            expected = weight - np.float32(0.1 / images) * gradient
            np.testing.assert_array_equal(found, expected)
        assert trained.updates.tolist() == [1] * replicates
        assert [row[:3] for row in trained.history] == [[r, 1, a] for r, a in enumerate(loss)]

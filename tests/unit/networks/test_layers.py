"""Outputs, loss and gradient of networks, against torch and against finite differences."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from plain_networks import torch_logits, torch_loss
from pytorch import torch

from fewpixels.networks.layers import (
    ACTIVATIONS,
    Signals,
    backpropagate,
    cross_entropy,
    diagnose,
    forward,
    joined,
    places,
    with_ones,
)

CLAMPS = [np.float32(1e-8), np.float32(0)]


def network(seed, replicates=2, n=7, sizes=(5, 4, 3, 6), scale=0.8):
    """Images, labels and weights in float64, where differences are accurate."""
    rng = np.random.default_rng(seed)
    x = with_ones(rng.normal(size=(replicates, n, sizes[0])))
    y = rng.integers(0, sizes[-1], (replicates, n))
    weights = []
    for fan_in, fan_out in itertools.pairwise(sizes):
        weight = rng.normal(size=(replicates, fan_in, fan_out)) * scale
        weights.append(joined(weight, rng.normal(size=(replicates, 1, fan_out)) * scale))
    return x, y, weights


def logits_of(x, weights, activation):
    """Logits (R, C, n) of these weights."""
    return forward(x, weights, ACTIVATIONS[activation], Signals.of(weights, x.shape[1]))


def gradients_of(x, true, weights, activation, clamp):
    """Loss and gradients of these weights."""
    signals = Signals.of(weights, x.shape[1])
    return backpropagate(x, true, weights, ACTIVATIONS[activation], clamp, signals)


def torch_outputs(x, weights, activation):
    """Logits (R, n, C), by torch, of the weights of this package; in their type."""
    apart = [part.mT for w in weights for part in (w[..., :-1], w[..., -1:])]
    return torch_logits(torch.tensor(x[..., :-1]), apart, activation)


def test_weights_and_biases_are_joined_as_images_and_ones_are():
    rng = np.random.default_rng(0)
    x, w, b = (rng.normal(size=(2, *shape)) for shape in ((5, 3), (3, 4), (1, 4)))
    found = logits_of(with_ones(x), [joined(w, b)], "relu")
    np.testing.assert_allclose(found, (x @ w + b).swapaxes(-1, -2), rtol=1e-12)


def test_places_are_those_of_the_true_classes():
    y = np.array([[2, 0], [1, 1]])
    logits = np.random.default_rng(0).normal(size=(2, 3, 2))
    expected = [[logits[r, y[r, i], i] for i in range(2)] for r in range(2)]
    assert logits.take(places(y, 3)).tolist() == expected


@pytest.mark.torch
@pytest.mark.parametrize("clamp", CLAMPS, ids=["clamped", "plain"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
# At a scale of 20 the softmax saturates, and the clamp decides what is left of the gradient.
@pytest.mark.parametrize("scale", [0.8, 20.0])
def test_gradient_equals_torch(activation, clamp, scale):
    x, y, weights = network(1, scale=scale)
    true = places(y, 6)
    loss, gradients = gradients_of(x, true, weights, activation, clamp)
    variables = [torch.tensor(w, requires_grad=True) for w in weights]
    logits = torch_outputs(x, variables, activation)
    expected = torch_loss(logits, torch.tensor(y), clamp)
    expected.sum().backward()
    np.testing.assert_allclose(loss, expected.detach().numpy() / y.shape[1], rtol=1e-10)
    for gradient, variable in zip(gradients, variables, strict=True):
        np.testing.assert_allclose(gradient, variable.grad.numpy(), rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("clamp", CLAMPS, ids=["clamped", "plain"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradient_equals_finite_differences(activation, clamp):
    x, y, weights = network(2)
    true = places(y, 6)
    _, gradients = gradients_of(x, true, weights, activation, clamp)
    step = 1e-6

    def summed_loss():
        logits = logits_of(x, weights, activation)
        return cross_entropy(logits, true, clamp)[0] * y.shape[1]

    for weight, gradient in zip(weights, gradients, strict=True):
        for r, i, o in np.ndindex(weight.shape):
            before = weight[r, i, o]
            weight[r, i, o] = before + step
            above = summed_loss()
            weight[r, i, o] = before - step
            below = summed_loss()
            weight[r, i, o] = before
            slope = (above - below) / (2 * step)
            assert gradient[r, i, o] == pytest.approx(slope[r], rel=1e-5, abs=1e-7)
            assert np.delete(slope, r).tolist() == [0.0], "replicates must not touch each other"


@pytest.mark.torch
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_forward_equals_torch_in_float32(activation):
    x, _, weights = network(3, n=20, sizes=(49, 16, 16, 10))
    x32, weights32 = x.astype(np.float32), [w.astype(np.float32) for w in weights]
    signals = Signals.of(weights32, 20)
    logits = forward(x32, weights32, ACTIVATIONS[activation], signals)
    exact = torch_outputs(
        x32.astype(np.float64), [torch.tensor(w).double() for w in weights32], activation
    )
    np.testing.assert_allclose(logits, exact.mT.numpy(), rtol=1e-4, atol=1e-4)
    assert logits.dtype == np.float32
    assert [z.shape[1] for z in signals.inputs] == [16, 16, 10]
    assert all((h[:, -1] == 1).all() for h in signals.outputs)


@pytest.mark.torch
@given(st.floats(-(2.0**100), 2.0**100, width=32))
def test_activations_are_finite_and_equal_torch_everywhere(z):
    for name, activation in ACTIVATIONS.items():
        value = np.empty(1, np.float32)
        activation.value(np.float32([z]), value)
        expected = getattr(torch, name)(torch.tensor([z], dtype=torch.float64)).numpy()
        np.testing.assert_allclose(value, expected, rtol=1e-5, atol=1e-6)


@given(replicates=st.integers(1, 4), activation=st.sampled_from(sorted(ACTIVATIONS)))
def test_memory_of_a_stack_serves_those_of_its_replicates_that_are_left(replicates, activation):
    x, _, weights = network(0, replicates=4)
    signals = Signals.of(weights, 7)
    few = [w[:replicates] for w in weights]
    found = forward(x[:replicates], few, ACTIVATIONS[activation], signals.of_first(replicates))
    np.testing.assert_array_equal(found, logits_of(x, weights, activation)[:replicates])


@pytest.mark.torch
@pytest.mark.parametrize("clamp", CLAMPS, ids=["clamped", "plain"])
@given(scale=st.floats(0, 1e6))
def test_saturated_logits_give_no_nan(clamp, scale):
    logits = np.float32([[[scale, 0, -scale], [-scale, 0, scale]]])
    y = np.array([[0, 0]])
    loss, gradient = cross_entropy(logits.swapaxes(1, 2), places(y, 3), clamp)
    exact = torch_loss(torch.tensor(logits).double(), torch.tensor(y), clamp).numpy() / 2
    np.testing.assert_allclose(loss, exact, rtol=1e-5, atol=1e-6)
    assert np.isfinite(gradient).all()
    np.testing.assert_allclose(gradient.sum(axis=1), 0, atol=1e-6)


def test_a_saturated_clamped_loss_has_no_gradient_and_the_plain_one_has():
    """Why ReLU as published does not learn."""
    wrong, true = np.float32([[[200.0], [0.0]]]), places(np.array([[1]]), 2)
    assert (cross_entropy(wrong, true, CLAMPS[0])[1] == 0).all()
    np.testing.assert_array_equal(cross_entropy(wrong, true, CLAMPS[1])[1], [[[1.0], [-1.0]]])


SHAPES = st.lists(st.integers(1, 4), min_size=2, max_size=4).map(lambda s: [*s[:-1], s[-1] + 1])


@given(
    seed=st.integers(0, 99),
    replicates=st.integers(1, 3),
    n=st.integers(1, 4),
    sizes=SHAPES,
    scale=st.sampled_from([0.0, 1e-3, 1.0, 30.0]),
    activation=st.sampled_from(sorted(ACTIVATIONS)),
    clamp=st.sampled_from(CLAMPS),
)
def test_gradients_of_any_network_equal_differences_of_its_loss(
    seed, replicates, n, sizes, scale, activation, clamp
):
    """Along one random direction; a ReLU has no slope at 0, where black images put it."""
    x, y, weights = network(seed, replicates, n, sizes, scale)
    rng = np.random.default_rng(seed)
    if activation == "relu":
        for w in weights:
            w[..., -1] += rng.uniform(0.1, 1, w.shape[:-1])
    true = places(y, sizes[-1])
    loss, gradients = gradients_of(x, true, weights, activation, clamp)
    assert [g.shape for g in gradients] == [w.shape for w in weights]
    logits = logits_of(x, weights, activation)
    assert logits.shape == (replicates, sizes[-1], n)
    np.testing.assert_array_equal(cross_entropy(logits, true, clamp)[0], loss)
    assert (loss >= -1e-7).all()
    direction = [rng.normal(size=w.shape) for w in weights]
    slope = sum((g * d).sum((-2, -1)) for g, d in zip(gradients, direction, strict=True))
    losses = [
        cross_entropy(
            logits_of(x, [w + h * d for w, d in zip(weights, direction, strict=True)], activation),
            true,
            clamp,
        )[0]
        for h in (-1e-7, 1e-7)
    ]
    curved = 1e-3 * (1 + sum(np.abs(g).sum((-2, -1)) for g in gradients))
    assert (np.abs((losses[1] - losses[0]) * n / 2e-7 - slope) <= curved).all()


@given(
    logits=arrays(np.float32, (2, 4, 3), elements=st.floats(-(2.0**100), 2.0**100, width=32)),
    y=arrays(np.int64, (2, 3), elements=st.integers(0, 3)),
    classes=st.permutations(range(4)),
    clamp=st.sampled_from(CLAMPS),
)
def test_the_loss_of_any_logits_is_finite_and_the_order_of_classes_does_not_matter(
    logits, y, classes, clamp
):
    loss, gradient = cross_entropy(logits, places(y, 4), clamp)
    assert np.isfinite(loss).all()
    assert (loss >= -1e-6).all()
    assert (np.abs(gradient) <= 1).all()
    np.testing.assert_allclose(gradient.sum(axis=1), 0, atol=1e-6)
    order = np.array(classes)
    again, moved = cross_entropy(logits[:, order], places(np.argsort(order)[y], 4), clamp)
    np.testing.assert_allclose(again, loss, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(moved, gradient[:, order], atol=1e-6)


@given(
    seed=st.integers(0, 99),
    replicates=st.integers(1, 3),
    n=st.integers(1, 4),
    sizes=SHAPES,
    kind=st.sampled_from(sorted(ACTIVATIONS)),
    clamp=st.sampled_from(CLAMPS),
)
def test_each_replicate_and_layer_is_diagnosed_as_it_would_be_alone(
    seed, replicates, n, sizes, kind, clamp
):
    x, y, weights = network(seed, replicates, n, sizes, 1.0)
    header, rows = diagnose(x, y, weights, ACTIVATIONS[kind], clamp)
    assert header == ["replicate", "layer", "quantity", "value"]
    assert len(rows) == replicates * (2 * (len(sizes) - 1) + 2)
    for r in range(replicates):
        own = [row for row in rows if row[0] == r]
        part = [array[r : r + 1] for array in (x, y, *weights)]
        alone = diagnose(*part[:2], part[2:], ACTIVATIONS[kind], clamp)[1]
        assert [[r, *row[1:]] for row in alone] == own
        values = {(layer, quantity): value for _, layer, quantity, value in own}
        last = len(sizes) - 1
        logits = logits_of(part[0], part[2:], kind)[0]
        assert values[last, "input"] == pytest.approx(np.sqrt((logits**2).mean()))
        assert 0 <= values[last, "silent"] <= np.mean(logits.argmax(axis=0) != y[r])
        assert values[last, "saturated"] in {i / n for i in range(n + 1)}

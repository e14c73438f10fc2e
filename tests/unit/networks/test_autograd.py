"""Convolutional networks in PyTorch, against NumPy, finite differences and `torch.optim`."""

from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_convolutions import NAMES, drawn
from plain_convolutions import forward as plain_forward
from pytorch import torch

from fewpixels.networks.convolutions import convolutions

if torch:
    from fewpixels.networks.autograd import (
        AdamW,
        Images,
        cycle,
        forward,
        initial,
        shapes,
        train,
        unpacked,
    )

pytestmark = pytest.mark.torch
SIDES = st.sampled_from([1, 2, 3, 5, 7, 14, 15, 28])


def standardised(x):
    return (torch.tensor(x, dtype=torch.float64) - 2) / 4


@given(SIDES, st.integers(1, 3), st.integers(2, 4), st.integers(0, 99))
@settings(max_examples=20)
def test_logits_are_those_of_plain_loops(side, filters, classes, seed):
    rng = np.random.default_rng(seed)
    layers, parameters = convolutions(side, filters), drawn(rng, side, filters, classes)
    x = rng.integers(0, 9, (2, side**2))
    weights = [torch.tensor(parameters[name][1]).double() for name in NAMES]
    assert [tuple(weight.shape) for weight in weights] == shapes(layers, classes)
    found = forward(standardised(x), weights, layers).numpy()
    expected = [plain_forward(image, parameters, 1)[0] for image in x]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_gradients_are_those_of_finite_differences():
    rng = np.random.default_rng(3)
    for side in (3, 14):
        layers = convolutions(side, 2)
        sizes = shapes(layers, 3)
        row = initial(sizes, torch.Generator().manual_seed(1)).double()
        row += 0.1  # biases too
        x, y = torch.tensor(rng.normal(size=(4, side**2))), torch.tensor([0, 1, 2, 1])
        kept = torch.tensor(rng.integers(0, 2, (4, layers[-1].units)) * 2.0)

        def loss(row, sizes=sizes, layers=layers, x=x, y=y, kept=kept):
            logits = forward(x, unpacked(row, sizes), layers, kept)
            return torch.nn.functional.cross_entropy(logits, y, label_smoothing=0.1)

        row.requires_grad_()
        (gradient,) = torch.autograd.grad(loss(row), row)
        with torch.no_grad():
            for i in rng.permutation(len(row))[:60]:
                step = torch.zeros_like(row)
                step[i] = 1e-6
                slope = (loss(row + step) - loss(row - step)) / 2e-6
                np.testing.assert_allclose(gradient[i], slope, rtol=1e-4, atol=1e-8)


@given(st.integers(1, 4), st.floats(0, 0.5), st.integers(0, 99))
def test_steps_are_those_of_torch_optim(steps, decay, seed):
    generator = torch.Generator().manual_seed(seed)
    ours, theirs = (torch.ones(5, requires_grad=own) for own in (False, True))
    mine = AdamW(ours, decay)
    other = torch.optim.AdamW([theirs], lr=1.0, weight_decay=decay)
    for _ in range(steps):
        gradient, rate = torch.randn(5, generator=generator), float(torch.rand(1)) + 0.01
        mine.step(gradient, rate)
        other.param_groups[0]["lr"] = rate
        theirs.grad = gradient.clone()
        other.step()
    np.testing.assert_allclose(ours, theirs.detach(), rtol=1e-4, atol=1e-5)


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_rate_grows_to_its_peak_and_falls_to_nothing(a, b):
    a, b = sorted((a, b))
    assert 0 <= cycle(a) <= 1
    assert cycle(0.3) == 1
    if b <= 0.3:
        assert 0.04 - 1e-12 <= cycle(a) <= cycle(b) + 1e-12
    elif a >= 0.3:
        assert cycle(a) + 1e-12 >= cycle(b) >= cycle(1)


@given(SIDES, st.integers(0, 99))
def test_weights_start_to_scale_and_biases_at_zero(side, seed):
    layers = convolutions(side, 16)
    sizes = shapes(layers, 10)
    row = initial(sizes, torch.Generator().manual_seed(seed))
    parts = unpacked(row, sizes)
    assert sum(part.numel() for part in parts) == len(row) == sum(map(prod, sizes))
    for i, part in enumerate(parts):
        assert tuple(part.shape) == sizes[i]
        if i % 2:
            assert not part.any()
        else:
            scale = np.sqrt((1 if i == 4 else 2) / prod(sizes[i][1:]))
            assert abs(float(part.std()) / scale - 1) < 0.25


def images(seed, n=40, side=4):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, n)
    pixels = rng.normal(50 + 80 * labels[:, None], 20, (n, side**2)).astype(np.float32)
    held = torch.tensor(pixels), torch.tensor(labels)
    return [Images(*held, torch.arange(*ends), 90.0, 45.0) for ends in ((0, 30), (30, n))]


SETTINGS = {
    "epochs": 4, "batch_size": 7, "learning_rate": 0.02, "weight_decay": 0.01, "dropout": 0.2,
    "label_smoothing": 0.1,
}  # fmt: skip


@given(st.integers(0, 99), st.sampled_from([0.0, 0.5]))
@settings(max_examples=5)
def test_training_learns_and_depends_on_its_stream_alone(seed, dropout):
    own, judging = images(seed)
    given_ = convolutions(4, 4), 2, SETTINGS | {"dropout": dropout}
    (weights, history), (again, _), (other, _) = (
        train(own, judging, *given_, np.random.default_rng(number)) for number in (1, 1, 2)
    )
    assert [row[0] for row in history] == [1, 2, 3, 4]
    assert history[-1][1] < history[0][1]
    assert history[-1][2] > 0.8
    for first, second, third in zip(weights, again, other, strict=True):
        np.testing.assert_array_equal(first, second)
        assert not np.array_equal(first, third)
    x, y = own.at(torch.tensor([3, 1]))
    np.testing.assert_allclose(x * 45 + 90, own.pixels[[3, 1]], rtol=1e-5)
    assert y.tolist() == own.labels[[3, 1]].tolist()


def test_training_that_diverges_stops_and_has_no_weights():
    own, judging = images(1)
    options = SETTINGS | {"learning_rate": 1e38, "epochs": 9}
    weights, history = train(own, judging, convolutions(4, 4), 2, options, np.random.default_rng(1))
    assert len(history) < 9
    assert np.isnan(history[-1][2])
    assert all(np.isnan(weight).all() for weight in weights)

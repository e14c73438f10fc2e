"""Gradient descent: its steps, and the mini-batches that are drawn for them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_networks import settings
from scipy.stats import chisquare

from fewpixels.networks.descent import descend, draw_batches
from fewpixels.networks.layers import ACTIVATIONS, Signals, backpropagate, places, with_ones
from fewpixels.networks.protocols import PROTOCOLS
from fewpixels.streams import generator

# Classes in a random order: rows of a class are not neighbours.
Y = np.stack([np.random.default_rng(r).permutation([0] * 6 + [1] * 4 + [2] * 9) for r in range(3)])
DRAWN = np.array([3, 4, 2])


def generators(replicates):
    return [generator(1, r, "unit", "7/mlp") for r in replicates]


def test_batches_hold_each_class_without_replacement():
    rows = draw_batches(generators(range(3)), Y, DRAWN, 50)
    assert rows.shape == (3, 50, 9)
    for r in range(3):
        for batch in rows[r]:
            assert Y[r][batch].tolist() == [0, 0, 0, 1, 1, 1, 1, 2, 2]
            assert len(set(batch)) == 9


def test_batches_do_not_depend_on_the_other_replicates():
    together = draw_batches(generators([0, 1, 2]), Y, DRAWN, 20)
    for chosen in ([1], [2, 0]):
        some = draw_batches(generators(chosen), Y[chosen], DRAWN, 20)
        np.testing.assert_array_equal(some, together[chosen])


def test_batches_differ_between_draws_and_replicates():
    rngs = generators(range(3))
    rows = np.concatenate([draw_batches(rngs, Y, DRAWN, 10), draw_batches(rngs, Y, DRAWN, 10)], 1)
    assert len({tuple(batch) for batch in rows.reshape(-1, 9)}) > 55


@pytest.mark.parametrize("c", [0, 2])
def test_every_image_and_every_place_is_equally_likely(c):
    rows = draw_batches(generators([0]), Y[:1], DRAWN, 6000)[0]
    members = np.flatnonzero(Y[0] == c)
    columns = np.flatnonzero(np.repeat([0, 1, 2], DRAWN) == c)
    for column in columns:
        count = np.bincount(rows[:, column], minlength=len(Y[0]))[members]
        assert count.sum() == 6000
        assert chisquare(count).pvalue > 1e-6
    # Pairs of images, too: all ordered pairs of distinct images.
    pair = rows[:, columns[0]] * 100 + rows[:, columns[1]]
    count = np.unique(pair, return_counts=True)[1]
    assert len(count) == len(members) * (len(members) - 1)
    assert chisquare(count).pvalue > 1e-6


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(0, 5)), min_size=1, max_size=4), st.data())
def test_any_batch_holds_its_count_of_each_class_once(classes, data):
    """Of one image a class too, all of a class, and none of it."""
    counts = [n for n, _ in classes]
    drawn = np.array([min(n, wanted) for n, wanted in classes])
    replicates, batches = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 4))
    labels = np.repeat(np.arange(len(counts)), counts)
    y = np.stack([data.draw(st.permutations(labels.tolist())) for _ in range(replicates)])
    rows = draw_batches(generators(range(replicates)), y, drawn, batches)
    assert rows.shape == (replicates, batches, drawn.sum())
    for r, b in np.ndindex(replicates, batches):
        assert y[r][rows[r, b]].tolist() == np.repeat(np.arange(len(counts)), drawn).tolist()
        assert len(set(rows[r, b].tolist())) == drawn.sum()
    last = draw_batches(generators([replicates - 1]), y[-1:], drawn, batches)
    np.testing.assert_array_equal(last[0], rows[-1])


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

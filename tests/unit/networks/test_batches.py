"""Mini-batches that are drawn, and the images that they hold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from fewpixels.networks.batches import Batches, draw_batches
from fewpixels.networks.layers import places
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


def test_a_class_without_an_image_is_in_no_batch():
    """The last of the classes, too, which images alone do not tell of."""
    x = np.random.default_rng(0).normal(size=(3, 19, 5)).astype(np.float32)
    batches = Batches(x, Y, 4, generators(range(3)), 5)
    assert batches.drawn.tolist() == [5, 4, 5, 0]
    for r, own in enumerate(batches[0]):
        rows = [np.flatnonzero((x[r] == image).all(axis=1)).item() for image in own]
        assert Y[r][rows].tolist() == [0] * 5 + [1] * 4 + [2] * 5


@given(
    shared=st.booleans(),
    stay=st.lists(st.booleans(), min_size=3, max_size=3).filter(any),
    leaving=st.integers(0, 70),
)
@settings(max_examples=20)
def test_updates_get_the_images_that_were_drawn_for_them(shared, stay, leaving):
    """Also once replicates have left, and beyond those drawn at once."""
    y = np.broadcast_to(Y[:1], Y.shape) if shared else Y
    x = np.random.default_rng(0).normal(size=(3, 19, 5)).astype(np.float32)
    x = np.broadcast_to(x[:1], x.shape) if shared else x
    batches = Batches(x, y, 3, generators(range(3)), 3)
    assert batches.drawn.tolist() == [3, 3, 3]
    assert batches.y.tolist() == [np.repeat([0, 1, 2], 3).tolist()] * 3
    rngs = generators(range(3))
    rows = np.concatenate([draw_batches(rngs, y, batches.drawn, 64) for _ in range(2)], axis=1)
    live = [0, 1, 2]
    for update in range(72):
        expected = [x[r][rows[r, update]] for r in live]
        np.testing.assert_array_equal(batches[update], expected)
        np.testing.assert_array_equal(batches.true, places(batches.y, 3))
        if update == leaving:
            live = np.flatnonzero(stay)
            batches.keep(np.array(stay))


def test_a_batch_of_all_images_is_the_images():
    x = np.random.default_rng(0).normal(size=(3, 19, 5)).astype(np.float32)
    batches = Batches(x, Y, 4)  # the last class has no image
    assert batches.drawn.tolist() == [6, 4, 9, 0]
    batches.keep(np.array([False, True, True]))
    np.testing.assert_array_equal(batches[7], x[1:])
    np.testing.assert_array_equal(batches.true, places(Y[1:], 4))

"""Random streams: their definition, their independence, and the mini-batches drawn from them."""

from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from fewpixels.streams import Streams, draw_batches, generator


def by_definition(text):
    seed = int(sha256(text.encode()).hexdigest(), 16)
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))


def test_a_stream_is_seeded_by_the_sha256_of_its_names():
    for text in ("1/0/mini-mnist/split", "7/19/other/order", "0/3/mini-mnist/28/mlp-full"):
        seed, replicate, dataset, purpose = text.split("/", 3)
        drawn = generator(int(seed), int(replicate), dataset, purpose).random(8)
        np.testing.assert_array_equal(drawn, by_definition(text).random(8))


def test_streams_by_purpose():
    streams = Streams(4, "digits", "7/mlp")
    order, own = streams.order(2).random(5), streams.own(2).random(5)
    np.testing.assert_array_equal(order, by_definition("4/2/digits/order").random(5))
    np.testing.assert_array_equal(own, by_definition("4/2/digits/7/mlp").random(5))


def test_each_name_matters():
    names = [(1, 0, "a", "split"), (2, 0, "a", "split"), (1, 1, "a", "split")]
    names += [
        (1, 0, "b", "split"),
        (1, 0, "a", "order"),
        (1, 0, "a", "7/mlp"),
        (1, 0, "a", "4/mlp"),
    ]
    first = {generator(*name).integers(2**63) for name in names}
    assert len(first) == len(names)


def test_streams_are_uncorrelated():
    """100 streams of 1,000 numbers: a right generator fails once in a million seeds."""
    drawn = np.stack([generator(1, r, "unit", "order").standard_normal(1000) for r in range(100)])
    correlation = np.corrcoef(drawn)[np.triu_indices(100, 1)] * np.sqrt(1000)
    assert np.abs(correlation).max() < 6.2  # of 4,950 normal numbers


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


NAMES = st.tuples(
    st.integers(0, 2**70),
    st.integers(0, 999),
    st.from_regex("[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True),
    st.sampled_from(["split", "order"]) | st.from_regex("[1-9][0-9]?/[a-z]+", fullmatch=True),
)


@given(NAMES, NAMES)
def test_streams_are_equal_just_if_their_names_are(names, others):
    drawn, other = generator(*names).random(4), generator(*others).random(4)
    assert (drawn == other).all() == (names == others)
    np.testing.assert_array_equal(drawn, by_definition("/".join(map(str, names))).random(4))


@given(NAMES, st.text("abc", min_size=1), st.integers(1, 50))
def test_cells_share_the_order_and_nothing_else(names, model, size):
    seed, replicate, dataset, _ = names
    one, other = Streams(seed, dataset, f"{size}/{model}"), Streams(seed, dataset, f"{size}/x")
    order, own = one.order(replicate).random(4), one.own(replicate).random(4)
    np.testing.assert_array_equal(order, other.order(replicate).random(4))
    assert (own != other.own(replicate).random(4)).all()
    assert (own != order).all()
    assert (own != one.own(replicate + 1).random(4)).all()


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

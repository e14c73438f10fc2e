"""Random streams: their definition, their independence, and the mini-batches drawn from them."""

from hashlib import sha256

import numpy as np
import pytest
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

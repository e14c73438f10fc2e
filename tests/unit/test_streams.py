"""Random streams: their definition, and their independence."""

from hashlib import sha256

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fewpixels.streams import Streams, generator, of_augmentation


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


@given(NAMES, st.from_regex("[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True))
def test_an_augmentation_draws_once_for_all_replicates(names, name):
    seed, _, dataset, _ = names
    drawn = of_augmentation(seed, dataset, name).random(4)
    expected = by_definition(f"{seed}/{dataset}/augmentation/{name}").random(4)
    np.testing.assert_array_equal(drawn, expected)
    assert (drawn != generator(*names).random(4)).all()

"""Copies go to the replicates whose images they are of, and to no others."""

from dataclasses import replace

import numpy as np
import pytest
from helpers import deal, for_all, subset
from hypothesis import given, settings
from hypothesis import strategies as st

from fewpixels.images.copies import Copies, with_copies
from fewpixels.models import knn, mlp, perceptron
from fewpixels.streams import Streams
from fewpixels.study.validation import filled

POOL = 12
IDS = st.integers(1, 3).flatmap(
    lambda n: st.lists(
        st.permutations(range(POOL)).map(lambda order: order[:n]), min_size=1, max_size=3
    )
)
MODELS = {
    "perceptron": (
        perceptron,
        {"scheme": "one-vs-rest", "kernel": "quadratic", "epochs": 3, "bias": True},
    ),
    "voted": (
        perceptron,
        {"scheme": "one-vs-one", "kernel": "linear", "epochs": 2, "weights": "voted"},
    ),
    "knn": (knn, {"k_max": 5}),
    "mlp": (mlp, {"layers": 2, "width": 4, "activation": "relu", "batch": "mini", "per_class": 2}),
}


def copies_of_pool(rng, n, each, pixels):
    """Copies of all images of a pool, in any order."""
    ids = rng.permutation(np.repeat(np.arange(n, dtype=np.int32), each))
    return Copies(rng.integers(0, 256, (len(ids), pixels)).astype(np.float32), ids)


@given(IDS, st.integers(1, 3), st.integers(0, 99))
def test_a_replicate_gets_the_copies_of_its_own_images_one_by_one(ids, each, seed):
    rng = np.random.default_rng(seed)
    pool, labels = rng.random((POOL, 4)), np.arange(POOL) % 3
    train, copies = subset(pool, labels, ids), copies_of_pool(rng, POOL, each, 4)
    larger = with_copies(train, copies)
    for r, own in enumerate(ids):
        expected = [*train.x[r]]
        for i in own:
            expected += [x for x, of in zip(copies.images, copies.ids, strict=True) if of == i]
        np.testing.assert_array_equal(larger.x[r], expected)
        assert larger.ids[larger.place[r]].tolist() == own + [i for i in own for _ in range(each)]
        np.testing.assert_array_equal(larger.y[r], labels[larger.ids[larger.place[r]]])
    # Each is still held once, and no copy of another image at all.
    assert len(larger.images) == len(train.images) * (1 + each)


@given(st.permutations(range(4)), st.integers(2, 3), st.integers(0, 99))
def test_what_replicates_share_is_still_held_once(ids, replicates, seed):
    rng = np.random.default_rng(seed)
    one = subset(rng.random((4, 9)), [0, 1, 0, 1], [ids])
    copies = copies_of_pool(rng, 4, 2, 9)
    many = with_copies(for_all(one, replicates), copies)
    assert many.shared
    assert many.x.strides[0] == 0
    np.testing.assert_array_equal(many.x[0], with_copies(one, copies).x[0])


@given(st.sampled_from(sorted(MODELS)), st.integers(0, 99))
@settings(max_examples=12, deadline=None)
def test_poisoned_copies_of_all_other_images_make_no_difference(name, seed):
    family, given_ = MODELS[name]
    options = filled(given_, family.HYPERPARAMETERS)
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(3), 10)
    pool = rng.integers(0, 256, (30, 9)).astype(np.float32)
    train, validation = deal([rng, rng], pool, labels, 4, 2)
    copies = copies_of_pool(rng, 30, 2, 9)
    others = ~np.isin(copies.ids, train.ids)
    assert others.any()
    poisoned = copies.images.copy()
    poisoned[others] = np.nan
    streams = Streams(1, "digits", "3/model")
    fits, labelled = [], []
    for images in (copies.images, poisoned):
        larger = with_copies(train, replace(copies, images=images))
        fits.append(family.fit(larger, validation, options, streams=streams))
        labelled.append(family.predict(fits[-1].parameters, options, larger, pool))
    for key, array in fits[0].parameters.items():
        np.testing.assert_array_equal(array, fits[1].parameters[key])
    assert fits[0].history == fits[1].history
    np.testing.assert_array_equal(labelled[0].labels, labelled[1].labels)
    np.testing.assert_array_equal(labelled[0].margin, labelled[1].margin)


@given(st.integers(0, 99))
@settings(max_examples=5, deadline=None)
def test_another_replicates_images_make_no_difference_to_this_one(seed):
    """Not even where all replicates' images and copies are held together."""
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(2), 8)
    pool = rng.integers(0, 256, (16, 9)).astype(np.float32)
    train, validation = deal([rng, rng], pool, labels, 3, 2)
    copies = copies_of_pool(rng, 16, 2, 9)
    others = np.isin(copies.ids, np.setdiff1d(train.ids, train.ids[train.place[0]]))
    poisoned = np.where(others[:, None], 255 - copies.images, copies.images)
    options = filled(MODELS["perceptron"][1], perceptron.HYPERPARAMETERS)
    streams = Streams(1, "digits", "3/model")
    margins = []
    for images in (copies.images, poisoned):
        larger = with_copies(train, replace(copies, images=images))
        fit = perceptron.fit(larger, validation, options, streams=streams)
        margins.append(perceptron.predict(fit.parameters, options, larger, pool).margin)
    np.testing.assert_array_equal(margins[0][0], margins[1][0])
    assert (margins[0][1] != margins[1][1]).any()


@pytest.mark.parametrize("ids", [[0, 0, 1], [0, 1], [0, 0, 1, 1, 3, 3]])
def test_images_without_as_many_copies_are_refused(ids):
    train = subset(np.zeros((3, 1)), [0, 1, 0], [[0, 2]])
    copies = Copies(np.zeros((len(ids), 1), np.float32), np.array(ids, np.int32))
    with pytest.raises(ValueError, match="as many copies of every training image"):
        with_copies(train, copies)

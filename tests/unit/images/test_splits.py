"""Splits: stratified, disjoint, paired, and independent of the number of replicates."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fewpixels.images.splits import SplitError, draw_splits, fixed_split

PER_CLASS = {"train": 6, "validation": 3, "test": 2}
REPLICATES = 4


def labels(per_class=13):
    """Classes in a random order of the file, so that "last" is not where the array ends."""
    return np.random.default_rng(0).permutation(np.repeat(np.arange(5), per_class))


def draw(test="shuffled", replicates=REPLICATES, seed=1, dataset="unit", y=None):
    y = labels() if y is None else y
    return draw_splits(y, PER_CLASS, test, seed=seed, dataset=dataset, replicates=replicates)


@pytest.mark.parametrize("test", ["shuffled", "last"])
def test_each_class_gets_its_count(test):
    for subset, ids in draw(test).items():
        assert ids.shape == (REPLICATES, 5 * PER_CLASS[subset])
        assert ids.dtype == np.int32
        for row in ids:
            assert np.bincount(labels()[row]).tolist() == [PER_CLASS[subset]] * 5
            assert len(set(row)) == len(row)


def test_held_out_subsets_share_no_image():
    split = draw("shuffled")
    for r in range(REPLICATES):
        everything = np.concatenate([split[s][r] for s in split])
        assert len(set(everything)) == everything.size


def test_published_train_and_validation_share_no_image():
    split = draw("last")
    for r in range(REPLICATES):
        assert not set(split["train"][r]) & set(split["validation"][r])


def test_published_test_images_are_the_last_of_each_class_in_file_order():
    y = labels()
    expected = [i for c in range(5) for i in [j for j, label in enumerate(y) if label == c][-2:]]
    for row in draw("last")["test"]:
        assert row.tolist() == expected


def test_published_test_images_leak():
    """The mistake that is reproduced: most test images are training images as well."""
    y = np.repeat(np.arange(10), 100)
    per_class = {"train": 80, "validation": 10, "test": 10}
    split = draw_splits(y, per_class, "last", seed=1, dataset="unit", replicates=20)
    pairs = zip(split["test"], split["train"], strict=True)
    shared = np.mean([np.isin(test, train).mean() for test, train in pairs])
    assert shared == pytest.approx(0.8, abs=0.03)  # 2,000 draws deviate by 0.009 at the most


def test_both_kinds_share_train_and_validation():
    shuffled, last = draw("shuffled"), draw("last")
    np.testing.assert_array_equal(shuffled["train"], last["train"])
    np.testing.assert_array_equal(shuffled["validation"], last["validation"])
    assert (shuffled["test"] != last["test"]).any()


@pytest.mark.parametrize("test", ["shuffled", "last"])
def test_adding_replicates_changes_no_earlier_one(test):
    few, many = draw(test, replicates=2), draw(test, replicates=7)
    for subset in few:
        np.testing.assert_array_equal(few[subset], many[subset][:2])


def test_replicates_seeds_and_datasets_differ():
    one = draw()["train"]
    assert len({tuple(row) for row in one}) == REPLICATES
    assert (one != draw(seed=2)["train"]).any()
    assert (one != draw(dataset="other")["train"]).any()


def test_every_image_is_drawn_equally_often():
    y = np.repeat([0, 1], 13)
    count = np.zeros(26)
    for row in draw(y=y, replicates=2000)["train"]:
        count[row] += 1
    # Binomial(2000, 6/13): a deviation of 22; five of those are passed once in 70,000 studies.
    assert np.abs(count - 2000 * 6 / 13).max() < 5 * np.sqrt(2000 * 6 / 13 * 7 / 13)


@pytest.mark.parametrize("test", ["shuffled", "last"])
def test_too_few_images_of_a_class_are_refused(test):
    draw(test, y=labels(11))
    y = np.concatenate([labels(11), [5] * 10])
    with pytest.raises(SplitError, match=r"^class 5 has 10 images, but the split needs 11"):
        draw(test, y=y)


@st.composite
def pools(draw):
    """Labels of a pool in a random order, and how many images of each class to deal out."""
    per_class = {s: draw(st.integers(0, 3)) for s in ("train", "validation", "test")}
    fewest = max(1, sum(per_class.values()))
    counts = draw(st.lists(st.integers(fewest, fewest + 3), min_size=1, max_size=4))
    y = [c for c, n in enumerate(counts) for _ in range(n)]
    return np.array(draw(st.permutations(y))), per_class


@given(pools(), st.sampled_from(["shuffled", "last"]), st.integers(1, 3), st.integers(0, 10**30))
def test_any_pool_is_dealt_out_by_class_without_repeats(pool, test, replicates, seed):
    y, per_class = pool
    split = draw_splits(y, per_class, test, seed=seed, dataset="d", replicates=replicates)
    classes = np.unique(y)
    assert list(split) == ["train", "validation", "test"]
    for subset, ids in split.items():
        assert ids.shape == (replicates, len(classes) * per_class[subset])
        assert ids.dtype == np.int32
        for row in ids:
            # Class by class, each with its count.
            assert y[row].tolist() == np.repeat(classes, per_class[subset]).tolist()
            assert len(set(row.tolist())) == len(row)
    for r in range(replicates):
        learnt = [*split["train"][r].tolist(), *split["validation"][r].tolist()]
        assert len(set(learnt)) == len(learnt)
        if test == "shuffled":
            assert not set(learnt) & set(split["test"][r].tolist())
            if sum(per_class.values()) * len(classes) == len(y):
                assert sorted([*learnt, *split["test"][r].tolist()]) == list(range(len(y)))
        else:
            for c in classes:
                rank = np.flatnonzero(y == c).tolist()
                own = [i for i in split["test"][r].tolist() if y[i] == c]
                assert own == rank[len(rank) - per_class["test"] :]


@given(pools(), st.sampled_from(["shuffled", "last"]), st.data())
def test_any_class_that_is_too_small_is_refused(pool, test, data):
    y, per_class = pool
    per_class = per_class | {"train": per_class["train"] + data.draw(st.integers(4, 9))}
    wanted = sum(per_class.values())
    with pytest.raises(
        SplitError, match=rf"^class . has \d+ images, but the split needs {wanted};"
    ):
        draw_splits(y, per_class, test, seed=1, dataset="d", replicates=1)


@given(st.integers(2, 40), st.integers(1, 40), st.integers(1, 40), st.booleans())
def test_a_fixed_split_takes_the_first_images_and_the_last(n, train, validation, overlap):
    if max(train, validation) > n or (train + validation > n and not overlap):
        with pytest.raises(SplitError, match=rf"^splits.own: .*expected {n} at the most"):
            fixed_split(n, train, validation, overlap, "splits.own")
        return
    split = fixed_split(n, train, validation, overlap, "splits.own")
    assert {name: ids.dtype for name, ids in split.items()} == dict.fromkeys(split, np.int32)
    assert split["train"].tolist() == [list(range(n))[:train]]
    assert split["validation"].tolist() == [list(range(n))[-validation:]]
    assert split["test"].shape == (1, 0)

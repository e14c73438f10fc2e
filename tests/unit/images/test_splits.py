"""Splits: stratified, disjoint, paired, and independent of the number of replicates."""

import re
from fractions import Fraction
from hashlib import sha256

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from fewpixels.images.splits import (
    SUBSETS,
    SplitError,
    by_class,
    deal,
    draw_splits,
    fixed_split,
    listed,
    shares,
)
from fewpixels.images.used import count_used, left_out
from fewpixels.streams import generator

PER_CLASS = {"train": 6, "validation": 3, "test": 2}
REPLICATES = 4
DEALT = "cbf3885aa74df5e825b38696ed3c5517d334a76d30f5c54127431d7780d982a4"


def labels(per_class=13):
    """Classes in a random order of the file, so that "last" is not where the array ends."""
    return np.random.default_rng(0).permutation(np.repeat(np.arange(5), per_class))


def draw(test="shuffled", replicates=REPLICATES, seed=1, dataset="unit", y=None):
    y = labels() if y is None else y
    names = named(y)
    given_ = {"seed": seed, "dataset": dataset, "replicates": replicates}
    return draw_splits(y, names, PER_CLASS, test, **given_)


def named(y):
    return np.array([f"class {c}" for c in range(y.max() + 1)])


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
    given_ = {"seed": 1, "dataset": "unit", "replicates": 20}
    split = draw_splits(y, named(y), per_class, "last", **given_)
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
    with pytest.raises(SplitError) as refused:
        draw(test, y=y)
    assert str(refused.value) == (
        "datasets.unit: found 10 images of class class 5, of which 1 are left, expected 2 to "
        "test, as subsets takes of each class; set subsets to train: 5, validation: 3, test: 2, or "
        "to shares of each class: train: 0.55, validation: 0.27, test: 0.18"
    )
    with pytest.raises(SplitError) as refused:
        draw(test, y=np.concatenate([labels(11), [5, 5, 6, 6, 6]]))
    assert str(refused.value) == (
        "datasets.unit: found 2 images of class class 5, expected 3 or more, one to train, one to "
        "validate and one to test (in all, 2 classes are too small); give it more, or leave the "
        "class out"
    )


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
    given_ = {"seed": seed, "dataset": "d", "replicates": replicates}
    split = draw_splits(y, named(y), per_class, test, **given_)
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
    per_class = {subset: max(1, n) for subset, n in per_class.items()}
    per_class["train"] += data.draw(st.integers(4, 9))
    sizes = np.bincount(y)
    found = rf"^datasets.d: found {sizes.min()} images of class class {sizes.argmin()}, "
    with pytest.raises(SplitError, match=found) as refused:
        draw_splits(y, named(y), per_class, test, seed=1, dataset="d", replicates=1)
    # What it says would fit does.
    for fits in re.findall(
        r"train: ([\d.]+), validation: ([\d.]+), test: ([\d.]+)", str(refused.value)
    ):
        own = dict(zip(SUBSETS, map(yaml.safe_load, fits), strict=True))
        draw_splits(y, named(y), own, test, seed=1, dataset="d", replicates=1)


@st.composite
def shares_of_pools(draw):
    """Shares of each class, in hundredths, and a pool of uneven classes."""
    parts = draw(
        st.lists(st.integers(1, 98), min_size=3, max_size=3).filter(lambda p: sum(p) <= 100)
    )
    counts = draw(st.lists(st.integers(3, 60), min_size=1, max_size=5))
    y = np.repeat(np.arange(len(counts)), counts)
    order = np.random.default_rng(draw(st.integers(0, 9))).permutation(len(y))
    return y[order], {s: part / 100 for s, part in zip(SUBSETS, parts, strict=True)}


@given(shares_of_pools(), st.sampled_from(["shuffled", "last"]))
def test_any_shares_use_all_classes_and_keep_subsets_apart(pool, test):
    y, shares = pool
    split = draw_splits(y, named(y), shares, test, seed=1, dataset="d", replicates=3)
    sizes = np.bincount(y)
    counts = by_class(shares, sizes)
    for subset, ids in split.items():
        assert ids.dtype == np.int32
        for row in ids:  # rectangular: as many in all replicates
            assert np.bincount(y[row], minlength=len(sizes)).tolist() == counts[subset].tolist()
            assert len(set(row.tolist())) == len(row)
        assert counts[subset].min() >= 1
        # Within one image, but where a subset would have none of a class.
        forced = np.any([own * sizes < 1 for own in shares.values()], axis=0)
        assert (np.abs(counts[subset] - shares[subset] * sizes)[~forced] < 1 + 1e-9).all()
    assert (sum(counts.values()) <= sizes).all()
    for r in range(3):
        apart = [split["train"][r], split["validation"][r]]
        apart += [split["test"][r]] if test == "shuffled" else []
        together = np.concatenate(apart)
        assert len(set(together.tolist())) == len(together)
        used = count_used({s: own[r : r + 1] for s, own in split.items()}, y, len(sizes))
        everything = [image for own in split.values() for image in own[r].tolist()]
        assert used.tolist() == np.bincount(y[[*{*everything}]], minlength=len(sizes)).tolist()
    if test == "shuffled" and sum(map(Fraction, map(str, shares.values()))) == 1:
        assert split["train"].shape[1] + split["validation"].shape[1] + split["test"].shape[
            1
        ] == len(y)


@given(st.tuples(*[st.integers(1, 10_000)] * 3))
def test_numbers_become_shares_in_their_proportions(numbers):
    subsets = dict(zip(SUBSETS, numbers, strict=True))
    found = shares(subsets)
    assert sum(Fraction(str(share)) for share in found.values()) == 1
    for subset, n in subsets.items():
        assert 0 < found[subset] < 1
        assert found[subset] == pytest.approx(n / sum(numbers), abs=0.02)
    assert yaml.safe_load(f"{{{listed(found)}}}") == found


def test_numbers_are_dealt_as_ever():
    """The images of a study that was made before shares were known."""
    y = np.random.default_rng(0).permutation(np.repeat(np.arange(5), 13))
    given_ = {"seed": 1, "dataset": "unit", "replicates": 2}
    split = draw_splits(y, named(y), PER_CLASS, "shuffled", **given_)
    joined = b"".join(split[subset].tobytes() for subset in SUBSETS)
    assert sha256(joined).hexdigest() == DEALT


@given(st.integers(2, 40), st.integers(1, 40), st.integers(1, 40), st.booleans(), st.booleans())
def test_a_fixed_split_takes_the_first_images_and_the_last(n, train, validation, overlap, shuffled):
    y = np.zeros(n, np.int64)
    if max(train, validation) > n or (train + validation > n and not overlap):
        with pytest.raises(SplitError, match=rf"^splits.own: .*expected {n} at the most"):
            fixed(y, train, validation, overlap)
        return
    split = fixed(y, train, validation, overlap, "shuffled" if shuffled else "file")
    assert {name: ids.dtype for name, ids in split.items()} == dict.fromkeys(split, np.int32)
    if not shuffled:
        assert split["train"].tolist() == [list(range(n))[:train]]
        assert split["validation"].tolist() == [list(range(n))[-validation:]]
    assert split["train"].shape == (1, train)
    assert split["validation"].shape == (1, validation)
    assert overlap or not {*split["train"][0].tolist()} & {*split["validation"][0].tolist()}
    for ids in split.values():
        assert (np.diff(ids) > 0).all()
    assert split["test"].shape == (1, 0)


def fixed_how(train, validation, overlap, order, seed):
    how = {"kind": "fixed", "train": train, "validation": validation, "overlap": overlap}
    return how | {"order": order, "seed": seed, "where": "splits.own"}


def fixed(y, train, validation, overlap=False, order="file", seed=1, dataset="d"):
    return deal(y, named(y), fixed_how(train, validation, overlap, order, seed), dataset)


@given(
    st.lists(st.integers(0, 2), min_size=2, max_size=30), st.data(), st.booleans(),
    st.sampled_from(["file", "shuffled"]), st.integers(0, 10**30),
)  # fmt: skip
def test_a_fixed_split_is_the_ends_of_one_order_or_lacks_a_class(y, data, overlap, order, seed):
    y = np.unique(y, return_inverse=True)[1]
    n, classes = len(y), {*y.tolist()}
    train = data.draw(st.integers(1, n if overlap else n - 1))
    validation = data.draw(st.integers(1, n if overlap else n - train))
    own = (y, named(y), train, validation, overlap, order)
    names = {"seed": seed, "dataset": "d", "where": "splits.own"}
    ids = [*range(n)]
    if order == "shuffled":
        ids = generator(seed, 0, "d", "split").permutation(n).tolist()
    assert sorted(ids) == [*range(n)]
    wanted = {"train": sorted(ids[:train]), "validation": sorted(ids[-validation:]), "test": []}
    lacking = [
        subset for subset in ("train", "validation") if {y[i] for i in wanted[subset]} != classes
    ]
    if lacking:
        verb = {"train": "train", "validation": "validate"}[lacking[0]]
        with pytest.raises(SplitError, match=rf"^splits.own: found no image .* that {verb}, "):
            fixed_split(*own, **names)
        return
    split = fixed_split(*own, **names)
    assert {subset: rows.tolist() for subset, rows in split.items()} == {
        subset: [images] for subset, images in wanted.items()
    }
    again = deal(y, named(y), fixed_how(train, validation, overlap, order, seed), "d")
    for subset, rows in split.items():
        np.testing.assert_array_equal(rows, again[subset])


def test_a_shuffled_fixed_split_is_that_of_its_seed_and_dataset():
    y = np.repeat(np.arange(5), 40)
    one, same, *others = (
        fixed(y, 100, 50, order="shuffled", seed=seed, dataset=dataset)["train"].tolist()
        for seed, dataset in [(1, "d"), (1, "d"), (2, "d"), (1, "e")]
    )
    assert one == same
    assert one not in others


@given(st.lists(st.integers(0, 3), min_size=8, max_size=40), st.data())
def test_a_fixed_split_that_leaves_a_class_out_is_refused(y, data):
    y = np.array([*range(4), *y])
    train = data.draw(st.integers(1, len(y) - 1))
    validation = data.draw(st.integers(1, len(y) - train))
    order = data.draw(st.sampled_from(["file", "shuffled"]))
    try:
        split = fixed(y, train, validation, order=order)
    except SplitError as error:
        fits = re.search(r"set train to (\d+) or more and validation to (\d+) or more$", str(error))
        if fits:
            split = fixed(y, *map(int, fits.groups()), order=order)
        elif order == "file":
            assert not {*range(4)} <= {*y[:train]} or not {*range(4)} <= {*y[len(y) - validation :]}
            return
        else:
            return
    for subset in ("train", "validation"):
        assert {*y[split[subset][0]].tolist()} == {*range(4)}


def test_images_in_class_order_are_refused_by_the_name_of_a_class():
    y = np.repeat(np.arange(4), 10)
    with pytest.raises(SplitError) as refused:
        fixed(y, 20, 20)
    assert str(refused.value) == (
        "splits.own: found no image of class class 2 of datasets.d (in all, of 2 classes) among "
        "the 20 that train, expected some of each class; set order: shuffled, which mixes the "
        "classes"
    )
    with pytest.raises(SplitError, match=r"among the 10 that validate, expected some of each"):
        fixed(y, 31, 9 + 1, overlap=True)
    for subset, ids in fixed(y, 20, 20, order="shuffled").items():
        assert len(np.unique(y[ids])) == (0 if subset == "test" else 4)


@given(shares_of_pools(), st.booleans())
def test_what_is_left_out_is_said_where_it_is_more_than_a_tenth(pool, told):
    y, shares_ = pool
    sizes, names = np.bincount(y), named(y).tolist()
    used = sum(by_class(shares_, sizes).values())
    said = left_out(used, sizes, names, shares_ if told else None)
    assert bool(said) == (used.sum() < 0.9 * sizes.sum())
    if said:
        assert said.startswith(
            f"a replicate uses {used.sum()} of the {len(y)} images of the pool ("
        )
    numbers = {"train": 6, "validation": 2, "test": 2}
    even = left_out(np.array([10, 10]), np.array([200, 20]), ["a", "b"], numbers)
    assert even == (
        "a replicate uses 20 of the 220 images of the pool (a: 10 of 200, b: 10 of 20), as subsets "
        "takes as many of each class; shares of each class would use all, as train: 0.6, "
        "validation: 0.2, test: 0.2"
    )

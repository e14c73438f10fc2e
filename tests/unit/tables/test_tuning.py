"""What validation images say along an axis, against plain sums and on made-up curves."""

from math import isnan, nan
from statistics import fmean, stdev

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from fewpixels.tables.tuning import tuning

# Of each size and number of epochs, one accuracy a replicate.
SHARES = st.one_of(st.just(nan), st.integers(0, 20).map(lambda n: n / 20))


@st.composite
def curves(draw):
    replicates = draw(st.integers(1, 4))
    sizes = draw(st.lists(st.sampled_from([28, 7, 2]), min_size=1, unique=True))
    epochs = draw(st.lists(st.integers(1, 99), min_size=1, max_size=4, unique=True))
    each = st.lists(SHARES, min_size=replicates, max_size=replicates)
    return {(size, value): draw(each) for size in sizes for value in epochs}


def cells(shares, entry="net"):
    """Models of a grid over epochs, and their metrics, other subsets among them."""
    values = list(dict.fromkeys(value for _, value in shares))
    models = [
        {
            "name": f"{entry}-{value}",
            "entry": entry,
            "axes": {"epochs": value},
            "sizes": tuple(size for size, other in shares if other == value),
        }
        for value in values
    ]
    rows = [
        (size, f"{entry}-{value}", replicate, subset, accuracy if subset == "validation" else other)
        for (size, value), own in shares.items()
        for replicate, accuracy in enumerate(own)
        for subset, other in (("validation", nan), ("test", 1 / value), ("fresh", 1 - 1 / value))
    ]
    columns = ["size", "model", "replicate", "subset", "accuracy"]
    metrics = pd.DataFrame(rows, columns=columns)
    return metrics.sample(frac=1, random_state=0, ignore_index=True), models


@settings(max_examples=30)
@given(curves())
def test_each_cell_has_a_row_of_its_validation_accuracy(shares):
    table = tuning(*cells(shares))
    assert sorted(zip(table["size"], table["value"], strict=True)) == sorted(shares)
    assert {*table["entry"], *table["axis"]} == {"net", "epochs"}
    for row in table.to_dict("records"):
        own = [x for x in shares[row["size"], row["value"]] if not isnan(x)]
        mean = fmean(own) if own else nan
        assert row["validation_mean"] == pytest.approx(mean, nan_ok=True)
        found = [row["validation_low"], row["validation_high"]]
        if len(own) < 2:
            assert all(map(isnan, found))
            continue
        error = stdev(own) / len(own) ** 0.5
        assert row["standard_error"] == pytest.approx(error)
        half = stats.t.ppf(0.975, len(own) - 1) * error
        assert found == pytest.approx([max(mean - half, 0), min(mean + half, 1)])


@settings(max_examples=30)
@given(curves())
def test_enough_is_the_smallest_value_within_a_standard_error_of_the_best(shares):
    table = tuning(*cells(shares))
    for _, own in table.groupby("size"):
        assert own["value"].is_monotonic_increasing
        there = own.dropna(subset="validation_mean")
        enough = own[own["enough"] == "yes"]
        assert len(enough) == bool(len(there))
        if len(there):
            best = there.loc[there["validation_mean"].idxmax()]
            least = best["validation_mean"] - best["standard_error"]
            smaller = there[there["value"] < enough["value"].item()]
            assert enough["validation_mean"].item() >= least
            assert (smaller["validation_mean"] < least).all()


@settings(max_examples=10)
@given(curves(), st.floats(0, 1))
def test_no_other_images_have_a_part_in_it(shares, accuracy):
    metrics, models = cells(shares)
    poisoned = metrics.assign(
        accuracy=metrics["accuracy"].where(metrics["subset"] == "validation", accuracy)
    )
    expected = tuning(metrics, models)
    pd.testing.assert_frame_equal(tuning(poisoned, models), expected)
    pd.testing.assert_frame_equal(tuning(metrics.query("subset == 'validation'"), models), expected)


def test_what_is_within_a_standard_error_of_the_best_is_enough():
    """The best, at 40, has a standard error of .02: .90 is enough, .87 is not."""
    spread = [-0.02, 0.02, -0.02, 0.02, 0]  # with a standard error of .02 / √5
    shares = {
        (28, value): [mean + factor * x for x in spread]
        for value, mean, factor in ((10, 0.87, 5), (20, 0.90, 0), (40, 0.91, 5**0.5), (80, 0.90, 1))
    }
    table = tuning(*cells(shares)).set_index("value")
    assert table.loc[40, "standard_error"] == pytest.approx(0.02)
    assert table["enough"].to_dict() == {10: "no", 20: "yes", 40: "no", 80: "no"}


def test_entries_and_sizes_stand_in_their_order():
    first, second = {(28, 2): [0.5], (7, 2): [0.5], (28, 1): [0.4]}, {(7, 3): [0.5]}
    parts = [cells(first, "a"), cells(second, "b")]
    metrics = pd.concat([part[0] for part in parts])
    table = tuning(metrics, [model for part in parts for model in part[1]])
    found = list(table[["entry", "size", "value"]].itertuples(index=False, name=None))
    assert found == [("a", 28, 1), ("a", 28, 2), ("a", 7, 2), ("b", 7, 3)]

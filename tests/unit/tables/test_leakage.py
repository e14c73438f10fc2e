"""The audit of leakage: against every pair of images, and against plain sums."""

import math
from statistics import fmean

import numpy as np
import pandas as pd
import pytest
from helpers import subset
from hypothesis import given
from hypothesis import strategies as st

from fewpixels.tables.leakage import apart, copies, leakage_report, leaks, shares
from fewpixels.tables.summary import spread

pytestmark = pytest.mark.filterwarnings("error")


@st.composite
def dealt(draw):
    """Test and training images of some replicates; in a small pool some have equal pixels."""
    replicates, pool = draw(st.integers(1, 3)), draw(st.integers(1, 6))
    rng = np.random.default_rng(draw(st.integers(0, 1000)))
    x = rng.integers(0, 2, (pool, draw(st.integers(1, 3)))) * np.float32(1 / 3)
    y = rng.integers(0, 3, pool)
    n, m = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    test, train = (rng.integers(0, pool, (replicates, k)) for k in (n, m))
    return subset(x, y, test), subset(x, y, train), rng


def pairwise(images, train):
    """Whether each image equals any training image, pixel by pixel."""
    return (images[:, :, None] == train[:, None]).all(axis=-1).any(axis=-1)


@given(dealt())
def test_copies_are_those_of_all_pairs(images):
    test, train, _ = images
    found = leaks(test, train)
    assert found.keys() == {"by_id", "by_pixels"}
    assert (found["by_pixels"] == pairwise(test.x, train.x)).all()
    own, known = (images.ids[images.place] for images in (test, train))
    assert (found["by_id"] == (own[:, :, None] == known[:, None]).any(axis=-1)).all()
    assert not (found["by_id"] & ~found["by_pixels"]).any()
    one = test.x[0]  # images that replicates share
    assert (copies(one, train) == pairwise(np.stack([one] * len(train.x)), train.x)).all()


def test_the_same_image_and_equal_pixels_are_told_apart():
    pool = [[0, 1], [1, 0], [0, 1], [1, 0.9999999]]
    test, train = subset(pool, [0] * 4, [[0, 1, 3]]), subset(pool, [0] * 4, [[1, 2]])
    assert leaks(test, train)["by_id"].tolist() == [[False, True, False]]
    assert leaks(test, train)["by_pixels"].tolist() == [[True, True, False]]


@given(dealt())
def test_shares_are_means_over_replicates(images):
    test, train, _ = images
    found = leaks(test, train)
    row = shares(found)
    assert row["n"] == test.place.shape[1]
    for way, leaked in found.items():
        own = [fmean(replicate) for replicate in leaked.tolist()]
        assert row[f"{way}_mean"] == pytest.approx(fmean(own))
        assert min(own) == max(own) or row[f"{way}_sd"] > 0


@given(dealt())
def test_both_parts_make_up_the_whole(images):
    test, train, rng = images
    leaked = leaks(test, train)["by_pixels"]
    labels = rng.integers(0, 3, test.y.shape)
    labels[rng.random(len(labels)) < 0.3] = -1
    row, kept = apart(labels, test.y, leaked), (labels >= 0).all(axis=1)
    assert row["leaked_images"] + row["unleaked_images"] == labels[kept].size
    for name, part in (("leaked", leaked), ("unleaked", ~leaked)):
        some = part.any(axis=1)
        own = [
            fmean((labels[r] == test.y[r])[part[r]].tolist()) for r in np.flatnonzero(some & kept)
        ]
        expected = spread(pd.Series(own, dtype=float), name)
        assert row[f"{name}_images"] == part[kept].sum()
        assert row[f"{name}_mean"] == pytest.approx(fmean(own) if own else math.nan, nan_ok=True)
        assert row[f"{name}_sd"] == pytest.approx(expected[f"{name}_sd"], nan_ok=True)
        assert row.get(f"{name}_diverged", 0) == (some & ~kept).sum()


def test_accuracy_is_of_the_replicates_that_have_such_images_and_did_not_diverge():
    y = np.zeros((4, 4), np.int64)
    leaked = np.array([[1, 1, 1, 0], [1, 0, 0, 0], [0, 0, 0, 0], [1, 1, 0, 0]], bool)
    labels = np.array([[0, 0, 1, 1], [0, 0, 0, 1], [0, 0, 0, 1], [-1, -1, -1, -1]])
    row = apart(labels, y, leaked)
    assert (row["leaked_images"], row["unleaked_images"]) == (4, 8)
    assert row["leaked_mean"] == pytest.approx((2 / 3 + 1) / 2)
    assert row["leaked_sd"] == pytest.approx(math.sqrt(2) / 6)
    assert row["unleaked_mean"] == pytest.approx((0 + 2 / 3 + 3 / 4) / 3)
    assert (row["leaked_diverged"], row["unleaked_diverged"]) == (1, 1)


def frames(**by_split):
    """Both tables of a study of one model at two sizes; for each split, what leaks and how well."""
    overlap, accuracy = [], []
    for split, (by_id, at_large, at_small, leaked) in by_split.items():
        for size, by_pixels in ((7, at_large), (2, at_small)):
            place = {"split": split, "size": size}
            ways = {"by_id_mean": by_id, "by_id_sd": 0.0}
            pixels = {"by_pixels_mean": by_pixels, "by_pixels_sd": 0.0}
            overlap.append(place | {"subset": "test", "n": 10} | ways | pixels)
            fresh = {"by_pixels_mean": 0.0, "by_pixels_sd": 0.0}
            overlap.append(place | {"subset": "fresh", "n": 40} | fresh)
            parts = {"leaked_images": round(10 * by_pixels), "leaked_mean": leaked + size / 100}
            parts |= {"leaked_sd": 0.0, "unleaked_images": 10 - round(10 * by_pixels)}
            parts |= {"unleaked_mean": 0.5, "unleaked_sd": 0.0}
            accuracy.append(place | {"model": "a", "title": "A"} | parts)
    return pd.DataFrame(overlap), pd.DataFrame(accuracy)


def test_a_report_tells_what_leaks_and_shows_the_cells_that_do():
    text = leakage_report(*frames(last=(0.8, 0.8, 0.9, 0.75), kept=(0.0, 0.0, 0.0, math.nan)))
    first, second = text.split("\n\n")[:2]
    assert first == (
        "In the split `last`, up to 90% of the test images and no fresh images are training images "
        "too. Accuracy on the test images that leak is 0.795, and on the others 0.500, on average "
        "over 2 models and sizes; the gap is widest for `a` at 7 pixels a side, 0.820 against "
        "0.500."
    )
    assert second == (
        "In the split `kept`, no test images and no fresh images are training images too."
    )
    rows = [line for line in text.splitlines() if line.startswith(("| last", "| kept"))]
    assert len(rows) == 4 + 4 + 2  # shares in both splits, accuracy in one
    assert "0.820 ± 0.000" in rows[-2]


TENTHS = st.integers(0, 10).map(lambda n: n / 10)


@given(st.lists(st.tuples(TENTHS, TENTHS, TENTHS, TENTHS), min_size=1, max_size=3))
def test_a_report_has_a_row_for_each_share_and_for_each_cell_that_leaks(drawn):
    text = leakage_report(*frames(**{f"s{i}": values for i, values in enumerate(drawn)}))
    assert text.endswith("|\n") == any(large + small > 0 for _, large, small, _ in drawn)
    for i, (by_id, large, small, _) in enumerate(drawn):
        rows = [line for line in text.splitlines() if line.startswith(f"| s{i} ")]
        assert len(rows) == 4 + (large > 0) + (small > 0)
        (told,) = [line for line in text.splitlines() if f"split `s{i}`, " in line]
        assert ("no test images" in told) == (by_id + large + small == 0)


def test_a_report_says_that_nothing_leaks():
    text = leakage_report(*frames(kept=(0.0, 0.0, 0.0, math.nan)))
    assert text.endswith("No test image leaks, so there is no accuracy to tell apart.\n")
    assert text.count("| A") == 0


def test_a_model_that_diverged_is_in_the_report():
    overlap, accuracy = frames(last=(0.8, 0.8, 0.8, math.nan))
    accuracy = accuracy.assign(leaked_images=0, leaked_diverged=3.0)
    assert leakage_report(overlap, accuracy).count("| diverged ") == 2

"""Models from size to size, against the definitions step by step, and on made-up curves."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fewpixels.statistics.intervals import converged, other_images
from fewpixels.statistics.sampling import Dealt, Fixed
from fewpixels.tables.sizes import (
    SHARES,
    confidence_set,
    interpolation,
    learned,
    pixels,
    reaching,
    shares_reached,
    smallest,
    steps,
)

MODEL = [{"name": "m", "title": "M"}]
OF = Dealt(8, 1, 10)


def random_scores(sizes, seed, replicates=4, images=60):
    """Scores that grow with the size, the same images being easy at all; one replicate diverged."""
    rng = np.random.default_rng(seed)
    easy = rng.random(images)
    scores = {
        size: (easy + 0.2 * rng.random((replicates, images)) < size / max(sizes)).astype(float)
        for size in sizes
    }
    scores[sizes[0]][0] = np.nan
    return scores


def by_walking(scores, share, of):
    """The confidence set as it is defined: from the largest down, and from the smallest up."""
    sizes = sorted(scores)

    def bounds(size):
        own, largest = converged(scores[size], scores[sizes[-1]])
        return of.difference(own - share * largest)[0]

    high = sizes[-1]
    for size in sizes[-2::-1]:
        if bounds(size)[0] <= 0:
            break
        high = size
    for low in sizes:
        if low == sizes[-1] or bounds(low)[1] >= 0:
            return low, high
    return None


@settings(max_examples=20)
@given(
    st.lists(st.integers(1, 28), min_size=1, max_size=9, unique=True),
    st.integers(0, 99),
    st.sampled_from(SHARES),
    st.sampled_from([OF, Fixed()]),
)
def test_the_set_is_found_by_walking_from_both_ends(sizes, seed, share, of):
    scores = random_scores(sizes, seed)
    row = reaching(scores, share, of)
    assert (row["size_low"], row["size_high"]) == by_walking(scores, share, of)
    assert row["size_low"] <= row["size"] <= row["size_high"]


def test_a_size_that_happens_to_be_good_does_not_end_the_walk():
    """3×3 is above the share for certain, but 4×4 is not: the set reaches above that."""
    right = {1: 0, 2: 20, 3: 100, 4: 85, 5: 100}
    scores = {s: np.tile(np.arange(100) < n, (3, 1)).astype(float) for s, n in right.items()}
    scores[4][1:, 80:90] = [[1], [0]]
    row = reaching(scores, 0.84, OF)
    assert (row["size_low"], row["size"], row["size_high"]) == (3, 3, 5)


@pytest.mark.parametrize("of", [OF, Fixed()])
def test_four_fresh_images_tell_little(of):
    """All right at 4×4 and above, none below that: any size may be the smallest."""
    scores = {size: np.full((20, 4), float(size >= 4)) for size in (2, 4, 7, 28)}
    row = reaching(scores, 0.9, of)
    assert (row["size_low"], row["size"], row["size_high"]) == (2, 4, 28)
    assert row["difference_low"] < -0.3
    # Of a hundred, 4×4 it is.
    row = reaching({size: np.tile(own, 25) for size, own in scores.items()}, 0.9, of)
    assert (row["size_low"], row["size"], row["size_high"]) == (4, 4, 4)


def test_sizes_that_label_every_image_alike_differ_by_a_share_of_it():
    """d is 0.1 on all images, which may be −0.9 or 1 on others; of the largest, 0."""
    right = np.ones((3, 50))
    small, largest = (reaching({7: own, 28: right}, 0.9, OF) for own in (right, 1 - right))
    assert (small["size"], largest["size"]) == (7, 28)
    assert small["difference"] == pytest.approx(largest["difference"]) == pytest.approx(0.1)
    assert small["difference_high"] > 0.2
    assert 0 < largest["difference_low"] < 0.1 < largest["difference_high"] < 0.11


def test_one_replicate_tells_nothing_of_other_samples():
    scores = {size: own[1:2] for size, own in random_scores([1, 4, 9], 0).items()}
    row = reaching(scores, 0.9, OF)
    assert (row["size_low"], row["size_high"]) == (1, 9)
    assert np.isnan(row["difference_low"])


@settings(max_examples=20)
@given(st.lists(st.integers(1, 28), min_size=1, max_size=9, unique=True), st.integers(0, 99))
def test_each_model_has_a_row_for_each_share_and_for_each_size_amid_others(sizes, seed):
    scores = {"m": random_scores(sizes, seed)}
    found = smallest(scores, MODEL, OF, 0.1)
    assert found["share"].tolist() == list(SHARES)
    assert found["size"].is_monotonic_increasing
    for row in found.itertuples():
        ends = f"{pixels(row.size_low)} to {pixels(row.size_high)}"
        alone = f"{pixels(row.size)} alone"
        assert confidence_set(row) == (alone if row.size_low == row.size_high else ends)
    stepped = steps(scores, MODEL, 28, OF)
    amid = sorted(sizes)[2:-2]
    assert stepped["size"].dropna().tolist() == amid
    assert stepped["size"].isna().any() == any(28 % size == 0 for size in amid)


@given(st.lists(st.integers(1, 99), min_size=4, max_size=4, unique=True), st.integers(0, 99))
def test_interpolation_is_exact_for_cubics(nodes, at):
    cubic = np.poly1d([1, -2, 0.5, 3])
    scale = np.abs(interpolation(at, nodes) * cubic(nodes)).max()
    assert interpolation(at, nodes) @ cubic(nodes) == pytest.approx(
        cubic(at), abs=1e-9 * scale + 1e-9
    )


@given(
    st.lists(st.integers(1, 28), min_size=1, max_size=5, unique=True),
    st.integers(0, 99),
    st.floats(0, 1),
    st.sampled_from([OF, Fixed()]),
    st.integers(1, 3),
)
def test_shares_are_reached_where_the_largest_size_is_certainly_above_chance(
    sizes, seed, chance, of, replicates
):
    scores = random_scores(sizes, seed, replicates + 1)
    largest = converged(scores[max(sizes)])[0]
    low = of.accuracy(largest)[0]
    if not np.isfinite(low):
        low = other_images(largest)[0]
    assert learned(scores, of, chance) == (low > chance)
    rows = shares_reached(scores, of, chance)
    assert [row["share"] for row in rows] == list(SHARES)
    for row in rows:
        known = reaching(scores, row["share"], of) if low > chance else {}
        assert row == pytest.approx({"share": row["share"]} | known, nan_ok=True)
    # However high chance is set, nothing is learned of images labelled wrongly, or of none.
    assert not learned({size: 0 * own for size, own in scores.items()}, of, chance)
    assert shares_reached({}, of, chance) == [{"share": share} for share in SHARES]


def curve(sizes, bump):
    """The same accuracy of all replicates: a cubic in the logarithm, and more at 7."""
    x = np.log(sizes)
    level = 0.2 + 0.2 * x - 0.01 * x**3 + bump * (np.array(sizes) == 7)
    return {s: np.full((3, 10), value) for s, value in zip(sizes, level, strict=True)}


def test_a_smooth_curve_has_no_steps_and_a_bump_is_one():
    sizes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 14, 28]
    flat, bumped = (steps({"m": curve(sizes, bump)}, MODEL, 28, OF) for bump in (0, 0.1))
    np.testing.assert_allclose(flat["difference"], 0, atol=1e-12)
    assert flat["size"].dropna().tolist() == [3, 4, 5, 6, 7, 8, 9]
    assert flat["divides"].tolist() == ["no", "yes", "no", "no", "yes", "no", "no", "yes"]
    assert bumped.set_index("size").loc[7, "difference"] == pytest.approx(0.1)
    mean = bumped[bumped["size"].isna()].iloc[0]
    assert mean["difference"] == pytest.approx(
        bumped[bumped["size"].isin([4, 7])].difference.mean()
    )


def test_steps_have_the_interval_of_their_paired_contrast():
    scores = random_scores([2, 3, 4, 5, 6], 3)
    found = steps({"m": scores}, MODEL, 28, OF)
    weights = interpolation(np.log(4), np.log([2, 3, 5, 6]))
    contrast = scores[4] - sum(w * scores[s] for w, s in zip(weights, [2, 3, 5, 6], strict=True))
    (kept,) = converged(contrast)
    assert len(kept) == 3
    within = -weights[weights > 0].sum(), 1 - weights[weights < 0].sum()
    assert found["size"].tolist() == [4, pd.NA]
    for row in found.itertuples():
        assert row.difference == pytest.approx(kept.mean())
        ends = row.difference_low, row.difference_high
        assert ends == pytest.approx(OF.difference(kept, within)[0])

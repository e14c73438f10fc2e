"""Sums over images for every pair of cells, against sums that are written out."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fewpixels.page import paired
from fewpixels.page.paired import right_by_class, squares, squares_by_class, tally


def study(seed, cells, replicates, n, share):
    rng = np.random.default_rng(seed)
    right = [rng.random((replicates, n)) < 0.6 for _ in range(cells)]
    return right, [rng.random(replicates) < share for _ in range(cells)]


@given(
    st.integers(0, 100), st.integers(1, 5), st.integers(1, 5), st.integers(1, 9),
    st.sampled_from([0.0, 0.3, 1.0]),
)  # fmt: skip
def test_squares_are_over_the_replicates_that_converged_in_both(seed, cells, replicates, n, share):
    right, lost = study(seed, cells, replicates, n, share)
    tallies = [tally(own, gone, lost) for own, gone in zip(right, lost, strict=True)]
    wanted = []
    for a, b in combinations(range(cells), 2):
        kept = ~(lost[a] | lost[b])
        counts = right[a][kept].sum(axis=0) - right[b][kept].sum(axis=0)
        wanted.append((counts**2).sum())
    assert squares(tallies, lost).tolist() == wanted


@given(st.integers(0, 100), st.integers(1, 4), st.integers(1, 4), st.integers(1, 9))
def test_sums_of_classes_are_those_of_their_images_alone(seed, cells, replicates, n):
    right, lost = study(seed, cells, replicates, n, 0.3)
    y = np.random.default_rng(seed).integers(0, 3, n)
    tallies = [tally(own, gone, lost) for own, gone in zip(right, lost, strict=True)]
    found = squares_by_class(tallies, lost, y, 3)
    assert found.sum(axis=1).tolist() == squares(tallies, lost).tolist()
    for c in range(3):
        alone = [tally(own[:, y == c], gone, lost) for own, gone in zip(right, lost, strict=True)]
        assert found[:, c].tolist() == squares(alone, lost).tolist()
        counts = [right_by_class(own, y, 3)[:, c].tolist() for own in right]
        assert counts == [own[:, y == c].sum(axis=1).tolist() for own in right]


def test_images_are_multiplied_block_by_block(monkeypatch):
    right, lost = study(1, 4, 3, 50, 0.3)
    tallies = [tally(own, gone, lost) for own, gone in zip(right, lost, strict=True)]
    whole = squares(tallies, lost)
    monkeypatch.setattr(paired, "_ENTRIES", 13)
    assert squares(tallies, lost).tolist() == whole.tolist()


def test_more_replicates_than_a_byte_counts():
    right, lost = np.ones((300, 2), bool), np.zeros(300, bool)
    other = tally(~right, lost, [lost])
    assert squares([tally(right, lost, [lost]), other], [lost, lost]).tolist() == [2 * 300**2]

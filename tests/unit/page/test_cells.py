"""What the explorer shows of one cell, against the study's tables and sums written out."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from random_pages import explored

from fewpixels.page.cells import (
    EVALUATED,
    balanced,
    by_cell,
    confused,
    fresh_intervals,
    held_intervals,
    most_wrong,
    shown,
    summary,
)
from fewpixels.statistics.classes import uneven, weights
from fewpixels.statistics.intervals import (
    another_sample,
    another_split,
    next_replicate,
    other_images,
)
from fewpixels.statistics.sampling import Dealt, by_class
from fewpixels.tables.pairs import held_out, intervals
from fewpixels.tables.summary import summary as tabulated


@given(explored())
def test_accuracies_are_those_of_the_tables(e):
    replicates = e.metrics["replicate"].nunique()
    found = by_cell(e.metrics, replicates)
    for (*cell, subset), row in tabulated(e.metrics).iterrows():
        own = found[tuple(cell)][subset]
        mean, sd, low, high = summary(own["accuracy"])
        assert [mean, sd] == pytest.approx([row["mean"], row["sd"]], nan_ok=True)
        assert np.isnan(mean) or low <= mean + 1e-12 <= high + 2e-12
        assert (own["correct"] < 0).sum() == row["diverged"]
        kept = own["correct"] >= 0
        np.testing.assert_allclose(own["correct"][kept] / own["n"], own["accuracy"][kept])


@given(explored())
def test_intervals_are_those_of_the_tables_and_of_the_library(e):
    replicates = e.metrics["replicate"].nunique()
    known = e.intervals.set_index(["model", "size"])
    for cell, own in by_cell(e.metrics, replicates).items():
        split, size, model = cell
        validation, test = held_intervals(cell, own, known, e.study)
        sample, other = fresh_intervals(cell, e.scores[cell], known, e.study)
        row = known.loc[(model, size)]
        kept = e.scores[cell][~np.isnan(e.scores[cell]).any(axis=1)]
        if len(kept) < 2:
            assert np.isnan(validation).all()
        else:
            low, high = next_replicate(
                own["validation"]["accuracy"][own["validation"]["correct"] >= 0]
            )
            assert validation == pytest.approx((max(0, low), min(1, high)))
        if e.study.fit_of(cell)[0] == "heldout":
            columns = ["sample_low", "sample_high"]
            columns = columns if "sample_low" in known else ["images_low", "images_high"]
            assert sample == pytest.approx(row[columns].tolist(), nan_ok=True)
        of = e.study.samplings[split]
        if not isinstance(of, Dealt):
            assert np.isnan(other).all()
            if len(kept):
                low, high = other_images(kept)
                assert sample == pytest.approx((max(0, low), min(1, high)))
        elif len(kept) > 1:
            wanted = another_sample(kept, of.n_train, of.n_pool), another_split(kept)
            for own_ends, (low, high) in zip((sample, other), wanted, strict=True):
                assert own_ends == pytest.approx((max(0, low), min(1, high)))
            accuracies = own["test"]["accuracy"][own["test"]["correct"] >= 0]
            if not e.study.tested(split):
                low, high = next_replicate(accuracies)
                assert test == pytest.approx((max(0, low), min(1, high)))
            assert test[0] - 1e-12 <= accuracies.mean() <= test[1] + 1e-12


@given(explored(), st.integers(0, 99))
def test_balanced_accuracies_are_means_of_recalls_with_intervals_of_the_honest_split(e, seed):
    """Means as of ``metrics.csv``; of an even subset, none."""
    rng, recalls = np.random.default_rng(seed), {}
    rows = []
    for row in e.metrics.to_dict("records"):
        key, value = (row["split"], row["size"], row["model"], row["subset"]), np.nan
        if row["subset"] == "fresh" and uneven(e.y):
            right = e.scores[key[:3]][row["replicate"]]
            value = np.mean([right[e.y == c].mean() for c in np.unique(e.y)])
        elif row["subset"] == "test" and not np.isnan(row["accuracy"]):
            value = rng.random()
        recalls.setdefault(key, []).append(value)
        rows.append(row | {"balanced": value})
    metrics = pd.DataFrame(rows)
    means = metrics.groupby(["split", "size", "model", "subset"]).mean(numeric_only=True)
    honest = [((m, s), own) for (split, s, m), own in e.scores.items() if split == "heldout"]
    of = e.study.samplings["heldout"]
    tests, own_tests = (held_out(metrics, "heldout", c) for c in ("accuracy", "balanced"))
    known = intervals(tests, honest, of, e.y, own_tests).set_index(["model", "size"])
    for split, size, model in e.scores:
        found = balanced((split, size, model), means, known, e.study)
        for subset, entry in zip(EVALUATED, found, strict=True):
            kept = [v for v in recalls.get((split, size, model, subset), []) if not np.isnan(v)]
            if not kept:
                assert entry is None
                continue
            mean, low, high = entry
            assert mean == pytest.approx(np.mean(kept))
            trained = e.study.fit_of((split, size, model))[0] if subset == "fresh" else split
            if trained != "heldout" or (len(kept) < 2 and isinstance(of, Dealt)):
                assert (low, high) == (None, None)
                continue
            assert low - 1e-9 <= mean <= high + 1e-9
            if subset == "fresh":
                right = e.scores[split, size, model] * weights(e.y)
                ends = by_class(of, e.y).accuracy(right[~np.isnan(right).any(axis=1)])
                assert (low, high) == pytest.approx(tuple(np.clip(ends, 0, 1)))


@given(
    st.integers(0, 100), st.integers(1, 3), st.integers(0, 9), st.integers(2, 4), st.booleans()
)  # fmt: skip
def test_confused_images_are_counted_one_by_one(seed, replicates, n, classes, shared):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, classes, (replicates, n))
    labels[rng.random(replicates) < 0.3] = -1
    y = rng.integers(0, classes, n if shared else (replicates, n))
    wanted = np.zeros((classes, classes), int)
    for r, i in np.ndindex(labels.shape):
        if labels[r, i] >= 0:
            wanted[np.broadcast_to(y, labels.shape)[r, i], labels[r, i]] += 1
    assert confused(labels, y, classes).tolist() == wanted.tolist()


WRONG = st.tuples(st.integers(-1, 3), st.integers(0, 3), st.integers(0, 4), st.integers(1, 3))


@given(st.lists(WRONG, max_size=15))
def test_the_most_wrong_images_have_the_largest_margins_and_then_the_most_agreement(rows):
    labels, y, margins, agreed = np.array(rows, int).reshape(-1, 4).T
    found, given_labels, given_margins = most_wrong(
        labels, y, margins.astype(np.float32), agreed, 5
    )
    wrong = [i for i in range(len(rows)) if labels[i] not in (-1, y[i])]
    wanted = sorted(wrong, key=lambda i: (-margins[i], -agreed[i], i))[:5]
    rest = 5 - len(wanted)
    assert found.tolist() == wanted + [-1] * rest
    assert given_labels.tolist() == [labels[i] for i in wanted] + [0] * rest
    assert given_margins.tolist() == [margins[i] for i in wanted] + [0] * rest


@given(arrays(np.int64, st.integers(0, 40), elements=st.integers(0, 4)), st.integers(0, 45))
def test_the_first_images_of_each_class_are_shown_evenly(labels, most):
    found = shown(labels, most)
    # Dealt one by one: each class in turn gives its next image.
    queues = [np.flatnonzero(labels == c).tolist() for c in range(5)]
    dealt = []
    while any(queues):
        dealt += [queue.pop(0) for queue in queues if queue]
    assert found.dtype == np.int64
    assert found.tolist() == sorted(dealt[:most])


def test_all_are_shown_where_they_fit():
    assert shown(np.array([2, 0, 2, 2]), 4).tolist() == [0, 1, 2, 3]
    assert shown(np.array([2, 0, 2, 2]), 3).tolist() == [0, 1, 2]
    assert shown(np.array([1, 1, 0, 1], np.uint8), 2).tolist() == [0, 2]

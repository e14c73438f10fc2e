"""Measures, intervals and pairs from handmade results, by routes that pandas alone gives."""

import math
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_configurations import TEXT
from random_studies import results
from scipy.stats import norm, t

from fewpixels.artifacts.markdown import plain, with_ends
from fewpixels.claims.measures import measures
from fewpixels.statistics.sampling import Dealt, Fixed
from fewpixels.tables.pairs import compared, held_out, intervals, pairs

SCORES = np.array([[1, 0], [1, 1]], float)
OF = Dealt(n_train=800, n_test=100, n_pool=1000)
CELL = {"split": "heldout", "size": 7, "model": "m"}


def run(accuracies, replicate=0):
    """A history with these validation accuracies."""
    rows = [{"step": i, "validation_accuracy": a} for i, a in enumerate(accuracies, 1)]
    return pd.DataFrame(rows).assign(replicate=replicate, loss=0.5, **CELL)


def of_history(*runs):
    metrics = pd.DataFrame([{**CELL, "replicate": 0, "subset": "test", "accuracy": 0.5}])
    history = pd.concat([run(own, r) for r, own in enumerate(runs)]).sample(frac=1, random_state=1)
    found = measures({"metrics": metrics, "history": history})
    wide = found.pivot(index="replicate", columns="metric", values="value")
    return wide[["peak_update", "decline", "fall"]]


def test_a_run_peaks_declines_and_falls():
    found = of_history([0.1, 0.6, 0.2, 0.8, 0.8, 0.7], [0.3, 0.4, 0.5], [0.2, 0.2])
    assert found.loc[0].tolist() == pytest.approx([4, 0.1, 0.4])
    assert found.loc[1].tolist() == pytest.approx([3, 0, 0])
    assert found.loc[2].tolist() == pytest.approx([1, 0, 0])


def test_a_run_that_diverged_has_no_measures():
    found = of_history([0.1, math.nan, math.nan], [0.3, 0.4])
    assert found.loc[0].isna().all()
    assert found.loc[1].tolist() == pytest.approx([2, 0, 0])


def test_updates_of_a_replicate_that_diverged_are_missing():
    metrics = pd.DataFrame([{**CELL, "replicate": 0, "subset": "test", "accuracy": 0.5}])
    fits = [{**CELL, "replicate": r, "updates": 9, "diverged": r} for r in (0, 1)]
    found = measures({"metrics": metrics, "fit": pd.DataFrame(fits)})
    updates = found[found["metric"] == "updates"].set_index("replicate")["value"]
    assert updates[0] == 9
    assert math.isnan(updates[1])


def test_the_best_accuracy_is_over_all_sizes_and_k():
    rows = [
        {**CELL, "size": size, "replicate": r, "subset": subset, "k": k, "accuracy": accuracy}
        for size, r, subset, k, accuracy in [
            (7, 0, "test", 1, 0.5),
            (7, 0, "test", 2, 0.6),
            (2, 0, "test", 1, 0.7),
            (2, 0, "fresh", 1, 0.9),
            (7, 1, "test", 1, 0.4),
            (2, 1, "test", 1, 0.3),
        ]
    ]
    metrics = pd.DataFrame([{**CELL, "replicate": 0, "subset": "test", "accuracy": 0.5}])
    found = measures({"metrics": metrics, "sweep": pd.DataFrame(rows)})
    best = found[found["metric"] == "best_accuracy"].set_index(["size", "replicate"])["value"]
    assert best.to_dict() == {(7, 0): 0.7, (2, 0): 0.7, (7, 1): 0.4, (2, 1): 0.4}


@given(results())
def test_measures_are_those_of_the_tables(r):
    tables = {"metrics": r.metrics, "fit": r.fits, "history": r.history, "sweep": r.sweep}
    found = measures(tables | {"diagnostics": r.diagnostics})
    cells = len(r.metrics) // 3
    for metric, own in found.groupby("metric"):
        assert len(own) == cells, metric
    merged = found[found["metric"] == "updates"].merge(r.fits)
    assert (merged["value"] == merged["updates"]).all()
    wide = found.pivot(
        index=["split", "size", "model", "replicate"], columns="metric", values="value"
    )
    assert (wide["fall"] >= wide["decline"] - 1e-12).all()
    assert (wide["peak_update"] <= wide["updates"]).all()


def made_up(r, n=12):
    """Scores of every cell of a random study, of replicates that may have diverged."""
    rng = np.random.default_rng(3)
    found = {}
    for model in r.models:
        for size in model["sizes"]:
            own = (rng.random((r.replicates, n)) < 0.7).astype(float)
            own[rng.random(r.replicates) < 0.2] = math.nan
            found[model["name"], size] = own
    return found


@given(results())
def test_intervals_surround_the_means_of_replicates_that_converged(r):
    tests = held_out(r.metrics, r.honest)
    mean = r.of_honest("metrics").query("subset == 'test'").groupby(["model", "size"])
    scores = made_up(r)
    frame = intervals(tests, scores.items(), OF).set_index(["model", "size"])
    assert len(frame) == len(scores)
    for cell, row in frame.iterrows():
        own = scores[cell][~np.isnan(scores[cell]).any(axis=1)]
        assert row["diverged"] == r.replicates - len(own)
        assert row["test"] == pytest.approx(mean["accuracy"].mean()[cell])
        if not len(own):
            assert math.isnan(row["fresh"])
            continue
        assert row["fresh"] == pytest.approx(own.mean())
        for name, middle in (("test", "test"), ("sample", "fresh"), ("split", "fresh")):
            low, high = row[f"{name}_low"], row[f"{name}_high"]
            few = len(own) < 2 if name != "test" else r.replicates < 2
            assert math.isnan(low) == few
            assert few or 0 <= low <= row[middle] + 1e-9 <= high + 2e-9 <= 1 + 2e-9


@given(results())
def test_pairs_turn_round_and_find_no_difference_of_a_model_to_itself(r):
    tests, scores = held_out(r.metrics, r.honest), made_up(r)
    chosen = compared(r.models)
    sizes = {m["name"]: m["sizes"] for m in r.models}
    assert all(size in sizes[a] and size in sizes[b] and a != b for _, a, b, size in chosen)
    assert len(set(chosen)) == len(chosen)
    frame = pairs(chosen, tests, scores, OF)
    turned = pairs([(c, b, a, size) for c, a, b, size in chosen], tests, scores, OF)
    assert len(frame) == len(chosen)
    if not chosen:
        return
    for name in ("difference", "test_difference"):
        np.testing.assert_allclose(frame[name], -turned[name], atol=1e-12)
        np.testing.assert_allclose(frame[f"{name}_low"], -turned[f"{name}_high"], atol=1e-12)
    np.testing.assert_allclose(frame["probability"], 1 - turned["probability"], atol=1e-12)
    np.testing.assert_allclose(frame["holm_p"], turned["holm_p"], atol=1e-9)
    same = pairs([(c, a, a, size) for c, a, _, size in chosen], tests, scores, OF)
    known = same.dropna(subset="difference")
    assert (known[["difference", "test_difference"]] == 0).all(axis=None)
    assert (known["probability"] == 0.5).all()
    assert (same["holm_p"] == 1).all()


def test_a_pair_by_hand():
    """Two replicates, four images: +1 and 0 of four; p of two pairs is doubled for the smaller."""
    a = np.array([[1, 1, 1, 0], [1, 1, 0, 0]], float)
    b = np.array([[1, 1, 0, 0], [1, 1, 0, 0]], float)
    tests = {("a", 7): np.array([0.5, 0.7]), ("b", 7): np.array([0.5, 0.5])}
    frame = pairs([("models", "a", "b", 7)], tests, {("a", 7): a, ("b", 7): b}, OF)
    row = frame.iloc[0]
    assert row["difference"] == 0.125
    assert row["probability"] == 0.75
    assert row["test_difference"] == pytest.approx(0.1)
    # s² of 0.25 and 0 is 1/32, times 4 + 1/2.
    middle, variance = with_imaginary([0, 0, 0.5, 0])
    error = math.sqrt(4.5 / 32 + variance)
    assert row["difference_low"] == max(-1, middle - t.ppf(0.975, 1) * error)
    assert row["holm_p"] == pytest.approx(2 * t.sf(middle / error, 1))


def with_imaginary(differences):
    """Mean and its variance, with 1.92 images of −1 and 1.92 of 1 besides."""
    z2 = 1.959964**2
    n, square = len(differences) + z2, sum(d * d for d in differences) + z2
    return sum(differences) / n, (square / n - (sum(differences) / n) ** 2) / n


@given(results())
def test_where_all_replicates_have_the_same_images_intervals_are_over_images(r):
    scores = made_up(r)
    frame = intervals({}, scores.items(), Fixed()).set_index(["model", "size"])
    for cell, row in frame.iterrows():
        own = scores[cell][~np.isnan(scores[cell]).any(axis=1)]
        if not len(own):
            assert row[["fresh", "images_low", "images_high", "runs_low", "runs_high"]].isna().all()
            continue
        # An accuracy a is a score 2a − 1 from −1 to 1.
        middle, variance = with_imaginary(2 * own.mean(axis=0) - 1)
        half = 1.959964 * math.sqrt(variance)
        assert row["images_low"] == pytest.approx(max(0, (1 + middle - half) / 2), abs=1e-6)
        assert row["images_high"] == pytest.approx(min(1, (1 + middle + half) / 2), abs=1e-6)
        assert row["runs_low"] == min(run.mean() for run in own)
        assert row["runs_high"] == max(run.mean() for run in own)
        assert row["images_low"] - 1e-12 <= row["fresh"] <= row["images_high"] + 1e-12
    chosen = compared(r.models)
    frame = pairs(chosen, {}, scores, Fixed())
    assert not [column for column in frame if "test" in column]
    assert len(frame) == len(chosen)


def test_a_pair_of_fixed_images_by_hand():
    """A z-test over the images' mean differences: 1/2, 0, 1, 0 of two runs."""
    a = np.array([[1, 1, 1, 0], [1, 1, 1, 0]], float)
    b = np.array([[1, 1, 0, 0], [0, 1, 0, 0]], float)
    frame = pairs([("models", "a", "b", 7)], {}, {("a", 7): a, ("b", 7): b}, Fixed())
    row = frame.iloc[0]
    assert row["difference"] == 0.375
    middle, variance = with_imaginary([0.5, 0, 1, 0])
    error = math.sqrt(variance)
    assert row["difference_low"] == pytest.approx(middle - 1.959964 * error)
    assert row["holm_p"] == pytest.approx(2 * norm.sf(middle / error))


def test_no_pairs_make_an_empty_table():
    columns = pairs([("models", "a", "a", 7)], {("a", 7): np.ones(2)}, {("a", 7): SCORES}, OF)
    empty = pairs([], {}, {}, OF)
    assert empty.empty
    assert list(empty) == list(columns)


@given(TEXT)
def test_plain_text_is_one_line_without_markup(text):
    found = plain(text)
    assert found.isprintable()
    assert not set("<>|") & set(found)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_a_number_stands_with_its_interval(value, low, high):
    found = with_ends(value, low, high)
    assert [float(part) for part in re.findall("[0-9.]+", found)] == pytest.approx(
        [value, low, high], abs=5e-4
    )
    assert with_ends(value, math.nan, math.nan) == f"{value:.3f}"
    assert with_ends(math.nan, low, high) == ""

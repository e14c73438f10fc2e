"""Tables from small handmade frames, whose results can be worked out in the head."""

import math

import pandas as pd
import pytest

from fewpixels.artifacts.markdown import markdown
from fewpixels.tables.accuracy import by_size, grid, remedies
from fewpixels.tables.ladders import climbs, ladders
from fewpixels.tables.summary import summary
from fewpixels.tables.sweeps import sweeps
from fewpixels.tables.timing import timing
from fewpixels.tables.training import initialisation, runs


def model(name, **values):
    """A model as the configuration describes it."""
    return {
        "name": name,
        "entry": name,
        "title": name.upper(),
        "family": "any",
        "axes": {},
        "sizes": (7, 2),
        "splits": ("heldout",),
        "published": {},
        "remedy_of": "",
        "beyond": "",
        "remedy": "",
        "show": (),
        "overview": True,
    } | values


def metrics(*cells):
    """Rows of metrics.csv: each cell is split, size, model, subset and accuracies by replicate."""
    rows = []
    for split, size, name, subset, accuracies in cells:
        for replicate, accuracy in accuracies.items():
            rows.append(("d", split, size, name, replicate, subset, accuracy, None))
    # Shuffled, so that replicates can be told apart by their numbers only.
    columns = ["dataset", "split", "size", "model", "replicate", "subset", "accuracy", "chosen"]
    return pd.DataFrame(rows, columns=columns).sample(frac=1, random_state=0, ignore_index=True)


def only(frame, **values):
    """The one row with these values."""
    for column, value in values.items():
        frame = frame[frame[column] == value]
    assert len(frame) == 1
    return frame.iloc[0]


def test_summary_is_mean_and_sample_deviation():
    frame = metrics(
        ("heldout", 7, "a", "test", {0: 0.2, 1: 0.4, 2: 0.6}),
        ("heldout", 7, "a", "fresh", {0: 0.5}),
    )
    found = summary(frame)
    assert found.loc[("heldout", 7, "a", "test")].tolist() == pytest.approx([0.4, 0.2, 0])
    assert found.loc[("heldout", 7, "a", "fresh")].tolist() == [0.5, 0.0, 0]


def test_replicates_that_diverged_are_counted_and_left_out():
    lost = float("nan")
    frame = metrics(
        ("heldout", 7, "a", "fresh", {0: 0.2, 1: lost, 2: 0.6, 3: lost}),
        ("heldout", 2, "a", "fresh", {0: lost, 1: lost, 2: lost, 3: lost}),
        ("heldout", 7, "b", "fresh", {0: 0.5, 1: 0.5, 2: 0.5, 3: 0.5}),
        ("heldout", 2, "b", "fresh", {0: 0.5, 1: 0.5, 2: 0.5, 3: lost}),
    )
    models = [model("a"), model("b", remedy_of="a", remedy="slower")]
    table = by_size(frame, models, ["heldout"], "heldout")
    row = only(table, size=7)
    found = row[["fresh_mean", "fresh_sd", "fresh_diverged"]].tolist()
    assert found == pytest.approx([0.4, math.sqrt(0.08), 2])
    lines = markdown(table).splitlines()
    assert "0.400 ± 0.283 (2 diverged)" in lines[2]
    assert "| diverged " in lines[3]
    assert "0.500 ± 0.000 (1 diverged)" in lines[3]
    ladder = markdown(remedies(frame, models, "heldout")).splitlines()
    assert "0.100 ± 0.283 (2 diverged)" in ladder[4]  # what b gains at 7 pixels a side


def test_a_grid_of_which_all_diverged_says_so():
    lost = float("nan")
    cells = [("heldout", 7, "a", s, {0: lost, 1: lost}) for s in ("test", "fresh")]
    fits = pd.DataFrame(
        [("heldout", 7, "a", r, 1, 0.5) for r in range(2)],
        columns=["split", "size", "model", "replicate", "updates", "seconds"],
    )
    table = grid(metrics(*cells), fits, [model("a", sizes=(7,))], "a", "heldout")
    assert only(table, size=7)["fresh_diverged"] == 2
    assert math.isnan(only(table, size=7)["fresh_sd"])
    assert markdown(table).count("| diverged ") == 2


def test_a_run_whose_replicates_all_diverged_at_once_is_tabulated():
    lost = float("nan")
    history = pd.DataFrame(
        [("heldout", 7, "a", r, step, 1e9, lost) for r in range(2) for step in (1, 2)],
        columns=["split", "size", "model", "replicate", "step", "loss", "validation_accuracy"],
    )
    cells = [("heldout", 7, "a", s, {0: lost, 1: lost}) for s in ("validation", "test", "fresh")]
    row = runs(metrics(*cells), history, [model("a")], "heldout").iloc[0]
    assert (row["updates_mean"], row["peak_diverged"], row["fresh_diverged"]) == (2, 2, 2)
    assert markdown(runs(metrics(*cells), history, [model("a")], "heldout")).count("diverged") == 4


A, B, C = (
    model("a", splits=("published", "heldout"), published={"accuracy": {"7px": 0.9}}),
    model("b", remedy_of="a", remedy="shuffle"),
    model("c", remedy_of="b", remedy="average"),
)


def test_ladders_climb_from_each_model_that_improves_on_none():
    lone = model("lone")
    found = ladders([C, lone, A, B])
    assert [[m["name"] for m in rungs] for rungs in found] == [["lone"], ["a", "b", "c"]]


def test_what_lies_beyond_a_rung_follows_the_ladder_and_branches():
    models = [
        model("far", beyond="near"),
        A,
        B,
        model("near", beyond="b"),
        model("other", beyond="b"),
    ]
    models += [model("farther", remedy_of="far", remedy="r"), model("lone")]
    paths = [[m["name"] for m in path] for path in climbs(models)]
    assert paths == [["a", "b", "near", "other", "far", "farther"], ["lone"]]
    assert [[m["name"] for m in rungs] for rungs in ladders(models)][1] == ["a", "b"]


FRAME = metrics(
    ("published", 7, "a", "test", {0: 0.8, 1: 1.0}),
    ("heldout", 7, "a", "test", {0: 0.3, 1: 0.5}),
    ("heldout", 7, "a", "fresh", {0: 0.2, 1: 0.4}),
    ("published", 7, "a", "fresh", {0: 0.9, 1: 0.9}),  # not what the table is about
    ("heldout", 7, "b", "fresh", {0: 0.5, 1: 0.8}),
    ("heldout", 7, "c", "test", {0: 0.7, 1: 0.7}),
    ("heldout", 7, "c", "fresh", {0: 0.6, 1: 0.9}),
    ("heldout", 2, "a", "fresh", {0: 0.1, 1: 0.1}),
    ("heldout", 2, "c", "fresh", {0: 0.4, 1: 0.5}),
)


def test_by_size_shows_the_lowest_and_the_highest_rung():
    frame = by_size(FRAME, [A, B, C], ["published", "heldout"], "heldout")
    assert frame["size"].tolist() == [7, 2]
    large, small = only(frame, size=7), only(frame, size=2)
    assert (large["model"], large["title"], large["remedied"]) == ("a", "A", "c")
    assert large["published"] == 0.9
    expected = {
        "published_test_mean": 0.9,
        "published_test_sd": math.sqrt(0.02),
        "heldout_test_mean": 0.4,
        "fresh_mean": 0.3,
        "remedied_test_mean": 0.7,
        "remedied_test_sd": 0.0,
        "remedied_fresh_mean": 0.75,
    }
    for column, value in expected.items():
        assert large[column] == pytest.approx(value), column
    assert math.isnan(small["published"])
    assert math.isnan(small["heldout_test_mean"])
    assert small["fresh_mean"] == pytest.approx(0.1)


def test_by_size_leaves_out_models_of_a_single_size():
    frame = by_size(FRAME, [A, B, C, model("single", sizes=(7,))], ["heldout"], "heldout")
    assert set(frame["model"]) == {"a"}


def test_gains_of_remedies_are_paired_by_replicate():
    frame = remedies(FRAME, [A, B, C], "heldout")
    b = only(frame, model="b", size=7)
    # Replicate by replicate: 0.5 − 0.2 and 0.8 − 0.4; crossed, the deviation would be another.
    assert b["gain_mean"] == pytest.approx(0.35)
    assert b["gain_sd"] == pytest.approx(math.sqrt(0.005))
    c = only(frame, model="c", size=7)
    assert (c["gain_mean"], c["gain_sd"]) == pytest.approx((0.1, 0.0))
    assert (c["rung"], c["remedy"], c["ladder"]) == (2, "average", "a")
    assert c["fresh_mean"] == pytest.approx(0.75)
    base = only(frame, model="a", size=7)
    assert base["remedy"] == "as published"
    assert math.isnan(base["gain_mean"])


def test_a_rung_without_the_one_below_has_no_gain():
    frame = remedies(FRAME, [A, B, C, model("lone")], "heldout")
    assert math.isnan(only(frame, model="c", size=2)["gain_mean"]), "b did not run at this size"
    assert len(frame) == 5
    assert "lone" not in set(frame["model"])


def sweep_frame():
    """Accuracy of k = 1…3 on the test images, for two replicates and two sizes."""
    shares = {
        (7, 0): [0.5, 0.9, 0.6],
        (7, 1): [0.7, 0.4, 0.8],
        (2, 0): [0.1, 0.1, 0.3],
        (2, 1): [0.9, 0.2, 0.2],
    }
    rows = [
        ("heldout", size, "knn", replicate, subset, k, share if subset == "test" else 1.0)
        for (size, replicate), accuracies in shares.items()
        for k, share in enumerate(accuracies, 1)
        for subset in ("validation", "test", "fresh")
    ]
    columns = ["split", "size", "model", "replicate", "subset", "k", "accuracy"]
    return pd.DataFrame(rows, columns=columns)


def test_sweeps_show_the_honest_and_the_optimistic_choice():
    frame = metrics(
        *[
            ("heldout", size, "knn", subset, {0: accuracy, 1: accuracy + 0.1})
            for size in (7, 2)
            for subset, accuracy in (("validation", 0.6), ("test", 0.5), ("fresh", 0.4))
        ]
    )
    frame["chosen"] = frame["replicate"] * 2 + 1  # 1 and 3
    times = pd.DataFrame(
        {
            "split": "heldout",
            "size": [7, 7, 2],
            "model": "knn",
            "subset": ["test", "fresh", "test"],
            "seconds": [1.0, 2.0, 5.0],
            "images": [10, 20, 10],
        }
    )
    found = sweeps(sweep_frame(), frame, times, [model("knn", published={"best_accuracy": 0.99})])
    assert only(found, size="all")["published"] == 0.99
    assert found["size"].tolist() == [7, 2, "all"]
    large = only(found, size=7)
    assert large["k_median"] == 2  # the median of 1 and 3
    for subset, mean in (("validation", 0.65), ("test", 0.55), ("fresh", 0.45)):
        assert large[f"{subset}_mean"] == pytest.approx(mean)
    # The best accuracy of each replicate over k: 0.9 and 0.8.
    assert large["optimistic_mean"] == pytest.approx(0.85)
    assert large["optimistic_k_median"] == 2.5  # of 2 and 3
    assert large["lookup_seconds"] == pytest.approx(0.1)
    assert only(found, size=2)["lookup_seconds"] == pytest.approx(0.5)
    # Over all sizes: 0.9 at 7 pixels for the first replicate, 0.9 at 2 for the second.
    assert only(found, size="all")["optimistic_mean"] == pytest.approx(0.9)
    assert only(found, size="all")["optimistic_sd"] == pytest.approx(0.0)


def fit_frame():
    """Two replicates each of two cells of a grid at 7 pixels, and of another model."""
    return pd.DataFrame(
        {
            "split": "heldout",
            "size": [7, 7, 7, 7, 7, 2],
            "model": ["mlp-16", "mlp-16", "mlp-32", "mlp-32", "a", "a"],
            "replicate": [0, 1, 0, 1, 0, 0],
            "updates": [10, 20, 30, 30, 5, 5],
            "seconds": [1.0, 3.0, 5.0, 5.0, 0.5, 0.25],
        }
    )


def cell(width, **values):
    return model(
        f"mlp-{width}",
        entry="mlp",
        axes={"width": width, "activation": "relu"},
        sizes=(7,),
        splits=("published", "heldout"),
        **values,
    )


GRID = [
    cell(16, published={"seconds": 6.0, "updates": 22, "accuracy": {"7px": 0.18}}),
    cell(32),
    model("mlp-new-16", entry="mlp-new", remedy_of="mlp-16", remedy="r", sizes=(7,)),
    A,
]


def test_the_grid_puts_published_figures_beside_ours():
    frame = metrics(
        ("published", 7, "mlp-16", "test", {0: 0.2, 1: 0.4}),
        ("heldout", 7, "mlp-16", "test", {0: 0.1, 1: 0.3}),
        ("heldout", 7, "mlp-16", "fresh", {0: 0.1, 1: 0.1}),
        ("heldout", 7, "mlp-new-16", "fresh", {0: 0.8, 1: 0.9}),
    )
    found = grid(frame, fit_frame(), GRID, "mlp", "heldout")
    assert found["model"].tolist() == ["mlp-16", "mlp-32"]
    row = only(found, width=16)
    assert row[["published_seconds", "published_updates", "published"]].tolist() == [6, 22, 0.18]
    assert (row["seconds"], row["updates_mean"]) == (2.0, 15.0)
    assert row["updates_sd"] == pytest.approx(math.sqrt(50))
    means = [row[f"{name}_mean"] for name in ("published_test", "heldout_test", "remedied_fresh")]
    assert means == pytest.approx([0.3, 0.2, 0.85])
    other = only(found, width=32)
    assert math.isnan(other["published"])
    assert math.isnan(other["remedied_fresh_mean"])


def test_timing_adds_up_sizes_and_cells_of_a_grid():
    times = pd.DataFrame(
        {
            "split": "heldout",
            "size": 7,
            "model": ["mlp-16", "mlp-32", "a"],
            "subset": "test",
            "seconds": [1.0, 2.0, 0.4],
            "images": [10, 20, 100],
        }
    )
    models = [GRID[0], GRID[1], A | {"published": {"seconds": 15, "lookup_seconds": 0.02}}]
    found = timing(fit_frame(), times, models)
    # One activation only, so nothing is said of it.
    assert found[["entry", "cells"]].to_numpy().tolist() == [
        ["mlp", "all"],
        ["mlp", "width = 16"],
        ["mlp", "width = 32"],
        ["a", "all"],
    ]
    a, mlp = only(found, entry="a"), only(found, entry="mlp", cells="all")
    assert (a["fits"], a["train_seconds"]) == (2, pytest.approx(0.75))
    assert a["published_train_seconds"] == 15
    assert a["lookup_seconds"] == pytest.approx(0.004)
    assert a["published_lookup_seconds"] == 0.02
    # A replicate of mlp-16 took 2 s on average, and of mlp-32 5 s; 30 images in 3 s.
    assert (mlp["train_seconds"], mlp["lookup_seconds"]) == pytest.approx((7, 0.1))
    assert (mlp["fits"], mlp["published_train_seconds"]) == (2, 6)
    narrow, wide = only(found, cells="width = 16"), only(found, cells="width = 32")
    assert (narrow["fits"], narrow["train_seconds"], narrow["published_train_seconds"]) == (1, 2, 6)
    assert (wide["fits"], wide["train_seconds"]) == (1, 5)
    assert math.isnan(wide["published_train_seconds"])


def test_initialisation_averages_over_replicates():
    rows = [
        (layer, quantity, replicate, value * (1 + replicate))
        for layer, quantity, value in [
            (1, "input", 1.0),
            (2, "input", 20.0),
            (1, "gradient", 3.0),
            (2, "gradient", 4.0),
            (2, "saturated", 0.5),
            (2, "silent", 0.1),
        ]
        for replicate in (0, 1)
    ]
    frame = pd.DataFrame(rows, columns=["layer", "quantity", "replicate", "value"])
    frame = frame.assign(split="heldout", size=7, model="a")
    elsewhere = frame.assign(split="published", value=-1.0)
    found = initialisation(pd.concat([frame, elsewhere]), FRAME, [A], "heldout")
    assert len(found) == 1
    expected = {
        "logits": 30,
        "saturated": 0.75,
        "silent": 0.15,
        "first_gradient": 4.5,
        "last_gradient": 6,
        "fresh_mean": 0.3,
    }
    for column, value in expected.items():
        assert found.iloc[0][column] == pytest.approx(value), column


def test_markdown_joins_means_and_deviations_and_leaves_gaps_empty():
    frame = pd.DataFrame(
        {
            "model": ["a", "b"],
            "size": [28, 2],
            "published": [0.99, None],
            "fresh_mean": [0.82649, math.nan],
            "fresh_sd": [0.0121, math.nan],
            "updates_mean": [219.4, 20.0],
            "updates_sd": [3.6, 0.0],
        }
    )
    lines = [
        [c.strip() for c in line.strip("|").split("|")] for line in markdown(frame).split("\n")
    ]
    assert lines[0] == ["model", "size", "published", "fresh", "updates"]
    assert lines[2] == ["a", "28", "0.99", "0.826 ± 0.012", "219 ± 4"]
    assert lines[3] == ["b", "2", "", "", "20 ± 0"]
    assert markdown(frame).endswith("|\n")


def test_runs_tell_where_each_replicate_peaks():
    steps = [(0, 1, 0.1), (0, 2, 0.5), (0, 3, 0.5), (1, 1, 0.7), (1, 2, 0.2)]
    history = pd.DataFrame(steps, columns=["replicate", "step", "validation_accuracy"])
    history = history.assign(split="heldout", size=7, model="a")
    row = runs(FRAME, history, [A], "heldout").iloc[0]
    assert (row["updates_mean"], row["peak_update_mean"]) == (2.5, 1.5)
    assert row["peak_mean"] == pytest.approx(0.6)
    assert row["peak_update_sd"] == pytest.approx(math.sqrt(0.5))
    assert row["fresh_mean"] == pytest.approx(0.3)

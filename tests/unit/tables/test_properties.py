"""Tables of random studies: a row for each key that there should be, and means by plain sums."""

import re
from html import unescape
from statistics import fmean, median

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_configurations import TEXT
from random_studies import results

from fewpixels.artifacts.markdown import markdown
from fewpixels.tables.accuracy import by_size, grid, remedies
from fewpixels.tables.ladders import climbs, ladders, spanning
from fewpixels.tables.summary import columns, summary
from fewpixels.tables.sweeps import sweeps
from fewpixels.tables.timing import timing
from fewpixels.tables.training import initialisation, runs

pytestmark = pytest.mark.filterwarnings("error")
# Each makes a few dozen frames.
few = settings(max_examples=10)


def values_of(frame, column="accuracy", **where):
    """A column's values in the rows with these values, as Python numbers."""
    return [row[column] for row in frame.to_dict("records") if where.items() <= row.items()]


def check_mean(row, name, values):
    """A mean and a deviation of these values; gaps where there are none."""
    mean, sd = row[f"{name}_mean"], row[f"{name}_sd"]
    if not values:
        assert pd.isna(mean)
        assert pd.isna(sd)
        return
    assert mean == pytest.approx(fmean(values))
    assert min(values) - 1e-9 <= mean <= max(values) + 1e-9
    assert 0 <= sd <= max(values) - min(values) + 1e-9


def rows_by(frame, *keys):
    """Rows by key; each key once."""
    rows = frame.to_dict("records")
    found = {tuple(row[key] for key in keys): row for row in rows}
    assert len(found) == len(rows)
    return found


def accuracies(r, split, size, model, subset):
    return values_of(r.metrics, split=split, size=size, model=model, subset=subset)


@few
@given(results())
def test_a_summary_has_a_row_for_each_cell_and_subset(r):
    found = summary(r.metrics)
    cells = {(s, z, m["name"]) for m in r.models for s in m["splits"] for z in m["sizes"]}
    subsets = ("validation", "test", "fresh")
    assert set(found.index) == {(*cell, subset) for cell in cells for subset in subsets}
    assert len(found) == 3 * len(cells)
    for key in found.index:
        check_mean(columns(found, key, "own"), "own", accuracies(r, *key))
    check_mean(columns(found, ("no split", 1, "no model", "test"), "own"), "own", [])
    if r.replicates == 1:
        assert (found["sd"] == 0).all()


@few
@given(results(), st.randoms(use_true_random=False))
def test_each_model_is_a_rung_of_one_ladder_whatever_the_order(r, random):
    models = random.sample(r.models, len(r.models))
    found = ladders(models)
    assert [rungs[0] for rungs in found] == [m for m in models if not m["remedy_of"]]
    assert sorted(m["name"] for rungs in found for m in rungs) == [m["name"] for m in r.models]
    for rungs in found:
        assert [m["remedy_of"] for m in rungs] == ["", *[m["name"] for m in rungs[:-1]]]
    wide = [rungs for rungs in found if len({s for m in rungs for s in m["sizes"]}) > 1]
    assert spanning(models) == (wide or found)
    paths = climbs(models)
    assert sorted(m["name"] for path in paths for m in path) == [m["name"] for m in r.models]
    for path in paths:
        assert not path[0]["beyond"]
        before = set()
        for model in path:
            assert not before or (model["remedy_of"] or model["beyond"]) in before
            before.add(model["name"])


@few
@given(results())
def test_accuracy_by_size_has_a_row_for_each_ladder_and_size(r):
    frame = by_size(r.metrics, r.models, r.splits, r.honest)
    found = rows_by(frame, "model", "size")
    tops = {rungs[0]["name"]: rungs[-1] for rungs in spanning(r.models)}
    expected = [
        (rungs[0]["name"], size)
        for rungs in spanning(r.models)
        for size in sorted({s for m in rungs for s in m["sizes"]}, reverse=True)
    ]
    assert list(found) == expected
    by_name = {m["name"]: m for m in r.models}
    for (name, size), row in found.items():
        assert row["title"] == by_name[name]["title"]
        published = by_name[name]["published"].get("accuracy", {}).get(f"{size}px")
        assert row["published"] == published or pd.isna(row["published"])
        for split in r.splits:
            check_mean(row, f"{split}_test", accuracies(r, split, size, name, "test"))
        check_mean(row, "fresh", accuracies(r, r.honest, size, name, "fresh"))
        top = tops[name]["name"]
        if top != name:
            assert row["remedied"] == top
            check_mean(row, "remedied_fresh", accuracies(r, r.honest, size, top, "fresh"))
            check_mean(row, "remedied_test", accuracies(r, r.honest, size, top, "test"))


@few
@given(results())
def test_gains_of_remedies_are_differences_of_means(r):
    frame = remedies(r.metrics, r.models, r.honest)
    found = rows_by(frame, "model", "size") if len(frame) else {}
    climbed = [path for path in climbs(r.models) if len(path) > 1]
    by_name = {m["name"]: m for m in r.models}
    assert list(found) == [(m["name"], s) for rungs in climbed for m in rungs for s in m["sizes"]]
    for rungs in climbed:
        for number, rung in enumerate(rungs):
            for size in rung["sizes"]:
                row = found[rung["name"], size]
                assert (row["ladder"], row["rung"]) == (rungs[0]["name"], number)
                what = rung["remedy"] if rung["remedy_of"] else f"beyond: {rung['title']}"
                first = "as published" if rung["published"] else "without remedies"
                assert row["remedy"] == (what if number else first)
                fresh = accuracies(r, r.honest, size, rung["name"], "fresh")
                check_mean(row, "fresh", fresh)
                below = by_name.get(rung["remedy_of"] or rung["beyond"])
                if number and size in below["sizes"]:
                    under = accuracies(r, r.honest, size, below["name"], "fresh")
                    assert row["gain_mean"] == pytest.approx(fmean(fresh) - fmean(under))
                elif "gain_mean" in row:
                    assert pd.isna(row["gain_mean"])


@few
@given(results())
def test_sweeps_have_a_row_for_each_cell_and_a_best_that_no_single_k_beats(r):
    found = rows_by(sweeps(r.sweep, r.metrics, r.timings, r.models), "split", "model", "size")
    expected = {
        (split, m["name"], size)
        for m in r.models
        for split in m["splits"]
        for size in (*m["sizes"], "all")
    }
    assert set(found) == expected
    for (split, model, size), row in found.items():
        if size == "all":
            continue
        key = {"split": split, "model": model, "size": size}
        chosen = values_of(r.metrics, "chosen", **key, subset="validation")
        assert row["k_median"] == median(chosen)
        for subset in ("validation", "test", "fresh"):
            check_mean(row, subset, accuracies(r, split, size, model, subset))
        tests = {
            (k, replicate): values_of(r.sweep, **key, subset="test", k=k, replicate=replicate)[0]
            for k in set(r.sweep["k"])
            for replicate in range(r.replicates)
        }
        best = [max(v for (_, o), v in tests.items() if o == n) for n in range(r.replicates)]
        check_mean(row, "optimistic", best)
        assert found[split, model, "all"]["optimistic_mean"] >= row["optimistic_mean"] - 1e-9
        assert row["lookup_seconds"] == pytest.approx(0.5 / 4)


@few
@given(results())
def test_a_grid_has_a_row_for_each_of_its_cells_and_sizes(r):
    found = rows_by(grid(r.metrics, r.fits, r.models, "grid", r.honest), "model", "size")
    cells = [m for m in r.models if m["entry"] == "grid"]
    assert list(found) == [(m["name"], size) for m in cells for size in m["sizes"]]
    above = {m["remedy_of"]: m["name"] for m in r.models}
    for model in cells:
        for size in model["sizes"]:
            row, name = found[model["name"], size], model["name"]
            assert model["axes"].items() <= row.items()
            key = {"split": r.honest, "size": size, "model": name}
            check_mean(row, "updates", values_of(r.fits, "updates", **key))
            assert row["seconds"] == pytest.approx(1.5)
            for split in r.splits:
                check_mean(row, f"{split}_test", accuracies(r, split, size, name, "test"))
            if values := accuracies(r, r.honest, size, above.get(name), "fresh"):
                check_mean(row, "remedied_fresh", values)


@few
@given(results())
def test_runs_peak_before_they_end_and_no_lower(r):
    history = r.of_honest("history")
    found = rows_by(runs(r.metrics, history, r.models, r.honest), "model", "size")
    assert set(found) == {(m["name"], size) for m in r.models for size in m["sizes"]}
    for (name, size), row in found.items():
        peaks, places, updates = [], [], []
        for replicate in range(r.replicates):
            key = {"model": name, "size": size, "replicate": replicate}
            own = values_of(history, "validation_accuracy", **key)
            peaks.append(max(own))
            places.append(own.index(max(own)) + 1)
            updates.append(len(own))
        check_mean(row, "peak", peaks)
        check_mean(row, "peak_update", places)
        check_mean(row, "updates", updates)
        assert row["peak_highest"] == max(peaks)
        assert row["peak_update_mean"] <= row["updates_mean"]
        check_mean(row, "fresh", accuracies(r, r.honest, size, name, "fresh"))


@few
@given(results())
def test_timing_loses_no_second_of_an_entry_or_of_an_axis_of_its_grid(r):
    frame = timing(r.of_honest("fits"), r.of_honest("timings"), r.models)
    found = rows_by(frame, "entry", "cells")
    entries = dict.fromkeys(m["entry"] for m in r.models)
    assert [entry for entry, cells in found if cells == "all"] == list(entries)
    for entry in entries:
        own = [m for m in r.models if m["entry"] == entry]
        parts = [("all", own)]
        for axis in own[0]["axes"]:
            values = dict.fromkeys(m["axes"][axis] for m in own)
            if len(values) > 1:
                parts += [
                    (f"{axis} = {v}", [m for m in own if m["axes"][axis] == v]) for v in values
                ]
        assert [cells for e, cells in found if e == entry] == [cells for cells, _ in parts]
        for cells, chosen in parts:
            row, fits = found[entry, cells], sum(len(m["sizes"]) for m in chosen)
            assert (row["fits"], row["train_seconds"]) == (fits, pytest.approx(1.5 * fits))
            assert row["lookup_seconds"] == pytest.approx(0.5 / 4)
            published = [m["published"]["seconds"] for m in chosen if "seconds" in m["published"]]
            if published:
                assert row["published_train_seconds"] == sum(published)
            else:
                assert pd.isna(row["published_train_seconds"])


@few
@given(results())
def test_initialisation_has_a_row_for_each_cell_and_means_over_replicates(r):
    frame = initialisation(r.diagnostics, r.metrics, r.models, r.honest)
    found = rows_by(frame, "model", "size")
    assert set(found) == {(m["name"], size) for m in r.models for size in m["sizes"]}
    columns = {"logits": ("input", 2), "saturated": ("saturated", 2), "silent": ("silent", 2)}
    columns |= {"first_gradient": ("gradient", 1), "last_gradient": ("gradient", 2)}
    for (name, size), row in found.items():
        for column, (quantity, layer) in columns.items():
            key = {"split": r.honest, "model": name, "size": size, "quantity": quantity}
            values = values_of(r.diagnostics, "value", **key, layer=layer)
            assert row[column] == pytest.approx(fmean(values))
        check_mean(row, "fresh", accuracies(r, r.honest, size, name, "fresh"))


def cells_of(line):
    """The cells of a row, as a reader of Markdown sees them: text, without the padding."""
    assert line.startswith("|")
    assert line.endswith("|")
    return [unescape(cell.strip()) for cell in line[1:-1].split("|")]


@given(
    st.lists(st.tuples(TEXT, TEXT, st.floats(0, 1), st.integers(0, 5000) | st.none()), max_size=4)
)
def test_markdown_is_a_table_of_as_many_rows_whatever_the_text(rows):
    frame = pd.DataFrame(rows, columns=["title", "other_text", "share_mean", "count"])
    frame["share_sd"] = frame["share_mean"] / 2
    text = markdown(frame)
    assert text.endswith("|\n")
    lines = text[:-1].split("\n")
    assert text.splitlines() == lines
    assert len(lines) == 2 + len(frame)
    assert cells_of(lines[0]) == ["title", "other text", "share", "count"]
    assert re.fullmatch(r"\|(:?-+:?\|){4}", lines[1])
    for line, (title, other, share, _) in zip(lines[2:], rows, strict=True):
        cells = cells_of(line)
        assert len(cells) == 4
        assert not set(line) & {"<", ">"}
        for cell, value in zip(cells, (title, other), strict=False):
            printed = "".join(c if c.isprintable() else " " for c in value)
            assert cell == printed.strip()
        assert cells[2] == f"{share:.3f} ± {share / 2:.3f}"


@few
@given(results())
def test_every_table_is_written_with_a_line_for_each_row(r):
    tables = [
        by_size(r.metrics, r.models, r.splits, r.honest),
        remedies(r.metrics, r.models, r.honest),
        sweeps(r.sweep, r.metrics, r.timings, r.models),
        timing(r.of_honest("fits"), r.of_honest("timings"), r.models),
    ]
    for frame in tables:
        if len(frame):
            lines = markdown(frame).splitlines()
            assert len(lines) == 2 + len(frame)
            assert len({line.count("|") for line in lines}) == 1

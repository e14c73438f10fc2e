"""Verdicts on handmade results, whose means and intervals can be worked out without the library."""

import math
from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t

from fewpixels.claims.verdicts import COLUMNS, Results, judge
from fewpixels.claims.words import ledger_report
from fewpixels.statistics.sampling import Dealt

RNG = np.random.default_rng(5)
OUTCOMES = {"survives", "overturned", "undecided", "not applicable"}
CHANCE = dict.fromkeys(product(["published", "heldout"], ["validation", "test", "fresh"]), 0.1)


def quantity(*cells, metric="accuracy", label="A"):
    return {"label": label, "metric": metric, "cells": [list(cell) for cell in cells]}


def part(above, below=None, published=None, unit=0.01):
    return {"above": above, "below": below, "published": published, "unit": unit}


def claim(kind, parts, remedied=None, **values):
    return {
        "id": "c",
        "claim": "a claim",
        "source": "somewhere",
        "kind": kind,
        "by_margin": False,
        "parts": parts,
        "own": None,
        "remedied": remedied,
    } | values


def results(published, fresh=None, held_out=None, margin=0.02, n_pool=1000):
    """Results of cells: accuracies (R,) as published, and scores (R, n) of the honest split."""
    measured = {("accuracy", "published", *cell): np.array(v) for cell, v in published.items()}
    for cell, scores in (fresh or {}).items():
        own = (held_out or {}).get(cell, np.mean(scores, axis=1))
        measured["accuracy", "heldout", *cell] = np.array(own)
    for cell, values in published.items():
        measured.setdefault(("accuracy", "heldout", *cell), np.array(values))
    scores = {cell: np.array(s, float) for cell, s in (fresh or {}).items()}
    return Results(
        measured, scores, "published", "heldout", CHANCE, Dealt(800, 100, n_pool), margin
    )


def verdict(found, *claims):
    return judge(list(claims), found).iloc[0]


A, B = ("a", 7), ("b", 7)


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        (0.49, "repeated"),
        # The interval ends at 0.5833: t(4) is 2.776, √(1 + 1/5) is 1.0954, s is 0.0274.
        (0.58, "repeated"),
        (0.587, "repeated"),  # by half the unit of rounding
        (0.589, "not repeated"),
        (0.41, "not repeated"),
    ],
)
def test_a_published_value_comes_again_where_further_replicates_fall(published, expected):
    values = [0.46, 0.49, 0.50, 0.53, 0.52]
    row = verdict(results({A: values}), claim("value", [part(quantity(A), None, published)]))
    reach = t.ppf(0.975, 4) * np.std(values, ddof=1) * math.sqrt(1 + 1 / 5)
    assert (row["low"], row["high"]) == pytest.approx((0.5 - reach, 0.5 + reach))
    assert row["measured"] == pytest.approx(0.5)
    assert row["repeated"] == expected
    assert (row["own_numbers"], row["corrected"]) == ("", "")
    assert math.isnan(row["remedied"])


def test_an_interval_of_shares_ends_at_1():
    found = results({A: [0.97, 0.99, 1.0, 0.98]})
    row = verdict(found, claim("value", [part(quantity(A), None, 1.0)]))
    assert row["high"] == 1
    assert row["repeated"] == "repeated"


def test_counts_have_no_upper_end_at_1():
    measured = {("updates", "published", *A): np.array([90.0, 110.0])}
    found = Results(measured, {}, "published", "heldout", CHANCE, Dealt(800, 100, 1000), 0.02)
    counts = claim("value", [part(quantity(A, metric="updates"), None, 150, 1)])
    row = verdict(found, counts)
    assert row["high"] > 200
    assert row["low"] == 0
    assert row["repeated"] == "repeated"


def scores(share, n=2000, replicates=5, spread=0.0):
    """Scores (R, n) with this share of ones, the same images in each replicate but for a few."""
    rows = []
    for r in range(replicates):
        right = np.zeros(n)
        right[: round(n * (share + spread * (r - replicates // 2)))] = 1
        rows.append(right)
    return rows


@pytest.mark.parametrize(
    ("share", "outcome"),
    [(0.10, "survives"), (0.60, "overturned"), (0.115, "undecided")],
)
def test_a_claim_survives_where_the_interval_is_within_its_region(share, outcome):
    """v/n of 2,000 images is 0.0067² at 0.1, times t(4) of 2.776: 0.019; the margin is 0.02."""
    found = results({A: [0.1, 0.11, 0.09]}, {B: scores(share)})
    row = verdict(found, claim("chance", [part(quantity(A))], [part(quantity(B))]))
    half = t.ppf(0.975, 4) * math.sqrt(share * (1 - share) / 1999)
    assert row["remedied"] == pytest.approx(share, abs=2e-3)
    assert row["remedied_high"] - row["remedied_low"] == pytest.approx(2 * half, rel=2e-2)
    assert row["corrected"] == outcome
    said = {"survives": "true", "overturned": "not true", "undecided": "open"}[outcome]
    assert row["explanation"].endswith(f"claimed is 0.080 to 0.120: {said}.")


def test_a_value_is_not_overturned_by_better_training():
    """0.49 at 7×7 comes again, and what corrected training reaches is another number."""
    found = results({A: [0.46, 0.49, 0.48]}, {B: scores(0.84)})
    row = verdict(found, claim("value", [part(quantity(A), None, 0.49)], [part(quantity(B))]))
    assert (row["repeated"], row["corrected"]) == ("repeated", "")
    assert row["remedied"] == pytest.approx(0.84)
    assert "true" not in row["explanation"]
    assert math.isnan(row["remedied_claimed_low"])


def test_the_interval_is_for_another_sample():
    """n_train/(N − n_train) is 4 for 800 of 1,000, and 1/4 for 800 of 4,000; 1/R is 1/5."""
    spread = {B: scores(0.5, n=100_000, spread=0.02)}
    value = claim("value", [part(quantity(A), None, 0.5)], [part(quantity(B))])
    widths = []
    for n_pool in (1000, 4000):
        row = verdict(results({A: [0.5, 0.6]}, spread, n_pool=n_pool), value)
        widths.append(row["remedied_high"] - row["remedied_low"])
    s = np.std([0.46, 0.48, 0.5, 0.52, 0.54], ddof=1)
    assert widths[0] == pytest.approx(2 * t.ppf(0.975, 4) * math.sqrt(4.2) * s, rel=0.01)
    assert widths[0] / widths[1] == pytest.approx(math.sqrt(4.2 / 0.45), rel=0.01)


@pytest.mark.parametrize(
    ("above", "by_margin", "expected"),
    [
        ([0.70, 0.71, 0.72, 0.71], False, "repeated"),
        ([0.70, 0.71, 0.72, 0.71], True, "repeated"),
        ([0.616, 0.618, 0.617, 0.6165], False, "repeated"),
        ([0.616, 0.618, 0.617, 0.6165], True, "not repeated"),
        ([0.60, 0.62, 0.61, 0.59], False, "undecided"),
        ([0.50, 0.51, 0.52, 0.51], False, "not repeated"),
    ],
)
def test_an_order_comes_again_where_further_replicates_show_it(above, by_margin, expected):
    found = results({A: above, B: [0.6, 0.6, 0.6, 0.6]})
    row = verdict(found, claim("order", [part(quantity(A), quantity(B))], by_margin=by_margin))
    assert row["repeated"] == expected
    assert row["measured"] == pytest.approx(np.mean(above) - 0.6)


def test_differences_are_paired():
    """Both vary by 0.1, together: their difference hardly varies."""
    ups = np.array([0.5, 0.6, 0.7, 0.6])
    found = results({A: ups + np.array([0.031, 0.03, 0.029, 0.03]), B: ups})
    row = verdict(found, claim("order", [part(quantity(A), quantity(B))]))
    assert row["repeated"] == "repeated"
    assert row["high"] - row["low"] < 0.01


@pytest.mark.parametrize(
    ("kind", "level", "expected"),
    [
        ("equality", 0.605, "repeated"),
        ("equality", 0.63, "not repeated"),
        ("chance", 0.105, "repeated"),
        ("chance", 0.13, "not repeated"),
        ("chance", 0.07, "not repeated"),
    ],
)
def test_equality_and_chance_are_within_the_margin(kind, level, expected):
    values = level + np.array([0.001, -0.001, 0.0, 0.0])
    found = results({A: values, B: [0.6] * 4})
    below = quantity(B) if kind == "equality" else None
    row = verdict(found, claim(kind, [part(quantity(A), below)]))
    assert row["repeated"] == expected


def test_chance_is_that_of_the_split_whose_images_are_labelled():
    """Of 100 test images, 50 are of one class as published, and 30 held out; 20 are fresh ones."""
    majority = {("published", "test"): 0.5, ("heldout", "test"): 0.3, ("heldout", "fresh"): 0.2}
    parts = [part(quantity(A))]
    for level, fresh, expected in [(0.5, 0.2, "survives"), (0.3, 0.3, "overturned")]:
        found = results({A: [level] * 3}, {A: scores(fresh, 20_000)})
        row = verdict(replace(found, chance=majority), claim("chance", parts, parts))
        assert row["repeated"] == ("repeated" if level == 0.5 else "not repeated")
        assert row["corrected"] == expected


def test_a_claim_needs_all_its_parts_and_shows_the_worst():
    cells = {("a", s): [0.7, 0.71, 0.69, 0.7] for s in (28, 14, 7)}
    cells |= {("b", 28): [0.5] * 4, ("b", 14): [0.68] * 4, ("b", 7): [0.5] * 4}
    parts = [part(quantity(("a", s)), quantity(("b", s))) for s in (28, 14, 7)]
    row = verdict(results(cells), claim("order", parts))
    assert row["repeated"] == "undecided"
    assert row["measured"] == pytest.approx(0.02)
    assert "14×14" in row["explanation"]
    # Each interval is at 1 − 0.05/3.
    s = np.std(cells["a", 14], ddof=1)
    reach = t.ppf(1 - 0.025 / 3, 3) * s * math.sqrt(1 + 1 / 4)
    assert row["high"] == pytest.approx(0.02 + reach)
    assert verdict(results(cells), claim("order", parts[::2]))["repeated"] == "repeated"


def test_one_part_outside_overturns_and_is_shown():
    fresh = {("a", 7): scores(0.9), ("b", 7): scores(0.5)}
    fresh |= {("a", 2): scores(0.3), ("b", 2): scores(0.5)}
    found = results({cell: [0.5, 0.6] for cell in fresh}, fresh)
    parts = [part(quantity(("a", s)), quantity(("b", s))) for s in (7, 2)]
    row = verdict(found, claim("order", parts, parts))
    assert row["corrected"] == "overturned"
    assert row["remedied"] == pytest.approx(-0.2)
    assert verdict(found, claim("order", parts[:1], parts[:1]))["corrected"] == "survives"


def test_a_quantity_is_the_mean_of_its_cells():
    found = results({A: [0.2, 0.3, 0.4], B: [0.6, 0.5, 0.4]})
    row = verdict(found, claim("chance", [part(quantity(A, B))]))
    assert row["measured"] == pytest.approx(0.4)
    assert row["low"] == pytest.approx(row["high"])


def test_replicates_that_diverged_are_left_out_of_a_pair():
    found = results({A: [0.7, math.nan, 0.71, 0.72], B: [0.5, 0.5, 0.5, math.nan]})
    row = verdict(found, claim("order", [part(quantity(A), quantity(B))]))
    assert row["measured"] == pytest.approx(0.205)
    lost = results({A: [math.nan] * 3, B: [0.5] * 3})
    row = verdict(lost, claim("order", [part(quantity(A), quantity(B))]))
    assert math.isnan(row["measured"])
    assert row["repeated"] == "undecided"


def test_models_that_are_equal_are_in_no_order():
    same = [0.7, 0.71, 0.69]
    found = results({A: same, B: same}, {A: scores(0.9), B: scores(0.9)})
    parts = [part(quantity(A), quantity(B))]
    row = verdict(found, claim("order", parts, parts))
    assert (row["low"], row["high"]) == (0, 0)
    # On images beyond the fresh ones they may differ.
    assert (row["repeated"], row["corrected"]) == ("not repeated", "undecided")
    assert row["remedied_low"] < row["remedied"] == 0 < row["remedied_high"]


def test_one_part_that_fails_is_enough_where_another_is_unknown():
    cells = {A: [0.5, 0.51, 0.52], ("c", 7): [math.nan, math.nan, 0.7], B: [0.6, 0.6, 0.6]}
    unknown = part(quantity(("c", 7)), quantity(B))
    fails = part(quantity(A), quantity(B))
    row = verdict(results(cells), claim("order", [unknown, fails]))
    assert row["repeated"] == "not repeated"
    assert row["measured"] == pytest.approx(-0.09)
    assert verdict(results(cells), claim("order", [unknown]))["repeated"] == "undecided"


def test_divergence_is_told():
    found = results({A: [0.7, math.nan, 0.71], B: [0.5, 0.5, 0.5]})
    row = verdict(found, claim("order", [part(quantity(A), quantity(B))]))
    assert "over 2 replicates (1 diverged)" in row["explanation"]


@pytest.mark.parametrize(
    ("kind", "published", "expected"),
    [
        ("order", [0.01, 0.02], "agree"),
        # Of 0.70 and 0.71 either can be the larger, before they were rounded; not of 0.70 and 0.72.
        ("order", [0.01, -0.02], "contradict"),
        ("equality", [0.0, 0.03], "agree"),
        ("equality", [-0.04, 0.0], "contradict"),
        ("chance", [0.125, 0.1], "agree"),
        ("chance", [0.13, None], "contradict"),
        ("chance", [0.1, None], "agree"),
        ("chance", [None, None], "none"),
    ],
)
def test_own_numbers_contradict_a_claim_by_more_than_their_rounding(kind, published, expected):
    found = results({A: [0.5, 0.51], B: [0.5, 0.5]})
    below = quantity(B) if kind != "chance" else None
    row = verdict(found, claim(kind, [part(quantity(A), below, n) for n in published]))
    assert row["own_numbers"] == expected
    assert f"its own numbers {expected}" in row["explanation"] or expected == "none"
    if expected == "contradict":
        assert row["own"] == max((n for n in published if n is not None), key=abs)
    if expected == "none":
        assert math.isnan(row["own"])
        assert row["explanation"].startswith("No number was published for it.")


def test_a_claim_that_its_numbers_contradict_comes_again_with_them():
    """*Quadratic features bring little*, with 0.27 published, and 0.32 when it is repeated."""
    found = results({A: [0.72, 0.80, 0.76, 0.74], B: [0.44, 0.44, 0.42, 0.46]})
    little = part(quantity(A), quantity(B), 0.27)
    row = verdict(found, claim("equality", [little]))
    assert (row["own_numbers"], row["repeated"]) == ("contradict", "repeated")
    row = verdict(found, claim("equality", [little | {"published": 0.0}]))
    assert (row["own_numbers"], row["repeated"]) == ("agree", "not repeated")
    row = verdict(found, claim("equality", [little | {"published": None}]))
    assert (row["own_numbers"], row["repeated"]) == ("none", "not repeated")


def test_own_numbers_can_be_of_what_is_never_measured():
    """Mini-batches are faster in seconds, and take more updates, published and repeated."""
    updates = part(quantity(A, metric="updates"), quantity(B, metric="updates"), -208, 1)
    seconds = part(quantity(A, metric="seconds"), quantity(B, metric="seconds"), 8.6, 0.1)
    measured = {
        ("updates", "published", *A): np.array([90.0, 110.0, 100.0]),
        ("updates", "published", *B): np.array([300.0, 310.0, 320.0]),
    }
    found = Results(measured, {}, "published", "heldout", CHANCE, Dealt(800, 100, 1000), 0.02)
    row = verdict(found, claim("order", [updates], own=[seconds]))
    assert (row["own"], row["own_metric"], row["own_numbers"]) == (8.6, "seconds", "agree")
    assert (row["measured"], row["published"], row["repeated"]) == (-210, -208, "repeated")


def test_the_part_that_contradicts_is_shown_unless_another_does_not_come_again():
    cells = {("a", s): [0.7, 0.71, 0.69, 0.7] for s in (28, 14, 7)}
    cells |= {("b", s): [0.5, 0.5, 0.49, 0.51] for s in (28, 14, 7)}
    parts = [
        part(quantity(("a", s)), quantity(("b", s)), n)
        for s, n in ((28, 0.2), (14, 0.21), (7, 0.2))
    ]
    row = verdict(results(cells), claim("equality", parts))
    assert row["own"] == row["published"] == 0.21
    assert row["own_cells"] == row["cells"] == "published/14px/a − published/14px/b"
    parts[2]["published"] = 0.05
    row = verdict(results(cells), claim("equality", parts))
    assert (row["own"], row["published"], row["repeated"]) == (0.21, 0.05, "not repeated")


def test_both_sizes_are_named_where_they_differ():
    found = results({A: [0.5, 0.51], ("b", 2): [0.5, 0.5]})
    unlike = part(quantity(A), quantity(("b", 2), label="B"))
    assert "A at 7×7 minus B at 2×2" in verdict(found, claim("order", [unlike]))["explanation"]


def test_one_replicate_decides_nothing():
    found = results({A: [0.7], B: [0.5]}, {A: scores(0.9, replicates=1)})
    row = verdict(found, claim("chance", [part(quantity(A), None, 0.7)], [part(quantity(A))]))
    assert (row["repeated"], row["corrected"]) == ("undecided", "undecided")
    assert row[["low", "high", "remedied_low", "remedied_high"]].isna().all()


def test_the_report_counts_what_chance_alone_would_miss():
    cells = {A: [0.5, 0.52, 0.48, 0.51]}
    values = [claim("value", [part(quantity(A), None, p)], id=f"v{p}") for p in (0.5, 0.51, 0.9)]
    order = claim("order", [part(quantity(A))], id="o", claim="a <b>|claim")
    text = ledger_report(judge([*values, order], results(cells)))
    assert "<b>" not in text
    assert all(f"- **{name}**: " in text for name in ("v0.5", "v0.51", "v0.9", "o"))


def shares(replicates):
    return st.lists(
        st.integers(0, 20).map(lambda n: n / 20), min_size=replicates, max_size=replicates
    )


@given(st.data(), st.integers(1, 5), st.sampled_from(["value", "order", "equality", "chance"]))
def test_verdicts_follow_from_the_numbers_that_are_shown(data, replicates, kind):
    published = {cell: data.draw(shares(replicates)) for cell in (A, B)}
    fresh = {cell: RNG.random((replicates, 30)) < data.draw(shares(1)) for cell in (A, B)}
    found = results(published, fresh)
    below = quantity(B, label="B") if kind in ("order", "equality") else None
    number = 0.5 if kind == "value" else None
    one = part(quantity(A), below, number)
    ledger = judge([claim(kind, [one], [one])], found)
    assert list(ledger.columns) == COLUMNS
    row = ledger.iloc[0]
    value = kind == "value"
    assert row["repeated"] in {"repeated", "not repeated", "undecided"}
    assert row["own_numbers"] == ("" if value else "none")
    assert row["corrected"] in ({""} if value else OUTCOMES)
    regions = {"order": (5e-324, math.inf), "equality": (-0.02, 0.02), "chance": (0.08, 0.12)}
    low, high = regions.get(kind, (0.495, 0.505))
    for prefix, split in (("", "published"), ("remedied_", "heldout")):
        region = (-math.inf, math.inf) if value and prefix else (low, high)
        for end, name in zip(region, ("low", "high"), strict=True):
            kept = row[f"{prefix}claimed_{name}"]
            assert math.isnan(kept) if math.isinf(end) else kept == pytest.approx(end)
        assert row[f"{prefix}cells"].split(" − ") == [
            f"{split}/{size}px/{model}" for model, size in ([A, B] if below else [A])
        ]
    if replicates > 1:
        assert row["low"] <= row["measured"] + 1e-9
        assert row["measured"] <= row["high"] + 1e-9
        shown = [("repeated", row["low"], row["high"], "repeated", "not repeated")]
        ends = row["remedied_low"], row["remedied_high"]
        shown.append(("corrected", *ends, "survives", "overturned"))
        for column, least, most, holds, fails in shown if not value else []:
            inside = low <= least and most <= high
            outside = most < low or least > high
            assert row[column] == (holds if inside else fails if outside else "undecided")
        if value:
            meets = row["low"] <= high and low <= row["high"]
            assert row["repeated"] == ("repeated" if meets else "not repeated")
    assert ledger_report(ledger).count("\n- **c**") == 1
    # The order of replicates tells nothing.
    turned = {cell: values[::-1] for cell, values in published.items()}
    again = judge(
        [claim(kind, [one], [one])], results(turned, {c: f[::-1] for c, f in fresh.items()})
    )
    same = ["own_numbers", "repeated", "corrected"]
    assert (again[same] == ledger[same]).all(axis=None)
    pd.testing.assert_frame_equal(again[["low", "high"]], ledger[["low", "high"]])

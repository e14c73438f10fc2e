"""The answer of random studies, against its definitions in exact arithmetic, one by one."""

import re
from fractions import Fraction
from statistics import fmean

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_studies import answers

from fewpixels.statistics.sampling import Dealt
from fewpixels.tables.answer import (
    COST,
    answered,
    beside,
    best,
    enough,
    with_interval,
)
from fewpixels.tables.lead import answer_report, sentence
from fewpixels.tables.sizes import SHARES

pytestmark = pytest.mark.filterwarnings("error")
few = settings(max_examples=12)
# Chance that any accuracy is certainly above: `test_uneven` has what is not.
BELOW = -99.0


def accuracies(a, subset, size, model):
    """By replicate; of those that did not diverge."""
    m = a.results.metrics
    own = m[(m["split"] == a.results.honest) & (m["subset"] == subset)]
    own = own[(own["size"] == size) & (own["model"] == model)].dropna(subset="accuracy")
    return dict(zip(own["replicate"], own["accuracy"], strict=True))


def exact(values):
    """Mean of multiples of 1/20."""
    return Fraction(sum(round(20 * v) for v in values), 20 * len(values))


@few
@given(answers())
def test_every_cell_has_a_row_with_means_of_the_replicates_that_did_not_diverge(a):
    models = a.results.models
    sizes = sorted({size for m in models for size in m["sizes"]}, reverse=True)
    keys = [(size, m["name"]) for size in sizes for m in models if size in m["sizes"]]
    assert list(zip(a.cells["size"], a.cells["model"], strict=True)) == keys
    for row in a.cells.to_dict("records"):
        key = (row["size"], row["model"])
        kept = accuracies(a, "fresh", *key)
        assert row["fresh_diverged"] == a.results.replicates - len(kept)
        for subset in ("validation", "fresh"):
            values = list(accuracies(a, subset, *key).values())
            assert row[f"{subset}_mean"] == pytest.approx(
                fmean(values) if values else np.nan, nan_ok=True
            )
        costs = a.costs[(a.costs["size"] == key[0]) & (a.costs["model"] == key[1])]
        costs = costs[costs["replicate"].isin(list(kept))]
        for name in COST:
            mean = fmean(costs[name]) if kept else np.nan
            assert row[name] == pytest.approx(mean, nan_ok=True)
        assert row["train_seconds"] == pytest.approx(1.5 if kept else np.nan, nan_ok=True)


@few
@given(answers())
def test_a_cell_is_on_the_front_unless_another_dominates_it(a):
    points = {}
    for row in a.cells.itertuples():
        kept = accuracies(a, "fresh", row.size, row.model)
        own = a.costs[(a.costs["size"] == row.size) & (a.costs["model"] == row.model)]
        costs = own[own["replicate"].isin(list(kept))]["multiplications"].tolist()
        if kept and not np.isnan(costs).any():  # a family counts all, or none
            mean = Fraction(int(sum(costs)), len(costs))
            points[row.Index] = exact(kept.values()), mean
    for row in a.cells.itertuples():
        dominated = row.Index not in points or any(
            accuracy >= points[row.Index][0] and cost <= points[row.Index][1]
            and (accuracy, cost) != points[row.Index]
            for accuracy, cost in points.values()
        )  # fmt: skip
        assert row.front == ("no" if dominated else "yes")


@few
@given(answers())
def test_the_best_is_the_first_of_the_cheapest_of_the_most_accurate_on_validation(a):
    expected = []
    for size in sorted(a.cells["size"].unique(), reverse=True):
        ranks = {}
        for place, row in enumerate(a.cells[a.cells["size"] == size].itertuples()):
            kept = accuracies(a, "validation", size, row.model).values()
            if kept:
                cost = np.inf if np.isnan(row.multiplications) else row.multiplications
                ranks[row.model] = (-exact(kept), cost, place)
        if ranks:
            expected.append((size, min(ranks, key=ranks.get)))
    found = best(a.cells)
    assert list(zip(found["size"], found["model"], strict=True)) == expected


@few
@given(answers())
def test_intervals_hold_the_mean_and_one_replicate_has_none(a):
    chosen = best(a.cells)
    found = with_interval(chosen, a.scores, a.of)
    assert list(found["model"]) == list(chosen["model"])
    for row in found.itertuples():
        scores = a.scores[row.size]
        kept = scores[~np.isnan(scores[:, 0])]
        if len(kept) < (2 if isinstance(a.of, Dealt) else 1):
            assert np.isnan([row.fresh_low, row.fresh_high]).all()
        else:
            assert 0 <= row.fresh_low <= kept.mean() + 1e-12
            assert kept.mean() - 1e-12 <= row.fresh_high <= 1
            low, high = a.of.accuracy(kept)
            assert (row.fresh_low, row.fresh_high) == (max(low, 0), min(high, 1))


@few
@given(answers())
def test_enough_is_the_smallest_size_that_reaches_the_share(a):
    """Its confidence set holds it; `test_sizes` has the rest."""
    chosen = best(a.cells)
    found = enough(chosen, a.scores, a.of, BELOW)
    assert found["share"].tolist() == list(SHARES)
    whole = a.scores[max(a.scores)] if a.scores else None
    for row, share in zip(found.itertuples(), map(Fraction, map(str, SHARES)), strict=True):
        reached = []
        for size in a.scores:
            common = [r for r in range(len(whole)) if not np.isnan(whole[r] + a.scores[size][r])[0]]
            own, top = (int(s[common].sum()) for s in (a.scores[size], whole))
            if common and own >= share * top:
                reached.append(size)
                ratio = own / top if top else np.nan
                if size == row.size:
                    assert row.ratio == pytest.approx(ratio, nan_ok=True)
                    difference = (own - share * top) / (len(common) * whole.shape[1])
                    assert row.difference == pytest.approx(float(difference), abs=1e-12)
        if not reached:
            assert pd.isna(row.size)
            assert pd.isna(row.size_low)
            continue
        assert row.size == min(reached)
        assert row.size_low <= row.size <= row.size_high


@few
@given(answers())
def test_the_report_starts_with_the_sentence_and_has_all_rows(a):
    chosen = with_interval(best(a.cells), a.scores, a.of)
    shares = enough(chosen, a.scores, a.of, BELOW)
    told = sentence(chosen, shares, 4)
    text = answer_report(chosen, a.cells, shares, 4, a.of)
    assert text.startswith(f"**{told}**\n")
    assert "nan" not in text.replace("diverged", "").lower()
    scored = a.cells.dropna(subset="fresh_mean")
    uncounted = scored[scored["multiplications"].isna()]["title"].unique()
    assert ("Costs are not counted of" in text) == (len(uncounted) > 0)
    several = a.cells.dropna(subset="validation_mean")["size"].value_counts()
    assert ("Each is chosen among up to " in text) == (several > 1).any()
    rows = [line for line in text.split("\n") if line.startswith("|")]
    assert len(rows) == 3 * 2 + len(chosen) + len(shares) + (a.cells["front"] == "yes").sum()
    if chosen.empty:
        assert told == "Every replicate of every model diverged."
    else:
        certain = chosen["fresh_low"].notna().any()
        assert told.count(" takes ") == len(SHARES)
        assert ("is not known" in told) != certain
        assert "guessing gives 0.25" in told
        for row in chosen.itertuples():
            assert f"{row.fresh_mean:.3f}" in told
            assert f" at {row.size}×{row.size}" in told
        for row in shares.itertuples():
            assert f"{row.share:.0%} takes {row.size}×{row.size}{' (' if certain else ''}" in told


@few
@given(answers(), st.data())
def test_an_answer_stands_beside_that_of_some_models_alone(a, data):
    """The columns of the whole stay as they are; the others are those of the part alone."""
    rng = np.random.default_rng(0)
    n = 5
    scores = {
        (row.model, row.size): rng.integers(0, 2, (a.results.replicates, n)).astype(float)
        for row in a.cells.itertuples()
    }
    names = [m["name"] for m in a.results.models]
    some = data.draw(st.lists(st.sampled_from(names), unique=True))
    chosen = best(a.cells), best(a.cells[a.cells["model"].isin(some)])
    y = np.arange(n)  # chance of a fifth
    whole, part = (answered(picks, scores, a.of, y) for picks in chosen)
    answer, shares = beside(*whole, *part)
    pd.testing.assert_frame_equal(answer[whole[0].columns], whole[0])
    pd.testing.assert_frame_equal(shares[whole[1].columns], whole[1])
    own = part[0].set_index("size")
    for row in answer.itertuples():
        if row.size in own.index:
            assert row.within_model == own.loc[row.size, "model"]
            assert row.within_fresh_mean == own.loc[row.size, "fresh_mean"]
        else:
            assert pd.isna(row.within_model)
    told = sentence(answer, shares, 4)
    fewer = shares.dropna(subset=["size", "within_size"]).query("within_size < size")
    assert ("ceiling" in told) == (len(fewer) > 0)
    assert answer_report(answer, a.cells, shares, 4, a.of).startswith(f"**{told}**\n")


def test_an_answer_of_weaker_models_is_named_a_ceiling_where_it_took_fewer_pixels():
    """Of models whose accuracy does not grow with the size, and of one whose does."""
    of, n = Dealt(8, 1, 10), 100
    right = {("weak", 14): 80, ("weak", 7): 80, ("weak", 2): 30}
    right |= {("strong", 14): 99, ("strong", 7): 90, ("strong", 2): 20}
    scores = {cell: np.tile(np.arange(n) < k, (3, 1)).astype(float) for cell, k in right.items()}
    costs = dict.fromkeys([*COST, "multiplications", "train_seconds"], 1.0)
    cells = pd.DataFrame(
        {"size": size, "model": name, "title": name.title(), "fresh_mean": k / n}
        | {"validation_mean": k / n, "validation_sd": 0.0, "fresh_sd": 0.0, "fresh_diverged": 0}
        | costs
        | {"front": "yes"}
        for (name, size), k in right.items()
    )
    y = np.arange(n) % 10
    whole = answered(best(cells), scores, of, y)
    weak = answered(best(cells[cells["model"] == "weak"]), scores, of, y)
    answer, shares = beside(*whole, *weak)
    assert answer["model"].tolist() == ["strong", "strong", "weak"]
    assert answer["within_model"].tolist() == ["weak"] * 3
    assert answer["within_fresh_mean"].tolist() == [0.8, 0.8, 0.3]
    last = shares.iloc[-1]
    assert (last["share"], last["size"], last["within_size"]) == (0.99, 14, 7)
    told = sentence(answer, shares, 10)
    assert "that 99% takes 7×7, with 0.800 there and 0.800 at 14×14" in told
    assert "ceiling" in answer_report(answer, cells, shares, 10, of)
    assert "ceiling" not in sentence(*whole, 10)
    assert "ceiling" not in sentence(*beside(*weak, *weak), 10)


def test_a_sentence_of_many_sizes_names_the_largest_and_the_smallest():
    sizes = range(28, 0, -1)
    chosen = pd.DataFrame({"size": sizes, "fresh_mean": [size / 100 for size in sizes]})
    chosen = chosen.assign(fresh_low=0.0, fresh_high=1.0)
    shares = pd.DataFrame({"share": [0.9], "size": [26], "size_low": [25], "size_high": [27]})
    told = sentence(chosen, shares, 10)
    assert "0.280 (0.000 to 1.000) at 28×28 and 0.010 (0.000 to 1.000) at 1×1 pixels" in told
    assert "90% takes 26×26 (25×25 to 27×27)" in told


@few
@given(answers())
def test_the_report_says_what_the_choice_on_validation_images_lost(a):
    chosen = with_interval(best(a.cells), a.scores, a.of)
    lost = {}
    for row in chosen.itertuples():
        there = a.cells[a.cells["size"] == row.size]
        means = [
            fmean(own)
            for m in there["model"]
            if (own := accuracies(a, "fresh", row.size, m).values())
        ]
        lost[row.size] = max(means) - row.fresh_mean
    shares = enough(chosen, a.scores, a.of, BELOW)
    text = answer_report(chosen, a.cells, shares, 10, a.of)
    found = re.search(r"another labels up to (.{5}) more .* \(at (\d+)×", text)
    if found:
        assert float(found[1]) == pytest.approx(max(lost.values()), abs=0.00051)
        assert lost[int(found[2])] == pytest.approx(max(lost.values()))
    else:
        assert not lost or max(lost.values()) < 0.00051

"""What the page shows of claims is what the ledger holds."""

import math
import xml.etree.ElementTree as ElementTree

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fewpixels.claims.parts import Evidence
from fewpixels.page.cards import card, figures
from fewpixels.page.claims import section
from fewpixels.page.evidence import (
    LEFT,
    VERDICTS,
    WIDTH,
    claimed,
    evidence,
    mean,
    measure,
    number,
    strip,
)
from fewpixels.page.evidence import MOST as FEW
from fewpixels.page.scatter import scatter, shares

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
NUMBER = st.just(math.nan) | st.floats(-1, 1)
ENDS = st.tuples(NUMBER, NUMBER).map(sorted).map(tuple)
FOLDERS = st.lists(
    st.from_regex(r"[a-z]{1,9}/[1-9]px/[a-z]{1,9}", fullmatch=True), min_size=1, max_size=9
)
METRICS = st.sampled_from(["accuracy", "updates", "seconds", "fall"])
EVIDENCE = st.builds(
    Evidence,
    WORDS,
    METRICS,
    st.sampled_from([0.01, 0.1, 1.0]),
    NUMBER,
    ENDS,
    ENDS,
    st.lists(FOLDERS, min_size=1, max_size=2),
)
EMPTY = Evidence("", "", 1.0, math.nan, (math.nan, math.nan), (math.nan, math.nan), [])
NONE = {"own": EMPTY.columns("own"), "remedied": EMPTY.columns("remedied")}


@st.composite
def rows(draw):
    """A row of ``claims.csv``: of a number, or of a claim in words."""
    kind = draw(st.sampled_from(["value", "order"]))
    row = {name: draw(WORDS) for name in ("id", "claim", "source", "explanation")}
    row |= {"kind": kind, "published": draw(NUMBER)} | draw(EVIDENCE).columns()
    for protocol, empty in NONE.items():
        kept = draw(st.none() | EVIDENCE) if protocol == "remedied" or kind != "value" else None
        row |= kept.columns(protocol) if kept else dict.fromkeys(empty, math.nan)
    none = isinstance(row["own_cells"], float)
    own = "none" if none else draw(st.sampled_from(["agree", "contradict"]))
    corrected = draw(st.sampled_from(["survives", "overturned", "undecided"]))
    return row | {
        "own_numbers": math.nan if kind == "value" else own,
        "repeated": draw(st.sampled_from(["repeated", "not repeated", "undecided"])),
        "corrected": math.nan if kind == "value" else corrected,
    }


@given(st.lists(rows(), min_size=1, max_size=5, unique_by=lambda row: row["id"]))
@settings(deadline=None, max_examples=8)
def test_the_section_has_every_claim(ledger):
    claims = pd.DataFrame(ledger)
    found = section(claims)
    words = [row["id"] for row in ledger if row["kind"] != "value"]
    assert [own["id"] for own in found["cards"]] == words
    assert found["words"]["all"] + found["numbers"]["all"] == len(ledger)
    for column, names in VERDICTS.items():
        counts = {name: [row[column] for row in ledger].count(name) for name in names}
        both = found["words"][column], found["numbers"][column]
        assert {name: sum(own[name] for own in both) for name in names} == counts
    assert [own["id"] for own in found["rows"]] == [row["id"] for row in ledger]
    charted = found["scatter"]["all"] if found["scatter"] else 0
    assert charted + len(found["apart"]) == found["numbers"]["all"]
    for own, row in zip(found["rows"], ledger, strict=True):
        assert {own[key] for key in VERDICTS} <= {"", *(row[key] for key in VERDICTS)}
        kept = Evidence.read(row)
        assert own["measured"]["text"] == mean(kept)
        known = not math.isnan(row["measured"])
        assert own["measured"]["unit"] == (measure(row["metric"]) if known else "")
        assert (own["measured"]["value"] == "") != known
        named = [row[key] for key in ("own_cells", "cells", "remedied_cells")]
        folders = [text.split(" − ") for text in named if isinstance(text, str)]
        assert [side["means"] for side in own["evidence"]["sides"]] == [
            [cells.split() if len(cells.split()) <= FEW else len(cells.split()) for cells in own]
            for own in folders
        ]
    for values in found["filters"].values():
        assert values == sorted(values)
        assert "" not in values


@given(rows().filter(lambda row: row["kind"] != "value"))
def test_a_card_says_what_the_verdicts_are(row):
    told = card(row, {})
    if row["own_numbers"] == "none":
        assert told["own"] == "It published no number for this."
    else:
        assert told["own"].startswith("It published ")
        assert told["own"].endswith("as claimed.") == (row["own_numbers"] == "agree")
    if isinstance(row["remedied_cells"], str):
        says = {"survives": ": it holds.", "overturned": ": it does not hold."}
        assert told["holds"].startswith("Corrected, ")
        assert told["holds"].endswith(says.get(row["corrected"], ": open."))
    else:
        says = {"repeated": ": as claimed.", "not repeated": ": not as claimed."}
        assert told["holds"].endswith(says.get(row["repeated"], ": open."))
    assert told["drawn"] == evidence(row)["drawn"]


@given(st.lists(rows(), max_size=5))
def test_figures_are_the_accuracies_that_were_published(ledger):
    columns = ["kind", "metric", "cells", "published"]
    found = figures(pd.DataFrame(ledger, columns=columns))
    own = [row for row in ledger if (row["kind"], row["metric"]) == ("value", "accuracy")]
    assert found.keys() == {row["cells"] for row in own}
    assert all(found[row["cells"]] in [other["published"] for other in own] or
               math.isnan(found[row["cells"]]) for row in own)  # fmt: skip


def kept(part, cells, value, ends, region=(-0.02, 0.02), metric="accuracy", unit=0.01):
    return Evidence(part, metric, unit, value, ends, region, [own.split() for own in cells])


def told(own=None, again=None, corrected=None, verdicts=("contradict", "repeated", "undecided")):
    """What a card says of such evidence; published were 0.90 at 14×14 and 0.99 at 28×28."""
    row = {"id": "a", "claim": "A", "source": "text", "kind": "equality", "published": math.nan}
    row |= dict(zip(("own_numbers", "repeated", "corrected"), verdicts, strict=True))
    for protocol, found in (("own", own), ("", again), ("remedied", corrected)):
        row |= (found or EMPTY).columns(protocol)
    said = card(row, {"p/14px/a": 0.9, "p/28px/a": 0.99, "p/7px/b": 0.5, "p/7px/c": 0.7})
    return said["own"], said["holds"]


def test_a_card_compares_sizes():
    part, cells = "accuracy of A at 14×14 minus that at 28×28", ["p/14px/a", "p/28px/a"]
    own = kept(part, cells, -0.09, (-0.1, -0.08))
    corrected = kept(part, cells, -0.0078, (-0.0276, 0.0121))
    assert told(own, own, corrected) == (
        "It published 0.90 at 14×14 and 0.99 at 28×28: 0.09 lower, not the same.",
        "Corrected, the accuracy is 0.008 lower at 14×14 than at 28×28 "
        "(0.028 lower to 0.012 higher): open.",
    )


def test_a_card_compares_models_by_what_sets_them_apart():
    group = "the mean of 2 nets, depth = 3, width = {}"
    part = f"accuracy of {group.format(64)} minus {group.format(32)} at 7×7"
    cells = ["p/7px/b p/7px/c", "p/7px/b"]
    own = kept(part, cells, 0.1, (0.09, 0.11), (5e-324, math.nan))
    part = "accuracy of One, squares, remedied minus One, remedied at 7×7"
    corrected = kept(part, ["h/7px/b", "h/7px/c"], -0.07, (-0.113, -0.026))
    assert told(own, own, corrected, ("agree", "repeated", "overturned")) == (
        "It published 0.600 for width 64 and 0.500 for width 32 at 7×7: 0.100 higher, as claimed.",
        "Corrected, the accuracy is 0.070 lower for One (squares) than for One at 7×7 "
        "(0.026 to 0.113 lower): it does not hold.",
    )


def test_a_card_has_counts_and_numbers_that_are_no_difference():
    cells = ["p/7px/b", "p/7px/c"]
    own = kept("seconds of B minus C at 7×7", cells, 8.63, (8.6, 8.7), metric="seconds", unit=0.1)
    again = kept("decline of B at 7×7", cells[:1], 0.0475, (0.005, 0.09), metric="decline")
    assert told(own, again, None, ("agree", "undecided", "not applicable")) == (
        "It published 8.6 more seconds for B than for C at 7×7, as claimed.",
        "There is no corrected training to test it; repeated, the decline in accuracy for B at 7×7 "
        "is 0.048 (0.005 to 0.090): open.",
    )
    same = kept("accuracy of B minus C at 7×7", cells, 0.0001, (-0.009, 0.009))
    assert told(None, again, same, ("none", "repeated", "survives")) == (
        "It published no number for this.",
        "Corrected, the accuracy is as high for B as for C at 7×7 (0.009 lower to 0.009 higher): "
        "it holds.",
    )


@given(EVIDENCE, st.floats(-1000, 1000), st.booleans())
def test_numbers_have_a_sign_where_they_are_differences_and_say_what_they_count(kept, value, finer):
    text = number(value, kept, finer)
    written, _, counted = text.partition(" ")
    assert counted == measure(kept.metric)
    assert (written[0] in "+−") == (len(kept.cells) > 1 or (value < 0 and written[0] == "−"))
    places = {0.01: 2, 0.1: 1, 1.0: 0}[kept.unit]
    assert abs(float(written.replace("−", "-")) - value) <= 0.5 * 10**-places + 1e-9
    assert number(math.nan, kept) == ""
    assert (mean(kept) == "") == math.isnan(kept.mean)


@given(ENDS)
def test_a_region_is_written_with_the_ends_that_it_has(region):
    kept = Evidence("", "accuracy", 0.01, 0.5, (0.4, 0.6), region, [["a/1px/b"]])
    text = claimed(kept)
    low, high = (not math.isnan(end) for end in region)
    assert (" to " in text) == (low and high)
    assert text.startswith("more than") == (low and not high)
    assert text.startswith("less than") == (high and not low)


def test_more_than_nothing_is_more_than_0():
    kept = Evidence("", "accuracy", 0.01, 0.5, (0.4, 0.6), (5e-324, math.nan), [["a/1px/b"]] * 2)
    assert claimed(kept) == "more than 0"


@given(st.dictionaries(WORDS, EVIDENCE, min_size=1, max_size=3), NUMBER)
def test_means_are_drawn_on_one_scale(sides, published):
    drawn = strip(sides, published)
    every = sides.values()
    shown = [published, *(n for s in every for n in (s.mean, *s.interval, *s.region))]
    if np.isnan(shown).all():
        assert drawn == ""
        return
    marks = {}
    for mark in ElementTree.fromstring(drawn):
        marks.setdefault(mark.get("class"), []).append(mark)
    means = [s.mean for s in every if not math.isnan(s.mean)]
    dots = [float(mark.get("cx")) for mark in marks.get("claims-mean", [])]
    places = sorted(zip(means, dots, strict=True))
    assert [x for _, x in places] == sorted(dots)
    assert all(LEFT <= x <= LEFT + WIDTH for x in dots)
    assert len(marks.get("claims-published", [])) == (not math.isnan(published))
    known = [s for s in every if not np.isnan(s.interval).any()]
    for side, mark in zip(known, marks.get("claims-interval", []), strict=True):
        x1, x2 = float(mark.get("x1")), float(mark.get("x2"))
        assert x1 <= x2
        if side.interval[0] <= side.mean <= side.interval[1]:
            assert any(x1 <= x <= x2 for mean, x in places if mean == side.mean)
    regions = [s for s in every if not np.isnan(s.region).all()]
    for side, mark in zip(regions, marks.get("claims-region", []), strict=True):
        if math.isnan(side.region[0]):
            assert float(mark.get("x")) == LEFT


@given(rows())
def test_evidence_shares_a_scale_with_what_is_measured(row):
    found = evidence(row)
    drawn = [s["title"] for s in found["sides"] if f"{s['title']}: " in str(found["drawn"])]
    metrics = {"own numbers": "own_metric", "repeated": "metric", "corrected": "remedied_metric"}
    if found["drawn"]:
        assert drawn == [
            s["title"]
            for s in found["sides"]
            if measure(row[metrics[s["title"]]]) == measure(row["metric"])
        ]


@given(METRICS)
def test_a_share_counts_nothing(metric):
    assert bool(measure(metric)) == (metric in ("updates", "seconds"))


@given(st.lists(rows(), min_size=1, max_size=6))
@settings(deadline=None, max_examples=20)
def test_the_chart_has_the_shares_that_are_known(ledger):
    claims = pd.DataFrame(ledger)
    found = shares(claims)
    for i, row in enumerate(ledger):
        known = not math.isnan(row["published"]) and not math.isnan(row["measured"])
        share = row["metric"] in ("accuracy", "fall")
        assert (i in found.index) == (row["kind"] == "value" and share and known)
    if len(found):
        data = max(scatter(found)["datasets"].values(), key=lambda rows: "id" in rows[0])
        assert [own["id"] for own in data] == found["id"].tolist()


KEPT = kept("accuracy of A minus B at 7×7", ["p/7px/a", "p/7px/b"], 0.3185, (0.1221, 0.5149))


@pytest.mark.parametrize("kind", ["value", "order"])
def test_a_file_of_one_kind_has_the_parts_that_it_has(kind):
    row = {"id": "a", "claim": "A", "source": "text", "kind": kind, "published": 0.5}
    row |= {"explanation": "", "repeated": "repeated"} | KEPT.columns()
    row |= {key: math.nan for empty in NONE.values() for key in empty}
    verdicts = (math.nan, math.nan) if kind == "value" else ("none", "not applicable")
    row |= dict(zip(("own_numbers", "corrected"), verdicts, strict=True))
    found = section(pd.DataFrame([row]))
    assert bool(found["scatter"]) == (kind == "value")
    assert len(found["cards"]) == (kind == "order")
    assert ("corrected" in found["filters"]) == (kind == "order")

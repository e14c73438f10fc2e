"""The page's first words follow from tables, and its first chart has what they name."""

import json
from base64 import b64decode
from io import BytesIO

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from random_pages import explored

from fewpixels.images.downscale import downscale
from fewpixels.page.accuracies import accuracies, countings, guessed
from fewpixels.page.answer import (
    answer,
    best_line,
    groups,
    mistakes,
    published_line,
    several,
    surpassed,
    winners,
)
from fewpixels.page.charts import specified
from fewpixels.page.kept import dealt, kept, less, shares
from fewpixels.page.opening import opening
from fewpixels.page.overview import MOST, overview
from fewpixels.page.pictures import pictured, typical
from fewpixels.tables.answer import best
from fewpixels.tables.leakage import COLUMNS

SEVERAL = pd.array([2, 7], "Int64")
ENOUGH = pd.DataFrame(
    {"share": [0.5, 0.9], "size": SEVERAL, "size_low": SEVERAL, "size_high": SEVERAL}
)
NO_IMAGES = pd.DataFrame({"size": [], "url": [], "ink": []})
NO_LEAK = pd.DataFrame(columns=COLUMNS)


@given(explored())
@settings(max_examples=20)
def test_every_accuracy_is_there_once(e):
    record, held = e.made()
    frame = accuracies(record, held, e.study)
    cell = ["split", "subset", "size", "model"]
    expected = e.metrics.groupby(cell)["accuracy"].mean().dropna()
    shared = {split for split, own in e.study.splits.items() if own.get("trains_as")}
    found = frame.set_index(["counted", "size", "model"])["mean"]
    kept = [key for key in expected.index if key[0] not in shared or key[1] == "test"]
    assert len(found) == len(kept)
    for split, subset, size, model in kept:
        own = found[f"{split}/{subset}", size, model]
        assert abs(own - expected[split, subset, size, model]) < 1e-5
    ends = frame.dropna(subset="low")
    assert ((ends["low"] <= ends["mean"] + 1e-5) & (ends["mean"] <= ends["high"] + 1e-5)).all()

    offered = countings(frame, record, e.study)
    assert {own["counted"] for own in offered} == {*frame["counted"]}
    assert all(own["models"] >= 1 for own in offered)
    if any(own["counted"] == "heldout/fresh" for own in offered):
        assert offered[0]["title"] == "never-seen images"


@given(explored())
@settings(max_examples=20)
def test_the_best_line_is_of_the_models_that_validation_chooses(e):
    frame = accuracies(*e.made(), e.study)
    line = best_line(frame, e.pareto, "heldout")
    assert not line["balanced"].any()
    chosen = best(e.pareto)
    assert line[["size", "model"]].values.tolist() == chosen[["size", "model"]].values.tolist()
    assert np.allclose(line["mean"], chosen["fresh_mean"], atol=1e-5)
    named = winners(line)
    assert len({own["sizes"] for own in named}) == len(named)
    assert {own["title"] for own in named} == {*line["title"]}
    other = surpassed(e.pareto)
    own = chosen.set_index("size")["fresh_mean"]
    gaps = e.pareto["fresh_mean"] - e.pareto["size"].map(own)
    if other is None:
        assert not (gaps >= 0.0005).any()
    else:
        assert other["better"] == pytest.approx(gaps.max())


@given(explored())
@settings(max_examples=20)
def test_each_model_can_be_chosen_once(e):
    models = e.study.models
    names = [own["name"] for group in groups(models) for own in group["models"]]
    assert sorted(names) == sorted(model["name"] for model in models)
    lines = several(models)
    assert lines
    wide = {model["name"] for model in models if len(model["sizes"]) > 1}
    assert set(lines) == (wide or {*names})
    line = published_line(models)
    figures = [m["sizes"] for m in models if "accuracy" in m["published"]]
    assert len(line) == max(map(len, figures), default=0)
    assert line["size"].tolist() == sorted(line["size"], reverse=True)


@given(explored(), st.floats(0.05, 1), st.floats(0, 1))
@settings(max_examples=20)
def test_a_mistake_is_told_only_where_numbers_show_it(e, leaked, corrected):
    models = [m for m in e.study.models if not m["beyond"]][:1]
    first = models[0] | {"published": {"accuracy": {"7px": 0.9, "2px": 0.2}}, "sizes": (7, 2)}
    second = first | {"name": "better", "published": {}, "remedy_of": first["name"]}
    second |= {"remedy": "look twice"}
    study = type(e.study)(**{**vars(e.study), "models": [first, second]})
    rows = [
        {"counted": "heldout/fresh", "size": size, "model": model, "mean": mean}
        for size, model, mean in [(7, first["name"], leaked), (2, "better", corrected)]
    ]
    counts = {"size": 7, "leaked_images": 3, "unleaked_images": 1}
    leakage = pd.DataFrame([counts | {"split": "published", "model": first["name"]}])
    made = {"better": "looked once"}
    found = mistakes(pd.DataFrame(rows), published_line([first]), leakage, made, study)
    assert found["first"] == {"size": "7×7", "mean": 0.9}
    assert (found["last"]["size"], found["one"]) == ("2×2", False)
    assert found["leak"] == ({"share": 0.75, "gives": leaked} if leaked < 0.9 else None)
    told = {"mistakes": ["looked once"], "remedies": ["look twice"], "gives": corrected}
    assert found["training"] == (told if corrected > 0.2 else None)
    assert found["fails"] == (len(e.study.names) < 6)
    assert mistakes(pd.DataFrame(rows), published_line([second]), leakage, made, study) is None


@given(explored())
@settings(max_examples=20)
def test_the_first_words_are_those_of_the_tables(e):
    line = best_line(accuracies(*e.made(), e.study), e.pareto, "heldout")
    found = answer(line, e.pareto, ENOUGH, "So & so", e.study)
    assert not found["careful"]
    assert [own["mean"] for own in found["reached"]] == line["mean"].tolist()
    assert found["trained"] == 20
    assert found["guessing"] == guessed(1 / len(e.study.names))
    nothing = ENOUGH.assign(size=pd.array([None, None], "Int64"))
    assert answer(line, e.pareto, nothing, "", e.study)["careful"]


@given(explored())
@settings(max_examples=20)
def test_what_fewer_pixels_keep_is_what_is_measured(e):
    record, held = e.made()
    line = best_line(accuracies(record, held, e.study), e.pareto, "heldout")
    found, below = kept(line, ENOUGH)
    nothing = ENOUGH.assign(size=pd.array([None, None], "Int64"))
    assert kept(line, nothing) == (None, None)
    means = dict(zip(line["size"], line["mean"], strict=True))
    if len(line) < 2:
        assert (found, below) == (None, None)
        return
    largest = max(means)
    assert (found["size"], found["largest"]) == ("7×7", f"{largest}×{largest}")
    assert below == max((size for size in means if size < 7), default=None)
    assert less((record, held), line, None, e.study) is None
    for row in line.itertuples():
        own = less((record, held), line, row.size, e.study)
        assert own["size"] == f"{row.size}×{row.size}"
        assert own["keeps"] == pytest.approx(row.mean / means[largest])
        # The class that is labelled right most often is so at least as often as all are.
        assert own["right"][0] in e.study.names
        assert own["right"][1] >= row.mean - 1e-5
        if own["wrong"] is None:
            assert own["right"][1] == 1
        else:
            true, label, share = own["wrong"]
            assert {true, label} <= {*map(str, e.study.names)}
            assert 0 < share <= 1
    without = {name: own for name, own in held.items() if name != "confused_fresh"}
    assert less((record, without), line, largest, e.study) is None


@given(explored(), st.integers(1, 10_000))
@settings(max_examples=10)
def test_every_image_is_for_something(e, trained):
    record, _ = e.made()
    found = dealt(record, trained, e.study)
    assert found["fresh"] == record["fresh"]
    assert found["parts"][0] == (trained, "to train")
    assert found["times"] == record["replicates"]


@given(st.lists(st.tuples(st.integers(1, 28), st.integers(1, 28)), min_size=1, max_size=5))
def test_a_row_for_each_share_that_is_reached(sizes):
    size, within = (pd.array(own, "Int64") for own in zip(*sizes, strict=True))
    enough = pd.DataFrame({"share": np.linspace(0.5, 0.9, len(sizes)), "size": size})
    enough = enough.assign(size_low=size, size_high=28, within_size=within)
    found = shares(enough)
    assert [row[1] for row in found["rows"]] == [f"{s}×{s}" for s in size]
    assert all(row[2].endswith(("alone", "28×28")) for row in found["rows"])
    assert (found["within"] is None) == all(w >= s for s, w in sizes)
    assert shares(enough.assign(size=pd.array([None] * len(sizes), "Int64")))["rows"] == []
    unknown = shares(enough.assign(size_low=pd.NA).drop(columns="within_size"))
    assert {len(row) for row in unknown["rows"]} == {2}
    assert unknown["within"] is None


@given(st.integers(2, 10**5))
def test_what_guessing_gives_is_never_nought(classes):
    text = guessed(1 / classes)
    assert float(text) > 0
    assert abs(float(text) - 1 / classes) <= 0.5 * 10 ** -len(text.partition(".")[2]) + 1e-12
    assert len(text) == 4 or classes > 100


def test_of_uneven_classes_the_lead_comes_first_and_the_line_is_balanced():
    row = {"size": 7, "model": "m", "title": "M", "mean": 0.9, "low": None, "high": None}
    frame = pd.DataFrame(
        [row | {"counted": f"heldout/fresh{kind}", "mean": mean}
         for kind, mean in (("", 0.9), ("/balanced", 0.5))]
    )  # fmt: skip
    means = {f"{s}{k}_mean": 0.5 for s in ("validation", "fresh") for k in ("", "_balanced")}
    pareto = pd.DataFrame([{"size": 7, "model": "m", "title": "M", "multiplications": 1.0} | means])
    line = best_line(frame, pareto, "heldout")
    assert dict(zip(line["balanced"], line["mean"], strict=True)) == {False: 0.9, True: 0.5}


@given(explored())
@settings(max_examples=10)
def test_the_chart_is_of_numbers_alone_and_finite(e):
    record, held = e.made()
    frame = accuracies(record, held, e.study)
    line = best_line(frame, e.pareto, "heldout")
    counted = countings(frame, record, e.study)
    named = published_line(e.study.models)
    chart = overview(frame, several(e.study.models), line, named, counted, NO_IMAGES)
    specification = specified(chart)
    assert "http" not in json.dumps(specification, allow_nan=False)
    names = {param["name"] for param in specification["params"]}
    assert {"counted", "models", "asked"} <= names
    filled = opening(
        (record, held), (e.pareto, ENOUGH, NO_LEAK), "Lead", ("a book", {}), NO_IMAGES, e.study
    )
    assert filled["publication"] == "a book"
    assert [row[0] for row in filled["numbers"]] == [f"{s}×{s}" for s in line["size"]]
    assert (filled["mistakes"] is None) == named.empty
    assert "the best that we know" in filled["chart"]["drawn"] or line.empty


@pytest.mark.parametrize("sizes", [[7], [2, 7, 28], list(range(1, 29))])
def test_marks_side_by_side_are_nearest_to_their_own_size(sizes):
    rows = [{"counted": "s/fresh", "size": size, "model": "m", "title": "M", "mean": 0.5,
             "low": 0.4, "high": 0.6} for size in sizes]  # fmt: skip
    frame = pd.DataFrame(rows)
    line = frame.assign(balanced=False)
    specification = specified(overview(frame, ["m"], line, line[:0], [], NO_IMAGES))
    text = json.dumps(specification)
    step = float(text.partition("datum.size * (1 + ")[2].partition(" ")[0])
    for place in range(1, MOST + 1):
        for size in sizes:
            at = size * (1 + step * place)
            assert sizes[np.abs(np.log(at / np.array(sizes))).argmin()] == size


@given(st.integers(0, 99), st.sampled_from([1, 3]), st.integers(1, 8))
def test_pictures_hold_the_image_at_each_size_with_all_contrast(seed, channels, size):
    rng = np.random.default_rng(seed)
    image = rng.integers(0, 256, (8, 8) if channels == 1 else (8, 8, 3)).astype(np.uint8)
    (row,) = pictured(image, [size], (0, 255)).to_dict("records")
    assert row["ink"] == (channels == 1)
    shown = Image.open(BytesIO(b64decode(row["url"].partition(",")[2])))
    assert shown.size == (size, size)
    band = np.asarray(shown.getchannel(1 if channels == 1 else 0), np.float64)
    expected = downscale((image if channels == 1 else image[..., 0])[None], size)
    every = np.concatenate(
        [downscale(own[None], size) for own in np.moveaxis(np.atleast_3d(image), -1, 0)]
    )
    low, high = (every.min(), every.max()) if size > 1 or channels > 1 else (0, 255)
    expected = 255 * (expected - low) / (high - low)
    assert np.abs(band.ravel() - expected[0]).max() <= 0.5 + 1e-3


@given(st.integers(0, 99), st.integers(2, 6))
def test_the_typical_image_is_one_of_its_class(seed, classes):
    rng = np.random.default_rng(seed)
    y = np.arange(30) % classes
    images = rng.integers(0, 256, (30, 4, 4)).astype(np.uint8)
    chosen = typical(images, y)
    own = images[y == classes // 3]
    assert any(np.array_equal(chosen, image) for image in own)
    distances = ((own - own.mean(axis=0)) ** 2).sum(axis=(1, 2))
    assert ((chosen - own.mean(axis=0)) ** 2).sum() == pytest.approx(distances.min())

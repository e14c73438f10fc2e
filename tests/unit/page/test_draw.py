"""What the section to draw in shows: the best models that run, and what it says of the others."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_pages import explored

from fewpixels.page.draw import by_title, drawing, first_models, ground
from fewpixels.tables.answer import best


@given(
    st.integers(3, 9), st.integers(0, 99), st.sampled_from(["uint8", "uint16", "float32"]),
    st.sampled_from(["low", "high", "none"]),
)  # fmt: skip
def test_edges_tell_a_drawing_from_a_photograph(side, seed, dtype, on):
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 256, (50, side, side)).astype(dtype)
    images[:, 1, 1] = np.resize([0, 255], 50)
    if on != "none":
        for edge in (np.s_[:, 0], np.s_[:, -1], np.s_[:, :, 0], np.s_[:, :, -1]):
            images[edge] = 0 if on == "low" else 255
    assert ground(images) == on
    assert ground(images[..., None].repeat(3, axis=-1)) == on


@given(explored(), st.randoms(use_true_random=False))
def test_each_size_has_the_best_model_that_runs(e, random):
    rows = e.pareto.to_dict("records")
    running = random.sample(rows, random.randint(0, len(rows)))
    models = [{"name": row["model"], "size": row["size"]} for row in running]
    found = first_models(e.pareto, e.intervals, models)
    assert [own["size"] for own in found] == sorted({row["size"] for row in rows}, reverse=True)
    of_all = {row["size"]: row for row in best(e.pareto).to_dict("records")}
    for own in found:
        there = [row for row in running if row["size"] == own["size"]]
        there = [row for row in there if not np.isnan(row["validation_mean"])]
        title = of_all[own["size"]]["title"] if own["size"] in of_all else ""
        if not there:
            assert (own["model"], own["title"], own["accuracy"]) == (None, "", "")
            assert own["best"] == title
            continue
        row = running[own["model"]]
        most = max(row["validation_mean"] for row in there)
        assert row["size"] == own["size"]
        assert row["validation_mean"] == pytest.approx(most)
        assert row["title"] == own["title"]
        assert own["mean"] == pytest.approx(row["fresh_mean"])
        assert own["accuracy"].startswith(f"{row['fresh_mean']:.3f}")
        same = row["model"] == of_all[own["size"]]["model"]
        assert own["best"] == ("" if same else title)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 28)), unique=True))
def test_each_title_is_named_once_with_all_of_its_sizes(cells):
    found = by_title(cells)
    titles = [own["title"] for own in found]
    assert titles == list(dict.fromkeys(title for title, _ in cells))
    named = [(own["title"], size) for own in found for size in own["sizes"].split(", ")]
    assert sorted(named) == sorted((title, f"{size}×{size}") for title, size in cells)


@given(explored(), st.sampled_from([["0", "1"], ["a", "7"]]), st.booleans())
def test_the_section_is_named_by_what_is_on_the_images(e, classes, flat):
    images = np.zeros((4, 5, 5), np.uint8)
    images[:, 2, 2] = 255
    if not flat:
        images = np.random.default_rng(0).integers(0, 256, (40, 5, 5)).astype(np.uint8)
    rows = e.pareto.to_dict("records")
    cells = [{"name": row["model"], "title": row["title"], "size": row["size"]} for row in rows]
    omitted = [own | {"reason": "too large"} for own in cells[1:]]
    record = {"models": cells[:1], "omitted": omitted, "classes": classes}
    found = drawing(record, e.pareto, e.intervals, images, 3)
    digits = flat and classes == ["0", "1"]
    assert found["noun"] == ("digit" if digits else "image")
    assert found["title"] == ("Draw a digit" if digits else "Draw" if flat else "Try an image")
    assert (found["count"], found["left_out"], found["replicates"]) == (1, len(rows) - 1, 3)
    assert found["intervals"] == any(" to " in own["accuracy"] for own in found["sizes"])
    assert [own["count"] for own in found["omitted"]] == ([len(omitted)] if omitted else [])
    running = [own["size"] for own in found["sizes"] if own["title"]]
    assert found["start"] == (running[0] if running else 0)

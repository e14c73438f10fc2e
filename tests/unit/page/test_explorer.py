"""The explorer's pack: what it says of cells and pairs."""

import json

import numpy as np
from hypothesis import given
from random_pages import SPLITS, explored

from fewpixels.page import explorer as module
from fewpixels.page.curves import over_replicates
from fewpixels.statistics.classes import uneven
from fewpixels.tables.answer import best


@given(explored())
def test_the_record_and_the_arrays_fit_together(e):
    record, arrays = e.made()
    json.dumps(record, allow_nan=False)
    cells, fits = len(record["cells"]), len(record["fits"])
    replicates = record["replicates"]
    assert cells == len(e.cells)
    assert arrays["accuracy"].shape == (cells, 3, 4)
    assert arrays["interval"].shape == (cells, 4, 2)
    assert arrays["correct"].shape == (cells, 3, replicates)
    assert arrays["labels"].shape == (fits, len(e.y))
    assert arrays["squares"].shape == (fits * (fits - 1) // 2,)
    assert record["counts"] == np.bincount(e.y, minlength=len(e.study.names)).tolist()
    assert ("class_right" in arrays) == ("class_squares" in arrays) == uneven(e.y)
    first, other = record["start"]
    assert 0 <= first < cells
    assert 0 <= other < cells
    assert (first != other) == (cells > 1)
    top = best(e.pareto)
    if len(top):
        shown_first = top.iloc[(len(top) - 1) // 2]
        assert e.cells[first][0] == ("heldout", shown_first["size"], shown_first["model"])
    for (cell, own), row in zip(e.cells, record["cells"], strict=True):
        split, size, model = cell
        assert record["splits"][row["split"]]["name"] == split
        assert record["models"][row["model"]]["name"] == model
        assert row["size"] == size
        labels = own["fresh"][0]
        known = np.where(labels < 0, len(e.study.names), labels)
        assert arrays["labels"][row["fit"]].tolist() == known.tolist()
        counted = arrays["confused_fresh"][row["fit"]]
        converged = (own["fresh"] >= 0).all(axis=1).sum()
        assert counted.sum() == converged * len(e.y)
        if "test" in own:
            assert (
                np.trace(arrays["confused_test"][row["test"]])
                == (own["test"] == own["test_y"]).sum()
            )
        curve = record["fits"][row["fit"]].get("curve")
        if curve:
            history = next(
                own for fit, own in e.histories if e.study.fit_of(fit) == e.study.fit_of(cell)
            )
            _, values = over_replicates(history, "step", ["loss", "validation_accuracy"], 100)
            np.testing.assert_array_equal(
                arrays["losses"][:, slice(*curve)], values[:3].astype(np.float32)
            )
        for place in ("curve", "sweep"):
            holder = record["fits"][row["fit"]] if place == "curve" else row
            if place in holder:
                start, end = holder[place][:2]
                assert 0 <= start < end <= arrays["steps" if place == "curve" else "k"].size


@given(explored())
def test_fewer_images_of_a_page_are_labelled_as_in_the_study(e):
    record, arrays = e.made(most=5)
    kept = module.shown(e.y, 5)
    for (_, own), row in zip(e.cells, record["cells"], strict=True):
        labels = own["fresh"][0, kept]
        known = np.where(labels < 0, len(e.study.names), labels)
        assert arrays["labels"][row["fit"]].tolist() == known.tolist()
        wrong = arrays["wrong"][row["fit"]]
        found = wrong[wrong >= 0]
        assert (labels[found] != e.y[kept][found]).all()
        assert record["fresh"] == len(e.y)


def test_what_would_be_too_much_is_left_out(monkeypatch):
    e = next(explored_once())
    whole, everything = e.made()
    fits = len(whole["fits"])
    for name, most in (("LABELS", 4 * fits), ("PAIRS", 0), ("ENTRIES", 0), ("PLACES", 0)):
        monkeypatch.setattr(module, name, most)
    _, arrays = e.made()
    assert arrays["labels"].shape == (fits, 4)
    place = {image: i for i, image in enumerate(everything["labelled"])}
    columns = [place[image] for image in arrays["labelled"]]
    assert arrays["labels"].tolist() == everything["labels"][:, columns].tolist()
    assert not {"squares", "confused_fresh", "confused_test"} & set(arrays)
    assert not {"class_right", "class_squares"} & set(arrays)


def explored_once():
    """A study of several fits, which does not change from run to run."""
    found = []

    @given(explored(SPLITS[1]))
    def collect(e):
        found.append(e)

    collect()
    yield max(found, key=lambda e: len(e.cells) * (len(e.y) > 8))

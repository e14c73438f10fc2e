"""The leak, as readers have it: numbers of the table, and copies that go."""

import numpy as np
import pandas as pd
import pytest


@pytest.fixture(scope="module")
def tables(finished):
    results = finished / "results" / "digits"
    accuracy = pd.read_csv(results / "tables" / "leakage-accuracy.csv")
    return accuracy[accuracy["split"] == "published"], pd.read_csv(results / "metrics.csv")


def shown(page):
    return [page.inner_text(f"[data-leak={name}]") for name in ("accuracy", "fresh")]


def test_every_number_is_that_of_the_table(opened, tables):
    page = opened()
    accuracy, metrics = tables
    largest = accuracy["size"].max()
    offered = accuracy[accuracy["model"].isin(accuracy[accuracy["size"] == largest]["model"])]
    assert len(offered) >= 4
    for row in offered.itertuples():
        page.select_option("#leak [name=model]", row.title)
        page.select_option("#leak [name=size]", str(row.size))
        cell = (metrics["split"] == "published") & (metrics["model"] == row.model)
        own = metrics[cell & (metrics["size"] == row.size)].groupby("subset")["accuracy"].mean()
        assert shown(page) == [f"{own['test']:.3f}", f"{own['fresh']:.3f}"]
        page.click("[data-leak=hide]")
        assert shown(page) == [f"{row.unleaked_mean:.3f}", f"{own['fresh']:.3f}"]
        assert f"{row.unleaked_images} images in all" in page.inner_text("[data-leak=note]")
        assert f"{row.leaked_mean:.3f}" in page.inner_text("[data-leak=caption]")
        page.click("[data-leak=hide]")


def test_copies_are_in_frames_and_go(opened, finished):
    page = opened()
    results = finished / "results" / "digits" / "published"
    with np.load(results / "split.npz") as split:
        train, test = split["train"][0], split["test"][0]
    with np.load(finished / "data" / "digits.npz") as data:
        y = data["labels"][test]
    copies = int(np.isin(test, train).sum())
    assert 0 < copies < len(test)
    assert page.input_value("#leak [name=model]") == "One-vs-rest"
    with np.load(results / "28px" / "ovr" / "predictions.npz") as held:
        wrong = held["test"][0] != y
    assert page.locator("#leak canvas").count() == len(test)
    assert page.locator("#leak .leak-copy").count() == copies
    assert page.locator("#leak .leak-wrong").count() == wrong.sum()
    assert f"{len(test) - wrong.sum()} of them right" in page.inner_text("[data-leak=note]")
    assert page.get_attribute("[data-leak=hide]", "aria-pressed") == "false"

    page.focus("[data-leak=hide]")
    page.keyboard.press("Enter")
    assert page.get_attribute("[data-leak=hide]", "aria-pressed") == "true"
    assert page.locator("#leak li:not([aria-hidden])").count() == len(test) - copies
    assert page.locator("#leak canvas:visible").count() == len(test) - copies
    page.locator("[data-leak=hide]").press("Enter")
    assert page.locator("#leak canvas:visible").count() == len(test)


def test_what_was_published_stands_beside_where_there_is_any(opened):
    page = opened()
    assert page.inner_text("[data-leak=published] dd") == "0.99"
    page.select_option("#leak [name=size]", "2")
    assert not page.is_visible("[data-leak=published]")


def test_images_stand_in_rows_whatever_they_are_labelled(opened):
    page = opened(width=390)
    page.select_option("#leak [name=size]", "2")
    assert page.locator("#leak .leak-wrong").count() > 1
    tops = page.eval_on_selector_all(
        "#leak .leak-images canvas", "all => all.map((own) => own.getBoundingClientRect().top)"
    )
    assert len({np.round(step, 2) for step in np.diff(np.unique(tops))}) == 1


def test_a_link_holds_what_is_chosen(opened, report):
    page = opened()
    page.select_option("#leak [name=size]", "7")
    page.click("[data-leak=hide]")
    caption, address = page.inner_text("[data-leak=caption]"), page.url
    assert "leaked=ovr/7" in address
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_selector("#leak canvas", state="attached")
    assert page.inner_text("[data-leak=caption]") == caption
    assert page.get_attribute("[data-leak=hide]", "aria-pressed") == "true"

"""The ladder of the page: its steps by mouse and keys, its words, its chart and its matrix."""

import re

import pandas as pd
import pytest

LABELS = ["1. as published", "2. quadratic features", "3. Convolutional network"]


@pytest.fixture
def page(opened):
    page = opened()
    page.wait_for_selector("#ladder svg .mark-symbol path")
    return page


def said(page):
    return page.inner_text("[data-ladder=said]")


def number(text):
    return float(text.replace("−", "-"))


def rows(page):
    """The table of gains."""
    found = page.locator("[data-ladder=gains] tbody tr")
    return [own.locator("th, td").all_text_contents() for own in found.all()]


def test_steps_are_gone_by_buttons_and_by_arrow_keys(page):
    assert page.locator(".ladder-step").all_text_contents() == LABELS
    assert not page.locator("[data-ladder=which]").count()
    assert page.get_attribute("[data-ladder=previous]", "aria-disabled") == "true"
    assert said(page).startswith("One-vs-rest, as published. It reaches ")
    page.click("[data-ladder=next]")
    assert said(page).startswith("Correction: quadratic features. ")
    page.focus(".ladder-step :checked")
    page.keyboard.press("ArrowRight")
    assert said(page).startswith("Another kind of model, instead of ")
    assert page.get_attribute("[data-ladder=next]", "aria-disabled") == "true"
    page.keyboard.press("ArrowLeft")
    page.click("[data-ladder=previous]")
    assert said(page).startswith("One-vs-rest, as published.")


def test_the_line_stays_as_the_next_is_drawn(page):
    def lines():
        return page.locator("#ladder svg .mark-line path").count()

    before = lines()
    for more in (1, 2):
        page.click("[data-ladder=next]")
        page.wait_for_function(
            f"document.querySelectorAll('#ladder svg .mark-line path').length === {before + more}"
        )


def test_gains_are_those_of_the_metrics(page, finished):
    metrics = pd.read_csv(finished / "results" / "digits" / "metrics.csv")
    own = metrics[(metrics["split"] == "heldout") & (metrics["subset"] == "fresh")]
    means = own.groupby(["model", "size"])["accuracy"].mean()
    page.check(".ladder-step >> nth=1")
    for pixels, accuracy, gain, ends in rows(page):
        size = int(pixels.split("×")[0])
        low, high = map(number, ends.split(" to "))
        wanted = means["ovr-quadratic", size], means["ovr-quadratic", size] - means["ovr", size]
        assert (number(accuracy), number(gain)) == pytest.approx(wanted, abs=0.00051)
        assert low <= number(gain) <= high


def test_the_matrix_follows_the_step_and_the_size(page):
    page.select_option("[data-ladder=size]", "28")
    first = page.inner_text("[data-ladder=matrix]")
    assert page.inner_text("[data-ladder=confused]").startswith("At 28×28, ")
    page.click("[data-ladder=next]")
    second = page.inner_text("[data-ladder=matrix]")
    page.select_option("[data-ladder=size]", "2")
    assert len({first, second, page.inner_text("[data-ladder=matrix]")}) == 3
    for row in page.locator("[data-ladder=matrix] tbody tr").all():
        shares = re.findall(r"(\d+)%", " ".join(row.locator("td").all_text_contents()))
        assert sum(map(int, shares)) == pytest.approx(100, abs=10)
    page.click("#ladder svg .mark-symbol path >> nth=1")
    assert page.input_value("[data-ladder=size]") != "2"


def test_the_address_holds_the_step_and_the_size(page, report):
    page.check(".ladder-step >> nth=2")
    page.select_option("[data-ladder=size]", "7")
    end = "#ladder?rung=convnet&rung-size=7"
    assert page.url.endswith(end)
    words = said(page)
    page.goto("about:blank")
    page.goto(report.as_uri() + end)
    page.wait_for_function("document.querySelector('[data-ladder=size]').value === '7'")
    assert said(page) == words
    page.evaluate("location.hash = '#ladder?rung=ovr&rung-size=2'")
    page.wait_for_function("document.querySelector('[data-ladder=size]').value === '2'")
    assert said(page).startswith("One-vs-rest, as published.")


def test_print_has_all_steps_at_once(page):
    assert not page.is_visible(".ladder-still")
    page.emulate_media(media="print")
    assert page.is_visible(".ladder-still svg")
    assert not page.is_visible(".ladder-live")
    heads = page.locator(".ladder-still tbody th").all_text_contents()
    assert heads == LABELS


def test_without_javascript_all_steps_are_there(browser, report):
    page = browser.new_page(java_script_enabled=False)
    page.goto(report.as_uri())
    assert page.is_visible(".ladder-still svg")
    assert not page.is_visible(".ladder-live")
    page.close()


@pytest.mark.parametrize("width", [200, 360])
def test_it_fits_narrow_screens(opened, width):
    page = opened(width)
    page.wait_for_selector("#ladder svg .mark-symbol path")
    own = page.locator("#ladder")
    assert own.evaluate("section => section.scrollWidth - section.clientWidth") <= 0

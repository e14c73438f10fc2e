"""The page's first look: its words, its chart, and what a reader compares."""

import pytest
from page_runs import WIDTHS

WORDS = "#answer .answer-words"


def test_words_and_chart_stand_above_the_fold(opened):
    page = opened(1400)
    for part in (WORDS, "#answer .answer-figure"):
        box = page.locator(part).bounding_box()
        assert box["y"] + box["height"] <= 900
    words = page.inner_text(WORDS)
    assert len(words.split()) < 160
    assert "An earlier study had reported 0.99 at 28×28" in words
    assert "of its test images were training images" in words


def test_two_lines_are_named_and_others_are_grey(opened):
    page = opened()
    labels = page.locator("#answer svg .mark-text text").all_text_contents()
    name = page.get_attribute("#answer .chart-drawn", "aria-label")
    assert name.startswith("Chart: share labelled right")
    assert {"the best that we know", "guessing 0.10"} <= set(labels)
    assert any(text.startswith("as published (") for text in labels)
    assert page.locator("#answer svg image").count() == 3  # one of each size
    sizes = page.eval_on_selector_all(
        "#answer svg text",
        "texts => texts.map((text) => parseFloat(getComputedStyle(text).fontSize))",
    )
    assert min(sizes) >= 12


def test_a_line_that_is_pointed_at_tells_its_accuracies(opened):
    page = opened()
    before = page.locator("#answer svg .mark-text text").count()
    page.locator("#answer svg .mark-symbol path").nth(1).hover(force=True)
    page.wait_for_function(
        f"document.querySelectorAll('#answer svg .mark-text text').length > {before}"
    )


def test_what_is_compared_is_drawn_said_and_kept_in_the_address(opened):
    page = opened()
    page.click("#answer .answer-compare summary")
    page.select_option("#answer [name=model]", "knn-nearer")
    page.wait_for_selector("#answer .answer-key button")
    assert page.evaluate("location.hash") == "#answer?models=knn-nearer"
    heads = page.locator("[data-answer=table] thead th").all_text_contents()
    assert heads == ["Model", "28×28", "7×7", "2×2"]
    page.select_option("#answer [name=counted]", "published/test")
    page.wait_for_function(
        "document.querySelector('[data-answer=said]').innerText.includes('is not shown')"
    )
    assert page.inner_text("[data-answer=shown]") == "test images, published split"
    assert page.is_disabled("#answer option[value=knn-nearer]")
    assert not page.locator("[data-answer=table] tbody tr").count()
    page.reload()
    page.wait_for_selector("#answer .answer-key button")
    assert "not on these images" in page.inner_text("#answer .answer-key")
    page.click("#answer .answer-key button")
    page.wait_for_selector("#answer .answer-key button", state="detached")
    assert page.evaluate("location.hash") == "#answer?counted=published/test"


def test_no_more_models_than_there_are_marks_for(opened):
    page = opened()
    page.click("#answer .answer-compare summary")
    values = page.eval_on_selector_all(
        "#answer [name=model] option:not([value=''])", "own => own.map(({ value }) => value)"
    )
    for count, value in enumerate(values[:6], 1):
        page.select_option("#answer [name=model]", value)
        page.wait_for_function(
            f"document.querySelectorAll('.answer-key button').length === {count}"
        )
    assert page.is_disabled("#answer [name=model]")
    fills = page.eval_on_selector_all(
        "#answer .answer-key path",
        "paths => paths.map((path) => [path.style.fill, path.getAttribute('d')].join())",
    )
    assert len(set(fills)) == 6


@pytest.mark.parametrize("width", [200, *WIDTHS])
def test_explanations_stay_within_the_page(opened, width):
    page = opened(width)
    before = page.evaluate("document.documentElement.scrollWidth")
    for term in page.locator("#answer .term").all():
        term.focus()
        box = term.locator(".term-text").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert page.evaluate("document.documentElement.scrollWidth") == before
        told = page.locator(f"#{term.get_attribute('aria-describedby')}").text_content()
        assert told == term.locator(".term-text").text_content()
        page.keyboard.press("Escape")
        assert not term.locator(".term-text").is_visible()


def test_without_javascript_the_words_and_the_chart_are_there(browser, report):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(report.as_uri())
    assert page.locator("#answer svg .mark-symbol path").count() > 5
    assert page.locator(WORDS).is_visible()
    assert not page.locator("#answer [data-answer=compare]").is_visible()
    context.close()


def test_without_javascript_no_control_is_dead(browser, report):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(report.as_uri())
    for control in ("button", "select", "input", "canvas"):
        assert not page.locator(f"{control}:visible").count(), control
    assert "in a frame" not in page.inner_text("#leak")
    assert page.locator("#ladder table").is_visible()
    context.close()


# Texts of charts that reach beyond them.
CUT = """() => [...document.querySelectorAll("main svg")].flatMap((svg) => {
  const { left, right } = svg.getBoundingClientRect();
  return [...svg.querySelectorAll("text")]
    .filter((text) => text.textContent && text.checkVisibility())
    .map((text) => [text.textContent, text.getBoundingClientRect()])
    .filter(([, box]) => box.width > 0 && (box.left < left - 1 || box.right > right + 1))
    .map(([words]) => words);
})"""


@pytest.mark.parametrize("width", WIDTHS)
def test_what_charts_say_is_within_them(opened, width):
    assert opened(width).evaluate(CUT) == []

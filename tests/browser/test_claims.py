"""The claims of the page: cards, the chart of numbers, and the table behind."""

import pytest


def ledger(page):
    """The table of all claims, opened."""
    page.click(".claims-ledger summary")
    return page.locator(".claims-ledger")


def test_claims_sort_and_filter(opened):
    page = opened()
    own = ledger(page)
    assert page.inner_text("[data-claims=count]") == "3 of 3 claims"
    own.locator("[name=kind]").select_option("words")
    assert page.inner_text("[data-claims=count]") == "1 of 3 claims"
    own.locator("[name=kind]").select_option("")
    column = own.locator("tbody > tr:first-child > td:nth-child(2)")
    page.click("#claims [data-sort='1']")
    assert column.all_inner_texts() == ["0.49", "0.99", ""]
    page.click("#claims [data-sort='1']")
    assert column.all_inner_texts() == ["0.99", "0.49", ""]  # blanks last in either order
    assert page.get_attribute("#claims th:nth-child(2)", "aria-sort") == "descending"


def test_a_card_says_what_holds_and_leads_to_its_evidence(opened):
    page = opened()
    card = page.locator(".claims-card", has_text="More pixels are better")
    assert "It published no number for this." in card.inner_text()
    assert card.locator("dt").all_inner_texts() == page.locator(
        "#claims .claims-filters label:has(select)"
    ).evaluate_all("labels => labels.slice(1).map((label) => label.firstChild.data.trim())")
    assert card.locator("svg").count() == 1
    card.get_by_text("Evidence").click()
    claim = page.locator("#claims tbody[data-claim=more-pixels]")
    claim.locator(".claims-evidence").wait_for()
    assert "#claims?claim=more-pixels" in page.url
    assert "repeated: " in claim.locator("svg").get_attribute("aria-label")
    assert claim.get_by_role("button", name="Copy link").is_visible()
    claim.locator(".claims-claim").click()
    assert not claim.locator(".claims-evidence").is_visible()
    assert "claim=" not in page.url


def test_back_from_the_explorer_returns_to_the_open_claim(opened):
    page = opened()
    ledger(page)
    claim = page.locator("#claims tbody[data-claim=more-pixels]")
    claim.locator(".claims-claim").click()
    assert claim.locator("a").all_text_contents()[:2] == ["published/28px/ovr", "published/2px/ovr"]
    link = claim.get_by_text("one beside the other").first
    link.click()
    for place, size in (("pick", "28×28"), ("with", "2×2")):
        page.wait_for_function(
            "([place, size]) => [...document.querySelectorAll(`[data-explorer=${place}] select`)]"
            ".some(select => select.selectedOptions[0].text === size)",
            arg=[place, size],
        )
    page.go_back()
    page.wait_for_function("document.activeElement.closest('[data-claim=more-pixels]')")
    assert claim.locator(".claims-evidence").is_visible()
    page.reload()
    page.wait_for_function("document.activeElement.closest('[data-claim=more-pixels]')")


def test_the_chart_has_the_published_numbers(opened):
    page = opened()
    page.wait_for_selector("#claims svg .mark-symbol path")
    points = page.locator("#claims [data-chart=scatter] svg .role-mark.mark-symbol path")
    assert points.count() == 2
    points.first.click(force=True)
    page.wait_for_function("document.activeElement.closest('tbody[data-kind=number]')")


@pytest.mark.parametrize("width", [1400, 800, 360])
def test_no_column_is_cut_off(opened, width):
    page = opened(width=width)
    ledger(page)
    page.locator(".claims-claim").last.click()
    right = page.eval_on_selector_all(
        "#claims :is(.claims-card, td, th)",
        "cells => Math.max(...cells.map((cell) => cell.getBoundingClientRect().right))",
    )
    assert right <= width

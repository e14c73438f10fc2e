"""The whole page, from its first words to how it was made, as one reader goes through it."""

import re


def accuracy(page, place):
    """The share that a sentence or a number of the page says."""
    return float(re.search(r"0\.\d+|1\.0+", page.inner_text(place))[0])


def section(page, name):
    """Go to a section, as its link does."""
    page.click(f"nav a[href='#{name}']")
    page.wait_for_function(f"location.hash.startsWith('#{name}')")


def the_opening(page):
    """The question, its answer and the chart with two named lines."""
    assert page.inner_text("h1") == "How few pixels does a classifier need?"
    assert "An earlier study had reported 0.99" in page.inner_text("#answer .answer-words")
    labels = page.locator("#answer svg .mark-text text").all_text_contents()
    for name in ("the best that we know", "as published"):
        assert any(label.startswith(name) for label in labels)


def the_leak(page):
    """Accuracy falls without the copies."""
    section(page, "leak")
    before = accuracy(page, "[data-leak=accuracy]")
    page.click("[data-leak=hide]")
    assert accuracy(page, "[data-leak=accuracy]") < before


def the_order(page):
    """Accuracy rises where the same images come shuffled."""
    section(page, "order")
    page.emulate_media(reduced_motion="reduce")  # nothing plays: epochs are stepped
    found = []
    for way in ("sorted last", "shuffled last"):
        page.click(f"[data-order=preset][value='{way}']")
        for epoch in range(1, 6):
            page.click("[data-order=epoch]")
            page.wait_for_function(
                "end => document.querySelector('[data-order=caption]').innerText.startsWith(end)",
                arg=f"After {epoch} epoch",
            )
        found.append(accuracy(page, "[data-order=caption]"))
    assert found[0] < found[1]


def the_ladder(page):
    """Line, matrix and words change together at every step; each gain has an interval."""
    section(page, "ladder")
    lines = page.locator("#ladder svg .mark-line path")
    lines.first.wait_for(state="attached")
    before, matrix = lines.count(), page.inner_text("[data-ladder=matrix]")
    for more in range(1, page.locator(".ladder-step").count()):
        page.click("[data-ladder=next]")
        page.wait_for_function(
            f"document.querySelectorAll('#ladder svg .mark-line path').length === {before + more}"
        )
        assert page.inner_text("[data-ladder=matrix]") != matrix
        matrix = page.inner_text("[data-ladder=matrix]")
        gains = page.locator("[data-ladder=gains] tbody td:last-child").all_text_contents()
        assert gains
        assert all(re.fullmatch(r"[−+]?\d\.\d+ to [−+]?\d\.\d+", own) for own in gains)
    assert page.is_disabled("[data-ladder=next]")


def the_drawing(page):
    """A stroke is labelled at every size."""
    section(page, "draw")
    page.click("[data-draw=clear]")
    page.locator(".draw-canvas").scroll_into_view_if_needed()
    box = page.locator(".draw-canvas").bounding_box()
    page.mouse.move(box["x"] + 140, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 140, box["y"] + 220, steps=5)
    page.mouse.up()
    page.wait_for_function(
        "[...document.querySelectorAll('.draw-label')].every((own) => /[0-9]/.test(own.innerText))"
    )
    assert page.locator(".draw-label").count() == 3


def the_claims(page):
    """A claim leads to the explorer, and Back to the claim, still open."""
    section(page, "claims")
    page.locator(".claims-card", has_text="More pixels are better").get_by_text("Evidence").click()
    claim = page.locator("#claims tbody[data-claim=more-pixels]")
    claim.get_by_text("one beside the other").first.click()
    page.wait_for_function("document.activeElement.dataset.explorer === 'title'")
    assert "One-vs-rest, 28×28 pixels" in page.inner_text("[data-explorer=title]")
    assert page.locator("#explorer [data-explorer=pair] table").count()
    page.go_back()
    page.wait_for_function("document.activeElement.closest('[data-claim=more-pixels]')")
    assert claim.locator(".claims-evidence").is_visible()


def the_making(page):
    """What the study was made with, and from what."""
    section(page, "made")
    assert page.is_visible(".made-diagram")


def test_a_reader_goes_through_the_whole_page(opened):
    page = opened()
    for part in (
        the_opening,
        the_leak,
        the_order,
        the_ladder,
        the_drawing,
        the_claims,
        the_making,
    ):
        part(page)
    kept = set(re.findall(r"[?&]([\w-]+)=", page.url))
    assert {"leaked", "visits", "rung", "claim"} <= kept  # one link holds all that was chosen

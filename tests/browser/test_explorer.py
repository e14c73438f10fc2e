"""The explorer, as its readers use it."""

import pytest


def shown(page):
    return page.inner_text("#explorer [data-explorer=title]")


def choose(page, label, place="pick"):
    """Choose a model from a menu."""
    page.locator(f"[data-explorer={place}] select").first.select_option(label=label)


def path(page, chart):
    """The mean line of a chart, once it is drawn."""
    page.locator(f"#explorer [data-chart={chart}]").scroll_into_view_if_needed()
    line = page.locator(f"#explorer [data-chart={chart}] svg .mark-line path").first
    line.wait_for(state="attached")
    return line.get_attribute("d")


def opened_at(page, report, query):
    """The page, as a link leads to it."""
    page.goto(f"{report.as_uri()}#explorer?{query}")
    page.reload()
    page.wait_for_selector("#explorer table")


def test_a_link_leads_to_a_trained_model(opened, report):
    page = opened()
    (cell,) = report.parent.glob("heldout/7px/mlp-remedied-relu*")
    opened_at(page, report, f"cell=heldout/7px/{cell.name}")
    assert "MLP relu remedied" in shown(page)
    assert page.locator("#explorer canvas").count() > 12
    page.wait_for_function("document.activeElement.dataset.explorer === 'title'")


def test_charts_follow_the_choice(opened):
    page = opened()
    choose(page, "One-vs-rest")
    before = path(page, "validation"), path(page, "loss")
    choose(page, "One-vs-one, averaged")
    for chart, old in zip(("validation", "loss"), before, strict=True):
        page.wait_for_function(
            "([place, old]) => document.querySelector(place).getAttribute('d') !== old",
            arg=[f"#explorer [data-chart={chart}] svg .mark-line path", old],
        )
    assert not page.is_visible("[data-chart=sweep]")
    choose(page, "k nearest neighbours")
    assert path(page, "sweep")
    assert not page.is_visible("[data-chart=loss]")
    labels = page.locator("[data-chart=sweep] svg .role-axis-label text").all_text_contents()
    assert labels[-1] == "1.0"
    assert "guessing" in page.locator("[data-chart=sweep] svg").text_content()


def test_a_chart_out_of_sight_is_not_drawn(opened):
    page = opened()
    page.wait_for_timeout(500)
    script = "window.vegaEmbed = new Proxy(window.vegaEmbed, { apply(to, self, given) {"
    script += " window.drawn = (window.drawn ?? 0) + 1; return to(...given); } })"
    page.evaluate(f"{script}; scrollTo(0, 0)")
    choose(page, "One-vs-rest")
    choose(page, "k nearest neighbours")
    page.evaluate("scrollTo(0, 0)")
    assert not page.evaluate("window.drawn")
    path(page, "sweep")
    assert page.evaluate("window.drawn") == 1


def test_back_leads_to_where_one_was_with_all_that_was_chosen(opened):
    page = opened()
    first = shown(page)
    page.evaluate("history.replaceState(null, '', '#claims?digit=4')")
    page.click(".claims-ledger summary")
    claim = page.locator("#claims tbody[data-claim=more-pixels]")
    claim.locator(".claims-claim").click()
    claim.get_by_text("published/2px/ovr").first.click()
    page.wait_for_function("document.activeElement.dataset.explorer === 'title'")
    assert "One-vs-rest, 2×2 pixels" in shown(page)
    assert "digit=4" in page.url
    page.go_back()
    page.wait_for_function(
        "was => document.querySelector('[data-explorer=title]').textContent === was", arg=first
    )
    assert page.url.endswith("#claims?digit=4&claim=more-pixels")
    assert claim.locator(".claims-evidence").is_visible()
    page.go_forward()
    page.wait_for_function(
        "was => document.querySelector('[data-explorer=title]').textContent !== was", arg=first
    )


def test_a_link_to_this_choice_is_copied(opened):
    page = opened()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    choose(page, "One-vs-rest")
    page.locator("[data-explorer=copy] button").click()
    page.wait_for_function(
        "document.querySelector('[data-explorer=copy] [role=status]').textContent === 'copied'"
    )
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.url
    assert "#explorer?cell=" in copied


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_shades_are_told_apart_in_forced_colours(opened, scheme):
    page = opened(scheme=scheme)
    page.emulate_media(forced_colors="active", color_scheme=scheme)
    shades = page.eval_on_selector_all(
        ".explorer-matrix .right", "cells => cells.map((c) => getComputedStyle(c).backgroundColor)"
    )
    assert len(set(shades)) > 1


def test_the_diagram_fits_on_paper(opened):
    page = opened(width=800)
    page.emulate_media(media="print")
    own, room = page.eval_on_selector(
        ".made-diagram", "d => [d.getBoundingClientRect().width, d.parentElement.clientWidth]"
    )
    assert own <= room

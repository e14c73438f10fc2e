"""Pages of studies that lack much of what the default study has."""

import numpy as np
import pytest
from page_runs import WIDTHS, run

NAMES = [
    "a" * 80,
    "a long name of a class with spaces that goes on and on",
    "<b>bold</b>&amp;",
    "</script><script>throw 2</script>",
    "{{ 7*7 }}",
    "${x}`\"'",
    "{% raw",
    "שלום",
    "日本語日本語日本語",
    "0",
]
# Headings that are seen, with nothing below them that is.
BARE = """() => [...document.querySelectorAll("h2, h3, h4")].filter((head) => {
  let next = head.nextElementSibling;
  while (next && !next.checkVisibility()) next = next.nextElementSibling;
  return head.checkVisibility() && (!next || /^H[1-4]$/.test(next.tagName));
}).map((head) => head.innerText)"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The page of each study, made once."""
    made = {}

    def page(study):
        if study not in made:
            folder = tmp_path_factory.mktemp("other")
            rng = np.random.default_rng(1)
            images = rng.integers(0, 256, (240, 14, 14)).astype(np.uint8)
            np.savez(folder / "patches.npz", images=images, labels=np.repeat(NAMES, 24))
            run(folder, "--", "results/digits/report.html", study=study)
            made[study] = folder / "results" / "digits" / "report.html"
        return made[study]

    return page


@pytest.fixture
def shown(opened, pages):
    """Open the page of a study, which may have no chart of its answer."""
    return lambda study, width=1400: opened(width, file=pages(study), ready="#draw .explorer-image")


@pytest.mark.parametrize("study", ["one-model.yaml", "diverging.yaml"])
def test_nothing_is_said_of_what_there_is_not(shown, study):
    page = shown(study)
    words = page.inner_text("main")
    for gap in ("undefined", "NaN", "null", "None", "[object", " .", ": –"):
        assert gap not in words
    assert page.evaluate(BARE) == []


def test_a_single_model_of_one_size_is_compared_with_nothing(shown):
    page = shown("one-model.yaml")
    assert "Whether fewer pixels are enough, one size cannot tell" in page.inner_text("#answer")
    assert "The trained model that the page runs" in page.inner_text("#draw")
    assert page.locator("#answer svg .mark-symbol path").count()
    assert "Compared with another" not in page.inner_text("#explorer")
    offered = page.locator("[data-draw=class] option").all_text_contents()
    assert sorted(offered) == sorted(["any", *NAMES])


@pytest.mark.parametrize("width", WIDTHS)
def test_long_names_of_classes_fit(shown, width):
    page = shown("one-model.yaml", width)
    for details in page.query_selector_all("details"):
        details.evaluate("element => { element.open = true; }")
    page.click("[data-order=epoch]")
    page.wait_for_function("document.querySelector('.order-caption').innerText.includes('After')")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_where_all_diverged_no_chart_is_drawn_of_nothing(shown):
    page = shown("diverging.yaml")
    assert "Every replicate of every model diverged." in page.inner_text("#answer")
    assert not page.locator("#answer svg").count()
    assert not page.locator("#answer details").count()
    sizes = [text.strip() for text in page.locator(".draw-size").all_inner_texts()]
    assert sizes == ["7×7", "2×2"]
    assert not page.locator("#explorer [data-chart=validation]").is_visible()

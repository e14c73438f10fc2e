"""The page of a small study, in a headless Chromium."""

import shutil

import pytest
from page_runs import run
from playwright.sync_api import sync_playwright


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """The folder of the study, with its page."""
    folder = tmp_path_factory.mktemp("study")
    run(folder, "--", "results/digits/report.html")
    return folder


@pytest.fixture(scope="session")
def report(finished):
    """The page's file."""
    return finished / "results" / "digits" / "report.html"


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium; as root it runs without a sandbox."""
    with sync_playwright() as playwright:
        executable = shutil.which("chromium")
        yield playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])


@pytest.fixture
def opened(browser, report):
    """Open the page; what it complains of, or asks the network for, fails the test."""
    wrong, pages = [], []

    def open_page(width=1400, scheme="light", file=report, ready="#answer svg .mark-symbol"):
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page.on("console", lambda m: m.type in ("error", "warning") and wrong.append(m.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda r: r.url.startswith("http") and wrong.append(r.url))
        page.goto(file.as_uri())
        page.wait_for_selector("#explorer table")
        page.wait_for_selector(ready)
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert wrong == []

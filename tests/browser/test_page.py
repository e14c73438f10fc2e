"""The page as its readers have it."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from page_runs import WIDTHS, run, without_section_five

HERE = Path(__file__).parent

# Labels by the page's own code, of so many of its fresh digits, of every model.
LABELS = """async (most) => {
  const { unpack } = await import("fewpixels/payload");
  const { load } = await import("fewpixels/predict");
  const models = load(await unpack(document.getElementById("pack-models").textContent));
  const { data, shape } = models.pack.arrays.fresh;
  const pixels = models.side ** 2;
  const found = models.models.map(({ name, size }) => ({ name, size, labels: [] }));
  for (let i = 0; i < Math.min(most, shape[0]); i++) {
    const scene = models.scene(data.subarray(i * pixels, (i + 1) * pixels));
    found.forEach(({ labels }, index) => labels.push(models.predict(index, scene).label));
  }
  return { found, omitted: models.pack.record.omitted, kinds: models.models.map((m) => m.kind) };
}"""


def test_javascript_alone():
    """What needs no browser, in Node."""
    files = sorted(str(file) for file in HERE.glob("*.test.js"))
    node = shutil.which("node")
    done = subprocess.run([node, "--test", *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_javascript_is_typed():
    """By its comments, in TypeScript's strict mode."""
    folder = HERE.parents[1] / "workflow" / "report" / "page"
    command = [shutil.which("tsc"), "--project", folder]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_label_is_pythons(opened, finished):
    found = opened().evaluate(LABELS, 200)
    results = finished / "results" / "digits" / "heldout"
    for own in found["found"]:
        with np.load(results / f"{own['size']}px" / own["name"] / "predictions.npz") as held:
            assert own["labels"] == held["fresh"][0].tolist(), (own["name"], own["size"])
            assert len(own["labels"]) == 200
    assert {"kernel", "weights", "knn", "mlp", "convnet"} == set(found["kinds"])
    cells = {(path.parts[-2], int(path.parts[-3][:-2])) for path in results.glob("*/*/model.npz")}
    omitted = {(own["name"], own["size"]) for own in found["omitted"]}
    assert {(own["name"], own["size"]) for own in found["found"]} | omitted == cells
    assert {name for name, _ in omitted} == {"voted"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_everybody_can_read_it(opened, width, scheme):
    page = opened(width, scheme)
    for details in page.query_selector_all("details"):
        details.evaluate("element => { element.open = true; }")
    page.eval_on_selector_all(".claims-claim", "buttons => buttons.forEach((b) => b.click())")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    violations = Axe().run(page).response["violations"]
    serious = [v["id"] for v in violations if v["impact"] in ("serious", "critical")]
    assert serious == []


def test_text_of_the_study_is_text(opened):
    page = opened()
    assert page.inner_text(".dataset") == "Digits & <b>more</b>"
    assert not page.query_selector(".dataset b")


def test_equal_results_give_equal_pages_that_are_made_when_stale(finished, report):
    """The same bytes but for section 5, and made again only where something changed."""
    before = without_section_five(report)
    assert report.stat().st_size < 6e6
    target = "results/digits/report.html"
    assert "Nothing to be done" in run(finished, "--", target)
    report.unlink()
    run(finished, "--", target)
    assert without_section_five(report) == before

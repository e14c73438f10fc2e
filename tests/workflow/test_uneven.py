"""A study of noise, nine images in ten of one class: what its lead says, and its page."""

import numpy as np
import pandas as pd
import pytest
import yaml
from running import snakemake

pytestmark = pytest.mark.slow

NOISE = {
    "seed": 1,
    "replicates": 3,
    "datasets": {
        "noise": {
            "source": "npz",
            "title": "noise",
            "side": 8,
            "classes": 2,
            "options": {"file": "noise.npz"},
        }
    },
    "sizes": [8, 2],
    "splits": {"one": {"title": "one split", "kind": "fixed", "train": 140, "validation": 60}},
    "models": {
        "knn": {"family": "knn", "title": "k-NN", "parameters": {"k_max": 10, "ties": "nearer"}}
    },
}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("noise")
    rng = np.random.default_rng(0)
    np.savez(
        folder / "noise.npz",
        images=rng.integers(0, 256, (200, 8, 8), np.uint8),
        labels=rng.permutation(np.repeat([0, 1], [180, 20])),
        fresh_images=rng.integers(0, 256, (400, 8, 8), np.uint8),
        fresh_labels=np.repeat([0, 1], [360, 40]),
    )
    (folder / "noise.yaml").write_text(yaml.safe_dump(NOISE))
    targets = [f"results/noise/{name}" for name in ("report.html", "figures/accuracy.svg")]
    snakemake(folder, "--cores", "1", *targets, study=folder / "noise.yaml")
    return folder / "results" / "noise"


def test_the_lead_says_that_nothing_was_learned(results):
    lead = (results / "tables" / "answer.md").read_text().partition("\n")[0].strip("*")
    assert "always naming the commonest class gives 0.90" in lead
    assert "guessing gives 0.50" in lead
    assert "nothing was learned that is certain, and no size is enough" in lead
    assert "More replicates or fresh images would tell more." in lead
    assert "takes" not in lead
    page = (results / "report.html").read_text()
    assert lead in page
    # What looks odd about the images is said there too.
    assert "Classes are out of proportion: 0 has 180 images and 1 20; " in page
    assert pd.read_csv(results / "tables" / "enough.csv")["size"].isna().all()


def test_metrics_are_balanced_as_the_labels_say(results):
    metrics = pd.read_csv(results / "metrics.csv")
    fresh = metrics[metrics["subset"] == "fresh"]
    assert (fresh["majority"] == 0.9).all()
    for row in fresh.itertuples():
        with np.load(results / f"one/{row.size}px/{row.model}/predictions.npz") as file:
            labels = file["fresh"][row.replicate]
        recalls = (labels[:360] == 0).mean(), (labels[360:] == 1).mean()
        assert row.balanced == pytest.approx(np.mean(recalls))


def test_the_line_of_chance_is_the_majority(results):
    intervals = pd.read_csv(results / "tables" / "intervals.csv")
    assert (intervals["majority"] == 0.9).all()
    assert intervals["images_balanced_low"].max() <= 0.5
    page = (results / "report.html").read_text()
    assert '"chance": 0.9' in page or '"chance":0.9' in page

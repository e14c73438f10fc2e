"""Models that train on distorted copies, run for real: of the project, and of one's own."""

import json
import subprocess
import sys

import numpy as np
import pytest
import yaml
from running import ROOT, attempt, differing, snakemake

from fewpixels.images.copies import Copies, with_copies
from fewpixels.images.distort import distort
from fewpixels.images.downscale import downscale
from fewpixels.images.subset import Subset
from fewpixels.models import knn
from fewpixels.streams import of_augmentation

pytestmark = pytest.mark.slow

RESULTS = "results/tiny-mnist"
SETTINGS = {"copies": 3, "rotation": 10, "scale": 0.1, "shear": 0.2, "shift": 2, "filling": 7}
OWN = """
import numpy as np

from fewpixels.models import Fit, Prediction, top_and_margin


def fit(train, validation, hyperparameters, *, streams):
    means = [[x[y == c].mean(axis=0) for c in range(train.classes)]
             for x, y in zip(train.x, train.y)]
    seen = np.full(len(train.x), train.x.shape[1])
    return Fit({"means": np.array(means), "seen": seen})


def predict(parameters, hyperparameters, train, x):
    assert (parameters["seen"] == train.x.shape[1]).all()
    means = parameters["means"]
    scores = 2 * x @ means.swapaxes(1, 2) - (means**2).sum(axis=2)[:, None]
    return Prediction(*top_and_margin(scores))
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A file with the tiny study, of two models on copies, and one split that reuses them."""
    folder = tmp_path_factory.mktemp("augmented")
    (folder / "own.py").write_text(OWN)
    config = yaml.safe_load((ROOT / "config" / "tiny.yaml").read_text())
    config["augmentations"] = {"distorted": SETTINGS, "unused": {"copies": 1}}
    config["splits"]["published"] = {"title": "p", "test": "last", "trains_as": "heldout"}
    both = {"augmentation": "distorted", "splits": ["heldout", "published"]}
    config["models"] = {
        "knn": config["models"]["knn"] | both,
        "own": {"family": str(folder / "own.py"), "title": "Class means"} | both,
        "mlp": config["models"]["mlp"],
    }
    (folder / "study.yaml").write_text(yaml.safe_dump(config, sort_keys=False))
    return folder / "study.yaml"


@pytest.fixture(scope="module")
def finished(study):
    """The study, run on one core."""
    snakemake(study.parent / "run", "--cores", "1", study=study)
    return study.parent / "run"


def test_copies_are_of_the_pool_and_drawn_once(finished):
    with np.load(finished / "data/tiny-mnist.npz") as data:
        rng = of_augmentation(1, "tiny-mnist", "distorted")
        expected = distort(data["images"], SETTINGS, rng).reshape(-1, 28, 28)
        labels = data["labels"]
    for size in (7, 2):
        with np.load(finished / RESULTS / f"distorted/{size}px.npz") as copies:
            assert copies["ids"].tolist() == [i for i in range(len(labels)) for _ in range(3)]
            assert (copies["ids"].dtype, copies["sums"].dtype) == (np.int32, np.uint16)
            np.testing.assert_array_equal(copies["labels"], labels[copies["ids"]])
            means = (copies["sums"] / copies["area"]).astype(np.float32)
        np.testing.assert_array_equal(means, downscale(expected, size))
    assert not (finished / RESULTS / "unused").exists()


def test_a_model_trains_on_its_images_and_their_copies(finished):
    """k is chosen again, and fresh images are labelled again, from the split and the copies."""
    with (
        np.load(finished / "data/tiny-mnist.npz") as data,
        np.load(finished / RESULTS / "heldout/split.npz") as split,
        np.load(finished / RESULTS / "distorted/7px.npz") as copies,
        np.load(finished / RESULTS / "heldout/7px/knn/model.npz") as model,
        np.load(finished / RESULTS / "heldout/7px/knn/predictions.npz") as predictions,
    ):
        pool, y = downscale(data["images"], 7), data["labels"]
        train, validation = (
            Subset.of(pool[ids], y[ids], ids) for ids in (split["train"], split["validation"])
        )
        own = Copies((copies["sums"] / 16).astype(np.float32), copies["ids"])
        train = with_copies(train, own)
        options = {"k_max": 10, "ties": "nearer"}
        fit = knn.fit(train, validation, options, streams=None)
        np.testing.assert_array_equal(model["chosen"], fit.parameters["chosen"])
        fresh = downscale(data["fresh_images"], 7)
        labels = knn.predict(fit.parameters, options, train, fresh).labels
        np.testing.assert_array_equal(predictions["fresh"], labels)


def test_a_family_of_ones_own_trains_on_copies(finished):
    for size in (7, 2):
        with np.load(finished / RESULTS / f"heldout/{size}px/own/model.npz") as model:
            assert model["seen"].tolist() == [4 * 200] * 2


def test_two_cores_make_the_same_bytes_and_verify_knows_them(finished, study):
    again = study.parent / "again"
    snakemake(again, "--cores", "2", study=study)
    assert differing(finished, again) == set()
    done = attempt(again, "--cores", "1", "verify", study=study)
    assert done.returncode == 0
    assert "left over" not in done.stdout
    (again / RESULTS / "distorted/7px.npz").unlink()
    assert f"missing: {RESULTS}/distorted/7px.npz" in attempt(
        again, "--cores", "1", "verify", study=study
    ).stdout  # fmt: skip


def test_the_figure_of_an_augmentation_that_no_model_uses_can_be_asked_for(finished, study):
    figures = finished / RESULTS / "figures"
    assert (figures / "augmentation-distorted.png").exists()
    planned = snakemake(finished, "-n", f"{figures.relative_to(finished)}/augmentation-unused.png",
                        study=study)  # fmt: skip
    assert "augment " in planned


def test_training_on_copies_never_sees_a_test_image(study):
    script = ROOT / "tests" / "support" / "graph_of_files.py"
    command = [sys.executable, script, ROOT, study, study.parent / "graph"]
    (study.parent / "graph").mkdir()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    jobs = json.loads(done.stdout)
    made_from = {file: job["input"] for job in jobs for file in job["output"]}

    def ancestors(file):
        own = made_from.get(file, [])
        return set(own).union(*map(ancestors, own))

    trained = {f for job in jobs if job["rule"].startswith("train_")
               for f in job["output"] if f.endswith("/model.npz")}  # fmt: skip
    assert len(trained) == 6
    for file in trained:
        own = ancestors(file)
        assert not [f for f in own if f.endswith("/test.npz") or "/fresh/" in f], file
        size = file.split("/")[3]
        copies = {f"{RESULTS}/distorted/{size}.npz"} if "/mlp/" not in file else set()
        assert {f for f in own if "distorted" in f} == copies

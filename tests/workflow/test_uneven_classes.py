"""Real runs on folders of uneven classes: by shares, by numbers, and in a fixed order."""

import re

import numpy as np
import pytest
import yaml
from PIL import Image
from running import attempt, snakemake

pytestmark = pytest.mark.slow

CLASSES = {"ash": 25, "elm": 15, "oak": 5}  # one of each is held back
NUMBERS = {"train": 8, "validation": 2, "test": 2}
SHARES = {"train": 0.6, "validation": 0.2, "test": 0.2}
DEALT = {"title": "held out", "test": "shuffled"}
FIXED = {"title": "fixed", "kind": "fixed", "train": 30, "validation": 12}
TOO_SMALL = (
    "datasets.own: found 4 images of class oak, expected 8 to train, as subsets takes of each "
    "class; set subsets to train: 2, validation: 1, test: 1, or to shares of each class: "
    "train: 0.68, validation: 0.16, test: 0.16"
)
MODELS = {
    "knn": {"family": "knn", "title": "k-NN", "parameters": {"k_max": 1}},
    "mlp": {
        "family": "mlp",
        "title": "MLP",
        "parameters": {
            "batch": "mini",
            "layers": 2,
            "width": 4,
            "activation": "relu",
            "learning_rate": 0.1,
            "max_updates": 20,
        },
    },
}


def paint(folder, classes, change=lambda pixels: pixels):
    """Noisy images of a random pattern a class."""
    for name, n in classes.items():
        rng = np.random.default_rng([*name.encode()])
        pattern = rng.integers(0, 200, (8, 8))
        (folder / name).mkdir(parents=True)
        for i in range(n):
            pixels = (pattern + rng.integers(0, 56, (8, 8))).astype(np.uint8)
            Image.fromarray(change(pixels)).save(folder / name / f"{i:03}.png")


@pytest.fixture
def write(tmp_path):
    """A function: a study of these images, in a folder."""

    def written(subsets=NUMBERS, split=DEALT, classes=3, **options):
        options = {"folder": "images", **(options or {"fresh_per_class": 1})}
        entry = {"source": "folder", "title": "T", "side": 8, "classes": classes}
        config = {
            "replicates": 2,
            "datasets": {"own": {**entry, "options": options}},
            "subsets": subsets,
            "sizes": [4],
            "splits": {"main": split},
            "models": MODELS,
        }
        (tmp_path / "study.yaml").write_text(yaml.safe_dump(config))
        return str(tmp_path / "study.yaml")

    return written


METRICS = "results/own/metrics.csv"
TABLE = "results/own/tables/classes.md"
ANSWER = "results/own/tables/answer.md"


def lead(folder):
    return (folder / ANSWER).read_text().partition("\n")[0].strip("*")


def test_a_class_that_is_too_small_is_refused_before_any_job(write, tmp_path):
    paint(tmp_path / "images", CLASSES)
    study = write()
    for arguments in (["-n"], ["-n", "--quiet", "all"], ["--cores", "1"]):
        refused = attempt(tmp_path, *arguments, study=study)
        assert refused.returncode == 1
        assert f"{TOO_SMALL}\n" in refused.stdout
        assert "Traceback" not in refused.stdout
        assert not (tmp_path / "data").exists()
    # What does not need the split is made, and says it too: make data asks for no more.
    snakemake(tmp_path, "--cores", "1", TABLE, study=study)
    assert f"- {TOO_SMALL}\n" in (tmp_path / TABLE).read_text()
    # Of a dataset that is made, the file is looked at and not the source.
    assert TOO_SMALL in attempt(tmp_path, "-n", METRICS, study=study).stdout
    study = write({"train": 2, "validation": 1, "test": 1})
    snakemake(tmp_path, "--cores", "1", "results/own/main/split.npz", study=study)


def test_shares_train_on_all_of_each_class_and_mini_batches_on_what_there_is(write, tmp_path):
    paint(tmp_path / "images", CLASSES)
    study = write(SHARES)
    printed = snakemake(tmp_path, "--cores", "1", METRICS, TABLE, study=study)
    assert "a replicate uses" not in printed
    with np.load(tmp_path / "data/own.npz") as data:
        labels = data["labels"]
    with np.load(tmp_path / "results/own/main/split.npz") as split:
        for r in range(2):
            assert np.bincount(labels[split["train"][r]]).tolist() == [14, 8, 2]
            together = np.concatenate([split[subset][r] for subset in split])
            assert sorted(together.tolist()) == list(range(42))
    rows = [line.split("|")[2:-1] for line in (tmp_path / TABLE).read_text().splitlines()]
    assert [[cell.strip() for cell in row] for row in rows[2:5]] == [
        ["ash", "24", "1", "14", "5", "5"],
        ["elm", "14", "1", "8", "3", "3"],
        ["oak", "4", "1", "2", "1", "1"],
    ]


def test_ten_to_one_is_said_in_the_plan_and_the_table_and_on_the_page(write, tmp_path):
    paint(tmp_path / "images", {"ash": 201, "elm": 21})
    study = write({"train": 6, "validation": 2, "test": 2}, classes=2)
    left = (
        "replicate uses 20 of the 220 images of the pool (ash: 10 of 200, elm: 10 of 20), as "
        "subsets takes as many of each class; shares of each class would use all, as train: 0.6, "
        "validation: 0.2, test: 0.2"
    )
    for quiet in ([], ["--quiet", "all"]):
        assert f"datasets.own: a {left}" in snakemake(tmp_path, "-n", *quiet, study=study)
    page = "results/own/report.html"
    assert f"datasets.own: a {left}" in snakemake(
        tmp_path, "--cores", "2", page, TABLE, study=study
    )
    assert (
        f"- a {left}\n- classes are out of proportion: ash has 200 images and elm 20;"
        in (tmp_path / TABLE).read_text()
    )
    text = (tmp_path / page).read_text()
    assert f"<p>A {left}.</p>" in text
    # One fresh image of each class is too few to be certain of anything, however many are right.
    assert "nothing was learned that is certain, and no size is enough" in lead(tmp_path)
    assert lead(tmp_path) in text


def test_a_fixed_split_of_images_in_class_order(write, tmp_path):
    paint(tmp_path / "images", CLASSES)
    study = write(split=FIXED | {"order": "file"})
    refused = attempt(tmp_path, "--cores", "1", METRICS, study=study)
    assert refused.returncode == 1
    assert (
        "splits.main: found no image of class oak of datasets.own among the 30 that train, "
        "expected some of each class; set order: shuffled, which mixes the classes\n"
    ) in refused.stdout
    assert not (tmp_path / "data").exists()
    # Shuffled, it runs, with networks too, and every class is known.
    study = write(split=FIXED)
    snakemake(tmp_path, "--cores", "1", METRICS, ANSWER, study=study)
    assert lead(tmp_path).startswith("Of the fresh images the best model labels 1.000 (")
    with np.load(tmp_path / "results/own/main/split.npz") as split:
        assert split["train"].shape == (1, 30)


def test_more_neighbours_than_shares_train_on_are_refused(write, tmp_path):
    paint(tmp_path / "images", CLASSES)
    study = write(SHARES)
    config = yaml.safe_load((tmp_path / "study.yaml").read_text())
    config["models"]["knn"]["parameters"]["k_max"] = 25
    (tmp_path / "study.yaml").write_text(yaml.safe_dump(config))
    refused = attempt(tmp_path, "-n", study=study)
    assert refused.returncode == 1
    assert (
        "models.knn: found k_max: 25 of knn, expected 24 or less, the number of training images in "
        "main\n"
    ) in refused.stdout


@pytest.mark.parametrize("form", ["transposed", "negative"])
def test_what_looks_odd_is_said(form, write, tmp_path):
    paint(tmp_path / "images", CLASSES)
    changes = {"transposed": np.transpose, "negative": lambda pixels: 255 - pixels}
    paint(tmp_path / "fresh", dict.fromkeys(CLASSES, 3), changes[form])
    first = Image.open(tmp_path / "images" / "ash" / "000.png")
    first.point(lambda value: value // 2).save(tmp_path / "images" / "elm" / "1.png")
    (tmp_path / "images" / "yew").mkdir()
    study = write(fresh_folder="fresh")
    empty = "images/yew: found an empty folder, which is no class; fill it, or remove it"
    printed = snakemake(tmp_path, "--quiet", "all", "--cores", "1", TABLE, study=study)
    assert f"datasets.own: {empty}" in printed
    remarks = (tmp_path / TABLE).read_text().splitlines()[6:]
    assert remarks[0] == f"- {empty}"
    assert re.match("- datasets.own: found 5 images of class oak", remarks[1])
    assert re.match("- classes are out of proportion: ash has 25 images and oak 5", remarks[2])
    assert re.match("- 1 images of the pool are near copies .*, 1 of them of one with", remarks[3])
    assert re.match(f"- fresh images look {form}: ", remarks[4])
    assert len(remarks) == 5

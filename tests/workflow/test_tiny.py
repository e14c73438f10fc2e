"""The tiny study, run for real: what it makes, how often, and how alike."""

import csv
import html
import json
import os
import re
import shutil

import numpy as np
import pandas as pd
import psutil
import pytest
import yaml
from running import ROOT, artifacts, attempt, differing, snakemake
from snakemake.utils import validate

from fewpixels.jobs.estimates import estimate
from fewpixels.study.model import Cell
from fewpixels.study.plan import plan

DATASET = "tiny-mnist"
CELL = f"results/{DATASET}/heldout/7px"
HEADERS = {
    "history.csv": "replicate,step,loss,validation_accuracy",
    "fit.csv": "replicate,updates,seconds,diverged",
    "timing.csv": "subset,seconds,images",
    "metrics.csv": "dataset,split,size,model,replicate,subset,n,correct,accuracy,balanced,majority,"
    "chosen",
    "sweep.csv": "replicate,subset,k,accuracy",
    "diagnostics.csv": "replicate,layer,quantity,value",
}


def test_one_and_two_cores_make_the_same_bytes(one_core, two_cores):
    assert len(artifacts(one_core)) >= 40
    assert differing(one_core, two_cores) == set()


def test_a_second_run_has_nothing_to_do(one_core):
    assert "Nothing to be done" in snakemake(one_core, "--cores", "1")


def test_no_job_uses_more_memory_than_is_estimated(one_core):
    """On a cluster it asks for 1.4 times as much."""
    table = yaml.safe_load((ROOT / "workflow" / "jobs.yaml").read_text())
    config = yaml.safe_load((ROOT / "config" / "tiny.yaml").read_text())
    validate(config, str(ROOT / "workflow" / "schemas" / "config.schema.yaml"))
    study = plan(config, ROOT)
    rules = set()
    for log in (one_core / "logs" / DATASET).rglob("*.log"):
        ((rule, megabytes),) = re.findall(r"INFO (\w+) used .* s, (\d+) MB$", log.read_text(), re.M)
        place = log.relative_to(one_core / "logs" / DATASET).parent.parts
        split, size, model = place if len(place) == 3 else (study.honest, "28px", "")
        cell = Cell(DATASET, split, int(size.removesuffix("px")), model)
        assert int(megabytes) <= 1.1 * estimate(study, table, rule, cell)[1], log
        rules.add(rule)
    assert len(rules) > 20


def test_the_tiny_study_is_small(tmp_path):
    printed = snakemake(tmp_path, "--dry-run")
    jobs = int(re.search(r"total\s+(\d+)", printed).group(1))
    assert 20 <= jobs <= 40


@pytest.mark.parametrize(
    ("model", "tables"),
    [
        ("ovr", []),
        ("knn", ["sweep.csv"]),
        ("mlp", ["diagnostics.csv"]),
    ],
)
def test_a_cell_holds_the_files_that_readers_expect(one_core, model, tables):
    folder = one_core / CELL / model
    expected = {"history.csv", "fit.csv", "metrics.csv", "timing.csv", *tables}
    files = {*expected, "model.npz", "predictions.npz"}
    assert {p.name for p in folder.iterdir()} == files | {f".{name}.sha256" for name in files}
    for name in expected:
        assert (folder / name).read_text().partition("\n")[0] == HEADERS[name]


def test_arrays_have_the_shapes_and_types_that_readers_expect(one_core):
    folder = one_core / CELL
    with np.load(folder / "train.npz") as train:
        images = len(train["ids"])
        assert 200 < images < 400  # two replicates of 200 share most
        assert (train["sums"].shape, train["sums"].dtype) == ((images, 49), np.uint16)
        assert (train["area"], train["labels"].shape) == (16, (images,))
        assert (train["place"].shape, train["place"].max()) == ((2, 200), images - 1)
    with np.load(one_core / f"results/{DATASET}/heldout/split.npz") as split:
        assert {name: (split[name].shape, split[name].dtype) for name in split.files} == {
            "train": ((2, 200), np.int32),
            "validation": ((2, 50), np.int32),
            "test": ((2, 50), np.int32),
        }
    with np.load(one_core / f"results/{DATASET}/fresh/7px.npz") as fresh:
        assert (fresh["sums"].shape, fresh["labels"].shape) == ((300, 49), (300,))


def test_metrics_count_the_predictions(one_core):
    """Scores are recomputed from the labels and the images' classes."""
    for model in ("ovr", "knn", "mlp"):
        folder = one_core / CELL / model
        with open(folder / "metrics.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        assert len(rows) == 6
        for row in rows:
            subset, r = row["subset"], int(row["replicate"])
            images = "fresh/7px.npz" if subset == "fresh" else f"heldout/7px/{subset}.npz"
            with np.load(one_core / f"results/{DATASET}/{images}") as truth:
                y = truth["labels"] if subset == "fresh" else truth["labels"][truth["place"][r]]
            with np.load(folder / "predictions.npz") as predictions:
                assert predictions[f"{subset}_margin"].dtype == np.float32
                correct = int((predictions[subset][r] == y).sum())
            assert (int(row["correct"]), int(row["n"])) == (correct, len(y))
            assert float(row["accuracy"]) == correct / len(y)


def test_the_last_history_row_is_the_validation_accuracy_of_the_metrics(one_core):
    """The perceptron keeps its last weights: training and evaluation must agree on them."""
    folder = one_core / CELL / "ovr"
    last = pd.read_csv(folder / "history.csv").groupby("replicate")["validation_accuracy"].last()
    metrics = pd.read_csv(folder / "metrics.csv").query("subset == 'validation'")
    assert last.tolist() == metrics["accuracy"].tolist()


def test_aggregated_metrics_are_those_of_every_cell(one_core):
    whole = pd.read_csv(one_core / f"results/{DATASET}/metrics.csv")
    cells = sorted((one_core / f"results/{DATASET}/heldout").glob("*px/*/metrics.csv"))
    assert len(cells) == 6
    joined = pd.concat([pd.read_csv(cell) for cell in cells])
    by = ["size", "model", "replicate", "subset"]
    pd.testing.assert_frame_equal(
        whole.sort_values(by).reset_index(drop=True), joined.sort_values(by).reset_index(drop=True)
    )


def test_the_answer_is_of_the_model_that_validation_chose(one_core):
    """Chosen again from the metrics of cells, and scored again from the labels."""
    results = one_core / f"results/{DATASET}"
    answer = pd.read_csv(results / "tables/answer.csv")
    assert answer["size"].tolist() == [7, 2]
    for row in answer.itertuples():
        validation = {}
        for file in (results / f"heldout/{row.size}px").glob("*/metrics.csv"):
            metrics = pd.read_csv(file).query("subset == 'validation'")
            validation[file.parent.name] = metrics["correct"].sum()
        assert validation[row.model] == max(validation.values())
        with np.load(results / f"fresh/{row.size}px.npz") as fresh:
            y = fresh["labels"]
        with np.load(results / f"heldout/{row.size}px/{row.model}/predictions.npz") as labels:
            right = (labels["fresh"] == y).mean()
        assert row.fresh_mean == pytest.approx(right)
        assert row.fresh_low < right < row.fresh_high


def test_provenance_tells_what_ran(one_core):
    record = json.loads((one_core / f"results/{DATASET}/provenance.json").read_text())
    assert record["configuration"]["replicates"] == 2
    assert record["configuration"]["models"]["ovr"]["overview"] is True  # a default
    assert record["packages"]["numpy"] == np.__version__
    assert record["cores"] == os.cpu_count()
    assert record["memory_bytes"] == psutil.virtual_memory().total
    assert re.fullmatch(r"[0-9a-f]{40}(-dirty)?|unknown", record["commit"])


def test_the_configuration_that_the_page_shows_makes_the_study_again(one_core, tmp_path):
    folder = shutil.copytree(one_core, tmp_path / "study")
    page = (folder / f"results/{DATASET}/report.html").read_text()
    shown = page.split('aria-label="Configuration">')[1].split("</pre>")[0]
    (tmp_path / "study.yaml").write_text(html.unescape(shown))
    target = f"results/{DATASET}/report.html"
    assert f"snakemake --cores all --configfile study.yaml -- {target}" in page
    printed = snakemake(folder, "-n", "--", target, study=tmp_path / "study.yaml")
    assert "Nothing to be done" in printed


def test_figures_and_tables_come_in_both_kinds(one_core):
    made = {p.name for p in (one_core / f"results/{DATASET}").glob("[ft]*/[!.]*")} - {
        "2px.npz",
        "7px.npz",
        "leakage-accuracy.csv",  # leakage.md shows it too
    }
    assert {"accuracy.svg", "accuracy.csv", "sweep.png", "timing.md"} <= made
    for stem in {name.partition(".")[0] for name in made}:
        kinds = {name for name in made if name.partition(".")[0] == stem}
        assert kinds in ({f"{stem}.csv", f"{stem}.md"}, {f"{stem}.svg", f"{stem}.png"},
                         {f"{stem}.csv", f"{stem}.md", f"{stem}.svg", f"{stem}.png"})  # fmt: skip


def test_one_target_makes_only_what_it_needs(tmp_path):
    target = f"{CELL}/knn/metrics.csv"
    snakemake(tmp_path, "--cores", "1", target)
    assert (tmp_path / target).exists()
    assert not (tmp_path / f"{CELL}/ovr").exists()


@pytest.mark.slow
def test_replicates_can_be_set_on_the_command_line(tmp_path):
    snakemake(
        tmp_path,
        "--cores",
        "1",
        "--config",
        "replicates=3",
        "--",
        f"results/{DATASET}/heldout/split.npz",
    )
    with np.load(tmp_path / f"results/{DATASET}/heldout/split.npz") as split:
        assert split["train"].shape == (3, 200)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("replicates: 2", "replicats: 2", "found the unknown key 'replicats', expected one of"),
        (
            "replicates: 2",
            "replicates: 2\nclaims: workflow/claims.yaml",
            "workflow/claims.yaml.split: found 'published', expected one of heldout",
        ),
        (
            "replicates: 2",
            "replicates: 2\nclaims: none.yaml",
            "claims: found 'none.yaml', expected a file of claims there or beside",
        ),
        ("sizes: [7, 2]", "sizes: [29]", "sizes.0: found 29, expected 1 to 28, the side of tiny-"),
        (
            "  knn:\n",
            "  ../<b>:\n",
            "models: found '../<b>', expected a name that is safe in a path",
        ),
        (
            "  knn:\n",
            "  ovr:\n",
            "my.yaml: found 'ovr' twice in models, the second time in line 22",
        ),
        ("k_max: 10", "k_max: 201", "models.knn.parameters.k_max: found 201, expected 200 or less"),
    ],
)
def test_a_wrong_configuration_is_refused_before_any_job(tmp_path, right, wrong, said):
    study = (ROOT / "config" / "tiny.yaml").read_text()
    assert study.count(right) == 1
    (tmp_path / "my.yaml").write_text(study.replace(right, wrong))
    done = attempt(tmp_path, "--cores", "1", study=tmp_path / "my.yaml")
    assert done.returncode == 1
    assert said in done.stdout
    assert "Traceback" not in done.stdout
    assert {path.name for path in tmp_path.iterdir()} <= {"my.yaml", ".snakemake"}


@pytest.mark.slow
def test_another_study_replaces_the_default_one(tmp_path):
    """Snakemake would merge the models of both."""
    summary = snakemake(tmp_path, "--summary")
    assert f"{CELL}/ovr/model.npz" in summary
    assert "mini-mnist" not in summary
    assert "/ovo/" not in summary


@pytest.mark.slow
def test_a_model_of_many_sizes_is_told_from_size_to_size(tmp_path):
    """Also of sizes that do not divide the images' side."""
    config = yaml.safe_load((ROOT / "config" / "tiny.yaml").read_text())
    config["sizes"] = [9, 8, 7, 6, 5, 4, 3, 2]
    config["models"] = {"knn": config["models"]["knn"]}
    config["models"]["few"] = config["models"]["knn"] | {"sizes": [7, 4]}
    (tmp_path / "sizes.yaml").write_text(yaml.safe_dump(config))
    results = f"results/{DATASET}"
    targets = [f"{results}/figures/sizes.svg", f"{results}/tables/sizes.md"]
    snakemake(tmp_path / "study", "--cores", "1", *targets, study=tmp_path / "sizes.yaml")
    tables = tmp_path / "study" / results / "tables"
    sizes, steps = (pd.read_csv(tables / f"{name}.csv") for name in ("sizes", "steps"))
    assert (sizes["model"] == "knn").all()
    assert (sizes["size_low"] <= sizes["size"]).all()
    assert (sizes["size"] <= sizes["size_high"]).all()
    assert steps["size"].dropna().tolist() == [4, 5, 6, 7]
    assert steps["divides"].tolist() == ["yes", "no", "no", "yes", "yes"]
    assert "figure_sizes" in snakemake(tmp_path / "all", "-n", study=tmp_path / "sizes.yaml")
    assert "figure_sizes" not in snakemake(tmp_path / "tiny", "-n")


@pytest.mark.slow
def test_every_kind_of_table_and_figure(one_core, tmp_path):
    """What the tiny study lacks: grids, ladders, a split that trains as another, single figures.

    Nothing that was made before is made again.
    """
    shutil.copytree(one_core, tmp_path / "study")
    config = yaml.safe_load((ROOT / "config" / "tiny.yaml").read_text())
    models = config["models"]
    config["splits"]["published"] = {"title": "p", "test": "last", "trains_as": "heldout"}
    models["ovr"] |= {
        "show": ["curves", "weights", "confusion"],
        "splits": ["heldout", "published"],
    }
    models["mlp"]["show"] = ["runs"]
    models["wide"] = models["mlp"] | {
        "title": "MLP mini 3×32 relu",
        "parameters": models["mlp"]["parameters"] | {"width": 32},
        "show": [],
    }
    models["near"] = {
        "family": "knn",
        "title": "{k_max} neighbours at the most",
        "grid": [{"k_max": [3, 5], "sizes": [7]}],
        "show": ["tuning"],
    }
    models["averaged"] = {
        **{key: models["ovr"][key] for key in ("family", "title")},
        "parameters": models["ovr"]["parameters"] | {"weights": "averaged"},
        "remedy_of": "ovr",
        "remedy": "average",
    }
    (tmp_path / "more.yaml").write_text(yaml.safe_dump(config))
    before = (tmp_path / "study" / CELL / "ovr" / "model.npz").stat().st_mtime_ns
    snakemake(tmp_path / "study", "--cores", "2", study=tmp_path / "more.yaml")

    results = tmp_path / "study" / f"results/{DATASET}"
    made = {p.name for p in results.glob("[ft]*/[!.]*")}
    figures = {"curves.svg", "weights-ovr.png", "confusion.svg", "runs.png", "ladder.svg"}
    figures |= {"initialisation.png", "tuning.svg"}
    tables = {"runs.csv", "ladder.md", "grid-near.csv", "initialisation.md", "tuning.csv"}
    assert figures | tables <= made
    assert (tmp_path / "study" / CELL / "ovr" / "model.npz").stat().st_mtime_ns == before

    # The audit of leakage, from what was dealt and the classes in the images' file.
    with np.load(results / "published/split.npz") as split:
        leaked = np.array(
            [np.isin(*ids) for ids in zip(split["test"], split["train"], strict=True)]
        )
    with np.load(results / "published/7px/test.npz") as test:
        y = test["labels"][test["place"]]
    with np.load(results / "published/7px/ovr/predictions.npz") as predictions:
        right = predictions["test"] == y
    audit = pd.read_csv(results / "tables/leakage-accuracy.csv")
    row = audit.query("split == 'published' and size == 7 and model == 'ovr'").iloc[0]
    assert row["leaked_images"] == leaked.sum() > 0
    own = [right[r][leaked[r]].mean() for r in range(len(y))]
    assert row["leaked_mean"] == pytest.approx(np.mean(own))
    assert (audit.query("split == 'heldout'")["leaked_images"] == 0).all()

    # The other split's model is the one that this split would have trained.
    del config["splits"]["published"]["trains_as"]
    (tmp_path / "alone.yaml").write_text(yaml.safe_dump(config))
    target = f"results/{DATASET}/published/7px/ovr/model.npz"
    snakemake(tmp_path / "alone", "--cores", "2", target, study=tmp_path / "alone.yaml")
    assert not (results / "published/7px/ovr/model.npz").exists()
    shared = (results / "heldout/7px/ovr/model.npz").read_bytes()
    assert shared == (tmp_path / "alone" / target).read_bytes()

"""Faults: damaged artifacts, a full disk, a read-only folder, runs side by side, divergence."""

import os
import resource
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from running import (
    METRICS,
    ROOT,
    after_metrics,
    attempt,
    command,
    differing,
    environment,
    snakemake,
    wait_until,
)

from fewpixels.artifacts.arrays import read_npz, write_npz
from fewpixels.artifacts.files import read_text, write_text

SLOW = pytest.mark.slow
TINY = "config/tiny.yaml"
RESULTS = "results/tiny-mnist"
CELLS = f"{RESULTS}/heldout"


@pytest.fixture
def study(one_core, tmp_path):
    """A copy of the finished tiny study."""
    return shutil.copytree(one_core, tmp_path / "study")


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)


def truncate(path):
    os.truncate(path, path.stat().st_size // 2)


def empty(path):
    os.truncate(path, 0)


def fewer_pixels(path):
    arrays = read_npz(path)
    write_npz(path, **arrays | {"sums": arrays["sums"][:, :-1]})


def fewer_replicates(path):
    write_npz(path, **{name: array[:1] for name, array in read_npz(path).items()})


def by_hand(path):
    path.write_text(path.read_text().replace("1", "2"))


def other_columns(path):
    write_text(path, read_text(path).replace("seconds", "time"))


CHANGED = "its content has the sha256"
# What is damaged, how, what the reader says, and a file that is made from it.
IN_CELLS = [
    (f"{CELLS}/7px/validation.npz", flip, CHANGED, f"{CELLS}/7px/knn/model.npz"),
    (f"{CELLS}/2px/mlp/model.npz", truncate, CHANGED, f"{CELLS}/2px/mlp/metrics.csv"),
    (
        f"{CELLS}/7px/mlp/model.npz",
        fewer_replicates,
        "expected 2 replicates first",
        f"{CELLS}/7px/mlp/metrics.csv",
    ),
    (
        f"{RESULTS}/fresh/2px.npz",
        fewer_pixels,
        "found sums of uint16 (300, 3), expected float32|uint8|uint16|uint32|uint64 U 4",
        f"{CELLS}/2px/knn/metrics.csv",
    ),
]
IN_AGGREGATES = [
    (f"{RESULTS}/fresh/7px.npz", empty, CHANGED, f"{RESULTS}/figures/images.svg"),
    (
        f"{CELLS}/2px/ovr/fit.csv",
        other_columns,
        "found the columns replicate, updates, time, diverged, expected replicate, updates, sec",
        f"{RESULTS}/tables/timing.csv",
    ),
    (METRICS, by_hand, CHANGED, f"{RESULTS}/tables/accuracy.csv"),
]


@pytest.mark.parametrize(
    "damages",
    [pytest.param(IN_CELLS, id="cells"), pytest.param(IN_AGGREGATES, id="aggregates", marks=SLOW)],
)
def test_a_damaged_artifact_is_named_and_nothing_is_made_from_it(
    study, one_core, damages, monkeypatch
):
    """Several in one run, each for another job."""
    monkeypatch.chdir(study)
    targets = [target for *_, target in damages]
    for target in targets:
        (study / target).unlink()
    for path, damage, *_ in damages:
        before = (study / path).stat()
        damage(Path(path))
        os.utime(study / path, ns=(before.st_atime_ns, before.st_mtime_ns))
    done = attempt(study, *targets, "--cores", "2")
    assert done.returncode == 1
    lines = [line for line in done.stdout.splitlines() if line.startswith("error in ")]
    for path, _, message, target in damages:
        (said,) = [line for line in lines if f": {path}: " in line]
        assert message in said
        assert said.endswith("; delete the file and run again")
        assert not (study / target).exists()
    assert len(lines) == len(damages)
    assert "Traceback" not in done.stdout

    for path, *_ in damages:
        (study / path).unlink()
    snakemake(study, *targets)
    assert differing(study, one_core) == set()


@pytest.mark.slow
def test_a_deleted_intermediate_file_is_made_again_where_it_is_needed(study, one_core):
    (study / CELLS / "7px" / "train.npz").unlink()
    (study / CELLS / "7px" / "knn" / "model.npz").unlink()
    snakemake(study, f"{CELLS}/7px/knn/model.npz")
    snakemake(study)
    assert differing(study, one_core) == set()


@pytest.mark.slow
def test_a_full_disk_ends_jobs_in_one_line_and_leaves_nothing_behind(tmp_path, one_core):
    """A limit on the size of files stands for the disk; the images exceed it."""
    limit = 100_000

    def limited():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    done = subprocess.run(
        command(tmp_path, "--cores", "2", METRICS, study=TINY),
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        preexec_fn=limited,
    )
    assert done.returncode == 1
    lines = [line for line in done.stdout.splitlines() if line.startswith("error in ")]
    assert lines == [
        "error in data: data/tiny-mnist.npz: cannot be written (File too large); make room, or "
        "allow writing there, and run again"
    ]
    assert not list((tmp_path / "results").rglob("*.partial*"))
    assert not (tmp_path / METRICS).exists()
    snakemake(tmp_path, METRICS)
    assert differing(tmp_path, one_core) == after_metrics(one_core)


@pytest.mark.slow
def test_read_only_results_are_refused_before_any_job(study):
    """Root may write anywhere, so it gives that up first."""
    shutil.rmtree(study / CELLS)
    (study / "results").chmod(0o500)
    capabilities = "-dac_override,-dac_read_search"
    plain = ["setpriv", f"--bounding-set={capabilities}", f"--inh-caps={capabilities}"]
    done = subprocess.run(
        [*(plain if os.geteuid() == 0 else []), *command(study, "--cores", "1", study=TINY)],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    (study / "results").chmod(0o700)
    assert done.returncode == 1
    assert (
        "results: found a folder that is read-only, expected to write results there; allow "
        "writing, or choose another place with --directory\n" in done.stderr
    )
    assert "Job stats" not in done.stdout + done.stderr


def start(folder, *targets, study=TINY):
    return subprocess.Popen(
        command(folder, "--cores", "1", *targets, study=study),
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.slow
def test_a_second_snakemake_in_the_same_folder_is_refused(tmp_path, one_core):
    """For other files too, which Snakemake's own lock is not on: it would sweep up jobs' files."""
    first = start(tmp_path, METRICS)
    wait_until(lambda: first.poll() is not None or list(tmp_path.glob("logs/**/*.log")))
    for targets, said in (
        ([], "Directory cannot be locked"),
        (["verify"], "fewpixels.lock: found another snakemake at work in this folder"),
    ):
        second = attempt(tmp_path, "--cores", "1", *targets)
        assert first.poll() is None
        assert second.returncode == 1
        assert said in second.stdout
    assert first.wait() == 0
    assert differing(tmp_path, one_core) == after_metrics(one_core)


@pytest.mark.slow
def test_two_studies_side_by_side_both_finish(tmp_path, one_core):
    config = yaml.safe_load((ROOT / TINY).read_text()) | {"seed": 2, "sizes": [4]}
    (tmp_path / "other.yaml").write_text(yaml.safe_dump(config))
    runs = [
        start(tmp_path / "a", METRICS),
        start(tmp_path / "b", METRICS, study=tmp_path / "other.yaml"),
    ]
    assert [run.wait() for run in runs] == [0, 0]
    assert differing(tmp_path / "a", one_core) == after_metrics(one_core)
    assert (tmp_path / "b" / CELLS / "4px" / "ovr" / "metrics.csv").exists()


@pytest.mark.slow
def test_divergence_is_recorded_and_shown(study):
    """A step far too large at 2 pixels a side only, where the model is another."""
    config = yaml.safe_load((ROOT / TINY).read_text())
    models = config["models"]
    fast = models["mlp"] | {"title": "Far too fast", "show": ["runs"]}
    models["fast"] = fast | {"parameters": fast["parameters"] | {"learning_rate": 1e30}}
    models["fast"]["show"] = ["runs", "curves"]
    (study / "fast.yaml").write_text(yaml.safe_dump(config))
    snakemake(study, "--cores", "2", study=study / "fast.yaml")

    fit = pd.read_csv(study / CELLS / "7px" / "fast" / "fit.csv")
    assert fit["diverged"].tolist() == [1, 1]
    assert pd.read_csv(study / CELLS / "7px" / "mlp" / "fit.csv")["diverged"].tolist() == [0, 0]
    metrics = pd.read_csv(study / RESULTS / "metrics.csv")
    lost = metrics["model"] == "fast"
    assert lost.sum() == 2 * 2 * 3
    assert metrics[lost][["correct", "accuracy"]].isna().all(axis=None)
    assert metrics[~lost][["correct", "accuracy"]].notna().all(axis=None)
    with np.load(study / CELLS / "7px" / "fast" / "predictions.npz") as predictions:
        assert (predictions["fresh"] == -1).all()
    (row,) = [
        line
        for line in (study / RESULTS / "tables" / "accuracy.md").read_text().splitlines()
        if line.startswith("| fast") and "| 7 " in line
    ]
    assert row.count("diverged") == 2  # on test and on fresh images
    assert "0.1" not in row
    for name in ("accuracy", "runs", "curves", "initialisation"):
        assert (study / RESULTS / "figures" / f"{name}.png").stat().st_size > 10_000

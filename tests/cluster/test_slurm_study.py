"""The tiny study through SLURM with accounting: the same bytes, few jobs, the right memory."""

import re
import shutil

import pytest
import yaml
from on_slurm import jobs, kill, run, start, used, with_more_epochs
from running import ROOT, differing, snakemake


@pytest.fixture(scope="module")
def finished(with_accounting, tmp_path_factory):
    """The folder of a study that the cluster made, and the jobs that made it."""
    folder = tmp_path_factory.mktemp("cluster")
    before = len(jobs())
    run(folder, with_accounting)
    return folder, jobs()[before:]


def test_the_cluster_makes_the_bytes_of_a_local_run(finished, local):
    folder, _ = finished
    assert differing(folder, local) == set()
    assert "artifacts are as they were written" in snakemake(folder, "verify")
    assert "Nothing to be done" in snakemake(folder, "--dry-run")


def test_images_cells_and_tables_are_a_job_each(finished):
    _, submitted = finished
    assert [job.state for job in submitted] == ["COMPLETED"] * 3


def test_no_job_uses_more_memory_than_it_asked_for_nor_less_than_a_third(finished):
    """This SLURM kills what uses more. Its accounting adds up the processes of each step."""
    _, submitted = finished
    for job in submitted:
        assert used(job.number) <= job.memory <= 3 * used(job.number)


def test_a_submission_that_failed_leaves_no_old_result_as_new(finished, with_accounting, tmp_path):
    folder = tmp_path / "study"
    shutil.copytree(finished[0], folder)
    changed = with_more_epochs(tmp_path / "changed.yaml")
    nowhere = ("--retries", "0", "--default-resources", "slurm_partition=nowhere")
    process = start(folder, with_accounting, *nowhere, study=changed)
    try:
        assert process.wait(timeout=100) == 1
    finally:
        kill(process)
    printed = snakemake(folder, "--dry-run", study=changed)
    assert re.search(r"train perceptron +2\b", printed)


def test_only_what_a_hyperparameter_made_stale_is_submitted(finished, with_accounting, tmp_path):
    folder = tmp_path / "study"
    shutil.copytree(finished[0], folder)
    changed = with_more_epochs(tmp_path / "changed.yaml")
    target = "results/tiny-mnist/heldout/7px/ovr/metrics.csv"
    before = len(jobs())
    printed = run(folder, with_accounting, target, study=changed)
    assert [job.state for job in jobs()[before:]] == ["COMPLETED"]
    counts = dict(re.findall(r"^ *([a-z][a-z ]*?) +(\d+) *$", printed, re.MULTILINE))
    assert counts == {"train perceptron": "1", "evaluate perceptron": "1", "total": "2"}
    assert {path.name for path in differing(folder, finished[0])} <= {
        "model.npz", "history.csv", "fit.csv", "predictions.npz", "metrics.csv",
    }  # fmt: skip
    assert "Nothing to be done" in snakemake(folder, target, study=changed)


def test_the_default_study_is_at_most_twenty_five_submissions(with_accounting, tmp_path):
    printed = run(tmp_path, with_accounting, "--dry-run", study="config.yaml")
    submissions = re.findall(r"^to submit: (\w+)[^:]*: (\d+) jobs", printed, re.MULTILINE)
    assert 3 <= len(submissions) <= 25
    # All but the targets that only wait for others, which run beside Snakemake.
    (total,) = re.findall(r"^ *total +(\d+) *$", printed, re.MULTILINE)
    assert sum(int(jobs) for _, jobs in submissions) == int(total) - 1


def test_costly_cells_go_out_one_by_one(with_accounting, tmp_path):
    study = yaml.safe_load((ROOT / "config.yaml").read_text())
    study["replicates"] = 1000
    # In its order, by which models of a grid are named.
    (tmp_path / "costly.yaml").write_text(yaml.safe_dump(study, sort_keys=False))
    printed = run(tmp_path, with_accounting, "--dry-run", study=tmp_path / "costly.yaml")
    cells = re.findall(r"^to submit: (cells_\w+): (\d+) jobs", printed, re.MULTILINE)
    alone = [int(jobs) for name, jobs in cells if name == "cells_alone"]
    # Training and evaluation; on two splits, a second evaluation.
    assert set(alone) == {2, 3}
    assert len(alone) > len(cells) / 2
    # The least costly still take less than 20 s.
    assert {name for name, _ in cells} - {"cells_alone"} <= {"cells_long"}

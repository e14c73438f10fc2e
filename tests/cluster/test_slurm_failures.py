"""Jobs that ask for too little, on a SLURM without accounting that enforces memory and time."""

import re
import shutil

import pytest
import yaml
from on_slurm import HERE, ONE_BY_ONE, jobs, kill, run, start
from running import ROOT, copy_code


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project with a wasteful family, which says that it needs nothing."""
    folder = copy_code(tmp_path_factory.mktemp("project"))
    shutil.copy2(HERE / "wasteful.py", folder / "fewpixels" / "models" / "wasteful.py")
    return folder


def write_study(path, **models):
    """A study of one size with wasteful models."""
    study = yaml.safe_load((ROOT / "config" / "tiny.yaml").read_text())
    study["sizes"] = [7]
    study["models"] = {
        name: {"family": "wasteful", "title": name, "parameters": parameters}
        for name, parameters in models.items()
    }
    path.write_text(yaml.safe_dump(study))
    return path


def test_a_cell_that_fails_does_not_stop_its_batch(project, without_accounting, tmp_path):
    study = write_study(tmp_path / "failing.yaml", a={}, b={"fails": True}, c={}, d={})
    process = start(tmp_path, without_accounting, "--retries", "0", root=project, study=study)
    try:
        process.wait(timeout=200)
    finally:
        kill(process)
    assert process.returncode == 1
    done = {file.parent.name for file in tmp_path.glob("results/*/heldout/7px/*/metrics.csv")}
    assert done == {"a", "c", "d"}


def test_a_retry_asks_for_more(project, without_accounting, tmp_path):
    """After a report of which cell it was, and why."""
    wasteful = {"large": {"megabytes": 600}, "long": {"seconds": 110}}
    configuration = write_study(tmp_path / "wasteful.yaml", **wasteful)
    folder = tmp_path / "study"
    folder.mkdir()
    # A minute for the whole submission.
    options = (*ONE_BY_ONE, "--set-resources", "evaluate_wasteful:runtime=0")
    before = len(jobs())
    printed = run(folder, without_accounting, *options, root=project, study=configuration)

    cell = "logs/tiny-mnist/heldout/7px/{}/train.log"
    assert re.search(f"killed: {cell.format('large')}: .* exceeded memory limit", printed)
    assert re.search(f"killed: {cell.format('long')}: .* DUE TO TIME LIMIT", printed)
    # Images, both cells, both cells again, tables.
    _, large, long, *again, _ = jobs()[before:]
    assert {job.state for job in (large, long)} <= {"FAILED", "TIMEOUT"}
    assert [job.state for job in again] == ["COMPLETED"] * 2
    assert [job.memory for job in again] == [2 * large.memory] * 2
    assert [job.minutes for job in again] == [2 * long.minutes] * 2

"""``kill -9`` in the middle of the study: of a node, of a batch, and of Snakemake itself."""

import os
import re
import signal
from contextlib import chdir, suppress
from pathlib import Path

import pytest
from on_slurm import (
    HERE,
    ONE_BATCH,
    ONE_BY_ONE,
    jobs,
    kill,
    queued,
    run,
    shell,
    start,
    with_more_epochs,
)
from running import (
    METRICS,
    ROOT,
    after_metrics,
    artifacts,
    attempt,
    differing,
    snakemake,
    wait_until,
)

from fewpixels.artifacts.files import altered

# Word for word.
(CANCEL,) = re.findall(
    r"^ +(scancel .*)$", (ROOT / "docs" / "cluster.md").read_text(), re.MULTILINE
)
CELLS = "results/tiny-mnist/heldout/*px/*/metrics.csv"
TRAINED = "results/tiny-mnist/heldout/*px/*/model.npz"


def finish(process, folder):
    """Wait for a run to end well."""
    process.wait(timeout=300)
    assert process.returncode == 0, (folder / "printed").read_text()


def complete(folder, local):
    """All that metrics are made from has the bytes of a local run, and no checksum differs."""
    assert differing(folder, local) == after_metrics(local)
    with chdir(folder):
        assert [name for name in artifacts(folder) if altered(name)] == []
    assert "Nothing to be done" in snakemake(folder, "--dry-run", METRICS)


def processes(job: int, node: str) -> list[int]:
    """Everything of a job that runs on a node, SLURM's own processes first."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes()
            variables = (folder / "environ").read_bytes().split(b"\0")
        except OSError:  # it has ended
            continue
        if command.startswith(f"slurmstepd: [{job}.".encode()):
            found.insert(0, int(folder.name))
        elif {f"SLURMD_NODENAME={node}".encode(), f"SLURM_JOB_ID={job}".encode()} <= {*variables}:
            found.append(int(folder.name))
    return found


def kill_node(node: str) -> list[int]:
    """``kill -9`` of a node's daemon and its jobs, which are returned."""
    daemon = shell("pgrep", "--full", f"slurmd -D -N {node}").split()
    lost = queued("--nodelist", node, "--states", "running")
    pids = list(map(int, daemon))
    while pids:  # what they start meanwhile, too
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        pids = [pid for job in lost for pid in processes(job, node)]
    return lost


def test_a_lost_node_costs_its_jobs_alone(with_accounting, local, tmp_path):
    process = start(tmp_path, with_accounting, METRICS, *ONE_BY_ONE)
    try:
        wait_until(
            lambda: list(tmp_path.glob(CELLS)) and queued("-w", "node2", "--states", "running")
        )
        lost = kill_node("node2")
        assert lost
        wait_until(lambda: "down" in shell("sinfo", "--noheader", "-n", "node2", "-o", "%T"))
        shell(str(HERE / "slurm-node"), "2")
        finish(process, tmp_path)
    finally:
        kill(process)
    states = {job.number: job.state for job in jobs()}
    assert {states[number] for number in lost} == {"NODE_FAIL"}
    assert {state for number, state in states.items() if number not in lost} == {"COMPLETED"}
    complete(tmp_path, local)


@pytest.mark.parametrize("cancelled", [True, False])
def test_snakemake_is_killed_and_started_again(cancelled, with_accounting, local, tmp_path):
    """With or without the `scancel` that the documentation asks for."""
    before = len(jobs())
    process = start(tmp_path, with_accounting, METRICS, *ONE_BATCH)
    try:
        wait_until(lambda: list(tmp_path.glob(TRAINED)))
    finally:
        kill(process)
    (orphan,) = queued()  # the batch of all cells
    if cancelled:
        shell("bash", "-c", CANCEL, cwd=tmp_path)
        wait_until(lambda: not queued())
    else:  # lest it end before the next one starts
        shell("pkill", "--signal", "STOP", "--full", "--", "--target-jobs")
    assert attempt(tmp_path, "--unlock").returncode == 0
    process = start(tmp_path, with_accounting, METRICS, *ONE_BATCH)
    try:
        if not cancelled:
            wait_until(lambda: len(queued("--states", "running")) == 2)
            shell("pkill", "--signal", "CONT", "--full", "--", "--target-jobs")
        finish(process, tmp_path)
    finally:
        kill(process)

    _, cells, *later = jobs()[before:]
    assert cells.number == orphan
    # Snakemake removes what a job is about to make. So of two batches at work on the same cells,
    # one can miss a file that the other makes anew; then it is submitted again.
    *again, made, report = [job.state for job in later]
    assert made == report == "COMPLETED"
    assert set(again) <= ({"FAILED"} if not cancelled else set())
    assert (cells.end <= later[0].start) == cancelled
    complete(tmp_path, local)
    # What was made with what is on record, of all cells.
    changed = with_more_epochs(tmp_path / "changed.yaml")
    printed = snakemake(tmp_path, "--dry-run", study=changed)
    assert re.search(r"train perceptron +2\b", printed)


def test_a_killed_batch_keeps_its_finished_cells(with_accounting, local, tmp_path):
    process = start(tmp_path, with_accounting, METRICS, *ONE_BATCH, "--retries", "0")
    try:
        wait_until(lambda: len(list(tmp_path.glob(CELLS))) >= 2)
        shell("pkill", "--signal", "KILL", "--full", "--", "--target-jobs")  # all of the submission
        process.wait(timeout=120)
    finally:
        kill(process)
    assert process.returncode != 0
    kept = {file: file.stat().st_mtime_ns for file in tmp_path.glob(CELLS)}
    assert 2 <= len(kept) < len(list(local.glob(CELLS)))
    run(tmp_path, with_accounting, METRICS)
    assert {file: file.stat().st_mtime_ns for file in kept} == kept
    complete(tmp_path, local)

"""``kill -9`` at any moment of a run: one more run finishes it, and no byte differs."""

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest
from running import ROOT, artifacts, attempt, command, differing, environment, snakemake, wait_until

from fewpixels.artifacts.files import altered

TINY = "config/tiny.yaml"
JOBS = 29  # that make files
VICTIMS = ("snakemake", "job", "all")
# `make test-faults` runs all of them.
MOMENTS = [
    pytest.param(i, marks=[pytest.mark.exhaustive] if i >= 3 else [], id=f"{VICTIMS[i % 3]}-{i}")
    for i in range(30)
]


def children(pid):
    """The process's children; those of all its threads."""
    found = []
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(child) for child in file.read_text().split()]
    return found


def strike(run, folder, victim, rng):
    """Kill a run, or one of its jobs, at a random moment."""
    started = rng.randrange(JOBS - 6)
    logs = "logs/**/*.log"
    wait_until(
        lambda: len(list(folder.glob(logs))) >= started or run.poll() is not None, every=0.005
    )
    time.sleep(rng.uniform(0, 0.5 if started else 2.5))
    if victim == "job":
        os.kill(rng.choice(wait_until(lambda: children(run.pid), every=0.005)), signal.SIGKILL)
    else:
        assert run.poll() is None
        (os.killpg if victim == "all" else os.kill)(run.pid, signal.SIGKILL)
    run.wait(timeout=120)


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_run_is_finished_by_the_next(moment, two_cores, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    victim, rng = VICTIMS[moment % 3], random.Random(moment)
    run = subprocess.Popen(
        command(tmp_path, "--cores", "2", study=TINY),
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    strike(run, tmp_path, victim, rng)
    assert run.returncode == (1 if victim == "job" else -signal.SIGKILL)

    # What stands at a target's path is whole, even now.
    there = artifacts(tmp_path)
    whole = {name: file for name, file in there.items() if ".partial" not in name.name}
    assert [name for name in whole if altered(name)] == []
    assert {name for name in differing(tmp_path, two_cores) if name in whole} == set()

    if "cannot be locked" in attempt(tmp_path).stdout:
        snakemake(tmp_path, "--unlock")
        snakemake(tmp_path)
    assert differing(tmp_path, two_cores) == set()
    assert "Nothing to be done" in snakemake(tmp_path)
    checked = snakemake(tmp_path, "--cores", "1", "verify")
    assert "left over" not in checked

"""``kill -9`` at any moment of a run: one more run finishes it, and no byte differs."""

import os
import random
import signal
import subprocess
import time
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from running import ROOT, artifacts, attempt, command, differing, environment, snakemake, wait_until

from fewpixels.artifacts.files import altered

TINY = "config/tiny.yaml"
VICTIMS = ("snakemake", "job", "all")
KILLS = 30
# Three in one folder, one after another, so that what was lost is made again once and not thrice.
SERIES = [
    pytest.param(first, marks=[pytest.mark.slow] if first else [], id=f"{first}-{first + 2}")
    for first in range(0, KILLS, 3)
]


def jobs(pid):
    """The processes of a run's jobs that are at work; Snakemake starts others besides."""
    found = []
    for file in Path(f"/proc/{pid}/task").glob("*/children"):  # of each thread
        for child in file.read_text().split():
            with suppress(OSError):  # it has just ended
                # Empty of one that ended, and is not yet waited for.
                if b".snakemake/scripts" in Path(f"/proc/{child}/cmdline").read_bytes():
                    found.append(int(child))
    return found


def logs(folder):
    """The jobs' logs, each with the time of its last line."""
    return {(log, log.stat().st_mtime_ns) for log in folder.glob("logs/tiny-mnist/**/*.log")}


def ended(folder):
    """How many jobs came to their end."""
    return sum(log.read_text().endswith(" MB\n") for log, _ in logs(folder))  # its last line


def strike(run, folder, victim, rng, within):
    """Kill a run, or one of its jobs, before so many more of them have started."""
    started, before = rng.randrange(max(1, within)), logs(folder)
    soon = partial(wait_until, seconds=900, every=0.005)
    soon(lambda: len(dict(logs(folder) - before)) >= started or run.poll() is not None)
    # Before the first job, Snakemake itself starts; where little is left to do, it soon ends.
    time.sleep(rng.uniform(0, 0.5 if started else 2.5 if within > 1 else 1))
    if victim == "job":
        os.kill(rng.choice(soon(lambda: jobs(run.pid))), signal.SIGKILL)
    else:
        assert run.poll() is None
        (os.killpg if victim == "all" else os.kill)(run.pid, signal.SIGKILL)
    run.wait(timeout=900)
    assert run.returncode == (1 if victim == "job" else -signal.SIGKILL)


@pytest.mark.parametrize("series", SERIES)
def test_a_run_that_was_killed_again_and_again_is_finished_by_the_next(
    series, two_cores, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    rng = random.Random(series)
    for later, victim in enumerate(rng.sample(VICTIMS, 3)):
        if list(tmp_path.glob(".snakemake/locks/*")):
            snakemake(tmp_path, "--unlock")
        run = subprocess.Popen(
            command(tmp_path, "--cores", "2", study=TINY),
            cwd=ROOT,
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        # Moments all over the study; some jobs are left to be killed, or to finish with.
        left = len(logs(two_cores)) - 6 - ended(tmp_path)
        strike(run, tmp_path, victim, rng, within=left // (3 - later))

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

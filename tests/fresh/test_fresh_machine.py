"""What a new user meets on a new machine: first what can go wrong, then the README's commands."""

import re
import shlex
import subprocess
import sys

from running import ROOT, artifacts, snakemake

SET_UP = "make .venv/run.stamp"
SAME = {"predictions.npz", "model.npz", "metrics.csv"}
PYTORCH = "PyTorch is not installed"
# Other reasons to skip a test there: packages of other suites, and other Pythons to compare with.
REASONS = (
    r"(torch|playwright|snakemake-executor-plugin-slurm) is not installed|got empty.*\(python\)"
)


def reason(done):
    """Why setting up failed: the one line between what make says by itself."""
    assert done.returncode
    own = r"Setting up \.venv.*|make: \*\*\*.*"
    (line,) = (line for line in done.stdout.splitlines() if not re.fullmatch(own, line))
    return line


def test_a_python_that_is_not_there(machine, project):
    done = machine.run(f"{SET_UP} PYTHON=python3.99", project)
    assert reason(done).startswith("found no python3.99, expected Python 3.11, 3.12 or 3.13; ")


def test_a_python_without_venv(machine, project):
    (module,) = machine.root.glob("usr/lib/python3.*/ensurepip")
    hidden = module.rename(module.with_name("hidden"))
    done = machine.run(SET_UP, project)
    hidden.rename(module)
    assert "found a Python without its module venv; install it" in reason(done)


def test_no_network(machine, project):
    done = machine.run(SET_UP, project, "--net")
    assert "found no way to the package index; check the network" in reason(done)


def test_a_full_disk(machine, project):
    (project / ".venv").mkdir(exist_ok=True)
    small = f"mount -t tmpfs -o size=100m,mode=777 tmpfs {shlex.quote(str(project / '.venv'))}"
    done = machine.run(SET_UP, project, setup=small)
    assert "found no room left on the disk of /srv" in reason(done)


def test_a_folder_that_cannot_be_written(machine, project):
    project.chmod(0o555)
    (project / ".cache").rename(machine.root / "cache")
    done = machine.run(f"{SET_UP}; status=$?; chmod 755 .; exit $status", project)
    (machine.root / "cache").rename(project / ".cache")
    assert "found a folder that cannot be written; allow writing in /srv" in reason(done)


def test_a_set_up_that_is_killed(machine, project):
    """The study, which comes next, mends what this and the others left."""
    done = machine.run(f"timeout --signal=KILL 15 {SET_UP}", project)
    assert done.returncode
    assert not (project / ".venv" / "run.stamp").exists()


def test_the_study_has_the_bytes_of_this_machine(study, tmp_path):
    snakemake(tmp_path, "--cores", "2")
    here, there = artifacts(tmp_path), artifacts(study)
    same = {name for name in here if name.name in SAME}
    assert {name.name for name in same} == SAME
    assert [n for n in sorted(same) if here[n].read_bytes() != there[n].read_bytes()] == []


def test_plain_snakemake_with_the_first_line_of_running_it(machine, study):
    text = (ROOT / "docs" / "running.md").read_text()
    (caches,) = re.findall(r"^export XDG_CACHE_HOME=.*$", text, re.M)
    run = ".venv/bin/snakemake --cores 2 --configfile config/tiny.yaml"
    done = machine.run(f"{caches}; {run}", study)
    assert done.returncode == 0, done.stdout
    assert "Nothing to be done" in done.stdout


def test_the_environment_is_small(study):
    """With its bytecode: 1.0 GB. PyTorch without CUDA, which is not there, takes 0.9 GB more."""
    files = {f.stat().st_ino: f.stat() for f in (study / ".venv").rglob("*") if f.is_file()}
    assert sum(512 * file.st_blocks for file in files.values()) <= 1.0e9


def test_the_unit_suite_without_pytorch(machine, study):
    command = "make .venv/test.stamp && .venv/bin/pytest --numprocesses 2 -rs tests/unit"
    done = machine.run(command, study)
    assert done.returncode == 0, done.stdout
    skipped = re.findall(r"^SKIPPED \[(\d+)\] \S+ (.*)$", done.stdout, re.M)
    assert [w for _, w in skipped if w != PYTORCH and not re.fullmatch(REASONS, w)] == []
    counting = [sys.executable, "-m", "pytest", "--collect-only", "-m", "torch", "tests/unit"]
    printed = subprocess.run(counting, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    expected = len(re.findall(r"^tests/\S+::", printed.stdout, re.M))
    assert expected
    assert sum(int(n) for n, why in skipped if why == PYTORCH) == expected


def test_nothing_was_written_outside_the_folder(machine, study):
    assert {f for f in machine.owned() if f != study and study not in f.parents} == set()

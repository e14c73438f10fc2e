"""A SLURM on this machine, and Snakemake runs that submit to it."""

import os
import re
import signal
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml
from running import ROOT, command, environment

HERE = Path(__file__).parents[1] / "cluster"
BASE = Path(os.environ.get("SLURM_BASE", "/tmp/fewpixels-slurm"))
PROFILE = ROOT / "profiles" / "slurm" / "config.yaml"
# Cells one by one, so that several jobs are under way.
ONE_BY_ONE = ("--group-components", "cells=1", "report=100")
# All cells of the tiny study in one, which then takes long enough to be met at work.
CELL_RULES = [f"{s}_{f}" for f in ("perceptron", "knn", "mlp") for s in ("train", "evaluate")]
ONE_BATCH = ("--groups", *(f"{rule}=cells" for rule in CELL_RULES))
ONE_BATCH += ("--group-components", "cells=60", "report=1000")


def shell(*arguments: str, cwd: Path = ROOT, **variables: str) -> str:
    """What a command prints; it must succeed."""
    done = subprocess.run(
        arguments,
        cwd=cwd,
        env=os.environ | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@contextmanager
def cluster(accounting: bool):
    """Bring a SLURM of two nodes up, and down again."""
    try:
        shell(str(HERE / "slurm-up"), ACCT=str(int(accounting)))
        yield
    finally:
        shell(str(HERE / "slurm-down"))


def profile(folder: Path, accounting: bool) -> Path:
    """The project's profile, edited as its comments say, in a folder of its own."""
    settings = yaml.safe_load(PROFILE.read_text())
    if accounting:
        settings["default-resources"].append("slurm_account=lab")
        settings["slurm-status-command"] = "sacct"
        del settings["slurm-no-account"]
    settings["slurm-init-seconds-before-status-checks"] = 2
    (folder / "config.yaml").write_text(yaml.safe_dump(settings))
    return folder


def with_more_epochs(path: Path) -> Path:
    """The tiny study, with one hyperparameter of its perceptrons changed."""
    study = yaml.safe_load((ROOT / "config" / "tiny.yaml").read_text())
    study["models"]["ovr"]["parameters"]["epochs"] += 1
    path.write_text(yaml.safe_dump(study))
    return path


def start(folder: Path, profile: Path, *arguments: str, root: Path = ROOT, study=None):
    """Start a run of the tiny study that submits its jobs; its output goes to a file."""
    options = ["--workflow-profile", str(profile), *arguments]
    with (folder / "printed").open("a") as printed:
        return subprocess.Popen(
            command(folder, *options, study=study or "config/tiny.yaml", root=root),
            cwd=root,
            env=environment(),
            stdout=printed,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def run(folder: Path, profile: Path, *arguments: str, **places) -> str:
    """Run the tiny study to its end on the cluster; what that printed."""
    (folder / "printed").write_text("")
    process = start(folder, profile, *arguments, **places)
    try:
        returned = process.wait(timeout=400)
    finally:
        kill(process)
    text = (folder / "printed").read_text()
    assert returned == 0, text
    return text


def kill(process) -> None:
    """``kill -9`` of Snakemake on the login node; what it submitted goes on."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@dataclass(frozen=True)
class Job:
    """What SLURM noted of a job that ended; times are to the second, memory is in MB."""

    number: int
    state: str
    minutes: int
    memory: int
    start: str
    end: str


def jobs() -> list[Job]:
    """All jobs that ended, in the order of their numbers, but for the first, slurm-up's own."""
    records = (BASE / "log" / "jobcomp.txt").read_text().splitlines()
    found = []
    for record in records:
        fields = dict(field.split("=", 1) for field in record.split() if "=" in field)
        memory = re.search(r"mem=(\d+)M", record)
        limit = fields["TimeLimit"]
        found.append(
            Job(
                number=int(fields["JobId"]),
                state=fields["JobState"],
                minutes=int(limit) if limit.isdigit() else 0,
                memory=int(memory[1]) if memory else 0,
                start=fields["StartTime"],
                end=fields["EndTime"],
            )
        )
    return sorted(found, key=lambda job: job.number)[1:]


def queued(*options: str) -> list[int]:
    """Numbers of jobs that wait or run."""
    return [int(n) for n in shell("squeue", "--noheader", "--format=%i", *options).split()]


def used(number: int) -> float:
    """Megabytes that a job used at the most: as submitted, and in its steps."""
    listed = shell(
        "sacct",
        "--jobs",
        str(number),
        "--noheader",
        "--parsable2",
        "--units=M",
        "--format=JobID,MaxRSS",
    )
    peaks = dict(line.split("|") for line in listed.splitlines())
    megabytes = {name: float(peak.rstrip("M")) for name, peak in peaks.items() if peak}
    batch = megabytes.pop(f"{number}.batch", 0.0)
    return batch + max(megabytes.values(), default=0.0)

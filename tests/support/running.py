"""Running Snakemake on a study, in a folder of its own."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

ROOT = Path(__file__).parents[2]
METRICS = "results/tiny-mnist/metrics.csv"  # all but tables, figures and the page goes into it
CODE = ("Snakefile", "config", "config.yaml", "fewpixels", "profiles", "scripts", "workflow")


def copy_code(folder: Path) -> Path:
    """Copy all that the workflow runs with to a folder, for a test to edit.

    With what Numba compiled, which takes seconds; it compiles again what is edited.
    """
    folder.mkdir(exist_ok=True)
    for name in CODE:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, symlinks=True)
        else:
            shutil.copy2(ROOT / name, folder / name)
    return folder


def wait_until(condition: Callable[[], Any], seconds: float = 60, every: float = 0.2) -> Any:
    """Wait for something to be true, and return it; fail after some time."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(every)
    return found


def snakemake(folder: Path, *arguments: str, study: str = "config/tiny.yaml") -> str:
    """Run Snakemake on a study in a folder; return what it printed, or fail."""
    done = attempt(folder, *arguments, study=study)
    assert done.returncode == 0, done.stdout
    return done.stdout


def attempt(folder: Path, *arguments: str, study: str = "config/tiny.yaml", root: Path = ROOT):
    """Run Snakemake on a study in a folder, whatever comes of it; `root` is the project's."""
    return subprocess.run(
        command(folder, *arguments, study=study, root=root),
        cwd=root,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,
        check=False,
    )


def environment() -> dict[str, str]:
    """That of a run: lines are long enough for what tests look for."""
    return {**os.environ, "COLUMNS": "200"}


def command(folder: Path, *arguments: str, study: str | Path, root: Path = ROOT) -> list[str]:
    """The command line of a run."""
    # A target that comes right after --configfile would be taken for another configuration.
    options = ["--configfile", str(root / study), "--directory", str(folder)]
    return [sys.executable, "-m", "snakemake", *options, *arguments]


def without_seconds(path: Path) -> bytes | str:
    """A file's bytes; of a table, without its columns of seconds, which differ between runs."""
    if path.suffix != ".csv":
        return path.read_bytes()
    frame = pd.read_csv(path, dtype=str)
    return frame[[c for c in frame if "seconds" not in c]].to_csv(index=False)


def artifacts(folder: Path) -> dict[Path, Path]:
    """Everything that a study made, by name, but for the files about time."""
    made = {
        p.relative_to(folder): p for top in ("data", "results") for p in (folder / top).rglob("*")
    }
    timed = re.compile(
        r"(timing|sweep|answer|pareto)\.md|grid-.*\.md|provenance\.json|report\.html"
    )
    return {
        name: p
        for name, p in made.items()
        if p.is_file() and not timed.fullmatch(p.name) and p.suffix != ".sha256"
    }


def after_metrics(folder: Path) -> set[Path]:
    """Artifacts that a run to metrics.csv does not make: tables and figures."""
    return {name for name in artifacts(folder) if {"tables", "figures"} & {*name.parts}}


def differing(folder: Path, other: Path) -> set[Path]:
    """Artifacts that only one of two folders has, or that differ."""
    first, second = artifacts(folder), artifacts(other)
    return {
        name
        for name in first.keys() | second.keys()
        if name not in first
        or name not in second
        or without_seconds(first[name]) != without_seconds(second[name])
    }

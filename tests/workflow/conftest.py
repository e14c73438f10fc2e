"""Real runs of the tiny study, each in a folder of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def snakemake(folder: Path, *arguments: str, study: str = "config/tiny.yaml") -> str:
    """Run Snakemake on a study in a folder; return what it printed, or fail."""
    done = attempt(folder, *arguments, study=study)
    assert done.returncode == 0, done.stdout
    return done.stdout


def attempt(folder: Path, *arguments: str, study: str | None = "config/tiny.yaml"):
    """Run Snakemake on a study in a folder, whatever comes of it."""
    configuration = ["--configfile", str(ROOT / study)] if study else []
    command = [sys.executable, "-m", "snakemake", "--directory", str(folder), *configuration]
    environment = {**os.environ, "COLUMNS": "200"}
    return subprocess.run(
        [*command, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="session")
def one_core(tmp_path_factory):
    """The tiny study, run on one core."""
    folder = tmp_path_factory.mktemp("one-core")
    snakemake(folder, "--cores", "1")
    return folder


@pytest.fixture(scope="session")
def two_cores(tmp_path_factory):
    """The tiny study, run on two cores."""
    folder = tmp_path_factory.mktemp("two-cores")
    snakemake(folder, "--cores", "2")
    return folder

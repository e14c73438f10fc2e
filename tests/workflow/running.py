"""Running Snakemake on a study, in a folder of its own."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def snakemake(folder: Path, *arguments: str, study: str = "config/tiny.yaml") -> str:
    """Run Snakemake on a study in a folder; return what it printed, or fail."""
    done = attempt(folder, *arguments, study=study)
    assert done.returncode == 0, done.stdout
    return done.stdout


def attempt(folder: Path, *arguments: str, study: str = "config/tiny.yaml", root: Path = ROOT):
    """Run Snakemake on a study in a folder, whatever comes of it; `root` is the project's."""
    command = [sys.executable, "-m", "snakemake", "--directory", str(folder)]
    command += ["--configfile", str(root / study)]
    environment = {**os.environ, "COLUMNS": "200"}
    return subprocess.run(
        [*command, *arguments],
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )

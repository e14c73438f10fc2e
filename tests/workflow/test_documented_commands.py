"""The commands of docs/running.md, as far as they only plan."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from running import ROOT, copy_code, environment

pytestmark = pytest.mark.slow

TEXT = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
# What it makes is looked at elsewhere: of a report, in test_report.py.
COMMANDS = [
    line.partition("#")[0].partition("|")[0].strip()
    for line in re.findall(r"^snakemake.*$", TEXT, re.M)
    if "--report" not in line
]


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = copy_code(tmp_path_factory.mktemp("project") / "project")
    shutil.copy(ROOT / "config" / "tiny.yaml", folder / "my.yaml")
    return folder


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_plans_what_it_says(project, command):
    path = {"PATH": f"{Path(sys.executable).parent}:{environment()['PATH']}"}
    done = subprocess.run(
        [*command.split(), "--dry-run"],
        cwd=project,
        env=environment() | path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout

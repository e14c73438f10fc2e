"""docs/add-a-model.md, as it stands: its files, its commands, and where it says the rows are."""

import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from running import ROOT, attempt, copy_code, environment

TEXT = (ROOT / "docs" / "add-a-model.md").read_text()


def shell(folder, command):
    """Run a line as it is documented, in the project's folder."""
    path = {"PATH": f"{Path(sys.executable).parent}:{environment()['PATH']}"}
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment() | path,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,
        check=True,
    ).stdout


def test_a_package_that_is_missing_is_named_before_any_job(tmp_path):
    (tmp_path / "own.py").write_text(
        "import no_such_package\nPACKAGES = ['no_such_package']\n"
        "def fit(): ...\ndef predict(): ...\n"
    )
    study = (ROOT / "config" / "tiny.yaml").read_text()
    (tmp_path / "own.yaml").write_text(f"{study}\n  own: {{family: own.py, title: Own}}\n")
    done = attempt(tmp_path, "--cores", "1", "--dry-run", study=str(tmp_path / "own.yaml"))
    assert done.returncode == 1
    (said,) = (line for line in done.stdout.splitlines() if "no_such_package" in line)
    assert said.endswith(
        "models: found the family own, for which the package no_such_package is not installed; "
        "install it, or remove the entries of that family"
    )


@pytest.mark.slow
def test_the_documented_models_run_as_documented(tmp_path):
    project = copy_code(tmp_path / "project")
    (project / "models").mkdir()
    for name, code in re.findall(r"^```(?:python|yaml)\n# (\S+)\n(.*?)^```$", TEXT, re.M | re.S):
        (project / name).write_text(code)
    (check, said), (run, _) = re.findall(r"^```console\n\$ (.*?)\n(.*?)```$", TEXT, re.M | re.S)
    assert shell(project, check) == said
    assert "fault" not in shell(project, check.replace("ridge", "nearest-mean"))
    shell(project, run)

    models = {"nearest-mean", "ridge-1", "ridge-10"}
    results = project / "results" / "tiny-mnist"
    metrics = pd.read_csv(results / "metrics.csv")
    assert set(metrics["model"]) == models
    # 200 images of 49 pixels say much about ten digits.
    assert (metrics[metrics["subset"] == "fresh"]["accuracy"] > 0.6).all()
    for table in ("accuracy", "intervals", "pareto"):
        assert set(pd.read_csv(results / "tables" / f"{table}.csv")["model"]) == models
    pareto = pd.read_csv(results / "tables" / "pareto.csv", index_col="model")
    assert pareto.loc["ridge-1", "multiplications"] == 49 * 10
    assert pareto.loc["nearest-mean", ["parameters", "multiplications", "bytes"]].isna().all()
    assert pareto.loc["nearest-mean", "front"] == "no"

    ridge = project / "models" / "ridge.py"
    ridge.write_text(ridge.read_text().replace("1.0, -1.0", "2.0, -2.0"))
    planned = shell(project, f"{run} -n")
    cells = re.findall(r"^ ((?:train|evaluate) \w+) +(\d+) *$", planned, re.M)
    assert dict(cells) == {"train ridge": "2", "evaluate ridge": "2"}

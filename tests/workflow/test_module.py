"""The project in the workflows of others: as a module, deployed, and in the catalog."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import yaml
from running import ROOT, copy_code, differing, environment, snakemake

pytestmark = pytest.mark.slow

METRICS = "results/tiny-mnist/metrics.csv"

PAGE = (ROOT / "docs" / "module.md").read_text(encoding="utf-8")
(DOCUMENTED,) = re.findall("```python\n(.*?)```", PAGE, re.S)
MODULE = (
    DOCUMENTED.replace("../fewpixels", str(ROOT))
    .replace("config.yaml", "own.yaml")
    .replace("mini-mnist", "tiny-mnist")
)

RENAMED = f"""
configfile: "own.yaml"

module fewpixels:
    snakefile: "{ROOT}/workflow/Snakefile"
    config: config["digits"]
    prefix: "digits"

use rule * from fewpixels as digits_*
"""


def run(folder, *arguments, **variables):
    """Run Snakemake in a folder that has a Snakefile of its own."""
    return subprocess.run(
        [sys.executable, "-m", "snakemake", "--cores", "2", *arguments],
        cwd=folder,
        env=environment() | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,
        check=False,
    )


def jobs(printed):
    """How many jobs of each rule a dry run names."""
    return {
        rule: int(n) for rule, n in re.findall(r"^ *([a-z]\w*(?: \w+)*) +(\d+) *$", printed, re.M)
    }


@pytest.fixture(scope="session")
def config():
    """A part of the tiny study."""
    whole = yaml.safe_load((ROOT / "config" / "tiny.yaml").read_text())
    return whole | {"replicates": 1, "sizes": [7], "models": {"ovr": whole["models"]["ovr"]}}


@pytest.fixture(scope="session")
def plain(config, once):
    """The folder of a run of that study by the project's own Snakefile."""

    def run_it(folder):
        (folder / "own.yaml").write_text(yaml.safe_dump(config))
        snakemake(folder, "--cores", "2", study=folder / "own.yaml")

    return once("plain", run_it)


def write_workflow(folder, snakefile, config):
    """A workflow that hands a part of its configuration to the module."""
    (folder / "Snakefile").write_text(snakefile)
    (folder / "own.yaml").write_text(yaml.safe_dump({"mine": 1, "digits": config}))


def test_a_module_makes_the_same_bytes_and_its_user_goes_on_with_them(plain, config, tmp_path):
    write_workflow(tmp_path, MODULE, config)
    partial = tmp_path / "results" / ".metrics.csv.partial-1"
    partial.parent.mkdir()
    partial.touch()
    done = run(tmp_path)
    assert done.returncode == 0, done.stdout
    assert differing(plain, tmp_path) == set()
    fresh = pd.read_csv(plain / METRICS).query("subset == 'fresh'")["accuracy"]
    assert (tmp_path / "mean.txt").read_text() == str(fresh.mean())
    assert not partial.exists()  # onstart ran
    assert "Nothing to be done" in run(tmp_path, "--dry-run").stdout


def test_a_configuration_on_the_command_line_is_for_the_workflow_around(config, tmp_path):
    write_workflow(tmp_path, MODULE, config)
    (tmp_path / "mine.yaml").write_text("mine: 2\n")
    done = run(tmp_path, "--dry-run", "--configfile", "mine.yaml")
    assert done.returncode == 0, done.stdout
    assert jobs(done.stdout)["mean"] == 1


def test_rules_and_files_can_have_a_prefix(plain, config, tmp_path):
    """All but the user's own file of images."""
    shutil.copy2(plain / "data/tiny-mnist.npz", tmp_path / "own.npz")
    (entry,) = config["datasets"].values()
    own = entry | {"source": "npz", "options": {"file": "own.npz"}}
    write_workflow(tmp_path, RENAMED, config | {"datasets": {"tiny-mnist": own}})
    done = run(tmp_path, "--dry-run")
    assert done.returncode == 0, done.stdout
    found = jobs(done.stdout)
    assert found["digits_all"] == found["digits_data"] == found["digits_train_perceptron"] == 1
    assert all(rule.startswith("digits_") for rule in found.keys() - {"total"})
    assert f"digits/{METRICS}" in done.stdout

    done = run(tmp_path, "digits/results/tiny-mnist/heldout/split.npz")
    assert done.returncode == 0, done.stdout
    assert not (tmp_path / "results").exists()
    printed = run(tmp_path, "digits_verify").stdout
    assert re.search(r"^2 of \d+ artifacts are as they were written$", printed, re.M)
    assert f"missing: digits/{METRICS}" in printed
    assert "left over" not in printed


def test_both_snakefiles_are_the_same_workflow(plain, tmp_path):
    """One goes on where the other stopped, with the same default target."""
    shutil.copytree(plain, tmp_path / "study")
    (tmp_path / "study/results/tiny-mnist/tables/accuracy.csv").unlink()
    inner = ("--dry-run", "--snakefile", str(ROOT / "workflow" / "Snakefile"))
    found = jobs(snakemake(tmp_path / "study", *inner, study=plain / "own.yaml"))
    assert found == {"table accuracy": 1, "all": 1, "total": 2}


def git(*arguments, cwd):
    who = ["-c", "user.name=someone", "-c", "user.email=someone@example.org"]
    subprocess.run(["git", *who, *arguments], cwd=cwd, check=True, capture_output=True)


@pytest.fixture(scope="session")
def repository(tmp_path_factory):
    """The project in a repository of someone's, with the tag v1."""
    folder = tmp_path_factory.mktemp("remote") / "github.com" / "someone" / "fewpixels"
    folder.mkdir(parents=True)
    copy_code(folder)
    for name in (".gitignore", "LICENSE"):
        shutil.copy2(ROOT / name, folder)
    git("init", "--quiet", cwd=folder)
    git("add", "--all", cwd=folder)
    git("commit", "--quiet", "--message", "All of it", cwd=folder)
    git("tag", "v1", cwd=folder)
    return folder


def test_what_snakedeploy_deploys_runs_and_makes_the_same_bytes(
    plain, config, repository, tmp_path
):
    """Nothing but the network is left out: Snakemake finds its clone of the repository made."""
    pytest.importorskip("snakedeploy", reason="snakedeploy is not installed")
    deploy = ["deploy-workflow", repository.as_uri(), "deployed", "--tag", "v1"]
    command = [sys.executable, "-m", "snakedeploy.client", *deploy]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    deployed = tmp_path / "deployed"
    snakefile = (deployed / "workflow" / "Snakefile").read_text()
    assert 'github("someone/fewpixels", path="workflow/Snakefile", tag="v1")' in snakefile
    settings = deployed / "config" / "config.yaml"
    assert not settings.is_symlink()
    assert settings.read_text() == (ROOT / "config.yaml").read_text()
    assert (deployed / "profiles" / "default" / "config.yaml").exists()

    cache = tmp_path / "cache"
    clone = (
        cache / "snakemake/snakemake/source-cache/snakemake-git-cache/github.com/someone/fewpixels"
    )
    git("clone", "--quiet", "--bare", str(repository), str(clone), cwd=tmp_path)
    settings.write_text(yaml.safe_dump(config))
    done = run(deployed, METRICS, XDG_CACHE_HOME=str(cache))
    assert done.returncode == 0, done.stdout
    assert (deployed / METRICS).read_bytes() == (plain / METRICS).read_bytes()
    model = "results/tiny-mnist/heldout/7px/ovr/model.npz"
    assert (deployed / model).read_bytes() == (plain / model).read_bytes()
    again = run(deployed, "--dry-run", METRICS, XDG_CACHE_HOME=str(cache))
    assert "Nothing to be done" in again.stdout


def test_a_place_that_the_library_cannot_be_fetched_from_is_refused(repository, tmp_path):
    (tmp_path / "Snakefile").write_text(
        f'module fewpixels:\n    snakefile: gitfile("{repository}", path="workflow/Snakefile", '
        'tag="v1")\n\nuse rule * from fewpixels\n'
    )
    done = run(tmp_path, "--dry-run")
    assert done.returncode != 0
    assert "clone the repository and name its workflow/Snakefile" in done.stdout
    assert "Traceback" not in done.stdout


def test_the_catalog_finds_what_it_looks_for():
    """As its generate-catalog.py and build_wf_pages.py read them."""
    readme = (ROOT / "README.md").read_text().lower()
    assert "snakemake" in readme
    assert "workflow" in readme
    assert (ROOT / "workflow" / "Snakefile").is_file()
    assert list((ROOT / "workflow" / "rules").glob("*.smk"))
    assert (ROOT / "config" / "README.md").read_text().startswith("# ")
    settings = yaml.safe_load((ROOT / ".snakemake-workflow-catalog.yml").read_text())
    usage = settings["usage"]
    assert usage.keys() <= {"mandatory-flags", "report", "software-stack-deployment"}
    deployment = usage["software-stack-deployment"]
    methods = {"conda", "apptainer", "apptainer+conda"}
    assert {method for method in methods if deployment.get(method)} == {"conda"}
    assert deployment.keys() <= methods | {"report"}


def test_the_default_study_is_written_once():
    link = ROOT / "config" / "config.yaml"
    assert os.readlink(link) == str(Path("..", "config.yaml"))

"""What an edit makes stale: dry runs of a copy of the project over finished results."""

import re
import shutil

import pytest
from running import ROOT, attempt

COPIED = ("Snakefile", "config", "config.yaml", "fewpixels", "profiles", "scripts", "workflow")


@pytest.fixture
def project(tmp_path):
    """A copy of the project's code."""
    for name in COPIED:
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy2
        copy(source, tmp_path / name)
    return tmp_path


def stale_rules(project, folder):
    """The rules that would run again."""
    done = attempt(folder, "--dry-run", "--snakefile", str(project / "Snakefile"), root=project)
    assert done.returncode == 0, done.stdout
    return {
        m[1].replace(" ", "_") for m in re.finditer(r"^ (\w[\w ]+?) +\d+ *$", done.stdout, re.M)
    }


def edit(file, old, new):
    text = file.read_text()
    assert text.count(old) == 1
    file.write_text(text.replace(old, new))


AGGREGATES = {"all", "metrics", "provenance", "table_accuracy", "table_timing", "figure_accuracy"}


def test_nothing_is_stale_in_a_copy_with_new_comments_and_time_stamps(project, one_core):
    for file in [*project.rglob("*.py"), *project.rglob("*.smk")]:
        file.write_text(file.read_text() + "\n# A comment.\n")
    assert stale_rules(project, one_core) == set()


def test_arithmetic_in_the_networks_makes_mlps_stale(project, one_core):
    edit(project / "fewpixels" / "networks.py", "h * (1 - h)", "h - h * h")
    stale = stale_rules(project, one_core)
    assert {"train_mlp", "evaluate_mlp"} | AGGREGATES <= stale
    assert not [rule for rule in stale if re.search("knn|perceptron|downscale|augment|split", rule)]


def test_arithmetic_in_statistics_makes_aggregates_alone_stale(project, one_core):
    edit(project / "fewpixels" / "statistics.py", "(1 + confidence) / 2", "0.5 + confidence / 2")
    stale = stale_rules(project, one_core)
    assert "figure_accuracy" in stale
    assert not [rule for rule in stale if re.match("train|evaluate|downscale|augment", rule)]


def test_a_title_makes_tables_and_figures_alone_stale(project, one_core):
    edit(project / "config" / "tiny.yaml", "title: 300 MNIST digits", "title: Some digits")
    edit(project / "config" / "tiny.yaml", "title: k nearest neighbours", "title: Neighbours")
    stale = stale_rules(project, one_core)
    assert "figure_accuracy" in stale
    assert not [rule for rule in stale if re.match("data|split|train|evaluate|metrics", rule)]


def test_a_hyperparameter_makes_its_model_stale(project, one_core):
    """Also where the new value is one that another key has."""
    edit(project / "config" / "tiny.yaml", "k_max: 10", "k_max: 9")
    stale = stale_rules(project, one_core)
    assert {"train_knn", "evaluate_knn"} | AGGREGATES <= stale
    assert not [rule for rule in stale if re.search("mlp|perceptron|downscale", rule)]

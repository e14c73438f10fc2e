"""The default study's graph of files, without running it."""

import json
import re
import subprocess
import sys

import pytest
import yaml
from running import ROOT, attempt, snakemake

from fewpixels.page.made import STAGES, flow

CELLS, FITS = 282, 201
# Rules of the stages that the page draws.
RULES = {stage: stage for stage in STAGES} | {
    "fresh": "downscale_fresh",
    "train": "train_.*",
    "evaluate": "evaluate_.*",
    "metrics": "metrics|provenance",
    "tables": "table_.*|claims",
    "figures": "figure_.*",
}


@pytest.fixture(scope="session")
def inputs(once):
    """Inputs of every file that the default study makes, and the rule that makes it."""

    def print_graph(folder):
        script = ROOT / "tests" / "support" / "graph_of_files.py"
        command = [sys.executable, script, ROOT, ROOT / "config.yaml", folder]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        (folder / "graph.json").write_text(done.stdout)

    graph = json.loads((once("default", print_graph) / "graph.json").read_text())
    return {file: (job["rule"], job["input"]) for job in graph for file in job["output"]}


def ancestors(inputs, file):
    """Every file that a file is made from, directly or not."""
    found, waiting = set(), [file]
    while waiting:
        for parent in inputs.get(waiting.pop(), ("", []))[1]:
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return found


def is_test_or_fresh(file):
    return file.endswith("/test.npz") or "/fresh/" in file


def test_training_never_sees_a_test_image(inputs):
    trained = [f for f, (rule, _) in inputs.items() if rule.startswith("train_")]
    assert len([f for f in trained if f.endswith("/model.npz")]) == FITS
    for file in trained:
        assert not [f for f in ancestors(inputs, file) if is_test_or_fresh(f)], file


def test_the_walk_would_find_a_leak(inputs):
    """Evaluation does read test and fresh images, so the walk can see them."""
    evaluated = [f for f, (rule, _) in inputs.items() if rule.startswith("evaluate_")]
    assert len([f for f in evaluated if f.endswith("/metrics.csv")]) == CELLS
    for file in evaluated:
        assert len([f for f in ancestors(inputs, file) if is_test_or_fresh(f)]) == 2, file


def test_every_cell_of_the_study_is_there(inputs):
    models = [f for f in inputs if f.endswith("/predictions.npz")]

    def count(pattern):
        return len([f for f in models if re.search(pattern, f)])

    for model in ("ovr", "ovo", "ovo-unordered", "ovr-quadratic", "knn"):
        assert count(rf"/(published|heldout)/\d+px/{model}/") == 10
    assert count(r"/published/7px/mlp-(full|mini)-[234]-(16|32|64)-(relu|atan|sigmoid)/") == 54
    assert count(r"/heldout/7px/mlp-(full|mini)-[234]-(16|32|64)-(relu|atan|sigmoid)/") == 54
    assert count(r"/7px/mlp-remedied-mini-[345]-(16|32|64)-(relu|atan|sigmoid)/") == 27
    assert count(r"/7px/mlp-remedied-full-[34]-64-(relu|atan|sigmoid)/") == 6
    assert count(r"/(28|14|4|2)px/mlp-remedied-mini-3-64-(relu|atan|sigmoid)/") == 12
    assert not [f for f in models if "/published/" in f and re.search("remedied|shuffled|bias", f)]


def test_the_published_split_evaluates_the_models_of_the_held_out_one(inputs):
    models = {f for f in inputs if f.endswith("/model.npz")}
    assert {f.split("/")[2] for f in models} == {"heldout"}
    for file, (_, read) in inputs.items():
        if file.endswith("/predictions.npz"):
            own = file.replace("/published/", "/heldout/").replace("predictions", "model")
            assert models & set(read) == {own}


def test_verify_expects_exactly_what_the_study_makes(inputs, tmp_path):
    printed = attempt(tmp_path, "--cores", "1", "verify", study="config.yaml").stdout
    assert set(re.findall("^missing: (.+)$", printed, re.M)) == set(inputs)
    assert f"0 of {len(inputs)} artifacts" in printed


def test_rules_say_what_they_need():
    """Every rule that makes files has a log, a message, threads, memory and an environment."""
    for file in sorted((ROOT / "workflow" / "rules").glob("*.smk")):
        for rule in re.split(r"\n\s*rule\b", file.read_text())[1:]:
            if "output:" in rule:
                for directive in ("log:", "message:", "threads:", "resources:", "conda:"):
                    assert directive in rule, (file.name, rule.splitlines()[0], directive)
                if "train.py" in rule:
                    assert "benchmark:" in rule


def closure(edges):
    """Every pair of which the second depends on the first, directly or not."""
    found = set(edges)
    while more := {(a, d) for a, b in found for c, d in found if b == c} - found:
        found |= more
    return found


def test_the_page_draws_the_graph_of_rules(tmp_path):
    """Every arrow is a real one, and every real one is drawn or follows from those that are."""
    dot = snakemake(tmp_path, "--quiet", "all", "--rulegraph", study="config.yaml")
    rules = dict(re.findall(r'(\d+)\[label = "(\w+)"', dot))

    def stage(rule):
        (found,) = [name for name, own in RULES.items() if re.fullmatch(own, rule)]
        return found

    drawn = flow(yaml.safe_load((ROOT / "config.yaml").read_text()))
    stages = {node: stage(rule) for node, rule in rules.items() if rule != "all"}
    assert {*stages.values()} == {name for arrow in drawn for name in arrow} <= {*STAGES}
    arrows = [(a, b) for a, b in re.findall(r"(\d+) -> (\d+)", dot) if b in stages]
    direct = {(stages[a], stages[b]) for a, b in arrows} - {(name, name) for name in STAGES}
    assert {*drawn} <= direct
    assert closure(drawn) == closure(direct)

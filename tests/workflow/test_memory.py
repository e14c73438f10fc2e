"""A study with a job that this machine cannot do is refused before it starts."""

import re

import yaml
from running import ROOT, attempt, snakemake

HUGE = """
from fewpixels.models import Needs

def needs(job):
    return Needs(1, 2**47 / job.pixels)  # a pebibyte, shared by the pixels

def fit(train, validation, hyperparameters, *, streams): ...

def predict(parameters, hyperparameters, train, x): ...
"""
LINE = re.compile(
    r"^train_huge tiny-mnist heldout 2 huge: found an estimate of ([\d,]+) MB of memory, expected "
    r"at most the ([\d,]+) MB that this machine has; take fewer images or smaller sizes",
    re.MULTILINE,
)


def test_what_does_not_fit_is_refused_in_one_line_unless_it_is_not_to_run(tmp_path):
    (tmp_path / "huge.py").write_text(HUGE)
    config = yaml.safe_load((ROOT / "config" / "tiny.yaml").read_text())
    huge = {"family": str(tmp_path / "huge.py"), "title": "Huge"}
    config["models"] = {"knn": config["models"]["knn"], "huge": huge}
    study = tmp_path / "study.yaml"
    study.write_text(yaml.safe_dump(config))
    for arguments in (["-n"], ["-n", "--quiet", "all"], ["--cores", "1"]):
        refused = attempt(tmp_path, *arguments, study=str(study))
        assert refused.returncode == 1
        assert "Traceback" not in refused.stdout
        (numbers,) = LINE.findall(refused.stdout)
        need, there = (int(number.replace(",", "")) for number in numbers)
        assert 2**28 <= need < 2**28 + 1000
        assert there < need
        assert not (tmp_path / "results").exists()
    only_knn = "results/tiny-mnist/heldout/2px/knn/metrics.csv"
    snakemake(tmp_path, "-n", only_knn, study=str(study))
    # What is given in the place of an estimate is taken as it is.
    given = ("--set-resources", "train_knn:mem_mb=99000000")
    refused = attempt(tmp_path, "-n", only_knn, *given, study=str(study)).stdout
    assert "train_knn tiny-mnist heldout 2 knn: found --set-resources of 99,000,000 MB" in refused


def test_a_model_that_needs_what_the_machine_lacks_is_refused_unless_it_is_not_to_run(tmp_path):
    lacking = HUGE.replace("def needs", "def lacks(hyperparameters):\n    return 'none'\n\ndef own")
    (tmp_path / "far.py").write_text(lacking)
    config = yaml.safe_load((ROOT / "config" / "tiny.yaml").read_text())
    far = {"family": str(tmp_path / "far.py"), "title": "Far"}
    config["models"] = {"knn": config["models"]["knn"], "far": far}
    study = tmp_path / "study.yaml"
    study.write_text(yaml.safe_dump(config))
    refused = attempt(tmp_path, "-n", study=str(study))
    assert refused.returncode == 1
    assert "models.far: none\n" in refused.stdout
    assert "Traceback" not in refused.stdout
    snakemake(tmp_path, "-n", "results/tiny-mnist/heldout/2px/knn/metrics.csv", study=str(study))

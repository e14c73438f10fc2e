"""``snakemake verify``: what Snakemake itself calls up to date, and is not."""

import os
import re
import shutil

import pytest
import yaml
from running import ROOT, attempt, snakemake

RESULTS = "results/tiny-mnist"
SWEEPS = ["tables/{}sweep.csv", "tables/{}sweep.md", "figures/{}sweep.svg", "figures/{}sweep.png"]


@pytest.fixture
def study(one_core, tmp_path):
    """A copy of the finished tiny study."""
    return shutil.copytree(one_core, tmp_path / "study")


def found(folder, study="config/tiny.yaml"):
    """What verify reports: whether it fails, and what it says of which file."""
    done = attempt(folder, "--cores", "1", "verify", study=study)
    reports = re.findall(r"^(missing|altered|left over): ([^:\n]+)", done.stdout, re.M)
    return done.returncode != 0, {(kind, path) for kind, path in reports}, done.stdout


def overwrite(file, content):
    """Change a file as Snakemake would not notice it."""
    before = file.stat()
    file.write_bytes(content)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_a_finished_study_is_as_it_was_written(study):
    failed, reports, printed = found(study)
    assert (failed, reports) == (False, set())
    assert re.search(r"^(\d+) of \1 artifacts are as they were written$", printed, re.M)


@pytest.mark.slow
def test_hand_edits_and_deletions_are_reported_and_made_good(study):
    before = {p: p.read_bytes() for p in (study / RESULTS).rglob("*.npz")}
    model, split = f"{RESULTS}/heldout/7px/ovr/model.npz", f"{RESULTS}/heldout/split.npz"
    table, swapped = f"{RESULTS}/tables/accuracy.csv", f"{RESULTS}/heldout/2px/knn/metrics.csv"
    (study / split).unlink()
    whole = (study / model).read_bytes()
    overwrite(study / model, whole[:100] + bytes([whole[100] ^ 1]) + whole[101:])
    overwrite(study / table, (study / table).read_bytes().replace(b"0.", b"1.", 1))
    overwrite(study / swapped, (study / f"{RESULTS}/heldout/7px/knn/metrics.csv").read_bytes())
    assert "Nothing to be done" in snakemake(study, "--dry-run")

    failed, reports, printed = found(study)
    assert failed
    altered = {("altered", path) for path in (model, table, swapped)}
    assert reports == {("missing", split), *altered}
    assert "Traceback" not in printed

    advice = re.search(r"to make them again, .*: (--forcerun .*)$", printed, re.M).group(1).split()
    snakemake(study, *advice)
    assert found(study)[:2] == (False, set())
    assert {p: p.read_bytes() for p in before} == before


@pytest.mark.slow
def test_what_another_configuration_left_is_reported_and_does_no_harm(study):
    config = yaml.safe_load((ROOT / "config" / "tiny.yaml").read_text())
    del config["models"]["knn"]
    config["sizes"] = [7]
    (study / "less.yaml").write_text(yaml.safe_dump(config))
    snakemake(study, "--cores", "2", study=study / "less.yaml")
    (study / "results" / "other").mkdir()
    (study / "results" / "other" / "notes.txt").write_text("")
    failed, reports, _ = found(study, study / "less.yaml")
    assert not failed
    left = [
        "results/other/",
        f"{RESULTS}/heldout/2px/",
        f"{RESULTS}/heldout/7px/knn/",
        f"{RESULTS}/fresh/2px.npz",
        f"{RESULTS}/fresh/.2px.npz.sha256",
    ]
    for name in SWEEPS:
        left += [f"{RESULTS}/{name.format('')}", f"{RESULTS}/{name.format('.')}.sha256"]
    assert reports == {("left over", path) for path in left}

"""The README's numbers are those of docs/results, and docs/claims.md can be followed."""

import re
import shutil
import subprocess
import sys

import pandas as pd
import pytest
import yaml
from snakemake.utils import validate

from fewpixels.claims.expansion import expand
from fewpixels.study.plan import plan


def check(root):
    command = [sys.executable, root / "docs" / "readme.py", "--check"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(root, tmp_path):
    """The README and all that it is made from."""
    shutil.copytree(root / "docs", tmp_path / "docs")
    for name in ("README.md", "pyproject.toml"):
        shutil.copy(root / name, tmp_path)
    return tmp_path


def test_the_readme_is_as_its_template_and_its_numbers_say(copy):
    """Whatever results lie in the project."""
    done = check(copy)
    assert done.returncode == 0, done.stderr


def test_a_number_that_drifts_is_named(copy):
    readme = copy / "README.md"
    readme.write_text(re.sub(r"\| 0\.99 \|", "| 0.98 |", readme.read_text(), count=1))
    done = check(copy)
    assert done.returncode != 0
    assert re.match(r"README.md:\d+: found .*\| 0\.98 \|.*, expected .*\| 0\.99 \|", done.stderr)
    assert done.stderr.endswith("edit docs/README.md.j2, and run: make readme\n")


def test_results_that_differ_from_the_copies_are_named(copy):
    results = copy / "results" / "mini-mnist"
    (results / "tables").mkdir(parents=True)
    for name in ("accuracy", "answer"):
        frame = pd.read_csv(copy / "docs" / "results" / f"{name}.csv")
        # Time differs between runs, and tells nothing.
        frame.assign(train_seconds=1.5).to_csv(results / "tables" / f"{name}.csv", index=False)
    assert check(copy).returncode == 0
    frame["fresh_mean"] += 0.001
    frame.to_csv(results / "tables" / "answer.csv", index=False)
    done = check(copy)
    assert done.returncode != 0
    assert "docs: the copy of tables/answer.csv is not as in" in done.stderr
    assert "accuracy" not in done.stderr


def test_what_every_size_found_stands_in_the_readme_once_it_is_there(copy):
    sizes = [
        {"model": model, "title": model.upper(), "share": share}
        | {"size": 6, "size_low": 6 - (model == "knn"), "size_high": 6 + (share == 0.99)}
        for model in ("convnet-distorted", "ovr-quadratic-bias", "knn")
        for share in (0.5, 0.8, 0.9, 0.95, 0.99)
    ]
    steps = [
        {"model": model, "size": size, "divides": "yes", "difference": difference}
        | {"difference_low": difference - 0.001, "difference_high": difference + 0.001}
        for model, difference in (
            ("convnet-distorted", 0),
            ("ovr-quadratic-bias", 0.002),
            ("knn", 0),
        )
        for size in (7, None)
    ]
    results = copy / "results" / "mini-mnist-sizes"
    for folder in ("tables", "figures"):
        (results / folder).mkdir(parents=True)
    pd.DataFrame(sizes).to_csv(results / "tables" / "sizes.csv", index=False)
    pd.DataFrame(steps).to_csv(results / "tables" / "steps.csv", index=False)
    (results / "figures" / "sizes.png").write_bytes(b"drawn")
    done = check(copy)
    assert done.returncode != 0
    assert "docs: the copy of tables/sizes.csv is not as in" in done.stderr
    assert "docs: the copy of figures/sizes.png is not as in" in done.stderr

    command = [sys.executable, copy / "docs" / "readme.py"]
    subprocess.run(command, check=True)
    assert check(copy).returncode == 0
    text = " ".join((copy / "README.md").read_text().split())
    assert "needs 6×6, for 95% 6×6 and for 99% 6×6 (6×6 to 7×7): in" in text
    findings = (copy / "docs" / "findings.md").read_text()
    assert "| KNN | 6×6 (5×5 to 6×6) |" in findings
    assert "Accuracy steps up where the size divides 28" in text
    assert "+0.0020 (+0.0010 to +0.0030)" in findings
    assert "Accuracy steps up where the size divides 28" in " ".join(findings.split())
    assert (copy / "docs" / "pictures" / "pixel-by-pixel.png").read_bytes() == b"drawn"


def test_findings_say_what_twice_and_half_as_many_epochs_change(copy):
    means = {28: [0.9, 0.94, 0.95, 0.945], 2: [0.4, 0.42, 0.41, 0.44]}
    rows = [
        {"entry": "net", "size": size, "value": value, "validation_mean": mean}
        | {"standard_error": value / 1000}
        for size, own in means.items()
        for value, mean in zip((6, 12, 1, 3), (own[i] for i in (2, 3, 0, 1)), strict=True)
    ]
    results = copy / "results" / "mini-mnist-epochs"
    for folder in ("tables", "figures"):
        (results / folder).mkdir(parents=True)
    pd.DataFrame(rows).to_csv(results / "tables" / "tuning.csv", index=False)
    (results / "figures" / "tuning.png").write_bytes(b"drawn")
    subprocess.run([sys.executable, copy / "docs" / "readme.py"], check=True)
    text = " ".join((copy / "docs" / "findings.md").read_text().split())
    assert "Half as many change validation accuracy by -0.010 to +0.010," in text
    assert "twice as many by -0.005 to +0.030." in text
    assert "a standard error of about 0.006:" in text
    assert (copy / "docs" / "pictures" / "epochs.png").read_bytes() == b"drawn"


@pytest.fixture(scope="module")
def study(root):
    config = yaml.safe_load((root / "config.yaml").read_text())
    validate(config, str(root / "workflow/schemas/config.schema.yaml"))
    return plan(config, root)


def test_the_copies_are_of_the_study_and_the_claims_as_they_are(root, study):
    schema = yaml.safe_load((root / "workflow/schemas/claims.schema.yaml").read_text())
    ledger = yaml.safe_load((root / "workflow/claims.yaml").read_text())
    claims = expand(ledger, schema, study, lambda table: list(study.models), "claims")["claims"]
    kept = pd.read_csv(root / "docs" / "results" / "claims.csv")
    assert kept["id"].tolist() == [claim["id"] for claim in claims]
    assert kept["claim"].tolist() == [claim["claim"] for claim in claims]
    cells = pd.read_csv(root / "docs" / "results" / "intervals.csv")
    expected = {(m.name, size) for m in study.models.values() for size in m.sizes}
    assert set(zip(cells["model"], cells["size"], strict=True)) == expected


def test_the_documented_claim_is_a_claim(root, study):
    text = (root / "docs" / "claims.md").read_text()
    (example,) = re.findall("```yaml\n(.*?)```", text, re.S)
    schema = yaml.safe_load((root / "workflow/schemas/claims.schema.yaml").read_text())
    found = expand(yaml.safe_load(example), schema, study, lambda table: list(study.models), "c")
    assert found["claims"][0]["parts"][0]["above"]["cells"] == [["knn", 7]]

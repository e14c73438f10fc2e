"""docs/literature.md is as its template and the copied results say."""

import shutil
import subprocess
import sys

import pandas as pd
import pytest


@pytest.fixture
def docs(root, tmp_path):
    """What the page is made from, without results."""
    return shutil.copytree(root / "docs", tmp_path / "docs")


def check(docs):
    command = [sys.executable, docs / "literature.py", "--check"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_page_is_as_its_template_and_its_numbers_say(docs):
    done = check(docs)
    assert done.returncode == 0, done.stderr


def test_a_number_that_drifts_is_named(docs):
    page = docs / "literature.md"
    page.write_text(page.read_text().replace("| 3.09 |", "| 3.19 |", 1))
    done = check(docs)
    assert done.returncode != 0
    assert "literature.md:" in done.stderr
    assert "3.19" in done.stderr


def test_results_that_differ_from_the_copies_are_named(docs):
    frame = pd.read_csv(docs / "results" / "literature.csv")
    own = frame[frame["study"] == "mnist"].rename(
        columns={"low": "images_low", "high": "images_high"}
    )
    tables = docs.parent / "results" / "mnist" / "tables"
    tables.mkdir(parents=True)
    own.to_csv(tables / "intervals.csv", index=False)
    assert check(docs).returncode == 0
    own.assign(fresh=own["fresh"] - 0.01).to_csv(tables / "intervals.csv", index=False)
    done = check(docs)
    assert "docs/results/literature.csv: not as in results" in done.stderr

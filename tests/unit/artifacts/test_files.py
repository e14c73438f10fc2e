"""Whole files: written at once, and never read as anything but what was written."""

import shutil
import signal
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fewpixels.artifacts.files import (
    ArtifactError,
    altered,
    checked,
    checksum_file,
    hold_alone,
    inspect,
    read_text,
    remove_partial,
    replacing,
    write_text,
)


def test_the_target_appears_whole(tmp_path):
    target = tmp_path / "figure.svg"
    with replacing(target) as temporary:
        assert temporary.suffix == ".svg"
        assert temporary.parent == tmp_path
        temporary.write_text("half")
        assert not target.exists()
        temporary.write_text("whole")
    assert target.read_text() == "whole"
    assert set(tmp_path.iterdir()) == {target, checksum_file(target)}


def test_a_checksum_is_one_that_sha256sum_knows(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_text("results/table.csv", "a,b\n")
    command = ["sha256sum", "--check", "--strict", "results/.table.csv.sha256"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    (tmp_path / "results" / "table.csv").write_text("a,c\n")
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 1


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_text_comes_back_as_it_was(tmp_path_factory, text):
    folder = tmp_path_factory.mktemp("text")
    write_text(folder / "table.md", text)
    assert (folder / "table.md").read_bytes() == text.encode()
    assert read_text(folder / "table.md") == text
    assert altered(folder / "table.md") == ""


def error_of(path):
    with pytest.raises(ArtifactError) as caught:
        read_text(path)
    return str(caught.value)


@given(st.binary(max_size=40), st.data())
def test_any_other_content_is_refused(tmp_path_factory, content, data):
    path = tmp_path_factory.mktemp("content") / "table.csv"
    with replacing(path) as temporary:
        temporary.write_bytes(content)
    other = data.draw(st.binary(max_size=40).filter(lambda b: b != content))
    path.write_bytes(other)
    message = error_of(path)
    assert message.startswith(f"{path}: its content has the sha256 ")
    assert message.endswith("; delete the file and run again")
    assert altered(path) in message


def test_a_missing_file_and_a_missing_checksum_are_named(tmp_path):
    path = tmp_path / "table.csv"
    assert error_of(path) == (
        f"{path}: expected an artifact, found none that can be read (No such file or directory); "
        "run again to make it"
    )
    path.write_text("by hand")
    assert error_of(path) == (
        f"{path}: expected its checksum in .table.csv.sha256, found none; delete the file and run "
        "again"
    )
    checksum_file(path).write_bytes(b"\xff\x00")
    assert "its content has the sha256" in error_of(path)


def test_a_file_in_the_place_of_another_is_refused(tmp_path):
    for name in ("a", "b"):
        write_text(tmp_path / name / "metrics.csv", "the same")
    shutil.copytree(tmp_path / "a", tmp_path / "b", dirs_exist_ok=True)
    assert read_text(tmp_path / "a" / "metrics.csv") == "the same"
    wrong, right = tmp_path / "b" / "metrics.csv", tmp_path / "a" / "metrics.csv"
    assert error_of(wrong) == (
        f"{wrong}: it was written as {right}, expected no other file in its place; delete the file "
        "and run again"
    )


def test_a_lock_is_held_by_one_process_until_its_end(tmp_path, root):
    hold = """
import sys
from pathlib import Path
from fewpixels.artifacts.files import hold_alone
hold_alone(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""
    lock = tmp_path / "lock"
    command = [sys.executable, "-c", hold, str(lock)]
    first = subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert first.stdout.readline() == b"held\n"
    with pytest.raises(ArtifactError, match=r"lock: found another snakemake at work"):
        hold_alone(lock)
    first.kill()
    first.communicate()
    hold_alone(lock)


def test_what_a_reader_raises_is_not_mistaken_for_a_damaged_file(tmp_path):
    write_text(tmp_path / "fit.csv", "right")
    with pytest.raises(FileNotFoundError), checked(tmp_path / "fit.csv"):
        raise FileNotFoundError


WRITE = """
import os, resource, signal, sys
import numpy as np
from fewpixels.artifacts.arrays import write_npz
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
write_npz(sys.argv[1], x=np.zeros(20_000))
"""


def write_beyond_a_limit(path, root):
    return subprocess.run(
        [sys.executable, "-c", WRITE, str(path)],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_full_disk_leaves_the_target_as_it_was(tmp_path, root):
    """A limit on the size of files stands for the disk."""
    path = tmp_path / "x.npz"
    write_text(path, "old")
    done = write_beyond_a_limit(path, root)
    assert done.stderr.splitlines()[-1] == (
        f"fewpixels.artifacts.files.ArtifactError: {path}: cannot be written (File too large); "
        "make room, or allow writing there, and run again"
    )
    assert read_text(path) == "old"
    assert set(tmp_path.iterdir()) == {path, checksum_file(path)}


def test_a_folder_that_is_a_file_is_named(tmp_path):
    (tmp_path / "results").write_text("")
    with pytest.raises(ArtifactError, match=r"x\.csv: cannot be written \((File exists|Not a d)"):
        write_text(tmp_path / "results" / "x.csv", "")


def test_partial_files_of_killed_jobs_are_removed_and_nothing_else(tmp_path, root):
    killed = """
import os, signal, sys
from fewpixels.artifacts.files import replacing
with replacing(sys.argv[1]) as temporary:
    temporary.write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""
    write_text(tmp_path / "cell" / "fit.csv", "right")
    kept = set((tmp_path / "cell").iterdir())
    command = [sys.executable, "-c", killed, str(tmp_path / "cell" / "history.csv")]
    assert subprocess.run(command, cwd=root, check=False).returncode == -signal.SIGKILL
    assert len(set((tmp_path / "cell").iterdir())) == len(kept) + 1
    remove_partial(tmp_path)
    assert set((tmp_path / "cell").iterdir()) == kept


def test_findings_tell_what_is_missing_altered_and_left_over(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("a/x.csv", "a/y.csv", "a/old.csv", "b/c/z.csv", "b/z.csv"):
        write_text(name, name)
    (tmp_path / "a" / "y.csv").write_text("other")
    found = [str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file()]
    findings = inspect(["a/x.csv", "a/y.csv", "a/gone.csv"], found)
    assert findings.missing == ["a/gone.csv"]
    assert list(findings.altered) == ["a/y.csv"]
    assert "sha256" in findings.altered["a/y.csv"]
    assert findings.left_over == ["a/.old.csv.sha256", "a/old.csv", "b/"]


def test_nothing_is_found_where_all_is_well(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_text("a/x.csv", "1")
    findings = inspect(["a/x.csv"], ["a/x.csv", "a/.x.csv.sha256"])
    assert (findings.missing, findings.altered, findings.left_over) == ([], {}, [])

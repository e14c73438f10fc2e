"""Setting up .venv: which Python, which packages, and what is said where it fails."""

import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

import pytest

import install

FAILURES = {
    "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify"
    " failed'))": "certificate is not trusted; name the file",
    "NewConnectionError('Connection refused')\nERROR: No matching distribution found for altair":
        "no way to the package index; check the network",
    "error: command 'gcc' failed\nerror: subprocess-exited-with-error": "install a C compiler",
    "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device":
        "no room left on the disk",
    "[Errno 122] Disk quota exceeded": "no room left on the disk",
    "No module named venv": "install it (Debian and Ubuntu: apt install python3-venv)",
    "[Errno 13] Permission denied: '.venv'": "allow writing in",
}  # fmt: skip


def others():
    """Pythons of this machine that the project does not run on."""
    named = [shutil.which(f"python{version}") for version in ("2", "2.7", "3.9", "3.10", "3.15")]
    versions = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser() / "versions"
    found = [*filter(None, named), *map(str, versions.glob("*/bin/python"))]
    about = "import sys; sys.exit((3, 11) <= sys.version_info[:2] <= (3, 14))"
    return [p for p in found if subprocess.run([p, "-c", about], check=False).returncode == 0]


@pytest.mark.parametrize("found", [(2, 7), (3, 10), (3, 15)])
def test_too_old_or_too_new_a_python_is_refused_in_one_sentence(found):
    with pytest.raises(install.SetupError) as caught:
        install.check_python(found)
    assert str(caught.value).startswith(f"found Python {found[0]}.{found[1]} (")
    assert "expected 3.11, 3.12 or 3.13; name one, as in make PYTHON=" in str(caught.value)


def test_a_python_that_needs_a_compiler_is_told_so_and_not_refused(capsys):
    for minor in (11, 12, 13):
        install.check_python((3, minor))
    assert capsys.readouterr().err == ""
    install.check_python((3, 14))
    (said,) = capsys.readouterr().err.splitlines()
    assert "takes a C compiler" in said


@pytest.mark.parametrize("python", others())
def test_a_python_that_will_not_do_can_read_why(python, root, tmp_path):
    shutil.copy(root / "install.py", tmp_path)
    (tmp_path / "requirements.txt").write_text("numpy\n")
    command = [python, str(tmp_path / "install.py"), "run"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("found Python ")
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / ".venv").exists()


@pytest.mark.parametrize("output", FAILURES)
def test_a_failure_is_one_line_that_says_what_to_do(output):
    said = str(install.explained(f"Collecting altair\n{output}\n"))
    assert said.startswith(".venv: found ")
    assert FAILURES[output] in said
    assert len(said.splitlines()) == 1


def test_a_failure_without_a_known_reason_keeps_what_pip_said(tmp_path, monkeypatch):
    monkeypatch.setattr(install, "LOG", str(tmp_path / "log"))
    assert str(tmp_path / "log") in str(install.explained("Oops\nand more\n"))
    assert (tmp_path / "log").read_text() == "Oops\nand more\n"
    assert str(install.explained("Oops\n")) == ".venv: found Oops; mend this, then run it again"


def test_packages_of_the_run_are_among_those_of_the_tests(root, monkeypatch):
    monkeypatch.setattr(install, "TORCH", "cpu")
    tests = install.requirements("test")
    assert set(install.requirements("run")) < set(tests)
    assert [p for p in tests if p.startswith("torch")] == ["torch==2.13.0"]
    monkeypatch.setattr(install, "TORCH", "none")
    left_out = set(tests) - set(install.requirements("test"))
    assert "torch==2.13.0" in left_out
    assert {p.partition("==")[0] for p in left_out} == set(install.WITH_TORCH)


def test_nothing_but_pytorch_needs_what_is_left_out_with_it():
    others = (d for d in distributions() if d.metadata["Name"] not in install.WITH_TORCH)
    needed = {r for d in others for r in d.requires or [] if "extra ==" not in r}
    names = {re.match(r"[\w.-]+", requirement)[0].lower() for requirement in needed}
    assert names.isdisjoint(install.WITH_TORCH)


@pytest.fixture
def project(tmp_path, root):
    """A project that needs no package, set up."""
    folder = tmp_path / "project"
    folder.mkdir()
    shutil.copy(root / "install.py", folder)
    (folder / "requirements.txt").write_text("# none\npip\n")
    assert "Setting up" in set_up(folder)
    return folder


def set_up(folder):
    """Set a project up without any network; return what it prints."""
    done = subprocess.run(
        [sys.executable, folder / "install.py", "run"],
        env=os.environ | {"PIP_INDEX_URL": "http://127.0.0.1:9", "PIP_RETRIES": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def test_what_is_up_to_date_is_left_alone(project):
    (project / ".venv" / "mine").touch()
    assert set_up(project) == ""
    (project / "requirements.txt").write_text("pip\nnumpy==0.0.0\n")
    assert "found no way to the package index" in set_up(project)
    (project / "requirements.txt").write_text("# none\npip\n")
    assert set_up(project) == ""  # nothing was changed, so the environment is whole
    assert (project / ".venv" / "mine").exists()


@pytest.mark.parametrize("fault", ["unfinished", "moved", "without its Python"])
def test_an_environment_that_does_not_work_is_made_again(project, fault):
    (project / ".venv" / "mine").touch()
    if fault == "unfinished":
        (project / ".cache" / "unfinished").touch()
    elif fault == "moved":
        project = project.rename(project.with_name("elsewhere"))
    else:
        (project / ".venv" / "bin" / "python").unlink()
    assert "Setting up" in set_up(project)
    assert not (project / ".venv" / "mine").exists()
    assert set_up(project) == ""
    done = subprocess.run([project / ".venv" / "bin" / "pip", "--version"], check=False)
    assert done.returncode == 0


def test_an_environment_of_another_python_than_is_asked_for_is_made_again(project, monkeypatch):
    python, mine = (project / ".venv" / name for name in ("bin/python", "mine"))
    mine.touch()
    monkeypatch.setenv("PYTHON", sys.executable)
    assert set_up(project) == ""
    python.unlink()
    shutil.copy(os.path.realpath(sys.executable), python)  # another file is another Python
    monkeypatch.delenv("PYTHON")
    set_up(project)
    assert mine.exists()
    monkeypatch.setenv("PYTHON", sys.executable)
    assert "Setting up" in set_up(project)
    assert not mine.exists()
    assert set_up(project) == ""


@pytest.mark.parametrize("name", [".venv", ".cache"])
@pytest.mark.parametrize("kind", ["file", "link"])
def test_what_is_no_folder_is_named(tmp_path, root, name, kind):
    shutil.copy(root / "install.py", tmp_path)
    (tmp_path / "requirements.txt").write_text("pip\n")
    path = tmp_path / name
    path.touch() if kind == "file" else path.symlink_to("nowhere")
    (said,) = set_up(tmp_path).splitlines()
    assert said.startswith(f"{path}: found a link or a file, expected a folder or nothing; ")

"""Code has one digest under every Python, or moving to another would make all results stale."""

import os
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from fewpixels.staleness.digest import syntax

SYNTAX = Path(__file__).parent / "syntax"
# Of what `syntax` writes, as it was when recorded.
RECORDED = {
    "python-3.11": "64155165b0401b0e075e3ba059717a7ebf6980111808444a3e0fa8465ab0c5a1",
    "python-3.12": "819e59423ded712e665d8486bc397178f95b3e91463e70c2079a1a5f5be40c5c",
}
CODE = "scripts/*.py", "fewpixels/**/*.py"
WRITE = """
import sys
from hashlib import sha256
from pathlib import Path
from fewpixels.staleness.digest import syntax
for file in sys.argv[1:]:
    print(sha256(syntax(Path(file)).encode()).hexdigest())
"""


def digests(python, root, files):
    """What a Python makes of files."""
    done = subprocess.run(
        [python, "-c", WRITE, *files],
        env=os.environ | {"PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def pythons():
    """Every Python of this machine that the project runs on: those on the path, and of pyenv."""
    names = [f"python3.{minor}" for minor in range(11, 15)]
    found = {str(Path(python).resolve()) for name in names if (python := shutil.which(name))}
    versions = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser() / "versions"
    found |= {str(path.resolve()) for name in names for path in versions.glob(f"*/bin/{name}")}
    # Shims are scripts of pyenv, which start some other Python or none.
    return sorted(
        python
        for python in found - {str(Path(sys.executable).resolve())}
        if Path(python).parent.name != "shims"
    )


@pytest.mark.parametrize("name", RECORDED)
def test_the_digest_is_the_recorded_one(name):
    """Under whatever Python this runs."""
    since = tuple(map(int, re.findall(r"\d+", name)))
    if sys.version_info < since:
        pytest.skip(f"syntax of Python {'.'.join(map(str, since))}, newer than this one")
    assert sha256(syntax(SYNTAX / f"{name}.txt").encode()).hexdigest() == RECORDED[name]


@pytest.mark.parametrize("python", pythons())
def test_another_python_makes_the_same_digests(python, root):
    """Of the syntax above, and of all code of the project."""
    files = [SYNTAX / "python-3.11.txt", *(f for own in CODE for f in sorted(root.glob(own)))]
    other = digests(python, root, files)
    assert len(other) == len(files) > 50
    for file, digest in zip(files, other, strict=True):
        assert sha256(syntax(file).encode()).hexdigest() == digest, file

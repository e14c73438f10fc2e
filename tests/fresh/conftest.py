"""The project on a new machine, which is taken away after the tests."""

import shutil
import tempfile
from pathlib import Path

import pytest
from bare import CannotRun, Machine, check
from running import ROOT

PLACE = "srv/läsa åter/fewpixels"


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.fresh)


@pytest.fixture(scope="session")
def machine():
    """A minimal Debian 13 with a clone of the project."""
    try:
        check()
        root = Path(tempfile.mkdtemp(prefix="fewpixels-fresh-"))
        root.chmod(0o755)
        try:
            machine = Machine(root)
            machine.clone(ROOT, root / PLACE)
            yield machine
        finally:
            shutil.rmtree(root)
    except CannotRun as lack:
        pytest.fail(f"make test-fresh cannot run here: {lack}", pytrace=False)


@pytest.fixture(scope="session")
def project(machine):
    """The clone's folder, as seen from this machine."""
    return machine.root / PLACE


@pytest.fixture(scope="session")
def study(machine, project):
    """The same, with the tiny study made as the README says."""
    done = machine.run("make reproduce CONFIG=config/tiny.yaml", project)
    assert done.returncode == 0, done.stdout
    return project

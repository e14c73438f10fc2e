"""Real runs of the tiny study, each in a folder of its own."""

import fcntl

import pytest
from running import snakemake


@pytest.fixture(scope="session")
def finished(tmp_path_factory, worker_id):
    """The folder of the tiny study, run on so many cores; all of pytest's processes share it."""
    session = tmp_path_factory.getbasetemp()
    session = session if worker_id == "master" else session.parent

    def run(cores):
        folder = session / f"{cores}-cores"
        with open(session / f"{cores}-cores.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not folder.exists():
                making = tmp_path_factory.mktemp("making")
                snakemake(making, "--cores", str(cores))
                making.rename(folder)
        return folder

    return run


@pytest.fixture(scope="session")
def one_core(finished):
    """The tiny study, run on one core; tests read it, or copy it."""
    return finished(1)


@pytest.fixture(scope="session")
def two_cores(finished):
    """The tiny study, run on two cores; tests read it, or copy it."""
    return finished(2)

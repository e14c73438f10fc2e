"""Real runs of the tiny study, each in a folder of its own."""

import fcntl
from concurrent.futures import ThreadPoolExecutor

import pytest
from running import snakemake


@pytest.fixture(scope="session")
def once(tmp_path_factory, worker_id):
    """Have a function fill a folder of some name once, for all of pytest's processes."""
    session = tmp_path_factory.getbasetemp()
    session = session if worker_id == "master" else session.parent

    def folder_of(name, fill):
        folder = session / name
        with open(session / f"{name}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not folder.exists():
                making = tmp_path_factory.mktemp("making")
                fill(making)
                making.rename(folder)
        return folder

    return folder_of


@pytest.fixture(scope="session")
def finished(once):
    """The tiny study, run on one core and on two at the same time: no core waits for the other."""

    def run(folder):
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda n: snakemake(folder / n, "--cores", n), ["1", "2"]))

    return once("finished", run)


@pytest.fixture(scope="session")
def one_core(finished):
    """The tiny study, run on one core; tests read it, or copy it."""
    return finished / "1"


@pytest.fixture(scope="session")
def two_cores(finished):
    """The tiny study, run on two cores; tests read it, or copy it."""
    return finished / "2"

"""Clusters, each for one file of tests: SLURM can be up once on a machine."""

from pathlib import Path

import pytest
from on_slurm import cluster, profile
from running import snakemake


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.cluster)


@pytest.fixture(scope="module")
def with_accounting(tmp_path_factory):
    """The profile for a cluster that is up and has accounting."""
    with cluster(accounting=True):
        yield profile(tmp_path_factory.mktemp("profile"), accounting=True)


@pytest.fixture(scope="module")
def without_accounting(tmp_path_factory):
    """The profile for a cluster that is up and has no accounting."""
    with cluster(accounting=False):
        yield profile(tmp_path_factory.mktemp("profile"), accounting=False)


@pytest.fixture(scope="session")
def local(tmp_path_factory):
    """The tiny study, run without a cluster."""
    folder = tmp_path_factory.mktemp("local")
    snakemake(folder, "--cores", "2")
    return folder

"""Real runs of the tiny study, each in a folder of its own."""

import pytest
from running import snakemake


@pytest.fixture(scope="session")
def one_core(tmp_path_factory):
    """The tiny study, run on one core."""
    folder = tmp_path_factory.mktemp("one-core")
    snakemake(folder, "--cores", "1")
    return folder


@pytest.fixture(scope="session")
def two_cores(tmp_path_factory):
    """The tiny study, run on two cores."""
    folder = tmp_path_factory.mktemp("two-cores")
    snakemake(folder, "--cores", "2")
    return folder

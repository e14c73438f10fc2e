"""Settings of the unit tests: every random choice is fixed, so a failure can be repeated."""

from pathlib import Path

import pytest
from hypothesis import settings
from pytorch import torch

ROOT = Path(__file__).resolve().parents[2]
settings.register_profile("unit", derandomize=True, deadline=None, database=None, max_examples=15)
settings.load_profile("unit")


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return ROOT


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs PyTorch where it is not installed."""
    for item in items:
        if torch is None and item.get_closest_marker("torch"):
            item.add_marker(pytest.mark.skip(reason="PyTorch is not installed"))

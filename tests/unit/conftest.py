"""Settings of the unit tests: every random choice is fixed, so a failure can be repeated."""

from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[2]
settings.register_profile("unit", derandomize=True, deadline=None, database=None, max_examples=15)
settings.load_profile("unit")


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return ROOT

"""PyTorch where it is installed, and the mark of the tests that need it."""

import pytest

try:
    import torch
except ModuleNotFoundError:
    torch = None

__all__ = ["needs_torch", "torch"]

needs_torch = pytest.mark.skipif(torch is None, reason="PyTorch is not installed")

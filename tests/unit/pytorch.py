"""PyTorch where it is installed, or None; tests that need it have the mark `torch`."""

try:
    import torch
except ModuleNotFoundError:
    torch = None

__all__ = ["torch"]

"""Examples in docstrings give what they say."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = [f for f in sorted((ROOT / "fewpixels").rglob("*.py")) if ">>>" in f.read_text("utf-8")]
MODULES = [".".join(file.relative_to(ROOT).with_suffix("").parts) for file in FILES]


@pytest.mark.parametrize("module", MODULES)
def test_examples_are_true(module, monkeypatch):
    monkeypatch.chdir(ROOT)
    failed, tried = doctest.testmod(import_module(module), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert tried
    assert not failed

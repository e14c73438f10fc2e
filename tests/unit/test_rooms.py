"""The rooms of the library stand in one order, and each says what is in it."""

import ast
import re
from graphlib import TopologicalSorter

import pytest

# From the ground up: a room takes from those above it in this list, and from no other.
ROOMS = [
    "__init__",
    "arrays",
    "compiled",
    "parallel",
    "streams",
    "staleness",
    "statistics",
    "contract",
    "images",
    "artifacts",
    "neighbours",
    "perceptrons",
    "networks",
    "models",
    "datasets",
    "tables",
    "figures",
    "study",
    "jobs",
    "claims",
    "page",
    "check_model",
    "__main__",
]


def imports(file, modules):
    """Modules of the library that a module names in any import, also one for types alone."""
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert not node.level, f"{file}: names no module"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield from {inner, node.module} & modules if inner not in modules else [inner]


@pytest.fixture(scope="module")
def graph(root):
    """What each module of the library takes from which others."""
    files = {
        ".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): file
        for file in (root / "fewpixels").rglob("*.py")
    }
    return {module: set(imports(file, files.keys())) for module, file in files.items()}


def room(module):
    return [*module.split("."), "__init__"][1]


def test_every_room_has_its_place(graph):
    assert {room(module) for module in graph} == set(ROOMS)
    assert len(graph) > 80
    assert "fewpixels.contract" in graph["fewpixels.models"]


def test_the_map_has_them_in_this_order(root):
    text = (root / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = text.partition("## The rooms")[2]
    named = re.findall(r"`(\w+)(?:/|\.py)`", rows)
    assert named == [room for room in ROOMS if not room.startswith("__")]


def test_no_import_runs_upwards(graph):
    upwards = [
        f"{module} takes from {other}"
        for module, others in graph.items()
        for other in others
        if ROOMS.index(room(other)) > ROOMS.index(room(module))
    ]
    assert upwards == []


def test_no_imports_form_a_circle(graph):
    TopologicalSorter(graph).prepare()  # raises CycleError


def test_each_room_says_where_to_begin(root):
    for file in (root / "fewpixels").glob("*/__init__.py"):
        assert "Begin with " in ast.get_docstring(ast.parse(file.read_bytes())), file

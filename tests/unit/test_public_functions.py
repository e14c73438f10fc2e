"""Every public function and method of the library is named by a property test."""

import ast
from pathlib import Path

TESTS = Path(__file__).parents[1]


def public(root):
    """Dotted names of the library's public functions and methods, from its syntax trees."""
    for file in (root / "fewpixels").rglob("*.py"):
        module = ".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
        for node in ast.parse(file.read_bytes()).body:
            inner = node.body if isinstance(node, ast.ClassDef) else []
            for function in (node, *inner):
                if isinstance(function, ast.FunctionDef) and not function.name.startswith("_"):
                    # A method is named by what stands behind any dot.
                    yield f"{module}.{function.name}" if function is node else f".{function.name}"


def handed_on(root):
    """By name of what a room's face gives: the name where it is defined."""
    return {
        f"{file.parent.relative_to(root).as_posix().replace('/', '.')}.{alias.name}": (
            f"{node.module}.{alias.name}"
        )
        for file in (root / "fewpixels").rglob("__init__.py")
        for node in ast.parse(file.read_bytes()).body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def uses(file):
    """By name of each definition of a test file: what it names, in full; and which are tests."""
    tree, own = ast.parse(file.read_bytes()), named(file)
    full, used, tests = {}, {}, set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            full |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names = [node.name]
            if any(
                ast.unparse(decorator).startswith("given(") for decorator in node.decorator_list
            ):
                tests.add(f"{own}.{node.name}")
        elif isinstance(node, ast.Assign):
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        else:
            continue
        found = set()
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name):
                found.add(full.get(inner.id, f"{own}.{inner.id}"))
            elif isinstance(inner, ast.arg):  # a fixture
                found.add(f"{own}.{inner.arg}")
            elif isinstance(inner, ast.Attribute):
                found.add(f".{inner.attr}")
                if isinstance(inner.value, ast.Name):
                    found.add(f"{full.get(inner.value.id)}.{inner.attr}")
        used |= {f"{own}.{name}": found for name in names}
    return used, tests


def named(file):
    """What other tests import a helper as; the path of a test, of which rooms may have the same."""
    return file.stem if file.parent.name == "support" else str(file.relative_to(TESTS))


def named_by_properties():
    """All that property tests name, by way of their helpers and fixtures too."""
    used, waiting = {}, set()
    for file in (*TESTS.glob("support/*.py"), *TESTS.glob("unit/**/*.py")):
        own, tests = uses(file)
        used |= own
        waiting |= tests
    found = set()
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= used.get(name, set()) - found
    return found


def test_every_public_function_is_named_by_a_property_test(root):
    functions = set(public(root))
    # Else nothing might be looked for.
    assert {"fewpixels.staleness.digest.reached", "fewpixels.models.knn.fit"} <= functions
    assert ".replicate" in functions
    named, faces = named_by_properties(), handed_on(root)
    assert functions - named - {faces[name] for name in named & faces.keys()} == set()

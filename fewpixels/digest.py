"""What a job's result depends on besides its inputs: the code it runs, and its packages.

Snakemake sees a rule's script but not the modules that the script imports. The digest
covers them all, and ignores comments, docstrings and layout.
"""

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Code:
    """A script, with what it reaches by imports.

    Attributes
    ----------
    digest : str
        16 hexadecimal digits over the syntax trees of the script and the project's modules.
    packages : dict of str to str
        Versions of the other packages, by distribution name.
    """

    digest: str
    packages: dict[str, str]


def reached(script: Path, root: Path, modules: Iterable[str] = ()) -> Code:
    """Follow the imports of a script.

    Parameters
    ----------
    script : Path
        A Python file; modules beside it can be imported by name.
    root : Path
        The project's folder; its packages are the project's modules.
    modules : iterable of str
        Project modules that the script imports by a computed name.

    Returns
    -------
    Code
    """
    folders = (root, script.parent)
    files = {script}
    packages: set[str] = set()
    waiting = [*_imports(script, ""), *modules]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        file = _locate(name, folders)
        if file is not None:
            files.add(file)
            package = name if file.name == "__init__.py" else name.rpartition(".")[0]
            waiting.extend(_imports(file, package))
        elif _locate(name.partition(".")[0], folders) is None:
            packages.add(name.partition(".")[0])
        if "." in name:
            waiting.append(name.rpartition(".")[0])
    total = sha256()
    for file in sorted(files):
        total.update(f"{file.relative_to(root).as_posix()}\n{syntax(file)}\n".encode())
    return Code(total.hexdigest()[:16], _versions(packages - sys.stdlib_module_names))


@cache
def _tree(file: Path) -> ast.Module:
    """The syntax tree of a file, without docstrings."""
    tree = ast.parse(file.read_bytes())
    for node in ast.walk(tree):
        for block in ("body", "orelse", "finalbody"):
            statements = getattr(node, block, None)
            if isinstance(statements, list):
                kept = [s for s in statements if not _is_text(s)]
                emptied = statements and not kept and not isinstance(node, ast.Module)
                setattr(node, block, [ast.Pass()] if emptied else kept)
    return tree


@cache
def literal(file: Path, name: str) -> Any:
    """Read a module's constant without importing the module.

    Parameters
    ----------
    file : Path
        A Python file.
    name : str
        Name of a constant that the module assigns a literal.

    Returns
    -------
    The literal's value.

    Raises
    ------
    ValueError
        If the module assigns no literal to the name.
    """
    for node in _tree(file).body:
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AnnAssign):
            targets = [node.target]
        else:
            continue
        named = any(isinstance(target, ast.Name) and target.id == name for target in targets)
        if named and node.value is not None:
            return ast.literal_eval(node.value)
    raise ValueError(f"{file.name}: found no {name}, expected a literal; add one")


@cache
def defines(file: Path, name: str) -> bool:
    """Tell whether a module defines a function of that name, without importing the module."""
    body = _tree(file).body
    return any(isinstance(node, ast.FunctionDef) and node.name == name for node in body)


@cache
def syntax(file: Path) -> str:
    """Dump the syntax tree of a file without comments, docstrings and positions."""
    return ast.dump(_tree(file))


def _is_text(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


@cache
def _imports(file: Path, package: str) -> tuple[str, ...]:
    """Absolute names that a file imports, anywhere in it; `package` is the one it is in."""
    return tuple(_imported(_tree(file), package))


def _imported(tree: ast.Module, package: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*parts, *filter(None, [node.module])]) if node.level else node.module
            assert base is not None  # nosec B101 # tells mypy that only relative ones lack it
            yield base
            # `from package import name` may import a module.
            yield from (f"{base}.{alias.name}" for alias in node.names)


@cache
def _locate(name: str, folders: tuple[Path, ...]) -> Path | None:
    for folder in folders:
        stem = folder.joinpath(*name.split("."))
        for file in (stem / "__init__.py", stem.with_suffix(".py")):
            if file.is_file():
                return file
    return None


def _versions(names: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in names:
        found |= _version(name)
    return dict(sorted(found.items()))


@cache
def _version(name: str) -> dict[str, str]:
    """Versions, by distribution, of the package that is imported as `name`."""
    try:
        return {name: version(name)}
    except PackageNotFoundError:
        return {d: version(d) for d in packages_distributions().get(name, [])}

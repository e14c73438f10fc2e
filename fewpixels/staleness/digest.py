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

from fewpixels.staleness.literals import parsed


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


def reached(script: Path, root: Path, modules: Iterable[str | Path] = ()) -> Code:
    """Follow the imports of a script.

    Parameters
    ----------
    script : Path
        A Python file; modules beside it can be imported by name.
    root : Path
        The project's folder; its packages are the project's modules.
    modules : iterable of str or Path
        Project modules that the script imports by a computed name; and files of the user, who
        can import modules beside them.

    Returns
    -------
    Code

    Raises
    ------
    SyntaxError
        If a file that is reached is not Python.
    """
    project = (root, script.parent)
    texts = {_labelled(script, project)}
    packages: set[str] = set()
    waiting = [(name, project) for name in _imports(script, "")]
    for module in modules:
        if isinstance(module, Path):
            own = (module.parent, root)
            texts.add(_labelled(module, (root, *own)))
            waiting.extend((name, own) for name in _imports(module, ""))
        else:
            waiting.append((module, project))
    seen: set[tuple[str, tuple[Path, ...]]] = set()
    while waiting:
        name, folders = waiting.pop()
        if (name, folders) in seen:
            continue
        seen.add((name, folders))
        file = _locate(name, folders)
        if file is not None:
            texts.add(_labelled(file, (root, *folders)))
            package = name if file.name == "__init__.py" else name.rpartition(".")[0]
            # What the user imports of the project imports from the project in turn.
            there = project if _locate(name, folders[:1]) is None else folders
            waiting.extend((inner, there) for inner in _imports(file, package))
        elif _locate(name.partition(".")[0], folders) is None:
            packages.add(name.partition(".")[0])
        if "." in name:
            waiting.append((name.rpartition(".")[0], folders))
    total = sha256("".join(sorted(texts)).encode())
    return Code(total.hexdigest()[:16], _versions(packages - sys.stdlib_module_names))


def _labelled(file: Path, folders: Iterable[Path]) -> str:
    """A file's syntax tree under its name in the first folder that it lies in."""
    home = next(folder for folder in folders if file.is_relative_to(folder))
    return f"{file.relative_to(home).as_posix()}\n{syntax(file)}\n"


@cache
def _tree(file: Path) -> ast.Module:
    """The syntax tree of a file, without docstrings."""
    tree = parsed(file)
    for node in ast.walk(tree):
        for block in ("body", "orelse", "finalbody"):
            statements = getattr(node, block, None)
            if isinstance(statements, list):
                kept = [s for s in statements if not _is_text(s)]
                emptied = statements and not kept and not isinstance(node, ast.Module)
                setattr(node, block, [ast.Pass()] if emptied else kept)
    return tree


@cache
def syntax(file: Path) -> str:
    """Write the syntax tree of a file without comments, docstrings and positions.

    Every Python that can parse the file writes the same, which `ast.dump` does not promise.
    """
    return _written(_tree(file))


def _written(node: Any) -> str:
    if isinstance(node, list):
        return f"[{', '.join(map(_written, node))}]"
    if not isinstance(node, ast.AST):
        return ascii(node)  # which characters `repr` escapes depends on the Python
    fields = dict(ast.iter_fields(node))
    if isinstance(node, ast.JoinedStr):
        # Python 3.12 ends nested f-strings with an empty text.
        fields["values"] = [part for part in node.values if not _is_empty(part)]
    # A newer Python has more fields, which stay empty where code does not use what is new.
    written = (f"{k}={_written(v)}" for k, v in fields.items() if v is not None and v != [])
    return f"{type(node).__name__}({', '.join(written)})"


def _is_empty(part: ast.expr) -> bool:
    return isinstance(part, ast.Constant) and part.value == ""


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

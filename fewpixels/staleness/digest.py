"""What a job's result depends on besides its inputs: the code it runs, and its packages.

Snakemake sees a rule's script but not the modules that the script imports. The digest
covers them all, and ignores comments, docstrings and layout.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, distributions, version
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


@cache
def _labelled(file: Path, folders: tuple[Path, ...]) -> str:
    """The digest of a file's syntax tree under its name in the first folder that it lies in."""
    home = next(folder for folder in folders if file.is_relative_to(folder))
    return f"{file.relative_to(home).as_posix()} {_read(file)[0]}\n"


@cache
def _read(file: Path) -> tuple[str, list[ast.Import | ast.ImportFrom]]:
    """The digest of a file's syntax tree, and its imports, anywhere in it."""
    imports: list[ast.Import | ast.ImportFrom] = []
    text = _written(parsed(file), imports)
    return sha256(text.encode()).hexdigest(), imports


def syntax(file: Path) -> str:
    """Write the syntax tree of a file without comments, docstrings and positions.

    Every Python that can parse the file writes the same, which `ast.dump` does not promise.
    """
    return _written(parsed(file), [])


def _written(node: Any, imports: list[ast.Import | ast.ImportFrom]) -> str:
    """Write a part of a syntax tree, and collect the imports in it."""
    if isinstance(node, list):
        return f"[{', '.join([_written(part, imports) for part in node])}]"
    if not isinstance(node, ast.AST):
        return ascii(node)  # which characters `repr` escapes depends on the Python
    if isinstance(node, ast.Import | ast.ImportFrom):
        imports.append(node)
    written = []
    for name in node._fields:
        value = getattr(node, name, None)
        if name in _BLOCKS and isinstance(value, list):
            value = _without_texts(value, node)
        elif name == "values" and isinstance(node, ast.JoinedStr):
            # Python 3.12 ends nested f-strings with an empty text.
            value = [part for part in node.values if not _is_empty(part)]
        # A newer Python has more fields, which stay empty where code does not use what is new.
        if value is not None and value != []:
            written.append(f"{name}={_written(value, imports)}")
    return f"{type(node).__name__}({', '.join(written)})"


_BLOCKS = ("body", "orelse", "finalbody")


def _without_texts(statements: list[ast.stmt], node: ast.AST) -> list[ast.stmt]:
    """A block without docstrings and the like; ``pass`` where nothing else is in it."""
    kept = [statement for statement in statements if not _is_text(statement)]
    emptied = statements and not kept and not isinstance(node, ast.Module)
    return [ast.Pass()] if emptied else kept


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
    """Absolute names that a file imports; `package` is the one it is in."""
    return tuple(_named(_read(file)[1], package))


def _named(imports: Iterable[ast.Import | ast.ImportFrom], package: str) -> Iterator[str]:
    for node in imports:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        else:
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
        # `importlib.metadata.packages_distributions` takes half a second of paths.
        listed = re.compile(rf"^{re.escape(name)}[/.]", re.M)
        return {
            found.metadata["Name"]: found.version
            for found in distributions()
            if name in (found.read_text("top_level.txt") or "").split()
            or listed.search(found.read_text("RECORD") or "")
        }

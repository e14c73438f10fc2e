"""What modules say of themselves in constants and names, read without importing them."""

import ast
from functools import cache
from pathlib import Path
from typing import Any


@cache
def parsed(file: Path) -> ast.Module:
    """The syntax tree of a file, which is parsed once.

    Raises
    ------
    SyntaxError
        If it is not Python.
    """
    try:
        return ast.parse(file.read_bytes(), str(file))
    except ValueError as error:  # of null bytes, before Python 3.11.4
        raise SyntaxError(str(error)) from error


def literal(file: Path, name: str, *default: Any) -> Any:
    """Read a module's constant without importing the module.

    Parameters
    ----------
    file : Path
        A Python file.
    name : str
        Name of a constant that the module assigns a literal.
    *default
        What counts where it assigns nothing to the name.

    Returns
    -------
    The literal's value.

    Raises
    ------
    ValueError
        If the module assigns no literal to the name.
    """
    for node in parsed(file).body:
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AnnAssign):
            targets = [node.target]
        else:
            continue
        named = any(isinstance(target, ast.Name) and target.id == name for target in targets)
        if named and node.value is not None:
            try:
                return ast.literal_eval(node.value)
            except ValueError as error:
                found = f"{name} = {ast.unparse(node.value)}"
                raise ValueError(f"{file.name}: found {found:.100}, expected a literal") from error
    if default:
        return default[0]
    raise ValueError(f"{file.name}: found no {name}, expected a literal; add one")


@cache
def defines(file: Path, name: str) -> bool:
    """Tell whether a module defines or imports a function of that name, without importing it."""
    for node in parsed(file).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return True
        if isinstance(node, ast.ImportFrom) and any(
            name == (alias.asname or alias.name) for alias in node.names
        ):
            return True
    return False

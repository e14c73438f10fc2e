"""Families of models as a configuration names them, described without importing them."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, SchemaError

from fewpixels.models import locate
from fewpixels.staleness.digest import reached
from fewpixels.staleness.literals import defines, literal
from fewpixels.study.validation import ConfigurationError, among, check

NOTHING = {"type": "object", "additionalProperties": False, "properties": {}}

_PACKAGES = {"type": "array", "items": {"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$"}}
_NAME = {"type": "string", "pattern": "^[a-z][a-z0-9_]*(?!\\n)$"}
_TABLES = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "train": {"type": "array", "uniqueItems": True, "items": _NAME},
        "evaluate": {"type": "array", "uniqueItems": True, "items": {"enum": ["sweep"]}},
    },
}


@dataclass(frozen=True)
class Family:
    """A family of models.

    Attributes
    ----------
    name : str
        Its own among those of the study, and safe in the name of a rule.
    source : str
        What the configuration calls it: a module of the project, or a path.
    file : Path
    schema : dict
        JSON Schema of its hyperparameters.
    tables : dict of str to list of str
        Tables that only it writes, in ``train`` and in ``evaluate``.
    iterates : bool
        Whether training has a history.
    draws_weights : bool
        Whether it shows what it learned of each pixel.
    says_needs : bool
        Whether it estimates what its jobs take.
    says_lacks : bool
        Whether it tells what this machine lacks for a model.
    packages : list of str
        What it imports that can be missing.
    """

    name: str
    source: str
    file: Path
    schema: dict[str, Any]
    tables: dict[str, list[str]]
    iterates: bool
    draws_weights: bool
    says_needs: bool
    says_lacks: bool
    packages: list[str]

    @property
    def module(self) -> str | Path:
        """What scripts import: the project's module, or the user's file."""
        return self.file if self.source.endswith(".py") else f"fewpixels.models.{self.source}"


def describe(source: str, root: Path, where: str = "family", taken: Collection[str] = ()) -> Family:
    """Read what a family says of itself, and refuse what no study could run.

    Parameters
    ----------
    source : str
        The name of a module of ``fewpixels/models``; or a path that ends with ``.py``, relative
        to the folder of the run or else to the project's.
    root : Path
        The project's folder.
    where : str
        Keys that lead to `source`, joined by dots.
    taken : collection of str
        Names that other families have.

    Returns
    -------
    Family

    Raises
    ------
    ConfigurationError
        If there is no such file, or it is not Python, or breaks the contract of
        `fewpixels.contract`.
    """
    own = sorted(f.stem for f in (root / "fewpixels" / "models").glob("[!_]*.py"))
    file = locate(source, root).absolute()
    name = source
    if not source.endswith(".py"):
        among(source, [*own, "a path that ends with .py"], where)
    else:
        name = _free(re.sub("[^a-z0-9]+", "_", file.stem.lower()), [*own, *taken])
        if not file.is_file():
            raise ConfigurationError(
                f"{where}: found no file {source!r:.100}, expected it in the folder of the run or "
                "in the project's"
            )
    try:
        if source.endswith(".py"):
            reached(file, root, [file])  # what lies beside it must be Python too
        missing = [name for name in ("fit", "predict") if not defines(file, name)]
        schema = literal(file, "HYPERPARAMETERS", NOTHING)
        tables = literal(file, "TABLES", {})
        iterates = literal(file, "ITERATES", False)
        packages = literal(file, "PACKAGES", [])
    except SyntaxError as error:
        line = f", line {error.lineno}" if error.lineno else ""
        raise ConfigurationError(
            f"{where}: found {error.filename or file}{line}: {error.msg}; expected Python"
        ) from error
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigurationError(f"{where}: {error}") from error
    if missing:
        raise ConfigurationError(
            f"{where}: found no function {missing[0]} in {file.name}, expected fit and predict; "
            "docs/add-a-model.md shows both"
        )
    _check_schema(schema, f"{file.name}: HYPERPARAMETERS")
    check(tables, _TABLES, f"{file.name}: TABLES")
    check(iterates, {"type": "boolean"}, f"{file.name}: ITERATES")
    check(packages, _PACKAGES, f"{file.name}: PACKAGES")
    return Family(
        name,
        source,
        file,
        NOTHING | schema,
        {"train": [], "evaluate": []} | tables,
        iterates,
        defines(file, "weights"),
        defines(file, "needs"),
        defines(file, "lacks"),
        packages,
    )


def check_packages(families: Iterable[Family]) -> None:
    """Refuse families whose packages are not installed; nothing is imported.

    Raises
    ------
    ConfigurationError
        The first of them.
    """
    for family in families:
        for package in family.packages:
            if find_spec(package) is None:
                raise ConfigurationError(
                    f"models: found the family {family.name}, for which the package {package} is "
                    "not installed; install it, or remove the entries of that family"
                )


def _free(stem: str, taken: Collection[str]) -> str:
    """The first of ``stem``, ``stem_2``, ``stem_3`` and so on that is not taken."""
    name, number = stem, 1
    while name in taken:
        number += 1
        name = f"{stem}_{number}"
    return name


def _check_schema(schema: Any, where: str) -> None:
    """Refuse what is no schema of hyperparameters by name."""
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        raise ConfigurationError(f"{where}: {error.message:.200}, expected JSON Schema") from error
    expected = {
        "type": "object",
        "required": ["properties"],
        "properties": {
            "type": {"enum": ["object"]},
            "properties": {"type": "object", "additionalProperties": {"type": "object"}},
        },
    }
    check(schema, expected, where)

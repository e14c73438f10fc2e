"""What the sources of images are, what their options may hold, and which files those name."""

import ast
from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from textwrap import fill
from typing import Any

from fewpixels.datasets._download import find


def options_of(source: str) -> dict[str, Any]:
    """The schema of a source's options: JSON Schema, with the marks of `fewpixels.datasets`."""
    schema: dict[str, Any] = import_module(f"fewpixels.datasets.{source}").OPTIONS
    return schema


def licence(source: str) -> str:
    """Where a source's images are from and under which terms; empty where the user brings them."""
    text: str = getattr(import_module(f"fewpixels.datasets.{source}"), "LICENCE", "")
    return text


def below(folder: str, suffixes: Iterable[str]) -> list[str]:
    """Files in the folders of a folder, sorted, that end in one of some suffixes in any case."""
    wanted = tuple(suffixes)
    files = Path(folder).glob("[!.]*/[!.]*")
    return sorted(str(file) for file in files if file.name.lower().endswith(wanted))


def empty_classes(options: Mapping[str, Any], schema: Mapping[str, Any]) -> list[str]:
    """Remark on folders without a file among those that are classes, a line each.

    Parameters
    ----------
    options : mapping
        Checked, defaults filled in.
    schema : mapping
        Of the source's options.

    Returns
    -------
    list of str
    """
    tops = [
        Path(options[key])
        for key, rule in schema["properties"].items()
        if rule.get("path") == "folder" and key in options
    ]
    folders = (folder for top in tops for folder in sorted(top.glob("[!.]*")) if folder.is_dir())
    return [
        f"{folder}: found an empty folder, which is no class; fill it, or remove it"
        for folder in folders
        if not any(folder.glob("[!.]*"))
    ]


def local_files(options: Mapping[str, Any], schema: Mapping[str, Any]) -> list[str]:
    """List the files on this machine that a source reads.

    Parameters
    ----------
    options : mapping
        Checked, defaults filled in.
    schema : mapping
        Of the source's options.

    Returns
    -------
    list of str
        Paths, each once. One that is not there is listed too, unless it can be downloaded.
    """
    files: list[str] = []
    for key, rule in schema["properties"].items():
        value = options.get(key)
        if value is None or options.get(rule.get("unless")):
            continue
        if rule.get("path") == "file" and not value.startswith("https://"):
            files.append(value)
        elif rule.get("path") == "folder":
            files += below(value, rule["suffixes"])
        elif "in" in rule and rule["in"] in options:
            folder = options[rule["in"]]
            here = find(folder, value)
            if here or "address" not in options:
                files.append(here or str(Path(folder, value)))
    return list(dict.fromkeys(files))


def listing(root: Path) -> str:
    """Describe every source and its options.

    Parameters
    ----------
    root : Path
        The project's folder.

    Returns
    -------
    str
        Lines of up to 100 characters.
    """
    parts = []
    for file in sorted((root / "fewpixels" / "datasets").glob("[!_]*.py")):
        doc = ast.get_docstring(ast.parse(file.read_bytes())) or ""
        schema = options_of(file.stem)
        lines = [f"{file.stem}: {doc.partition(chr(10))[0]}"]
        for key, rule in schema["properties"].items():
            allowed = f"; one of {', '.join(rule['enum'])}" if "enum" in rule else ""
            required = key in schema.get("required", [])
            default = rule.get("default", "required" if required else "none")
            text = f"{key}: {rule['description']}{allowed} (default: {default})"
            text = text.replace("(default: required)", "(required)")
            lines.append(fill(text, 100, initial_indent="  ", subsequent_indent="    "))
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"

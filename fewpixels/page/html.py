"""One file of HTML, with all that it needs inside."""

import base64
import json
import re
from collections.abc import Mapping
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

# How modules name each other, in files and in the page: a module of a data: URL has no folder.
_IMPORT = re.compile(r'(\bfrom\s+|\bimport\s+)"\./([a-z]+)\.js"')
PREFIX = "fewpixels/"


def render(files: Mapping[str, str], bundle: str, context: Mapping[str, Any]) -> str:
    """Write the page.

    Parameters
    ----------
    files : mapping of str to str
        Contents of templates (``….html.j2``), styles (``….css``) and modules (``….js``), by name.
    bundle : str
        A script that modules need.
    context : mapping
        What templates show. Text is escaped, Markup is not.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If a style or the bundle would end the element that holds it.
    jinja2.UndefinedError
        If a template asks for what `context` lacks.
    """
    style = "\n".join(text for name, text in _of_kind(files, ".css", first="page.css"))
    for name, text in (("styles", style), ("bundle", bundle)):
        if re.search(r"</(script|style)|<!--", text, re.IGNORECASE):
            raise ValueError(f"{name}: found the end of an element or a comment, expected none")
    environment = Environment(
        loader=DictLoader(dict(_of_kind(files, ".html.j2"))),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html.j2").render(
        style=Markup(style),  # nosec B704 # of the project's own files
        imports=Markup(import_map(dict(_of_kind(files, ".js")))),  # nosec B704
        bundle=Markup(bundle),  # nosec B704
        **context,
    )


def import_map(modules: Mapping[str, str]) -> str:
    """An import map of modules as data: URLs, by `PREFIX` and their names without ``.js``."""
    urls = {}
    for name, text in sorted(modules.items()):
        content = _IMPORT.sub(rf'\g<1>"{PREFIX}\g<2>"', text).encode()
        encoded = base64.b64encode(content).decode("ascii")
        urls[PREFIX + name.removesuffix(".js")] = f"data:text/javascript;base64,{encoded}"
    return json.dumps({"imports": urls})


def json_in_script(value: Any) -> Markup:
    """JSON that cannot end the element that holds it."""
    text = json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))  # nosec B704 # escaped here


def _of_kind(files: Mapping[str, str], kind: str, first: str = "") -> list[tuple[str, str]]:
    found = [(name, text) for name, text in files.items() if name.endswith(kind)]
    return sorted(found, key=lambda file: (file[0] != first, file[0]))

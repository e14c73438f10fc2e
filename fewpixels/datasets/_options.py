"""What options of several sources have in common: parts of JSON Schema."""

from typing import Any

_NAME = r"[^{}\x00-\x1f\x7f-\x9f\u2028\u2029]+(?!\n)$"
_PATH = r"(?![A-Za-z][A-Za-z0-9+.-]*:/)"  # no address
# Braces would be variables to Snakemake.
_FILE = {"type": "string", "path": "file", "pattern": rf"^(https://|{_PATH}){_NAME}"}

SHA256 = {
    "description": "64 hexadecimal digits in lower case",
    "type": "string",
    "pattern": r"^[0-9a-f]{64}(?!\n)$",
}

FOLDER = {"type": "string", "pattern": f"^{_PATH}{_NAME}"}
PER_CLASS = {"type": "integer", "minimum": 0, "default": 0}
"""Images of each class that are held back."""


def _pinned(file: str, sha256: str) -> dict[str, Any]:
    """An address needs a checksum."""
    return {
        "if": {"required": [file], "properties": {file: {"pattern": "^https://"}}},
        "then": {"required": [file, sha256]},
    }


_ONE = {
    "file": _FILE
    | {"description": "a path without braces, or an address that begins with https://"},
    "sha256": SHA256 | {"description": "of the file: 64 hexadecimal digits in lower case"},
}

ARRAYS = {
    "type": "object",
    "additionalProperties": False,
    "required": ["file"],
    "properties": {
        **_ONE,
        "fresh_per_class": PER_CLASS
        | {"description": "the last images of each class, which no split touches"},
    },
    **_pinned("file", "sha256"),
}
"""Of a file of arrays."""

ROWS = {
    "type": "object",
    "additionalProperties": False,
    "required": ["file"],
    "properties": {
        **_ONE,
        "label": {
            "description": "the column of the labels",
            "type": "string",
            "minLength": 1,
            "default": "label",
        },
        "fresh_file": _FILE
        | {"description": "of fresh images: a path without braces, or an address: https://…"},
        "fresh_sha256": SHA256
        | {"description": "of fresh_file: 64 hexadecimal digits in lower case"},
        "fresh_per_class": PER_CLASS
        | {"description": "instead of fresh_file: the last images of each class"},
    },
    "allOf": [_pinned("file", "sha256"), _pinned("fresh_file", "fresh_sha256")],
}
"""Of a file of rows."""

"""Checking a configuration against a schema, with errors that say what to do."""

from collections.abc import Mapping
from difflib import get_close_matches
from math import isfinite
from typing import Any

from jsonschema import Draft202012Validator, TypeChecker, ValidationError
from jsonschema.validators import extend

from fewpixels import FewpixelsError


def _is_integer(checker: TypeChecker, value: Any) -> bool:
    # JSON Schema takes 2.0 for an integer; it is none to Python.
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(checker: TypeChecker, value: Any) -> bool:
    return _is_integer(checker, value) or (isinstance(value, float) and isfinite(value))


_Validator = extend(
    Draft202012Validator,
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine_many(
        {"integer": _is_integer, "number": _is_number}
    ),
)


class ConfigurationError(FewpixelsError):
    """The configuration is not valid; the message is one line."""


def check(value: Any, schema: Mapping[str, Any], where: str = "") -> None:
    """Check a part of the configuration.

    Parameters
    ----------
    value : object
        As YAML gives it.
    schema : mapping
        JSON Schema, draft 2020-12.
    where : str
        Keys that lead to `value`, joined by dots.

    Raises
    ------
    ConfigurationError
        One line: the key, what was found, what is allowed, and the nearest valid name.
    """
    _check_keys(value, where)
    errors = sorted(_Validator(schema).iter_errors(value), key=_depth)
    if errors:
        # A key may hold a line break; the message may not.
        raise ConfigurationError(_explain(errors[0], where).replace("\n", "\\n"))


def among(value: Any, allowed: list[Any], where: str) -> Any:
    """Return a value if it is one of those allowed.

    Raises
    ------
    ConfigurationError
        If it is not: the key `where`, what is allowed, and the nearest valid name.
    """
    if value not in allowed:
        raise ConfigurationError(f"{where}: found {value!r}{_expected(value, allowed)}")
    return value


def _expected(value: Any, allowed: list[Any]) -> str:
    nearest = get_close_matches(str(value), [str(a) for a in allowed], n=1)
    hint = f"; did you mean {nearest[0]}?" if nearest else ""
    return f", expected one of {', '.join(map(str, allowed))}{hint}"


def _depth(error: ValidationError) -> tuple[int, str]:
    return -len(error.absolute_path), str(error.absolute_path)


def _check_keys(value: Any, where: str) -> None:
    """Refuse keys that YAML did not read as text, such as ``28:``, which no schema can name."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise ConfigurationError(
                    f"{where or 'configuration'}: found the key {key!r}, expected text"
                )
            _check_keys(inner, f"{where}.{key}".lstrip("."))


def _explain(error: ValidationError, where: str) -> str:
    """Say in one line what is wrong."""
    key = ".".join([where, *map(str, error.absolute_path)]).strip(".") or "configuration"
    value, rule = error.instance, error.validator_value
    if error.validator == "additionalProperties" and isinstance(value, Mapping):
        allowed = sorted(error.schema.get("properties", {}))
        unknown = next(k for k in value if k not in allowed)
        return f"{key}: found the unknown key {unknown!r}{_expected(unknown, allowed)}"
    if error.validator == "required":
        missing = next(k for k in rule if k not in value)
        return f"{key}: the key {missing} is missing; required are {', '.join(rule)}"
    if error.validator == "enum":
        return f"{key}: found {value!r}{_expected(value, list(rule))}"
    if error.validator == "pattern":
        meaning = error.schema.get("description", f"text like {rule}")
        return f"{key}: found {value!r}, expected {meaning} ({rule})"
    expected = {
        "type": f"expected {' or '.join(rule) if isinstance(rule, list) else rule}",
        "minimum": f"expected {rule} or more",
        "maximum": f"expected {rule} or less",
        "exclusiveMinimum": f"expected more than {rule}",
        "minItems": f"expected {rule} or more items",
        "minProperties": f"expected {rule} or more keys",
        "minLength": f"expected {rule} or more characters",
        "uniqueItems": "expected items that differ",
    }.get(str(error.validator), error.message)
    return f"{key}: found {value!r}, {expected}"


def filled(value: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """Fill in the defaults of a flat schema."""
    defaults = {k: p["default"] for k, p in schema["properties"].items() if "default" in p}
    return {**defaults, **value}

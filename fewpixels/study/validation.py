"""Checking a configuration against a schema, with errors that say what to do."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from difflib import get_close_matches
from math import isfinite
from string import Formatter
from typing import Any

import yaml
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


def _set_defaults(
    validator: Any, properties: Mapping[str, Any], instance: Any, schema: Mapping[str, Any]
) -> Iterator[ValidationError]:
    if isinstance(instance, dict):
        for name, rule in properties.items():
            if "default" in rule:
                instance.setdefault(name, deepcopy(rule["default"]))
    yield from _Validator.VALIDATORS["properties"](validator, properties, instance, schema)


_Completing = extend(_Validator, {"properties": _set_defaults})

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Reads YAML; in C, unless PyYAML was built without, which takes ten times as long."""


class ConfigurationError(FewpixelsError):
    """The configuration is not valid; the message is one line.

    A key may hold a line break; the message escapes it.
    """

    def __init__(self, message: str) -> None:
        super().__init__("".join(c if c.isprintable() else ascii(c)[1:-1] for c in message))


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
    _check(value, _Validator(schema), where)


def complete(config: dict[str, Any], schema: Mapping[str, Any]) -> None:
    """Check a configuration, and fill the defaults of the schema in, in place.

    Raises
    ------
    ConfigurationError
        As `check` does.
    """
    _check(config, _Completing(schema), "")


def _check(value: Any, validator: Any, where: str) -> None:
    try:
        _check_parts(value, where)
    except RecursionError as error:  # an alias inside what it stands for
        raise ConfigurationError(f"{where or 'configuration'}: found no end of nesting") from error
    errors = sorted(validator.iter_errors(value), key=_depth)
    if errors:
        raise ConfigurationError(_explain(errors[0], where))


def check_names(text: str, file: str) -> None:
    """Refuse a name that stands twice in one place, of which YAML would keep the last.

    Parameters
    ----------
    text : str
        A configuration that has been read, as YAML or as JSON.
    file : str
        The file that it is from.

    Raises
    ------
    ConfigurationError
        If a mapping has a key twice.
    """
    try:
        waiting = [("", yaml.compose(text, LOADER))]
    except yaml.YAMLError:  # JSON with tabs
        return
    seen = set()
    while waiting:
        where, node = waiting.pop()
        if id(node) in seen:  # an alias
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            waiting.extend((f"{where}.{i}", inner) for i, inner in enumerate(node.value))
        elif isinstance(node, yaml.MappingNode):
            names = set()
            for key, inner in node.value:
                name = str(key.value)
                if name in names:
                    place = where.strip(".") or "the file"
                    raise ConfigurationError(
                        f"{file}: found {name!r:.100} twice in {place}, the second time in line "
                        f"{key.start_mark.line + 1}, expected it once; rename one"
                    )
                names.add(name)
                waiting.append((f"{where}.{name}", inner))


def among(value: Any, allowed: list[Any], where: str) -> Any:
    """Return a value if it is one of those allowed.

    Raises
    ------
    ConfigurationError
        If it is not: the key `where`, what is allowed, and the nearest valid name.
    """
    if value not in allowed:
        raise ConfigurationError(f"{where}: found {_shown(value)}{_expected(value, allowed)}")
    return value


def _shown(value: Any) -> str:
    """A value as Python writes it, cut to 100 characters."""
    return f"{value!r:.100}"


def _expected(value: Any, allowed: list[Any]) -> str:
    if not allowed:
        return ", expected none"
    text = value if isinstance(value, str) else _shown(value)
    nearest = get_close_matches(text, [str(a) for a in allowed], n=1)
    hint = f"; did you mean {nearest[0]}?" if nearest else ""
    return f", expected one of {', '.join(map(str, allowed))}{hint}"


def _depth(error: ValidationError) -> tuple[int, str]:
    return -len(error.absolute_path), str(error.absolute_path)


def _check_parts(value: Any, where: str) -> None:
    """Refuse what no schema can name: keys that YAML did not read as text, such as ``28:``.

    And integers that no float can hold, which JSON Schema takes for numbers.
    """
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise ConfigurationError(
                    f"{where or 'configuration'}: found the key {_shown(key)}, expected text"
                )
            _check_parts(inner, f"{where}.{key}".lstrip("."))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            _check_parts(inner, f"{where}.{i}".lstrip("."))
    elif isinstance(value, int) and abs(value) >= 10**300:
        raise ConfigurationError(f"{where or 'configuration'}: found more than 300 digits")


def _explain(error: ValidationError, where: str) -> str:
    """Say in one line what is wrong."""
    key = ".".join([where, *map(str, error.absolute_path)]).strip(".") or "configuration"
    value, rule = error.instance, error.validator_value
    if error.validator == "additionalProperties" and isinstance(value, Mapping):
        allowed = sorted(error.schema.get("properties", {}))
        unknown = next(k for k in value if k not in allowed)
        return f"{key}: found the unknown key {_shown(unknown)}{_expected(unknown, allowed)}"
    if error.validator == "required":
        missing = next(k for k in rule if k not in value)
        return f"{key}: the key {missing} is missing; required are {', '.join(rule)}"
    if error.validator == "enum":
        return f"{key}: found {_shown(value)}{_expected(value, list(rule))}"
    if error.validator == "pattern":
        meaning = error.schema.get("description", f"text like {rule}")
        return f"{key}: found {_shown(value)}, expected {meaning} ({rule})"
    expected = {
        "type": f"expected {' or '.join(rule) if isinstance(rule, list) else rule}",
        "minimum": f"expected {rule} or more",
        "maximum": f"expected {rule} or less",
        "exclusiveMinimum": f"expected more than {rule}",
        "exclusiveMaximum": f"expected less than {rule}",
        "minItems": f"expected {rule} or more items",
        "minProperties": f"expected {rule} or more keys",
        "minLength": f"expected {rule} or more characters",
        "maxLength": f"expected {rule} or fewer characters",
        "uniqueItems": "expected items that differ",
    }.get(str(error.validator), error.message)
    return f"{key}: found {_shown(value)}, {expected}"


def filled(value: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """Fill in the defaults of a flat schema."""
    defaults = {k: p["default"] for k, p in schema["properties"].items() if "default" in p}
    return {**defaults, **value}


def fill(text: str, values: Mapping[str, Any], where: str) -> str:
    """Fill in values where their names stand in braces.

    Raises
    ------
    ConfigurationError
        If anything but one of the names stands in braces: the key `where`.
    """
    filled_in = ""
    try:
        for part, name, spec, conversion in Formatter().parse(text):
            if spec or conversion:
                raise ValueError
            filled_in += part if name is None else f"{part}{values[name]}"
    except (KeyError, ValueError) as error:
        raise ConfigurationError(
            f"{where}: found {text!r:.100}, expected only {sorted(values)} in braces"
        ) from error
    return filled_in


def laid_out(value: Any, key: str = "") -> Any:
    """Sort the keys of a configuration, but for names and axes of grids, whose order tells.

    >>> laid_out({"seed": 1, "models": {"ovr": {"title": "b", "family": "a"}, "knn": {}}})
    {'models': {'ovr': {'family': 'a', 'title': 'b'}, 'knn': {}}, 'seed': 1}
    """
    if isinstance(value, list):
        return [laid_out(item, key) for item in value]
    if not isinstance(value, Mapping):
        return value
    tells = key in ("datasets", "splits", "models", "grid")
    return {name: laid_out(value[name], name) for name in (value if tells else sorted(value))}

"""Checking any value against any part of the schema: it passes, or one line says why not."""

import json
import string
from copy import deepcopy
from math import isfinite

import pytest
import yaml
from helpers import read_yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from random_configurations import ANYTHING, TEXT
from snakemake.utils import validate

from fewpixels.study.validation import (
    ConfigurationError,
    among,
    check,
    check_names,
    complete,
    filled,
    laid_out,
)

RULES = st.sampled_from(
    [
        {"type": "integer", "minimum": 0, "maximum": 9},
        {"type": "number", "exclusiveMinimum": 0},
        {"type": ["string", "boolean"], "minLength": 1, "maxLength": 3},
        {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"type": "integer"}},
        {"enum": ["a", "b", 1]},
        {"type": "string", "pattern": "^[a-z]+$", "description": "small letters"},
        {"type": "object", "minProperties": 1, "propertyNames": {"pattern": "^a"}},
        {
            "type": "object",
            "required": ["a"],
            "additionalProperties": False,
            "properties": {"a": {"type": "string"}, "b": {"type": "object"}},
        },
    ]
)


def refusal(function, *arguments):
    """The message, or nothing; any other exception passes through."""
    try:
        function(*arguments)
    except ConfigurationError as error:
        return str(error)
    return None


def is_one_line(said):
    return said.isprintable() and len(said) < 1000


def python_differs(value):
    """Whether a value holds what JSON Schema allows and Python would stumble over later."""
    if isinstance(value, dict):
        return any(not isinstance(k, str) or python_differs(v) for k, v in value.items())
    if isinstance(value, list):
        return any(map(python_differs, value))
    return isinstance(value, float) or (isinstance(value, int) and abs(value) >= 10**300)


@given(ANYTHING, RULES)
def test_a_value_is_refused_in_one_line_just_if_the_schema_refuses_it(value, rule):
    said = refusal(check, value, rule, "a.b")
    if said is not None:
        assert said.startswith("a.b")
        assert is_one_line(said)
    if not python_differs(value):
        assert (said is None) == Draft202012Validator(rule).is_valid(value)


@given(st.one_of(st.integers(), st.floats(), st.booleans()))
def test_a_number_is_finite_and_an_integer_has_no_point(value):
    finite = not isinstance(value, bool) and isfinite(value)
    assert (refusal(check, value, {"type": "number"}, "n") is None) == finite
    whole = finite and isinstance(value, int)
    assert (refusal(check, value, {"type": "integer"}, "n") is None) == whole


@pytest.mark.parametrize(
    "value", [10**300, -(10**300), 10**5000, {"a": [10**5000]}], ids=["301", "-301", "5001", "in"]
)
def test_integers_that_no_float_can_hold_are_refused_in_one_line(value):
    for rule in ({"type": "integer"}, {"type": "number"}, {"enum": [1]}):
        assert is_one_line(refusal(check, value, rule, "n"))


@given(ANYTHING)
def test_anything_for_a_study_is_refused_in_one_line(root, value):
    schema = read_yaml(root / "workflow" / "schemas" / "config.schema.yaml")
    assert is_one_line(refusal(check, value, schema))


@given(ANYTHING, st.lists(TEXT | st.integers(), max_size=5))
def test_among_returns_what_is_allowed_and_refuses_all_else_in_one_line(value, allowed):
    for one in allowed:
        assert among(one, allowed, "a.b") is one
    said = refusal(among, value, allowed, "a.b")
    assert (said is None) == any(value == one for one in allowed)
    if said is not None:
        assert said.startswith("a.b: found ")
        assert said.isprintable()


NAMES = st.lists(st.text(string.ascii_lowercase, min_size=4, max_size=8), min_size=1, unique=True)


@given(NAMES, st.data())
def test_a_name_with_a_letter_doubled_is_told_a_nearest_name(names, data):
    name = data.draw(st.sampled_from(names))
    place = data.draw(st.integers(0, len(name) - 1))
    wrong = name[:place] + name[place] + name[place:]
    said = refusal(among, wrong, names, "a")
    if wrong not in names:
        assert said.rpartition("; did you mean ")[2].rstrip("?") in names


VALUES = st.dictionaries(TEXT, ANYTHING, max_size=4)


@given(VALUES, VALUES, st.lists(TEXT, max_size=3))
def test_filled_adds_defaults_and_keeps_every_value(values, defaults, others):
    rules = {key: {} for key in others} | {k: {"default": d} for k, d in defaults.items()}
    found = filled(values, {"properties": rules})
    assert found.keys() == values.keys() | defaults.keys()
    assert all(found[key] is value for key, value in values.items())
    assert all(found[key] is d for key, d in defaults.items() if key not in values)


@given(st.text())
def test_the_message_of_an_error_is_one_line_and_keeps_what_can_be_printed(text):
    said = str(ConfigurationError(text))
    assert said.isprintable()
    assert said.encode().isascii() or any(c in text for c in said)
    if text.isprintable():
        assert said == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: 2\na: 3\n", "my.yaml: found 'a' twice in the file, the second time in line 3"),
        (
            "models:\n  ovr: {x: 1}\n  knn: {}\n  ovr: {}\n",
            "my.yaml: found 'ovr' twice in models, the second time in line 4",
        ),
        ("a: [{b: {c: 1, c: 1}}]", "my.yaml: found 'c' twice in a.0.b, the second time in line 1"),
    ],
)
def test_a_name_that_stands_twice_is_refused(text, said):
    with pytest.raises(ConfigurationError) as caught:
        check_names(text, "my.yaml")
    assert str(caught.value) == f"{said}, expected it once; rename one"


NESTED = st.recursive(
    st.integers() | st.booleans() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(TEXT, NESTED, max_size=4))
def test_names_that_differ_pass_in_any_style(config):
    for flow in (False, True):
        check_names(yaml.safe_dump(config, default_flow_style=flow), "my.yaml")
    check_names("a: &a {x: 1}\nb: *a\nc: [*a, *a]\n", "my.yaml")


NAMES = st.lists(st.text("abc", min_size=1, max_size=2), unique=True, min_size=1, max_size=4)
VALUES = st.lists(st.integers(), min_size=1, max_size=2)
GRIDS = st.lists(st.permutations("abc").flatmap(
    lambda axes: st.fixed_dictionaries(dict.fromkeys(axes, VALUES))), max_size=2)  # fmt: skip
MODELS = st.fixed_dictionaries({"title": st.just("t"), "family": NAMES}, optional={"grid": GRIDS})


@st.composite
def studies(draw):
    sections = ("splits", "datasets", "models")
    study = {key: {name: {"title": name} for name in draw(NAMES)} for key in sections}
    return study | {"models": {name: draw(MODELS) for name in study["models"]}, "seed": 1}


def orders(study):
    """Every order that tells."""
    grids = [[list(own) for own in m.get("grid", [])] for m in study["models"].values()]
    return [list(study[key]) for key in ("datasets", "splits", "models")], grids


@given(studies())
def test_layout_changes_no_study_and_names_and_axes_keep_their_order(study):
    found = laid_out(study)
    assert found == study
    assert orders(found) == orders(study)
    models = {name: dict(reversed(m.items())) for name, m in study["models"].items()}
    other = dict(reversed((study | {"models": models}).items()))
    assert json.dumps(laid_out(other)) == json.dumps(found)


def test_the_default_study_keeps_its_order(root):
    study = read_yaml(root / "config.yaml")
    assert orders(laid_out(study)) == orders(study)


def test_defaults_are_filled_in_as_snakemake_does(root):
    schema = root / "workflow" / "schemas" / "config.schema.yaml"
    for file in [root / "config.yaml", *sorted((root / "config").glob("*.yaml"))]:
        completed, validated = deepcopy(read_yaml(file)), deepcopy(read_yaml(file))
        complete(completed, read_yaml(schema))
        validate(validated, str(schema))
        assert completed == validated != read_yaml(file)


def test_defaults_are_no_part_of_the_schema(root):
    schema = read_yaml(root / "workflow" / "schemas" / "config.schema.yaml")
    before, config = deepcopy(schema), deepcopy(read_yaml(root / "config" / "tiny.yaml"))
    complete(config, schema)
    for entry in config["datasets"].values():
        entry["options"]["of"] = "one study"
    assert schema == before

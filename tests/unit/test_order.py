"""The order of keys: kept where it tells, through JSON that sorts them."""

import json

from helpers import read_yaml
from hypothesis import given
from hypothesis import strategies as st

from fewpixels.order import in_order, order_of

NAMES = st.lists(st.text("abc", min_size=1, max_size=2), unique=True, min_size=1, max_size=4)
VALUES = st.lists(st.integers(), min_size=1, max_size=2)
GRIDS = st.lists(st.permutations("abc").flatmap(
    lambda axes: st.fixed_dictionaries(dict.fromkeys(axes, VALUES))), max_size=2)  # fmt: skip
MODELS = st.fixed_dictionaries({"title": st.just("t")}, optional={"grid": GRIDS})


@st.composite
def studies(draw):
    sections = ("splits", "datasets", "models")
    study = {key: {name: {"title": name} for name in draw(NAMES)} for key in sections}
    return study | {"models": {name: draw(MODELS) for name in study["models"]}, "seed": 1}


def orders(study):
    """Every order that tells."""
    grids = [[list(own) for own in m.get("grid", [])] for m in study["models"].values()]
    return [list(study[key]) for key in ("datasets", "splits", "models")], grids


def restored(study):
    return in_order(json.loads(json.dumps(study, sort_keys=True)), order_of(study))


@given(studies())
def test_sorted_keys_get_their_order_back(study):
    found = restored(study)
    assert found == study
    assert orders(found) == orders(study)


def test_the_default_study_keeps_its_order(root):
    study = read_yaml(root / "config.yaml")
    assert orders(restored(study)) == orders(study)

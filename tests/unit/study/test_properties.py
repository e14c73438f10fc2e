"""Studies from a small configuration with random mistakes: sound ones, or one line of refusal."""

import json
import re
from copy import deepcopy
from itertools import count, pairwise
from pathlib import Path

import pytest
from helpers import read_yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from random_configurations import ODD, SMALL, TEXT, mutated

from fewpixels.study.model import Model, Study, honest_split
from fewpixels.study.plan import families, plan
from fewpixels.study.validation import ConfigurationError, complete

# Of folders and files on every system; they are joined by further dots, dashes and slashes.
SAFE = re.compile("[a-z0-9]+([.-][a-z0-9]+)*")


@pytest.fixture(scope="module")
def load(root):
    """A function: the study, or the message that refuses the configuration."""
    file = root / "workflow" / "schemas" / "config.schema.yaml"
    schema = read_yaml(file)

    def loaded(config):
        try:
            complete(config, schema)
            return plan(config, root)
        except ConfigurationError as error:
            return str(error)

    return loaded


def changed(*keys, to):
    """The small study with another value at one place."""
    config = deepcopy(SMALL)
    part = config
    for key in keys[:-1]:
        part = part[key]
    part[keys[-1]] = to
    return config


def check_study(study, config):
    """What the rules, tables and figures rely on."""
    assert isinstance(study, Study)
    json.dumps(
        vars(study), default=lambda v: str(v) if isinstance(v, Path) else vars(v), allow_nan=False
    )
    assert study.honest == honest_split(study.splits)
    assert study.honest in study.splits
    for name, model in study.models.items():
        assert isinstance(model, Model)
        assert model.name == name
        assert SAFE.fullmatch(name)
        assert len(name) <= 100
        assert model.title.isprintable() or model.title.splitlines() == [model.title]
        assert model.sizes
        assert [s for s in study.sizes if s in model.sizes] == list(model.sizes)
        assert study.honest in model.splits
        assert set(model.splits) <= set(study.splits)
        assert model.axes.items() <= model.parameters.items()
        assert model.shown().keys() == vars(model).keys() - {
            "parameters",
            "augmentation",
            "mistake",
        }
        assert model.augmentation == config["models"][model.entry].get("augmentation", "")
    for name, split in study.splits.items():
        fixed = split["kind"] == "fixed"
        assert study.trains_as(study.trains_as(name)) == study.trains_as(name)
        assert study.held(name) == (1 if fixed else study.replicates)
        for dataset, entry in study.datasets.items():
            images = study.images(dataset, name)
            assert list(images) == ["train", "validation", "test"]
            n = study.subsets["train"]
            assert fixed or images["train"] == entry["classes"] * (n if n >= 1 else round(n * 6000))
            for model in study.models.values():
                copies = study.augmentations.get(model.augmentation, {"copies": 0})["copies"]
                trained_on = study.trained_on(dataset, name, model.name)
                assert trained_on == images["train"] * (1 + copies)
                assert study.forms(model.name) == 1 + copies
        how = study.dealing(name)
        assert how["kind"] == split["kind"]
        assert how["seed"] == study.seed
        assert fixed or how["subsets"] == study.subsets
    assert study.augmentations.keys() == config["augmentations"].keys()
    assert not {"fresh", "tables", "figures", *study.splits} & study.augmentations.keys()
    for dataset in study.datasets:
        cells = list(study.cells(dataset))
        assert len(set(cells)) == len(cells)
        assert {cell.dataset for cell in cells} == {dataset}
        expected = sum(len(m.splits) * len(m.sizes) for m in study.models.values())
        assert len(cells) == expected
    for name in study.models:
        rungs = study.ladder(name)
        assert rungs[0].name == name
        for below, above in pairwise(rungs):
            assert above.remedy_of == below.name
            assert above.entry != below.entry
            assert above.axes == below.axes
            assert config["models"][above.entry]["remedy"] == above.remedy
    entries = dict.fromkeys(model.entry for model in study.models.values())
    assert list(entries) == list(config["models"])


@settings(max_examples=50)
@given(mutated())
@example(deepcopy(SMALL))
def test_any_mistakes_give_a_sound_study_or_one_line(load, config):
    found = load(config)
    if isinstance(found, str):
        assert found.isprintable()
        assert len(found) < 1000
    else:
        check_study(found, config)


def test_the_small_study_is_sound(load):
    """Else the test above might see refusals only."""
    check_study(load(deepcopy(SMALL)), SMALL)


@settings(max_examples=15)
@given(TEXT, st.sampled_from(["datasets", "splits", "models"]))
def test_titles_are_single_lines_of_any_other_text(load, title, section):
    name = next(iter(SMALL[section]))
    found = load(changed(section, name, "title", to=title))
    one_line = title.splitlines() == [title] and "\0" not in title and "\x1b" not in title
    if isinstance(found, str):
        assert found.startswith(f"{section}.{name}.title: ")
        assert not (one_line and title.isprintable()) or {"{", "}"} & set(title)
    else:
        assert one_line


FIELDS = ["{layers}", "{width}", "{{", "}}", "×", "a ", ""]
OTHERS = ["{", "}", "{}", "{0}", "{depth}", "{layers.real}", "{layers[0]}", "{layers!r}"]
OTHERS += ["{layers:>9}", "{layers.__class__}", "{layers:{width}}", "{ layers}", "{LAYERS}"]


@settings(max_examples=15)
@given(st.lists(st.sampled_from(FIELDS), min_size=1))
def test_titles_name_axes_of_the_grid(load, parts):
    title = "T" + "".join(parts)
    models = load(changed("models", "mlp", "title", to=title)).models
    for layers in (2, 3):
        expected = title.replace("{layers}", str(layers)).replace("{width}", "16")
        expected = expected.replace("{{", "{").replace("}}", "}")
        assert models[f"mlp-{layers}-16"].title == expected


@settings(max_examples=15)
@given(st.lists(st.sampled_from(FIELDS)), st.sampled_from(OTHERS), st.booleans())
def test_titles_name_nothing_else(load, parts, other, first):
    text = " ".join([other, *parts] if first else [*parts, other])
    said = load(changed("models", "mlp", "title", to=text))
    assert said == (
        f"models.mlp.title: found {text!r:.100}, expected only ['layers', 'width'] in braces"
    )


FAMILY = """
HYPERPARAMETERS = {"type": "object", "additionalProperties": False, "properties": {"a": {}}}
def fit(): ...
def predict(): ...
"""


@pytest.fixture(scope="module")
def any_value(load, root, tmp_path_factory):
    """A function: the name of the cell with a value on an axis that may take any value."""
    folder = tmp_path_factory.mktemp("project")
    models, datasets = folder / "fewpixels" / "models", folder / "fewpixels" / "datasets"
    models.mkdir(parents=True)
    datasets.symlink_to(root / "fewpixels" / "datasets")
    (models / "any.py").write_text(FAMILY)
    file = root / "workflow" / "schemas" / "config.schema.yaml"
    schema = read_yaml(file)

    def name(value):
        entry = {"family": "any", "title": "T", "grid": [{"a": [value]}]}
        config = deepcopy(SMALL) | {"models": {"m": entry}}
        try:
            complete(config, schema)
            (model,) = plan(config, folder).models
        except ConfigurationError as error:
            return None, str(error)
        return model, ""

    return name


@settings(max_examples=30)
@given(TEXT | st.integers() | st.floats() | st.booleans() | st.from_regex(SAFE, fullmatch=True))
@example(1e-5)
@example(1e16)
@example(-1)
@example(10**99)
@example("..")
@example("a/b")
@example("a b")
def test_a_cell_has_a_name_that_is_safe_in_a_path_or_is_refused(any_value, value):
    name, said = any_value(value)
    wanted = f"m-{value}".lower()
    if SAFE.fullmatch(wanted) and len(wanted) <= 100:
        assert name == wanted
    else:
        assert name is None
        assert said.startswith("models.m.grid")
        assert said.isprintable()


TABLE = ["layers,width,seconds,updates,test_accuracy", "2,16,6.5,22,0.18", "3,16,7,23,1"]


@pytest.fixture(scope="module")
def with_table(root, tmp_path_factory):
    """A function: the study whose networks have a published table of this text, or the message."""
    folder = tmp_path_factory.mktemp("above") / "project"
    folder.mkdir()
    (folder / "fewpixels").symlink_to(root / "fewpixels")
    (folder.parent / "outside.csv").write_text("\n".join(TABLE))
    file = root / "workflow" / "schemas" / "config.schema.yaml"
    numbers = count()

    def planned(text=None, name=None):
        if name is None:
            name = f"table-{next(numbers)}.csv"
            (folder / name).write_bytes(text.encode())
        name = name.replace("ABOVE", str(folder.parent))
        config = changed("models", "mlp", "published", to={"table": name})
        complete(config, read_yaml(file))
        try:
            return plan(config, folder)
        except ConfigurationError as error:
            return str(error)

    return planned


@settings(max_examples=30)
@given(st.integers(0, 2), st.integers(0, 5), st.sampled_from(ODD) | st.text(max_size=3) | st.none())
@example(1, 4, "1.01")
@example(1, 2, "nan")
@example(1, 5, "7")
def test_a_published_table_with_any_mistake_gives_figures_or_one_line(
    with_table, line, place, text
):
    rows = [row.split(",") for row in TABLE]
    if text is None:
        del rows[line][place:]
    else:
        rows[line][place : place + 1] = [text]
    found = with_table("\n".join(",".join(row) for row in rows))
    if isinstance(found, str):
        assert found.startswith("models.mlp.published.table: ")
        assert found.isprintable()
        return
    for model in found.models.values():
        published = model.published
        if model.entry == "mlp" and published:
            assert 0 <= published["seconds"] < float("inf")
            assert 0 <= published["accuracy"]["7px"] <= 1


def test_a_published_table_gives_its_figures(with_table):
    models = with_table("\n".join(TABLE)).models
    assert models["mlp-2-16"].published == {
        "seconds": 6.5,
        "updates": 22,
        "accuracy": {"7px": 0.18},
    }


@settings(max_examples=15)
@given(TEXT)
@example("../outside.csv")
@example("fewpixels/../../outside.csv")
@example("ABOVE/outside.csv")
def test_a_published_table_lies_inside_the_project(with_table, name):
    said = with_table(name=name)
    assert said.startswith("models.mlp.published.table: ")
    assert said.isprintable()


@given(
    st.sets(st.from_regex("[a-z][a-z0-9]{0,5}", fullmatch=True), max_size=5),
    st.sets(st.from_regex("_[a-z]{1,5}", fullmatch=True), max_size=3),
)
def test_families_are_the_modules_that_do_not_start_with_an_underscore(
    tmp_path_factory, names, others
):
    folder = tmp_path_factory.mktemp("project") / "fewpixels" / "models"
    folder.mkdir(parents=True)
    for name in names | others | {"__init__"}:
        (folder / f"{name}.py").write_text("")
    (folder / "notes.txt").write_text("")
    assert families(folder.parents[1], "models") == sorted(names)

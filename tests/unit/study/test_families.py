"""Families as configurations name them: modules of the project, and files of one's own."""

from copy import deepcopy

import numpy as np
import pytest
from helpers import message, read_yaml
from hypothesis import given
from hypothesis import strategies as st

from fewpixels import FewpixelsError
from fewpixels.contract import Fit, Prediction, checked
from fewpixels.models import load, locate
from fewpixels.staleness.digest import reached
from fewpixels.study.families import check_packages, describe
from fewpixels.study.plan import plan
from fewpixels.study.validation import ConfigurationError

PYTHON = "; expected Python"
BOTH = "def fit(): ...\ndef predict(): ...\n"


@pytest.fixture
def here(tmp_path, monkeypatch):
    """The folder of a run."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder, **files):
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)


STEMS = st.lists(
    st.text("aB1-_ .é", min_size=1, max_size=6).filter(lambda s: s.strip(". ")),
    min_size=1,
    max_size=4,
)


@given(STEMS)
def test_any_files_are_families_with_names_of_their_own_that_are_safe(
    root, tmp_path_factory, stems
):
    taken = []
    for i, stem in enumerate(["knn", *stems]):
        file = tmp_path_factory.mktemp("models") / f"{stem}.py"
        file.write_text(f"{BOTH}A = {i}\n")
        family = describe(str(file), root, taken=taken)
        assert family.name not in [*taken, "knn", "mlp", "perceptron"]
        assert family.name.replace("_", "a").isalnum()
        assert family.name.isascii()
        assert family.module == family.file == locate(str(file), root) == file
        assert i == load(str(file)).A
        taken.append(family.name)
    assert describe("knn", root).name == "knn"
    assert describe("knn", root).module == "fewpixels.models.knn"


def test_two_files_are_enough_of_a_contract_and_all_else_has_a_default(here, root):
    write(here, model=BOTH)
    family = describe("model.py", root)
    assert family.schema["properties"] == {}
    assert (family.tables, family.iterates) == ({"train": [], "evaluate": []}, False)
    assert not family.draws_weights


@given(st.lists(st.sampled_from(["numpy", "yaml", "no_such_package", "no_other"]), max_size=3))
def test_packages_that_are_missing_are_named_before_any_job(root, tmp_path_factory, packages):
    file = tmp_path_factory.mktemp("models") / "own.py"
    file.write_text(f"import no_such_package\nPACKAGES = {packages!r}\n{BOTH}")
    families = [describe("knn", root), describe(str(file), root)]
    assert families[0].packages == []
    missing = [name for name in packages if name.startswith("no_")]
    if not missing:
        check_packages(families)
        return
    with pytest.raises(ConfigurationError) as caught:
        check_packages(families)
    assert str(caught.value) == (
        f"models: found the family own, for which the package {missing[0]} is not installed; "
        "install it, or remove the entries of that family"
    )


def test_the_folder_of_the_run_comes_before_the_project(here, tmp_path):
    project = tmp_path / "project"
    write(project / "models", a=f"{BOTH}A = 'there'", b=BOTH)
    write(here / "models", a=f"{BOTH}A = 'here'")
    assert locate("models/a.py", project).read_text().endswith("'here'")
    assert locate("models/b.py", project) == project / "models" / "b.py"
    assert load("models/a.py").A == "here"


def test_files_with_equal_names_and_equally_named_helpers_do_not_meet(here, root):
    for name in ("one", "two"):
        text = f"from helper_of_models import NAME\n{BOTH}"
        write(here / name, model=text, helper_of_models=f"NAME = {name!r}")
        assert describe(f"{name}/model.py", root).name == "model"
    assert [load(f"{name}/model.py").NAME for name in ("one", "two")] == ["one", "two"]


def test_a_family_that_is_in_the_folder_of_the_project_imports_the_project(here):
    write(here, model=f"from fewpixels.models import Fit\n{BOTH}")
    assert load("model.py").Fit is Fit


@pytest.mark.parametrize("place", ["inside", "outside"])
def test_the_digest_follows_a_file_and_what_lies_beside_it(tmp_path, place):
    def digest(number, **changes):
        project = tmp_path / str(number) / "project"
        models = project / "models" if place == "inside" else tmp_path / str(number) / "models"
        files = {
            "model": "import near\nfrom lib import base\n",
            "near": "import far\n",
            "far": "A = 1\n",
            "train": "B = 1\n",
        }
        write(models, **files | changes)
        write(project / "lib", __init__="", base="C = 1\n", other="")
        write(project / "scripts", train="import os\n", near="D = 1\n")
        return reached(project / "scripts" / "train.py", project, [models / "model.py"])

    first = digest(0)
    assert first.packages == {}
    assert digest(1, train="B = 2\n", far="# A comment.\nA = 1\n") == first
    for i, changes in enumerate(({"far": "A = 2"}, {"near": "far = 2"}, {"model": "import near"})):
        assert digest(2 + i, **changes) != first


def test_a_study_of_files_has_families_by_name_and_models_of_them(here, root):
    write(here / "a", knn=BOTH)
    write(here / "b", knn=BOTH)
    config = deepcopy(read_yaml(root / "config" / "tiny.yaml"))
    for name in ("a", "b"):
        config["models"][name] = {"family": f"{name}/knn.py", "title": name, "splits": ["heldout"]}
        config["models"][name] |= {"parameters": {}, "show": [], "overview": True}
    for entry in config["models"].values():
        entry |= {"splits": ["heldout"], "show": [], "overview": True}
    config["augmentations"] = {}
    config["splits"]["heldout"]["kind"] = "dealt"
    study = plan(config, root)
    assert {m.name: m.family for m in study.models.values() if m.name in "ab"} == {
        "a": "knn_2",
        "b": "knn_3",
    }
    assert study.families["knn_3"].source == "b/knn.py"
    assert set(study.families) == {"perceptron", "knn", "mlp", "knn_2", "knn_3"}


@pytest.mark.parametrize(
    ("text", "parameters", "said"),
    [
        (
            None,
            {},
            "models.m.family: found no file 'model.py', expected it in the folder of the run or in "
            "the project's",
        ),
        (
            "def fit(): ...",
            {},
            "models.m.family: found no function predict in model.py, expected fit and predict; "
            "docs/add-a-model.md shows both",
        ),
        ("def fit(:", {}, "models.m.family: found model.py, line 1: invalid syntax" + PYTHON),
        (
            "\0",
            {},
            "models.m.family: found model.py: source code string cannot contain null bytes"
            + PYTHON,
        ),
        (
            f"import beside\n{BOTH}",
            {},
            "models.m.family: found beside.py, line 2: unmatched ')'; expected Python",
        ),
        (
            f"ITERATES = 1\n{BOTH}",
            {},
            "model.py: ITERATES: found 1, expected boolean",
        ),
        (
            BOTH,
            {"penalty": 1},
            "models.m.parameters: found the unknown key 'penalty', expected none",
        ),
    ],
)
def test_what_is_wrong_with_a_file_is_said_in_one_line_before_it_is_run(
    here, root, text, parameters, said
):
    write(here, beside="\n)")
    if text is not None:
        write(here, model=text)
    config = deepcopy(read_yaml(root / "config" / "tiny.yaml"))
    config["models"] = {"m": {"family": "model.py", "title": "M", "parameters": parameters}}
    found = message(config, root)
    assert found.replace(f"{here}/", "") == said


def test_no_such_module_is_refused(root):
    with pytest.raises(ConfigurationError, match=r"found 'kn', expected .*; did you mean knn\?"):
        describe("kn", root)


@given(st.integers(1, 3), st.integers(1, 3), st.integers(1, 4), st.data())
def test_what_a_family_gives_has_faults_unless_types_shapes_and_classes_are_right(
    replicates, n, classes, data
):
    kind = data.draw(st.sampled_from([np.int64, np.int32, np.float32]))
    shape = data.draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    top = data.draw(st.integers(0, 4))
    right = kind is np.int64 and shape == (replicates, n) and top < classes
    margin = np.zeros((replicates, n), np.float32)
    faults = list(Prediction(np.full(shape, top, kind), margin).faults(replicates, n, classes))
    assert (faults == []) == right
    sweep = np.full((2, *shape), top, kind)
    labels = np.zeros((replicates, n), np.int64)
    swept = list(Prediction(labels, margin, sweep).faults(replicates, n, classes))
    assert (swept == []) == right
    if faults:
        with pytest.raises(FewpixelsError) as error:
            checked(faults, "own.py", "predict")
        assert str(error.value) == (
            f"own.py: predict: {faults[0]}; run: python -m fewpixels check-model own.py"
        )
    else:
        checked(faults, "own.py", "predict")
    fit = Fit({"a": np.zeros(shape)})
    assert (list(fit.faults(replicates)) == []) == (shape[0] == replicates)
    np.testing.assert_array_equal(fit.updates, np.zeros(shape[0], np.int64))

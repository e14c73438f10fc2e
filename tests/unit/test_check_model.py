"""Models that keep to the contract, and models that each break it in one way, and what is said."""

import re
from textwrap import dedent

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_models import images
from sklearn.linear_model import RidgeClassifier
from sklearn.neighbors import NearestCentroid

from fewpixels.__main__ import main
from fewpixels.check_model import findings
from fewpixels.models import load

MEAN = """
import random
import numpy as np
from fewpixels.models import Cost, Fit, Prediction, top_and_margin

KEPT = {}

class Tagged(np.ndarray): ...

def fit(train, validation, hyperparameters, *, streams):
    R = len(train.y)
    means = np.array([[x[y == c].mean(axis=0, dtype=np.float64) for c in range(train.classes)]
                      for x, y in zip(train.x, train.y)])
    return Fit({"means": means})

def predict(parameters, hyperparameters, train, x):
    means = parameters["means"]
    scores = 2 * x @ means.swapaxes(1, 2) - (means**2).sum(axis=2)[:, None]
    labels, margin = top_and_margin(scores)
    return Prediction(labels, margin)
"""
FITTED = '    return Fit({"means": means})'
SCORES = "    labels, margin = top_and_margin(scores)"
LABELLED = "    return Prediction(labels, margin)"
COST = "\ndef cost(parameters, hyperparameters, images, pixels):\n    return "

# What stands in MEAN, what takes its place, and the line that says what is wrong.
BROKEN = {
    "no predict": ("def predict", "def prediction", "the file: found no function predict in"),
    "no Python": ("    R = len", "    R == = len", r"the file: .*model\.py, line 11: invalid"),
    "constant that is computed": (
        "KEPT = {}",
        "HYPERPARAMETERS = dict(type='object')",
        r"the file: model\.py: found HYPERPARAMETERS = dict\(type='object'\), expected a literal",
    ),
    "hyperparameters that are no schema": (
        "KEPT = {}",
        "HYPERPARAMETERS = {'properties': {'a': {'type': 'whole'}}}",
        r"the file: model\.py: HYPERPARAMETERS: .*expected JSON Schema",
    ),
    "hyperparameters that are no mapping": (
        "KEPT = {}",
        "HYPERPARAMETERS = {'penalty': 1}",
        r"the file: model\.py: HYPERPARAMETERS: the key properties is missing",
    ),
    "hyperparameter without a default": (
        "KEPT = {}",
        "HYPERPARAMETERS = {'properties': {'a': {}}, 'required': ['a']}",
        "hyperparameters: --parameters: the key a is missing; required are a",
    ),
    "table of no such kind": (
        "KEPT = {}",
        "TABLES = {'evaluate': ['diagnostics']}",
        r"the file: model\.py: TABLES\.evaluate\.0: found 'diagnostics', expected one of sweep",
    ),
    "import of nothing": (
        "import random",
        "import random, nothing",
        "signatures: line 2: ModuleNotFoundError: No module named 'nothing'",
    ),
    "fit without streams": (
        ", *, streams)",
        ")",
        r"signatures: fit\(train, .*: got an unexpected keyword argument 'streams', expected fit\(",
    ),
    "predict of three": ("train, x)", "x)", r"signatures: predict\(.*: too many positional"),
    "error": (FITTED, "    return Fit(means)", "fit: .*: line 14: AttributeError"),
    "no Fit": (FITTED, "    return means", "fit: .*: fit gives ndarray, expected fewpixels.models"),
    "no parameters": (FITTED, "    return Fit({})", "fit: .*: found no parameters, expected one"),
    "objects": (
        FITTED,
        "    return Fit({'means': means, 'a': np.array([None] * R)})",
        r"fit: .*: parameters\['a'\]: found object, expected an array of numbers",
    ),
    "a number for all": (
        FITTED,
        "    return Fit({'means': means, 'a': np.ones(R + 1)})",
        r"fit: .*: parameters\['a'\]: found the shape \(4,\), expected the 3 replicates first",
    ),
    "updates of one": (
        FITTED,
        "    return Fit({'means': means}, np.ones(1, int))",
        r"fit: .*: updates: found int64 \(1,\), expected int64 \(3,\)",
    ),
    "table that is not written": (
        "KEPT = {}",
        "TABLES = {'train': ['diagnostics']}",
        r"fit: .*: tables: found \[\], expected \['diagnostics'\] as TABLES says",
    ),
    "history that is not kept": (
        "KEPT = {}",
        "ITERATES = True",
        "fit: .*: found 0 rows of history, but ITERATES is True",
    ),
    "no Prediction": (LABELLED, "    return labels", "predict: .*: predict gives ndarray"),
    "short labels": (
        LABELLED,
        "    return Prediction(labels.astype(np.int32), margin)",
        r"predict: .*: labels: found int32 \(3, 24\), expected int64 \(3, 24\), for x of shape",
    ),
    "classes from 1": (
        LABELLED,
        "    return Prediction(labels + 1, margin)",
        "predict: .*: labels: found 1 to 2, expected the classes 0 to 1, for x",
    ),
    "negative margin": (LABELLED, "    return Prediction(labels, -margin)", "predict: .*: margin:"),
    "no shared images to label": (
        "    means = parameters",
        "    x[:, :, 0]; means = parameters",
        "predict: .*: line 17: IndexError: too many indices",
    ),
    "other labels where images are shared": (
        LABELLED,
        "    return Prediction(labels if x.ndim == 3 else 0 * labels, margin)",
        r"each image .*: an image has another label where x is \(n, d\) than where",
    ),
    "sweep that is not announced": (
        LABELLED,
        "    return Prediction(labels, margin, labels[None])",
        "predict: .*: sweep: found one, but not as TABLES",
    ),
    "what is lost when saved": (
        FITTED,
        '    return Fit({"means": means.view(Tagged)})',
        "save and load: labels are others after the parameters were saved",
    ),
    "NumPy's global state": (
        FITTED,
        "    return Fit({'means': means + np.random.rand(R, 1, 1)})",
        r"determinism .*: parameters\['means'\] differ between two fits with the same streams",
    ),
    "Python's global state": (
        FITTED,
        "    return Fit({'means': means + random.random()})",
        "determinism .* differ between two fits",
    ),
    "random labels": (
        SCORES,
        "    labels, margin = top_and_margin(scores + 999 * np.random.rand(*scores.shape))",
        "determinism .*: labels differ between two predictions",
    ),
    "one stream for all": (
        FITTED,
        "    return Fit({'means': means + streams.own(0).random((R, 1, 1))})",
        r"independence .*: parameters\['means'\] of replicate 1 are others if it is trained alone",
    ),
    "mean over replicates": (
        FITTED,
        "    return Fit({'means': 0.9 * means + 0.1 * means.mean(axis=0)})",
        "independence .* of replicate 0 are others if it is trained alone; nothing may pass",
    ),
    "labels of another replicate": (
        SCORES,
        "    labels, margin = top_and_margin(scores[::-1])",
        "independence .*: labels of replicate 0 are others if it is alone",
    ),
    "images held once": (
        FITTED,
        "    return Fit({'means': means + train.shared})",
        r"images that replicates share: parameters\['means'\] are others",
    ),
    "writing to images": (
        "    R = len",
        "    train.x[0] /= 255; R = len",
        "fit: .*: line 11: ValueError: .*read-only; arguments are not to be changed: copy them",
    ),
    "writing to parameters": (
        "    scores =",
        "    means += 1; scores =",
        "predict: .*: line 18: ValueError: .*read-only; arguments are not to be changed",
    ),
    "changing hyperparameters": (
        "    R = len",
        "    hyperparameters['a'] = 1; R = len",
        "fit: .*: ValueError: fit changes its hyperparameters",
    ),
    "images of a batch": (
        "    scores =",
        "    x = x - x.mean(axis=-2, keepdims=True); scores =",
        "each image by itself: an image has another label by itself",
    ),
    "order of the images": (
        SCORES,
        "    scores[:, 1:] = scores[:, :1]\n" + SCORES,
        "each image by itself: labels depend on the order of the images",
    ),
    "labels kept in the module": (
        FITTED,
        "    KEPT['y'] = validation.y\n" + FITTED,
        "no memory .*: labels are others after another fit, which saw other validation labels",
    ),
    "labels kept by parameters": (
        FITTED,
        "    KEPT[means.tobytes()] = validation.y\n" + FITTED,
        "prediction in a new process: labels are others in a new process",
    ),
    "validation images learned": (
        FITTED,
        "    return Fit({'means': means, 'x': validation.x, 'y': validation.y})",
        "no labels of validation images .*: 100% of validation labels that are pure noise",
    ),
    "cost of another type": (
        "\ndef predict",
        COST + "Cost(1, 2, 3)\n\ndef predict",
        r"cost: cost: parameters: found int \(\), expected int64 \(3,\)",
    ),
    "cost below nothing": (
        "\ndef predict",
        COST + "Cost.equal(3, 1, -1, 1)\n\ndef predict",
        "cost: cost: multiplications: found -1, expected 0 or more",
    ),
    "weights of another shape": (
        "\ndef predict",
        "\ndef weights(parameters, hyperparameters, train):\n"
        "    return parameters['means'][0]\n\ndef predict",
        r"weights: weights: found the shape \(2, 1\), expected \(R, P, d\)",
    ),
}  # fmt: skip

# What predict does with what some of them keep.
LOOK_UP = {
    "labels kept in the module": "    labels = (labels + KEPT['y'][:, :1]) % train.classes\n",
    "labels kept by parameters": "    labels = labels * 0 + (means.tobytes() in KEPT)\n",
    "validation images learned": """
    for r in range(len(labels)):
        own = x[r] if x.ndim == 3 else x
        same = (own[:, None] == parameters['x'][r]).all(axis=-1)
        labels[r] = np.where(same.any(axis=1), parameters['y'][r][same.argmax(axis=1)], labels[r])
""",
    "what is lost when saved": "    labels *= isinstance(means, Tagged)\n",
}


def faults(file, parameters=None):
    return [str(f) for f in findings(str(file), parameters or {}) if f.fault]


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_model_is_told_what_is_wrong_in_one_line(tmp_path, name):
    old, new, said = BROKEN[name]
    assert MEAN.count(old) == 1
    text = MEAN.replace(LABELLED, LOOK_UP.get(name, "") + LABELLED)
    (tmp_path / "model.py").write_text(text.replace(old, new))
    first, *_ = faults(tmp_path / "model.py")
    assert re.match(f"fault: {said}", first), first
    assert first.isprintable()


def test_the_model_that_they_are_made_from_has_no_fault(tmp_path):
    (tmp_path / "model.py").write_text(MEAN)
    assert faults(tmp_path / "model.py") == []


@pytest.mark.parametrize(
    ("family", "parameters"),
    [
        ("knn", {}),
        ("knn", {"k_max": 3, "ties": "published"}),
        ("perceptron", {"scheme": "one-vs-one", "kernel": "linear", "epochs": 2}),
        (
            "perceptron",
            {
                "scheme": "one-vs-rest",
                "kernel": "quadratic",
                "epochs": 3,
                "order": "shuffled",
                "weights": "averaged",
                "bias": True,
            },
        ),
        (
            "mlp",
            {
                "layers": 2,
                "width": 8,
                "activation": "relu",
                "batch": "mini",
                "per_class": 3,
                "max_updates": 15,
            },
        ),
    ],
)
def test_the_families_of_the_project_keep_to_the_contract(family, parameters):
    assert faults(family, parameters) == []


@pytest.fixture(scope="module")
def documented(root, tmp_path_factory):
    """The models of docs/add-a-model.md as they stand there, by name."""
    folder = tmp_path_factory.mktemp("documented")
    text = (root / "docs" / "add-a-model.md").read_text()
    for name, code in re.findall(r"^```python\n# models/(\S+)\n(.*?)^```$", text, re.M | re.S):
        (folder / name).write_text(dedent(code))
    return {file.stem: str(file) for file in folder.glob("*.py")}


@settings(max_examples=3)
@given(st.floats(-1, 4).map(lambda exponent: round(10**exponent, 3)), st.booleans())
def test_the_documented_ridge_passes_with_any_penalty_above_0(documented, penalty, positive):
    with pytest.MonkeyPatch.context() as patch:
        said = []
        patch.setattr("builtins.print", lambda finding: said.append(str(finding)))
        number = penalty if positive else -penalty
        status = main(
            ["check-model", documented["ridge"], "--parameters", f"{{penalty: {number}}}"]
        )
    assert status == (not positive)
    assert said == list(map(str, findings(documented["ridge"], {"penalty": number})))
    assert any(line.startswith("fault: hyperparameters: ") for line in said) == (not positive)


@given(images(values=(0, 20, 90, 255)), st.floats(0.01, 100))
def test_the_documented_models_label_as_scikit_learn_does(documented, dealt, penalty):
    train, validation = dealt
    ridge, mean = (load(documented[name]) for name in ("ridge", "nearest-mean"))
    fitted = ridge.fit(train, validation, {"penalty": penalty}, streams=None).parameters
    means = mean.fit(train, validation, {}, streams=None).parameters
    labels = mean.predict(means, {}, train, validation.x).labels
    for r, (x, y) in enumerate(zip(train.x, train.y, strict=True)):
        theirs = RidgeClassifier(alpha=penalty, solver="cholesky").fit(x / np.float64(255), y)
        ours = fitted["weights"][r] * 255, fitted["bias"][r, 0]
        if train.classes == 2:  # scikit-learn has one for both
            ours = ours[0][:, 1:], ours[1][1:]
        np.testing.assert_allclose(ours[0].T.ravel(), theirs.coef_.ravel(), rtol=1e-6, atol=1e-9)
        np.testing.assert_allclose(ours[1], theirs.intercept_, rtol=1e-6, atol=1e-9)
        if not np.ptp(x - means["means"][r][y], axis=0).any():
            continue  # scikit-learn refuses images that equal their class's mean
        centroids = NearestCentroid().fit(x.astype(np.float64), y)
        np.testing.assert_allclose(means["means"][r], centroids.centroids_, rtol=1e-9)
        own = validation.x[r].astype(np.float64)
        distance = np.linalg.norm(own[:, None] - centroids.centroids_, axis=2)
        nearest = np.sort(distance, axis=1)
        clear = nearest[:, 1] - nearest[:, 0] > 1e-6  # no tie
        np.testing.assert_array_equal(labels[r][clear], centroids.predict(own)[clear])

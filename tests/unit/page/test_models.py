"""Models in the page's form: they label as the families do, by plain formulas."""

from itertools import combinations, permutations

import numpy as np
import pandas as pd
import pytest
from helpers import subset
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from plain_convolutions import NAMES, forward, strides

from fewpixels.images.copies import Copies, with_copies
from fewpixels.images.downscale import downscale
from fewpixels.models import convnet, mlp, perceptron
from fewpixels.page import portable as forms
from fewpixels.page.forms import USUAL, form_of, words_of
from fewpixels.page.forms import convnet as convnet_form
from fewpixels.page.forms import knn as knn_form
from fewpixels.page.forms import mlp as mlp_form
from fewpixels.page.forms import perceptron as perceptron_form
from fewpixels.page.models import COPIED, DIVERGED, ELSEWHERE, TOO_LARGE, Trained, models
from fewpixels.page.portable import Portable
from fewpixels.perceptrons.features import Features
from fewpixels.streams import Streams
from fewpixels.study.validation import filled

STREAMS = Streams(2, "unit", "1/any")
SIDE, CLASSES = 4, 3


def study(seed):
    """Images of three classes that differ, to train on, validate on and label."""
    rng = np.random.default_rng(seed)
    y = np.tile(np.arange(CLASSES), 12)
    images = rng.integers(0, 200, (len(y), SIDE, SIDE)) + 20 * y[:, None, None]
    return images.astype(np.uint8), y


def fitted(family, hyperparameters, images, y, size, explicit=False):
    pool = downscale(images, size)
    train, validation = (subset(pool, y, [range(*ends)]) for ends in ((0, 18), (18, 27)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(perceptron, "are_explicit", lambda *_: explicit)
        fit = family.fit(train, validation, hyperparameters, streams=STREAMS)
    labels = family.predict(fit.parameters, hyperparameters, train, pool[18:]).labels[0]
    return fit.parameters, train, pool[18:], labels


PERCEPTRON = st.fixed_dictionaries(
    {
        "scheme": st.sampled_from(["one-vs-rest", "one-vs-one", "one-vs-one-unordered"]),
        "kernel": st.sampled_from(["linear", "quadratic"]),
        "degree": st.just(2),
        "epochs": st.integers(1, 4),
        "order": st.sampled_from(["sorted", "shuffled"]),
        "weights": st.sampled_from(["last", "averaged"]),
        "bias": st.booleans(),
    }
)


def plain_scores(form, train, x):
    """Scores (P, n) of a perceptron in either form, from the kernels' definitions."""
    constant = form.values["constant"]
    if form.kind == "weights":
        own = Features(form.values["kernel"], 2, constant, x.shape[1])
        return form.arrays["weights"].astype(float) @ own.of(x).T
    with_constant = [
        np.hstack([part, np.full((len(part), 1), constant)]).astype(float)
        for part in (train.x[0], x)
    ]
    a, b = with_constant
    gram = a @ b.T
    if form.values["kernel"] == "quadratic":
        gram = 1 + gram + (gram**2 + (a**2) @ (b**2).T) / 2
    return form.arrays["coefficients"].astype(float) @ gram


@given(PERCEPTRON, st.integers(0, 99), st.sampled_from([4, 2]), st.booleans())
@settings(max_examples=40)
def test_perceptrons_label_alike_in_either_form(hyperparameters, seed, size, explicit):
    images, y = study(seed)
    parameters, train, x, labels = fitted(perceptron, hyperparameters, images, y, size, explicit)
    form = perceptron_form.portable(parameters, hyperparameters, train, x, labels)
    scores = plain_scores(form, train, x)
    if hyperparameters["scheme"] == "one-vs-rest":
        found = scores.argmax(axis=0)
    else:
        votes = np.zeros((CLASSES, len(x)))
        ordered = hyperparameters["scheme"] == "one-vs-one"
        choose = permutations if ordered else combinations
        pairs = list(choose(range(CLASSES), 2))
        for (a, b), own in zip(pairs, scores, strict=True):
            votes[a] += own >= 0
            votes[b] += own < 0
        found = votes.argmax(axis=0)
    np.testing.assert_array_equal(found, labels)
    if form.kind == "kernel":
        assert form.needs_train
        # Coefficients times visits are whole numbers of mistakes and visits.
        assert form.arrays["coefficients"].dtype.kind == "i"


@given(st.integers(0, 99), st.sampled_from(["relu", "atan", "sigmoid"]))
@settings(max_examples=10)
def test_networks_label_alike_when_quantised(seed, activation):
    images, y = study(seed)
    given_ = {
        "layers": 3, "width": 5, "activation": activation, "batch": "mini", "per_class": 2,
        "protocol": "remedied", "learning_rate": 0.3, "patience": 9, "max_updates": 30,
        "validate_every": 1, "init_range": 1.0,
    }  # fmt: skip
    parameters, train, x, labels = fitted(mlp, given_, images, y, 2)
    form = mlp_form.portable(parameters, given_, train, x, labels)
    assert not form.needs_train
    units = (x.astype(float) - form.values["mean"]) / form.values["deviation"]
    value = {
        "relu": lambda z: z * (z > 0),
        "atan": np.arctan,
        "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    }
    for layer in range(form.values["layers"]):
        w, b = (form.arrays[f"{kind}{layer}"] * form.arrays[f"{kind}{layer}_step"] for kind in "wb")
        units = units @ w + b
        if layer + 1 < form.values["layers"]:
            units = value[activation](units)
    np.testing.assert_array_equal(units.argmax(axis=1), labels)
    # A label that no network gives is not met by any number of bits.
    assert mlp_form.portable(parameters, given_, train, x, labels + CLASSES) is None


@pytest.mark.torch
@given(st.integers(0, 99))
@settings(max_examples=5)
def test_convolutional_networks_label_alike_when_quantised(seed):
    images, y = study(seed)
    given_ = filled({"filters": 3, "epochs": 5, "batch_size": 6}, convnet.HYPERPARAMETERS)
    parameters, train, x, labels = fitted(convnet, given_, images, y, 4)
    form = convnet_form.portable(parameters, given_, train, x, labels)
    assert not form.needs_train
    assert form.values["strides"] == strides(4)
    kept = {name: forms.restored(form.arrays, name)[None] for name in NAMES}
    kept |= {name: np.array([form.values[name]]) for name in ("mean", "deviation")}
    assert [forward(image, kept, 0)[0].argmax() for image in x] == labels.tolist()
    assert convnet_form.portable(parameters, given_, train, x, labels + CLASSES) is None


@given(st.integers(1, 50), st.sampled_from(["nearer", "published"]))
def test_neighbours_keep_k_and_ties(k, ties):
    form = knn_form.portable({"chosen": np.array([k, 1])}, {"ties": ties}, None, None, None)
    assert form == Portable("knn", {"k": k, "ties": ties}, {})
    assert form.needs_train
    assert form.packed_size() == 0


NUMBERS = arrays(np.float64, 5, elements=st.floats(-1e6, 1e6, width=32))


@given(NUMBERS, st.integers(2, 16))
def test_quantised_weights_are_near(weights, bits):
    found = forms.quantised({"w": weights}, bits)
    near = forms.restored(found, "w")
    step = found["w_step"][0]
    assert np.abs(near - weights).max() <= step / 2 * (1 + 1e-9)
    assert np.abs(found["w"]).max() < 2 ** (bits - 1)
    np.testing.assert_array_equal(forms.restored({"w": weights}, "w"), weights)


@given(arrays(np.float64, 4, elements=st.integers(-(2**33), 2**33).map(float)), st.booleans())
def test_whole_numbers_take_the_narrowest_type(numbers, broken):
    if broken:
        numbers = numbers + 0.25
        assert forms.whole(numbers) is numbers
        return
    found = forms.whole(numbers)
    np.testing.assert_array_equal(found, numbers)
    most = np.abs(numbers).max()
    assert found.itemsize == (1 if most < 2**7 else 2 if most < 2**15 else 4 if most < 2**31 else 8)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=6), st.integers(0, 5))
def test_the_first_that_fits_is_taken(offers, wanted):
    labels = np.full(300, wanted)
    candidates = [{"label": np.array(offer)} for offer in offers]
    found = forms.first_equal(
        candidates, lambda own, x: np.full(len(x), own["label"]), np.zeros((300, 1)), labels
    )
    if wanted in offers:
        assert found is candidates[offers.index(wanted)]
    else:
        assert found is None


@given(st.lists(st.integers(1, 2000), min_size=1, max_size=5))
def test_the_smallest_form_is_taken(lengths):
    rng = np.random.default_rng(0)
    offered = [Portable("kernel", {}, {"a": rng.bytes(n) and rng.random(n)}) for n in lengths]
    sizes = [form.packed_size() for form in offered]
    assert forms.smallest(offered) is offered[sizes.index(min(sizes))]


NONE = pd.DataFrame({"size": [], "model": []})


@given(st.integers(0, 9), st.sampled_from([0, 500, 10**6]), st.sampled_from([4, 2]))
@settings(max_examples=12)
def test_models_beyond_the_budget_are_named(seed, most, first):
    images, y = study(seed)
    linear = {
        "scheme": "one-vs-rest", "kernel": "linear", "degree": 2, "epochs": 2, "order": "sorted",
        "weights": "last", "bias": False,
    }  # fmt: skip
    cells = []
    for size in (4, 2):
        parameters, _, _, labels = fitted(perceptron, linear, images, y, size)
        known = {"entry": "a", "size": size, "hyperparameters": linear, "labels": labels}
        for name, title, own in (
            ("ovr", "<b>", parameters),
            ("lost", "Lost", {**parameters, "constant": np.array([np.nan])}),
        ):
            cells.append(Trained(name, title, family="perceptron", parameters=own, **known))
    mistakes = {"mistakes": np.zeros((1, 3, 1), np.int32), "constant": np.zeros(1)}
    cells.append(Trained("voted", "Voted", "a", 2, "perceptron", linear, mistakes, labels))
    record, held = models(
        cells,
        (images[:18], y[:18], np.arange(18, dtype=np.int32)),
        (images[18:], y[18:]),
        ["a", "b", "c"],
        pd.DataFrame({"size": [first], "model": ["ovr"]}),
        most,
    )
    reasons = {(own["name"], own["size"]): own["reason"] for own in record["omitted"]}
    ran = [(own["name"], own["size"]) for own in record["models"]]
    assert sorted([*reasons, *ran]) == sorted((own.name, own.size) for own in cells)
    assert reasons["lost", 4] == reasons["lost", 2] == DIVERGED
    assert reasons["voted", 2] == ELSEWHERE
    assert all(reasons.get(cell, TOO_LARGE) == TOO_LARGE for cell in [("ovr", 4), ("ovr", 2)])
    assert len(ran) == {0: 0, 10**6: 2}.get(most, len(ran))
    assert len(ran) != 1 or ran == [("ovr", first)]
    np.testing.assert_array_equal(held["fresh"], images[18:])
    needs = any(own["kind"] in ("kernel", "knn") for own in record["models"])
    assert ("train" in held) == needs


@given(st.integers(0, 9), st.booleans(), st.integers(1, 3))
@settings(max_examples=12)
def test_models_that_trained_on_copies_run_by_weights_or_not_at_all(seed, explicit, each):
    """The page has no copies; weights are made with them."""
    images, y = study(seed)
    given_ = {
        "scheme": "one-vs-rest", "kernel": "quadratic", "degree": 2, "epochs": 5,
        "order": "shuffled", "weights": "averaged", "bias": True,
    }  # fmt: skip
    pool, ids = downscale(images, 2), np.arange(18, dtype=np.int32)
    of = np.repeat(np.arange(len(pool), dtype=np.int32), each)
    shifted = np.random.default_rng(seed).integers(0, 20, (len(of), 1))
    copies = Copies(pool[of] + shifted.astype(np.float32), of)
    train = with_copies(subset(pool, y, [ids]), copies)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(perceptron, "are_explicit", lambda *_: explicit)
        fit = perceptron.fit(train, subset(pool, y, [range(18, 27)]), given_, streams=STREAMS)
    labels = perceptron.predict(fit.parameters, given_, train, pool[18:]).labels[0]
    cells = [
        Trained("q", "Q", "q", 2, "perceptron", given_, fit.parameters, labels, copies),
        Trained("knn", "N", "knn", 2, "knn", {"ties": "nearer"}, {"chosen": np.ones(1)}, labels,
                copies),
    ]  # fmt: skip
    record, held = models(
        cells, (images[:18], y[:18], ids), (images[18:], y[18:]), ["a", "b", "c"], NONE, 10**6
    )
    reasons = {own["name"]: own["reason"] for own in record["omitted"]}
    assert reasons == {"knn": COPIED}
    (own,) = record["models"]
    form = Portable(own["kind"], own, {"weights": held["0.weights"]})
    scores = plain_scores(form, train, pool[18:])
    np.testing.assert_array_equal(scores.argmax(axis=0), labels)
    assert "train" not in held


@given(
    st.sampled_from(
        ["perceptron", "knn", "mlp", "convnet", "my/model.py", "../knn", "other", "__init__"]
    )
)
def test_families_of_the_project_have_a_form(family):
    own = {"perceptron": perceptron_form, "knn": knn_form, "mlp": mlp_form}
    own = (own | {"convnet": convnet_form}).get(family)
    assert form_of(family) is (own and own.portable)
    assert words_of(family) == USUAL | getattr(own, "WORDS", {})

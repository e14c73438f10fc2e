"""Models on random images of any shape, against plain loops and against themselves."""

from itertools import combinations, permutations

import numpy as np
import pytest
from helpers import one_replicate
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from plain_neighbours import brute_force, line
from plain_networks import settings as network_settings
from plain_perceptrons import explicit, rosenblatt
from random_models import STREAMS, images

from fewpixels.check_model import Shifted
from fewpixels.contract import top_and_margin
from fewpixels.models import knn, mlp, perceptron
from fewpixels.perceptrons.schemes import signs_of
from fewpixels.perceptrons.scoring import coefficients


@given(
    st.sampled_from([np.float64, np.float32, np.int16]).flatmap(
        lambda kind: arrays(
            kind,
            array_shapes(min_dims=0, max_dims=2, max_side=3).flatmap(
                lambda shape: st.integers(2, 5).map(lambda classes: (*shape, classes))
            ),
            elements=st.sampled_from([0, 0, 1, -1, 3, 30_000, -30_000]),
        )
    )
)
def test_top_and_margin_of_any_shape(scores):
    labels, margin = top_and_margin(scores)
    assert labels.shape == margin.shape == scores.shape[:-1]
    for place in np.ndindex(labels.shape):
        row = scores[place].tolist()
        second, first = sorted(row)[-2:]
        assert labels[place] == row.index(first)
        assert margin[place] == np.float32(scores.dtype.type(first) - scores.dtype.type(second))


PERCEPTRONS = st.fixed_dictionaries(
    {
        "scheme": st.sampled_from(["one-vs-rest", "one-vs-one", "one-vs-one-unordered"]),
        "kernel": st.sampled_from(["linear", "quadratic"]),
        "degree": st.integers(1, 3),
        "epochs": st.integers(1, 4),
        "order": st.sampled_from(["sorted", "shuffled"]),
        "weights": st.sampled_from(["last", "averaged"]),
        "bias": st.booleans(),
    }
)


def fit_perceptrons(train, validation, options, streams=STREAMS):
    return perceptron.fit(train, validation, options, streams=streams)


def plain_perceptrons(train, validation, options, r):
    """Weights, mistakes of each epoch, scores or votes (m, C) of the validation images.

    And which of these (m,) no rounding can change.
    """
    x, y = train.x[r].astype(np.float64), train.y[r]
    constant = np.sqrt((x**2).mean()) if options["bias"] else None
    phi, phi_validation = (
        explicit(s.x[r].astype(np.float64), options["kernel"], constant)
        for s in (train, validation)
    )
    rng = STREAMS.order(r)
    visits = [rng.permutation(len(y)) for _ in range(options["epochs"])]
    if options["order"] == "sorted":
        visits = [np.argsort(y, kind="stable")] * options["epochs"]
    choose = permutations if options["scheme"] == "one-vs-one" else combinations
    pairs = list(choose(range(train.classes), 2))
    if options["scheme"] == "one-vs-rest":
        signs = [np.where(y == c, 1, -1) for c in range(train.classes)]
    else:
        signs = [np.where(y == a, 1, np.where(y == b, -1, 0)) for a, b in pairs]
    epochs = [rosenblatt(phi, sign, visits) for sign in signs]
    mistakes = [sum(e["mistakes"] for e in epoch) for epoch in zip(*epochs, strict=True)]
    weights = np.array([epoch[-1][options["weights"]] for epoch in epochs])
    scores = phi_validation @ weights.T
    if options["scheme"] != "one-vs-rest":
        sure = (np.abs(scores) > 1e-9).all(axis=1)
        winners = np.where(scores >= 0, *np.array(pairs).T)
        scores = np.stack([(winners == c).sum(axis=1) for c in range(train.classes)], axis=1)
    else:
        second, first = np.sort(scores, axis=1)[:, -2:].T
        sure = first - second > 1e-9
    # Last weights are whole numbers, and so exact; averages are rounded.
    return phi, weights, mistakes, scores, sure | (options["weights"] == "last")


# Of images that are ±3 everywhere, the root mean square, which is the bias's feature, is exact.
@given(images(), images(values=(3, -3)), PERCEPTRONS)
def test_perceptrons_on_any_images_equal_a_plain_loop(any_images, exact, options):
    train, validation = exact if options["bias"] else any_images
    fitted = fit_perceptrons(train, validation, options)
    found = perceptron.predict(fitted.parameters, options, train, validation.x)
    pixels = perceptron.weights(fitted.parameters, options, train)
    assert fitted.updates.tolist() == [options["epochs"]] * len(train.y)
    for r in range(len(train.y)):
        phi, weights, mistakes, scores, sure = plain_perceptrons(train, validation, options, r)
        history = [row[1:] for row in fitted.history if row[0] == r]
        assert [row[:2] for row in history] == [[e, m] for e, m in enumerate(mistakes, 1)]
        inside = signs_of(options["scheme"], train.classes)[train.y[r]] != 0
        alpha = coefficients(fitted.parameters, r, inside)
        np.testing.assert_allclose(alpha @ phi, weights, atol=1e-9)
        first = int(options["kernel"] == "quadratic")  # after the monomial of degree 0
        d = train.x.shape[-1]
        np.testing.assert_allclose(pixels[r], weights[:, first : first + d], atol=1e-9)
        np.testing.assert_array_equal(found.labels[r][sure], scores.argmax(axis=1)[sure])
        gaps = np.diff(np.sort(scores, axis=1)[:, -2:], axis=1)[:, 0]
        np.testing.assert_allclose(found.margin[r][sure], gaps[sure], rtol=1e-6, atol=1e-9)
        right = (found.labels[r] == validation.y[r]).mean()
        if sure.all():
            assert history[-1][2] == right


def check_alone(module, train, validation, options, together, streams, fit):
    """What each replicate gives alone is what it gives among the others."""
    found = module.predict(together.parameters, options, train, validation.x)
    shared = module.predict(together.parameters, options, train, validation.x[0])
    np.testing.assert_array_equal(shared.labels[0], found.labels[0])
    for r in range(len(train.y)):
        own = one_replicate(train, r), one_replicate(validation, r)
        shifted = Shifted(streams.seed, streams.dataset, streams.cell, offset=r)
        alone = fit(*own, options, shifted)
        assert alone.updates[0] == together.updates[r]
        rows = [row[1:] for row in together.history if row[0] == r]
        assert [row[1:] for row in alone.history] == rows
        for name, values in alone.parameters.items():
            np.testing.assert_array_equal(values[0], together.parameters[name][r])
        labels = module.predict(alone.parameters, options, own[0], own[1].x).labels
        np.testing.assert_array_equal(labels[0], found.labels[r])


@given(images(), PERCEPTRONS)
def test_perceptrons_of_a_replicate_do_not_depend_on_the_others(given_, options):
    together = fit_perceptrons(*given_, options)
    check_alone(perceptron, *given_, options, together, STREAMS, fit_perceptrons)


def fit_neighbours(train, validation, options, streams=STREAMS):
    return knn.fit(train, validation, options, streams=streams)


@settings(max_examples=50)
@given(images(), st.sampled_from(["nearer", "published"]), st.data())
def test_neighbours_of_any_images_equal_brute_force_for_every_k(given_, ties, data):
    train, validation = given_
    options = {"k_max": data.draw(st.integers(1, train.y.shape[1])), "ties": ties}
    fitted = fit_neighbours(train, validation, options)
    found = knn.predict(fitted.parameters, options, train, validation.x)
    for r in range(len(train.y)):
        pool, labels = train.x[r].astype(int).tolist(), train.y[r].tolist()
        shares = []
        for k in range(1, options["k_max"] + 1):
            expected = [
                brute_force(pool, labels, z, k, ties) for z in validation.x[r].astype(int).tolist()
            ]
            assert found.sweep[k - 1, r].tolist() == [label for label, _ in expected]
            shares.append((found.sweep[k - 1, r] == validation.y[r]).mean())
            if k == fitted.parameters["chosen"][r]:
                assert found.labels[r].tolist() == [label for label, _ in expected]
                assert found.margin[r].tolist() == [margin for _, margin in expected]
        assert fitted.parameters["chosen"][r] == shares.index(max(shares)) + 1


@given(images(), st.sampled_from(["nearer", "published"]), st.data())
def test_neighbours_of_a_replicate_do_not_depend_on_the_others(given_, ties, data):
    options = {"k_max": data.draw(st.integers(1, given_[0].y.shape[1])), "ties": ties}
    together = fit_neighbours(*given_, options)
    check_alone(knn, *given_, options, together, STREAMS, fit_neighbours)


@given(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=9, unique=True), st.data())
def test_the_nearest_neighbour_of_a_training_image_is_itself(points, data):
    labels = [0, *data.draw(st.lists(st.integers(0, 3), min_size=len(points) - 1))]
    train = line(points, labels[: len(points)])
    options = {"k_max": 1, "ties": "nearer"}
    fitted = fit_neighbours(train, train, options)
    found = knn.predict(fitted.parameters, options, train, train.x[0])
    np.testing.assert_array_equal(found.labels, train.y)


NETWORKS = st.fixed_dictionaries(
    {
        "layers": st.integers(2, 4),
        "width": st.integers(1, 4),
        "activation": st.sampled_from(["relu", "atan", "sigmoid"]),
        "batch": st.sampled_from(["full", "mini"]),
        "per_class": st.integers(1, 3),
        "protocol": st.sampled_from(["published", "remedied"]),
        "learning_rate": st.sampled_from([1e-3, 0.1, 1.0]),
        "patience": st.integers(1, 4),
        "max_updates": st.integers(1, 8),
    }
).map(lambda values: network_settings(**values))


def fit_networks(train, validation, options, streams=STREAMS):
    return mlp.fit(train, validation, options, streams=streams)


@settings(max_examples=40)
@given(images(balanced=True), NETWORKS)
def test_networks_of_a_replicate_do_not_depend_on_the_others(given_, options):
    together = fit_networks(*given_, options)
    check_alone(mlp, *given_, options, together, STREAMS, fit_networks)


@pytest.mark.filterwarnings("error")
@settings(max_examples=40)
@given(images(values=(0, 0, 1, 255), balanced=True), NETWORKS)
def test_networks_on_any_images_train_in_steps_and_stay_finite(given_, options):
    train, validation = given_
    fitted = fit_networks(train, validation, options)
    for values in fitted.parameters.values():
        assert len(values) == len(train.y)
        assert np.isfinite(values).all()
    rows = [(r, step) for r, updates in enumerate(fitted.updates) for step in range(1, updates + 1)]
    assert [(r, step) for r, step, _, _ in fitted.history] == rows
    assert all(loss >= -1e-6 and 0 <= share <= 1 for _, _, loss, share in fitted.history)
    assert (fitted.updates <= options["max_updates"]).all()
    # What comes later changes nothing earlier.
    shorter = fit_networks(train, validation, options | {"max_updates": 1})
    assert shorter.history == [row for row in fitted.history if row[1] == 1]
    found = mlp.predict(fitted.parameters, options, train, validation.x)
    turned = mlp.predict(fitted.parameters, options, train, validation.x[:, ::-1])
    np.testing.assert_allclose(turned.margin[:, ::-1], found.margin, rtol=1e-3, atol=1e-3)
    assert (found.margin >= 0).all()
    clear = found.margin > 1e-3
    np.testing.assert_array_equal(turned.labels[:, ::-1][clear], found.labels[clear])

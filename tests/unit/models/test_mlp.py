"""Training of multilayer perceptrons, against a plain loop in torch over one replicate."""

import numpy as np
import pytest
from helpers import for_all, one_replicate, subset
from plain_networks import (
    CLASSES,
    PUBLISHED,
    REMEDIED,
    TRAIN,
    images,
    initial,
    settings,
    torch_logits,
    torch_loss,
    train_all,
    weights_of,
)
from pytorch import torch

from fewpixels.check_model import Shifted
from fewpixels.contract import diverged
from fewpixels.images.subset import Subset
from fewpixels.models.mlp import predict
from fewpixels.networks.layers import ACTIVATIONS


def history_of(fitted, r):
    return [row[1:] for row in fitted.history if row[0] == r]


def plain_descent(train, validation, options, r):
    """Full-batch training of one replicate as the notebook did it, in float64.

    Gives the weights after each update, up to the last.
    """
    published = options["protocol"] == "published"
    clamp = 1e-8 if published else 0
    x, x_val = (torch.tensor(s.x[r]).double() for s in (train, validation))
    y, y_val = (torch.tensor(s.y[r])[None] for s in (train, validation))
    if not published:
        mean, deviation = x.mean(), x.std(correction=0)
        x, x_val = (x - mean) / deviation, (x_val - mean) / deviation
    weights = weights_of(initial(train, validation, options), r)
    divisor = TRAIN if published else TRAIN * CLASSES
    trajectory, results = [], []
    for _ in range(options["max_updates"]):
        for w in weights:
            w.requires_grad_(True)
        torch_loss(torch_logits(x, weights, options["activation"])[None], y, clamp).sum().backward()
        with torch.no_grad():
            weights = [w - options["learning_rate"] * w.grad / divisor for w in weights]
            logits = torch_logits(x_val, weights, options["activation"])
            correct = (logits.argmax(-1) == y_val[0]).double().mean().item()
            loss = torch_loss(logits[None], y_val, clamp).item()
        trajectory.append(weights)
        results.append(correct if published else -loss)
        best = results.index(max(results))  # the first: later ones did not beat it
        if len(results) - best - (not published) >= options["patience"]:
            break
    return trajectory if published else trajectory[: best + 1], len(results)


@pytest.mark.torch
@pytest.mark.parametrize("protocol", [PUBLISHED, REMEDIED], ids=["published", "remedied"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("layers", [2, 3])
def test_full_batch_training_equals_a_plain_loop(protocol, activation, layers):
    # A narrow init keeps the published softmax from saturating at once, short steps keep float32
    # close to float64, and mostly wrong validation labels make training stop early.
    options = settings(**protocol, activation=activation, layers=layers, init_range=0.05)
    options["learning_rate"] = 0.0005 if protocol is PUBLISHED else 0.4
    # One image on the other side of a ReLU's kink moves a bias by its share of the batch.
    tolerance = 0.01 if activation == "relu" else 1e-4
    train, validation = images(3, spoilt=18)
    fitted = train_all(train, validation, options)
    for r in range(3):
        trajectory, updates = plain_descent(train, validation, options, r)
        assert fitted.updates[r] == updates
        for weight, expected in zip(weights_of(fitted.parameters, r), trajectory[-1], strict=True):
            np.testing.assert_allclose(weight, expected.detach(), rtol=1e-3, atol=tolerance)
    assert (fitted.updates < options["max_updates"]).any(), "some replicate must stop early"


@pytest.mark.parametrize("batch", ["full", "mini"])
@pytest.mark.parametrize("protocol", [PUBLISHED, REMEDIED], ids=["published", "remedied"])
def test_replicates_train_as_each_would_alone(protocol, batch):
    train, validation = images(4, replicates=4, spoilt=6)
    options = settings(**protocol, batch=batch, max_updates=150)  # more than one draw of batches
    together = train_all(train, validation, options)
    assert len(set(together.updates.tolist())) > 1, "some replicate must leave before another"
    for r in range(4):
        own = one_replicate(train, r), one_replicate(validation, r)
        alone = train_all(*own, options, Shifted(5, "unit", "3/mlp", offset=r))
        assert together.updates[r] == alone.updates[0]
        assert history_of(together, r) == history_of(alone, 0)
        for name, values in alone.parameters.items():
            np.testing.assert_array_equal(together.parameters[name][r], values[0])


def test_stacks_of_wide_networks_train_as_each_replicate_would_alone():
    """Replicates of a wide network do not fit one stack."""
    train, validation = images(5)
    options = settings(**REMEDIED, width=4096, layers=2, max_updates=3)
    together = train_all(train, validation, options)
    assert [row[:2] for row in together.history] == [[r, s] for r in range(3) for s in (1, 2, 3)]
    own = one_replicate(train, 2), one_replicate(validation, 2)
    alone = train_all(*own, options, Shifted(5, "unit", "3/mlp", offset=2))
    np.testing.assert_array_equal(together.parameters["w1"][2], alone.parameters["w1"][0])


@pytest.mark.parametrize("batch", ["full", "mini"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_published_networks_that_never_leave_chance_stop_after_patience_updates(activation, batch):
    """Black images all look the same, so accuracy on balanced classes stays at chance."""
    labels = np.repeat(np.arange(CLASSES), 10)
    black = subset(np.zeros((40, 9)), labels, [np.arange(40)] * 2)
    options = settings(**PUBLISHED | {"patience": 20}, activation=activation, batch=batch)
    fitted = train_all(black, black, options)
    assert fitted.updates.tolist() == [20, 20]
    assert {row[3] for row in fitted.history} == {1 / CLASSES}


@pytest.mark.parametrize("batch", ["full", "mini"])
@pytest.mark.parametrize("patience", [2, 5, 12])
def test_published_patience_counts_the_best_update(batch, patience):
    train, validation = images(6, replicates=6)
    options = settings(**PUBLISHED | {"patience": patience}, batch=batch)
    fitted = train_all(train, validation, options)
    for r, updates in enumerate(fitted.updates.tolist()):
        accuracies = [row[2] for row in history_of(fitted, r)]
        assert len(accuracies) == updates
        runs = [t - np.argmax(accuracies[:t]) for t in range(1, updates + 1)]
        assert max(runs[:-1]) < patience
        assert runs[-1] == patience or updates == options["max_updates"]
    assert fitted.updates.min() < options["max_updates"]


def test_published_networks_use_the_last_weights():
    train, validation = images(7, replicates=6)
    options = settings(**PUBLISHED)
    fitted = train_all(train, validation, options)
    predicted = predict(fitted.parameters, options, train, validation.x).labels
    accuracies = [[row[2] for row in history_of(fitted, r)] for r in range(6)]
    assert (predicted == validation.y).mean(axis=1).tolist() == [a[-1] for a in accuracies]
    assert any(max(a) > a[-1] for a in accuracies), "the last must differ from the best"


def validation_loss(parameters, options, validation, r):
    """Of the returned network, recomputed in float64."""
    x = torch.tensor(validation.x[r]).double()
    x = (x - parameters["mean"][r].item()) / parameters["deviation"][r].item()
    logits = torch_logits(x, weights_of(parameters, r), options["activation"])
    return torch_loss(logits[None], torch.tensor(validation.y[r])[None], 0).item() / len(x)


@pytest.mark.torch
@pytest.mark.parametrize("batch", ["full", "mini"])
def test_remedied_networks_keep_the_best_weights_and_stop_after_patience(batch):
    """Training cut short after t updates returns the best of the first t."""
    train, validation = images(8, replicates=2, spoilt=6)
    options = settings(**REMEDIED, batch=batch)
    fitted = train_all(train, validation, options)
    best = []
    for t in range(1, fitted.updates.max() + 1):
        cut = train_all(train, validation, options | {"max_updates": t})
        best.append([validation_loss(cut.parameters, options, validation, r) for r in range(2)])
    for r, updates in enumerate(fitted.updates.tolist()):
        losses = [row[r] for row in best[:updates]]
        assert losses == sorted(losses, reverse=True)
        assert updates - (losses.index(min(losses)) + 1) == options["patience"]
        assert validation_loss(fitted.parameters, options, validation, r) == min(losses)


@pytest.mark.parametrize("protocol", [PUBLISHED, REMEDIED], ids=["published", "remedied"])
def test_max_updates_are_respected(protocol):
    train, validation = images(9)
    options = settings(**protocol | {"patience": 10_000}, max_updates=7)
    fitted = train_all(train, validation, options)
    assert fitted.updates.tolist() == [7, 7, 7]
    assert [row[:2] for row in fitted.history] == [[r, s] for r in range(3) for s in range(1, 8)]


@pytest.mark.parametrize("batch", ["full", "mini"])
def test_a_replicate_that_diverges_stops_and_has_no_weights(batch):
    """Of three replicates the second has pixels beyond the range of a published network."""
    train, validation = images(9)
    # Each replicate with images of its own.
    x, ids = train.x.copy(), np.arange(train.y.size, dtype=np.int32).reshape(train.y.shape)
    x[1] = np.float32(3e38)
    settled = {"patience": 10_000, "batch": batch, "activation": "relu"}
    options = settings(**PUBLISHED | settled, max_updates=7)
    right = train_all(train, validation, options)
    fitted = train_all(Subset.of(x, train.y, ids), validation, options)
    assert diverged(right.parameters).tolist() == [False, False, False]
    assert diverged(fitted.parameters).tolist() == [False, True, False]
    assert fitted.updates.tolist() == [7, 1, 7]
    assert np.isnan(history_of(fitted, 1)[-1][-1])
    for r in (0, 2):
        assert history_of(fitted, r) == history_of(right, r)
        for name, array in right.parameters.items():
            np.testing.assert_array_equal(fitted.parameters[name][r], array[r])


@pytest.mark.parametrize("activation", ["relu", "atan", "sigmoid"])
@pytest.mark.parametrize("rate", [1e4, 1e38])
def test_a_far_too_large_step_diverges_and_is_not_mistaken_for_chance(activation, rate):
    train, validation = images(9)
    options = settings(**REMEDIED | {"learning_rate": rate, "activation": activation})
    fitted = train_all(train, validation, options)
    assert diverged(fitted.parameters).all()
    assert all(
        np.isnan(array).all() for name, array in fitted.parameters.items() if name[0] in "wb"
    )


def test_published_networks_diverge_too_though_their_loss_is_bounded():
    train, validation = images(9)
    settled = {"learning_rate": 1e5, "activation": "relu", "init_range": 0.01, "patience": 10_000}
    fitted = train_all(train, validation, settings(**PUBLISHED | settled, max_updates=50))
    assert diverged(fitted.parameters).all()


def test_training_that_only_fails_to_learn_has_not_diverged():
    """Saturated networks stay at chance, as they did in print."""
    train, validation = images(9)
    options = settings(**PUBLISHED | {"activation": "relu", "init_range": 1.0})
    assert not diverged(train_all(train, validation, options).parameters).any()


@pytest.mark.parametrize("protocol", [PUBLISHED, REMEDIED], ids=["published", "remedied"])
def test_a_mini_batch_of_all_images_is_a_full_batch(protocol):
    """In another order, so up to rounding; the divisor counts the batch's images."""
    train, validation = images(10)
    options = settings(**protocol, init_range=0.05, max_updates=5) | {"learning_rate": 0.01}
    full = train_all(train, validation, options)
    # More images than there are of a class: all of them.
    mini = train_all(train, validation, options | {"batch": "mini", "per_class": TRAIN + 3})
    for name in full.parameters:
        np.testing.assert_allclose(full.parameters[name], mini.parameters[name], atol=1e-5)


@pytest.mark.parametrize("protocol", [PUBLISHED, REMEDIED], ids=["published", "remedied"])
def test_the_step_does_not_depend_on_the_size_of_a_batch_of_equal_images(protocol):
    """Published: the gradient is divided by the images of a class in the batch; else by all."""
    labels = np.repeat(np.arange(CLASSES), 10)
    pool = np.random.default_rng(0).uniform(0, 255, (CLASSES, 9))[labels]
    same = subset(pool, labels, [np.arange(40)])
    options = settings(**protocol, init_range=0.05, max_updates=1) | {"learning_rate": 0.01}
    full = train_all(same, same, options)
    mini = train_all(same, same, options | {"batch": "mini", "per_class": 2})
    before = initial(same, same, options)
    assert np.abs(full.parameters["b2"] - before["b2"]).max() > 1e-4, "the step must be seen"
    for name in full.parameters:
        np.testing.assert_allclose(full.parameters[name], mini.parameters[name], atol=1e-6)


@pytest.mark.torch
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_predict_equals_torch(activation):
    train, validation = images(11)
    options = settings(**REMEDIED, activation=activation)
    fitted = train_all(train, validation, options)
    fresh = np.random.default_rng(1).uniform(0, 255, (50, 9)).astype(np.float32)
    shared = predict(fitted.parameters, options, train, fresh)
    each = predict(fitted.parameters, options, train, np.stack([fresh] * 3))
    np.testing.assert_array_equal(shared.labels, each.labels)
    np.testing.assert_array_equal(shared.margin, each.margin)
    for r in range(3):
        mean, deviation = train.x[r].mean(dtype=np.float64), train.x[r].std(dtype=np.float64)
        x = torch.tensor((fresh.astype(np.float64) - mean) / deviation)
        logits = torch_logits(x, weights_of(fitted.parameters, r), activation)
        top = logits.topk(2).values
        margin = (top[:, 0] - top[:, 1]).numpy()
        np.testing.assert_allclose(shared.margin[r], margin, atol=1e-3)
        clear = margin > 1e-3
        assert clear.sum() > 40
        np.testing.assert_array_equal(shared.labels[r][clear], logits.argmax(-1).numpy()[clear])


@pytest.mark.parametrize("batch", ["full", "mini"])
def test_validation_every_few_updates_changes_when_networks_stop_and_nothing_else(batch):
    train, validation = images(3)
    options = settings(**{**REMEDIED, "patience": 1000}, batch=batch, max_updates=20)
    each = train_all(train, validation, options)
    some = train_all(train, validation, options | {"validate_every": 7})
    assert [row[1] for row in some.history if row[0] == 0] == [7, 14, 20]
    assert some.history == [row for row in each.history if row[1] in (7, 14, 20)]
    soon = train_all(train, validation, options | {"validate_every": 7, "patience": 3})
    assert set(soon.updates.tolist()) <= {7, 14, 20}


def test_images_held_once_train_as_copies_would():
    train, validation = (one_replicate(own, 0) for own in images(3))
    shared, copies = (
        [for_all(own, 3, copied) for own in (train, validation)] for copied in (False, True)
    )
    options = settings(**{**REMEDIED, "patience": 2}, batch="mini", max_updates=30)
    first, second = train_all(*shared, options), train_all(*copies, options)
    assert first.history == second.history
    for name, array in first.parameters.items():
        np.testing.assert_array_equal(array, second.parameters[name])

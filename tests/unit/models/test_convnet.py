"""Convolutional networks: what they cost and say, and how replicates and sizes are trained."""

import os
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from math import isqrt
from pathlib import Path

import numpy as np
import pytest
from helpers import one_replicate, subset
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_convolutions import drawn, forward
from pytorch import torch
from random_models import STREAMS, images

from fewpixels.check_model import Shifted, findings
from fewpixels.contract import Job, diverged
from fewpixels.images.subset import accuracy
from fewpixels.models import convnet
from fewpixels.study.families import describe
from fewpixels.study.validation import ConfigurationError, check, filled

HERE = str(Path(__file__).parent)
SIDES = st.sampled_from([1, 2, 4, 7, 14, 28])


def options(**values):
    return filled({"filters": 4, "epochs": 3, "batch_size": 8} | values, convnet.HYPERPARAMETERS)


@given(SIDES, st.integers(1, 3), st.integers(2, 4), st.integers(0, 99))
def test_a_network_costs_what_plain_loops_take(side, filters, classes, seed):
    rng = np.random.default_rng(seed)
    parameters = drawn(rng, side, filters, classes)
    cost = convnet.cost(parameters, options(), 9, side**2)
    _, products = forward(rng.integers(0, 9, side**2), parameters, 0)
    assert cost.multiplications.tolist() == [products] * 2
    kept = sum(array[0].size for array in parameters.values())
    assert cost.parameters.tolist() == [kept] * 2
    assert cost.bytes.tolist() == [sum(array[0].nbytes for array in parameters.values())] * 2


@pytest.mark.torch
@given(SIDES, st.integers(1, 3), st.booleans(), st.integers(0, 99))
def test_labels_are_those_of_plain_loops(side, filters, shared, seed):
    rng = np.random.default_rng(seed)
    parameters = drawn(rng, side, filters, 3)
    x = rng.integers(0, 9, (4, side**2) if shared else (2, 4, side**2)).astype(np.float32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(convnet, "_BLOCK", 3)
        found = convnet.predict(parameters, options(), None, x)
    for r, i in np.ndindex(2, 4):
        logits, _ = forward(x[i] if shared else x[r, i], parameters, r)
        second, first = np.sort(logits)[-2:]
        assert logits[found.labels[r, i]] >= first - 1e-4 * abs(first)
        np.testing.assert_allclose(found.margin[r, i], first - second, rtol=1e-3, atol=1e-3)


@pytest.mark.torch
@given(images(), st.integers(0, 9))
@settings(max_examples=8)
def test_replicates_train_as_each_would_alone(given_images, seed):
    """To the bit."""
    train, validation = given_images
    if isqrt(train.images.shape[1]) ** 2 != train.images.shape[1]:
        return
    together = convnet.fit(train, validation, options(), streams=STREAMS)
    for r in range(len(train.place)):
        own = one_replicate(train, r), one_replicate(validation, r)
        shifted = Shifted(STREAMS.seed, STREAMS.dataset, STREAMS.cell, offset=r)
        alone = convnet.fit(*own, options(), streams=shifted)
        for name, values in alone.parameters.items():
            np.testing.assert_allclose(together.parameters[name][r], values[0], rtol=1e-6)
        history = [row[1:] for row in together.history if row[0] == r]
        assert len(history) == together.updates[r] == 3


@pytest.mark.torch
def test_it_keeps_to_the_contract():
    faults = [str(f) for f in findings("convnet", {"filters": 4, "epochs": 4}) if f.fault]
    assert faults == []


def two_classes(side, n=60, replicates=2):
    rng = np.random.default_rng(side)
    labels = np.tile([0, 1], n)
    pool = rng.normal(60 + 90 * labels[:, None], 40, (2 * n, side**2))
    rows = [rng.permutation(2 * n) for _ in range(replicates)]
    return subset(pool, labels, [own[:n] for own in rows]), subset(
        pool, labels, [own[n:] for own in rows]
    )


def digest_of_a_fit():
    train, validation = two_classes(14)
    fitted = convnet.fit(train, validation, options(), streams=STREAMS)
    content = b"".join(array.tobytes() for array in fitted.parameters.values())
    return sha256(content).hexdigest()


@pytest.mark.torch
def test_threads_that_are_allowed_change_no_byte(root):
    here = digest_of_a_fit()
    for threads in ("1", "4"):
        done = subprocess.run(
            [sys.executable, "-c", "import test_convnet as t; print(t.digest_of_a_fit())"],
            env=os.environ
            | {
                "OMP_NUM_THREADS": threads,
                "PYTHONPATH": os.pathsep.join([str(root), str(root / "tests/support"), HERE]),
            },
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == here


@pytest.mark.torch
def test_a_replicate_that_diverges_has_no_weights():
    train, validation = two_classes(3)
    fitted = convnet.fit(train, validation, options(learning_rate=1e38), streams=STREAMS)
    assert diverged(fitted.parameters).all()
    predicted = convnet.predict(fitted.parameters, options(), train, validation.x)
    assert list(predicted.faults(2, 60, 2)) == []


@pytest.mark.torch
def test_images_that_are_all_one_grey_do_no_harm():
    train = subset(np.full((8, 4), 7), np.tile([0, 1], 4), [range(8)] * 2)
    fitted = convnet.fit(train, train, options(), streams=STREAMS)
    assert not diverged(fitted.parameters).any()
    assert fitted.parameters["mean"].tolist() == [7, 7]


@pytest.mark.torch
def test_hyperparameters_can_differ_by_size():
    by_size = {"2px": 1, "3px": 2}
    for side, epochs in ((1, 1), (2, 1), (3, 2), (5, 2)):
        train, validation = two_classes(side)
        own = options(epochs=by_size, filters={"1px": 2, "5px": 3})
        fitted = convnet.fit(train, validation, own, streams=STREAMS)
        assert fitted.updates.tolist() == [epochs] * 2
        assert fitted.parameters["w0"].shape[1] == (3 if side == 5 else 2)
        assert convnet.predict(fitted.parameters, own, train, train.x).labels.shape == (2, 60)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"epochs": {"7": 3}}, "expected the least pixels a side, as in 7px"),
        ({"epochs": {"7px": 0.5}}, "p.epochs.7px: found 0.5, expected integer"),
        ({"epochs": {}}, "p.epochs: found {}, expected 1 or more keys"),
        ({"dropout": {"7px": 1}}, "p.dropout.7px: found 1, "),
        ({"device": "gpu"}, "p.device: found 'gpu', expected one of cpu, cuda"),
    ],
)
def test_wrong_hyperparameters_are_refused(wrong, said, root):
    with pytest.raises(ConfigurationError) as caught:
        check(wrong, describe("convnet", root).schema, "p")
    assert said in str(caught.value)


@given(st.integers(1, 28), st.booleans(), st.integers(1, 50), st.integers(100, 10_000))
def test_more_epochs_and_images_need_more(side, trains, epochs, count):
    def seconds(epochs, count):
        own = options(epochs=epochs)
        return convnet.needs(Job(trains, 3, 3, count, 50, side**2, 10, own)).seconds

    assert 0 < seconds(epochs, count) <= seconds(epochs + 1, count) <= 1e5
    assert trains == (seconds(epochs, count) < seconds(epochs, 2 * count))


@given(st.integers(1, 28), st.integers(1, 1000), st.integers(0, 10**9))
def test_a_batch_has_no_more_images_than_there_are(side, count, more):
    job = Job(True, 3, 3, count, 50, side**2, 10, options(batch_size=count))
    larger = {**job.hyperparameters, "batch_size": count + more}
    assert convnet.needs(replace(job, hyperparameters=larger)) == convnet.needs(job)


@pytest.mark.torch
@given(st.sampled_from(["cpu", "cuda"]), st.booleans())
def test_a_gpu_that_is_not_there_is_named_where_one_is_to_compute(device, there):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch.cuda, "is_available", lambda: there)
        said = convnet.lacks(options(device=device))
    assert said.startswith("found device: cuda, but ") == (device == "cuda" and not there)
    assert bool(said) == said.startswith("found")


@pytest.mark.torch
def test_a_gpu_gives_the_same_labels_but_for_one_in_500():
    if not torch.cuda.is_available():
        pytest.skip("there is no GPU")
    train, validation = two_classes(14, 2000)
    fitted = convnet.fit(train, validation, options(epochs=1), streams=STREAMS)
    here, there = (
        convnet.predict(fitted.parameters, options(device=device), train, validation.x)
        for device in ("cpu", "cuda")
    )
    assert accuracy(here.labels, there.labels).min() >= 0.998
    trained = convnet.fit(train, validation, options(epochs=1, device="cuda"), streams=STREAMS)
    labels = convnet.predict(trained.parameters, options(), train, validation.x).labels
    assert accuracy(labels, validation.y).min() > 0.9


def test_pytorch_is_asked_for_and_not_imported(root):
    assert describe("convnet", root).packages == ["torch"]
    code = "import sys, fewpixels.models.convnet; assert 'torch' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0

"""Perceptrons in kernel form against Rosenblatt's loop over explicit features.

Pixels are sixteenths and epochs powers of two, so every sum and average here is exact and the
two must agree to the last bit, ties included.
"""

from itertools import combinations, permutations, product

import numpy as np
import pytest
from helpers import deal, one_replicate, subset
from plain_perceptrons import explicit, rosenblatt

from fewpixels.check_model import Shifted
from fewpixels.images.subset import Subset
from fewpixels.models.perceptron import fit, predict
from fewpixels.perceptrons.schemes import signs_of
from fewpixels.perceptrons.scoring import coefficients
from fewpixels.streams import Streams

STREAMS = Streams(3, "unit", "2/perceptron")
CLASSES, TRAIN, VALIDATION, REPLICATES, EPOCHS = 4, 8, 4, 2, 4

PAIRS_OF = {
    "one-vs-one": list(permutations(range(CLASSES), 2)),
    "one-vs-one-unordered": list(combinations(range(CLASSES), 2)),
}

# a² + b² = 2 · 65² for each of these pairs: half of the pixels from the left and half from the
# right make a root mean square of exactly 65 sixteenths, which is the bias's feature.
PAIRS = np.array([[13, 91], [35, 85], [47, 79], [23, 89], [65, 65]])


def images(seed):
    """Training and validation images, (R, n, 4), of a shared pool."""
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.repeat(np.arange(CLASSES), TRAIN + VALIDATION))
    # Two pairs an image, shuffled within it; the first is typical of the class, so that there
    # is something to learn, the second is noise, so that it cannot be learnt entirely.
    pairs = np.stack([PAIRS[labels % 4], PAIRS[rng.integers(5, size=len(labels))]], axis=1)
    pool = rng.permuted(pairs.reshape(-1, 4), axis=1) / 16
    return deal([rng] * REPLICATES, pool, labels, TRAIN, VALIDATION)


def settings(scheme, kernel, order="sorted", weights="last", bias=False, epochs=EPOCHS, degree=2):
    return {
        "scheme": scheme,
        "kernel": kernel,
        "degree": degree,
        "epochs": epochs,
        "order": order,
        "weights": weights,
        "bias": bias,
    }


def alpha(fitted, options, train, r):
    """Coefficients (P, n) of a replicate's training images."""
    inside = signs_of(options["scheme"], CLASSES)[train.y[r]] != 0
    return coefficients(fitted.parameters, r, inside)


def decide(phi, weights, scheme):
    """Labels of images from the weights of all perceptrons."""
    labels = []
    for image in phi:
        scores = [w @ image for w in weights]
        if scheme == "one-vs-rest":
            tally = scores
        else:
            tally = [0] * CLASSES
            for (a, b), score in zip(PAIRS_OF[scheme], scores, strict=True):
                tally[b if score < 0 else a] += 1
        labels.append(tally.index(max(tally)))  # the first maximum: the smaller class
    return np.array(labels)


def reference(train, validation, options, r):
    """Everything about replicate r: by epoch, weights (P, f), mistakes and labels."""
    x, y = train.x[r].astype(np.float64), train.y[r]
    constant = np.sqrt((x**2).mean()) if options["bias"] else None
    phi = explicit(x, options["kernel"], constant)
    if options["order"] == "sorted":
        visits = [sorted(range(len(y)), key=lambda i: y[i])] * options["epochs"]
    else:
        rng = STREAMS.order(r)
        visits = [rng.permutation(len(y)) for _ in range(options["epochs"])]
    if options["scheme"] == "one-vs-rest":
        signs = [np.where(y == c, 1, -1) for c in range(CLASSES)]
    else:
        pairs = PAIRS_OF[options["scheme"]]
        signs = [np.where(y == a, 1, np.where(y == b, -1, 0)) for a, b in pairs]
    trained = [rosenblatt(phi, s, visits) for s in signs]
    phi_validation = explicit(validation.x[r].astype(np.float64), options["kernel"], constant)
    epochs = []
    for epoch in zip(*trained, strict=True):
        weights = np.array([p[options["weights"]] for p in epoch])
        mistakes = sum(p["mistakes"] for p in epoch)
        epochs.append((weights, mistakes, decide(phi_validation, weights, options["scheme"])))
    return phi, epochs


@pytest.mark.parametrize(
    "options",
    [
        settings(*values)
        for values in product(
            ["one-vs-rest", *PAIRS_OF],
            ["linear", "quadratic"],
            ["sorted", "shuffled"],
            ["last", "averaged"],
            [False, True],
        )
    ],
    ids=lambda o: "-".join(map(str, o.values())),
)
def test_equals_the_primal_loop(options):
    train, validation = images(7)
    fitted = fit(train, validation, options, streams=STREAMS)
    predicted = predict(fitted.parameters, options, train, validation.x)
    assert fitted.updates.tolist() == [EPOCHS] * REPLICATES
    for r in range(REPLICATES):
        phi, epochs = reference(train, validation, options, r)
        history = [row[1:] for row in fitted.history if row[0] == r]
        assert [row[:2] for row in history] == [[e + 1, m] for e, (_, m, _) in enumerate(epochs)]
        assert sum(m for _, m, _ in epochs[1:]) > 0, "the data must not be learnt in one epoch"
        for step, (_, _, labels) in enumerate(epochs, 1):
            if options["weights"] == "last" or step in (1, 2, 4):  # 1 / 3 is not exact
                assert history[step - 1][2] == (labels == validation.y[r]).mean()
        np.testing.assert_array_equal(alpha(fitted, options, train, r) @ phi, epochs[-1][0])
        np.testing.assert_array_equal(predicted.labels[r], epochs[-1][2])


def test_the_bias_is_the_root_mean_square_of_the_training_pixels():
    train, validation = images(1)
    options = settings("one-vs-rest", "linear", bias=True)
    fitted = fit(train, validation, options, streams=STREAMS)
    np.testing.assert_array_equal(fitted.parameters["constant"], [65 / 16] * REPLICATES)
    without = fit(train, validation, options | {"bias": False}, streams=STREAMS)
    np.testing.assert_array_equal(without.parameters["constant"], [0, 0])


@pytest.mark.parametrize("scheme", ["one-vs-rest", "one-vs-one"])
@pytest.mark.parametrize("kernel", ["linear", "quadratic"])
@pytest.mark.parametrize("bias", [False, True])
def test_shared_images_equal_the_same_images_for_each_replicate(scheme, kernel, bias):
    train, validation = images(2)
    options = settings(scheme, kernel, "shuffled", "averaged", bias)
    fitted = fit(train, validation, options, streams=STREAMS)
    shared = np.random.default_rng(0).integers(0, 80, (30, 4)).astype(np.float32) / 16
    once = predict(fitted.parameters, options, train, shared)
    each = predict(fitted.parameters, options, train, np.stack([shared] * REPLICATES))
    np.testing.assert_array_equal(once.labels, each.labels)
    np.testing.assert_array_equal(once.margin, each.margin)
    assert (once.labels[0] != once.labels[1]).any(), "the replicates must be told apart"


def test_margins_are_the_top_score_minus_the_second():
    train, validation = images(4)
    options = settings("one-vs-rest", "quadratic")
    fitted = fit(train, validation, options, streams=STREAMS)
    predicted = predict(fitted.parameters, options, train, validation.x)
    for r in range(REPLICATES):
        _, epochs = reference(train, validation, options, r)
        phi = explicit(validation.x[r].astype(np.float64), "quadratic", None)
        scores = np.sort(phi @ epochs[-1][0].T, axis=1)
        np.testing.assert_array_equal(
            predicted.margin[r], (scores[:, -1] - scores[:, -2]).astype(np.float32)
        )


@pytest.mark.parametrize("scheme", ["one-vs-rest", "one-vs-one"])
def test_a_score_of_zero_predicts_plus_one(scheme):
    """Black images score 0 for ever, so each visit to an image of class −1 is a mistake."""
    labels = np.repeat(np.arange(3), 6)
    black = subset(np.zeros((18, 4)), labels, [np.arange(18)])
    options = settings(scheme, "linear", epochs=2)
    fitted = fit(black, black, options, streams=STREAMS)
    # Of three perceptrons each errs on 12 images; of six for pairs, each errs on 6.
    assert [row[2] for row in fitted.history] == [36, 36]
    predicted = predict(fitted.parameters, options, black, black.x)
    assert (predicted.labels == 0).all(), "all classes tie, and the smallest wins"
    assert (predicted.margin == 0).all()


def test_ties_in_votes_go_to_the_smaller_class():
    """Three classes that beat each other in a circle have two votes each, or one each."""
    train, _ = images(5)
    # Weights of (a, b) are those of one pixel; the signs say who wins: 1 beats 2 beats 3 beats 1,
    # each twice (in both orders), and class 0 loses to all.
    beats = {(1, 2), (2, 3), (3, 1), (1, 0), (2, 0), (3, 0)}
    weights = np.zeros((REPLICATES, 12, 4))
    for p, pair in enumerate(permutations(range(CLASSES), 2)):
        weights[:, p, 0] = 1.0 if pair in beats else -1.0
    parameters = {"weights": weights, "constant": np.zeros(REPLICATES)}
    predicted = predict(parameters, settings("one-vs-one", "linear"), train, np.ones((1, 4)))
    assert predicted.labels.tolist() == [[1], [1]]
    assert predicted.margin.tolist() == [[0], [0]]


def test_a_pair_that_scores_zero_votes_for_its_first_class():
    """Classes 0 and 1 beat the others; (1, 0) votes for 1 and (0, 1), at zero, for 0: a tie."""
    train, _ = images(5)
    score = dict.fromkeys(permutations(range(CLASSES), 2), -1.0)
    score |= {(a, b): 1.0 for a in (0, 1) for b in (2, 3)} | {(1, 0): 1.0, (0, 1): 0.0}
    weights = np.zeros((REPLICATES, 12, 4))
    weights[:, :, 0] = list(score.values())
    parameters = {"weights": weights, "constant": np.zeros(REPLICATES)}
    predicted = predict(parameters, settings("one-vs-one", "linear"), train, np.ones((1, 4)))
    assert predicted.labels.tolist() == [[0], [0]]
    assert predicted.margin.tolist() == [[0], [0]]


def test_two_classes_are_voted_on_too():
    """Two ordered pairs are as many as two classes; a larger score is still only one vote."""
    x = np.ones((1, 2, 4), np.float32)
    train = Subset.of(x, np.array([[0, 1]]), np.array([[0, 1]], np.int32))
    weights = np.array([[[1.0, 0.0, 0.0, 0.0], [5.0, 0.0, 0.0, 0.0]]])
    parameters = {"weights": weights, "constant": np.zeros(1)}
    predicted = predict(parameters, settings("one-vs-one", "linear"), train, x[0])
    assert predicted.labels.tolist() == [[0, 0]]
    assert predicted.margin.tolist() == [[0, 0]]


def test_all_perceptrons_of_a_dataset_share_their_order():
    """Rungs of the ladder are paired: the order depends on the replicate, not on the cell."""
    train, validation = images(6)
    options = settings("one-vs-rest", "linear", "shuffled")
    one, other = (
        fit(train, validation, options, streams=Streams(3, "unit", cell))
        for cell in ("7/a", "28/b")
    )
    np.testing.assert_array_equal(one.parameters["alpha"], other.parameters["alpha"])
    reseeded = fit(train, validation, options, streams=Streams(4, "unit", "7/a"))
    assert (one.parameters["alpha"] != reseeded.parameters["alpha"]).any()


def test_replicates_do_not_depend_on_each_other():
    train, validation = images(8)
    options = settings("one-vs-one", "quadratic", "shuffled", "averaged", True)
    both = fit(train, validation, options, streams=STREAMS)
    own_train, own_validation = one_replicate(train, 1), one_replicate(validation, 1)
    alone = fit(
        own_train,
        own_validation,
        options,
        streams=Shifted(3, "unit", "2/perceptron", offset=1),
    )
    for name, array in alone.parameters.items():
        np.testing.assert_array_equal(both.parameters[name][1:], array)
    assert [row[1:] for row in both.history if row[0] == 1] == [row[1:] for row in alone.history]

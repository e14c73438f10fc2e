"""k-nearest neighbours against brute force in plain Python, and against scikit-learn."""

import numpy as np
import pytest
from helpers import deal, subset
from plain_neighbours import brute_force, line
from sklearn.neighbors import KNeighborsClassifier

from fewpixels.models.knn import fit, predict
from fewpixels.streams import Streams

STREAMS = Streams(1, "unit", "2/knn")


def train_and_predict(train, validation, x, k_max, ties):
    options = {"k_max": k_max, "ties": ties}
    fitted = fit(train, validation, options, streams=STREAMS)
    return fitted, predict(fitted.parameters, options, train, x)


def crowded(seed, classes, dimensions, levels, replicates=2):
    """Small integers: nearly every image has duplicates, and distances tie all the time."""
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.repeat(np.arange(classes), 14))
    pool = rng.integers(0, levels, (len(labels), dimensions))
    return deal([rng] * replicates, pool, labels, 9, 5)


CROWDS = [(0, 2, 1, 3), (1, 3, 2, 3), (2, 5, 2, 2), (3, 4, 3, 3), (4, 10, 2, 4), (5, 10, 4, 2)]


@pytest.mark.parametrize("ties", ["nearer", "published"])
@pytest.mark.parametrize("crowd", CROWDS)
def test_equals_brute_force_on_data_full_of_ties(crowd, ties):
    train, validation = crowded(*crowd)
    k_max = train.y.shape[1]
    fitted, predicted = train_and_predict(train, validation, validation.x, k_max, ties)
    n = validation.y.shape[1]
    for r in range(len(train.y)):
        images, labels = train.x[r].astype(int).tolist(), train.y[r].tolist()
        table = np.array(
            [
                [
                    brute_force(images, labels, z, k, ties)
                    for z in validation.x[r].astype(int).tolist()
                ]
                for k in range(1, k_max + 1)
            ]
        )
        np.testing.assert_array_equal(predicted.sweep[:, r], table[..., 0])
        shares = [(row == validation.y[r]).sum() / n for row in table[..., 0]]
        k = shares.index(max(shares)) + 1  # the first maximum: the smallest k
        assert fitted.parameters["chosen"][r] == k
        np.testing.assert_array_equal(predicted.labels[r], table[k - 1, :, 0])
        np.testing.assert_array_equal(predicted.margin[r], table[k - 1, :, 1])


def test_the_crowds_tell_the_two_rules_apart():
    """Else the test above would pass with either rule."""
    for crowd in CROWDS[1:]:
        train, validation = crowded(*crowd)
        nearer, published = (
            train_and_predict(train, validation, validation.x, train.y.shape[1], ties)[1].sweep
            for ties in ("nearer", "published")
        )
        assert (nearer != published).any()


@pytest.mark.parametrize(
    ("points", "labels", "k", "nearer", "published"),
    [
        # One vote each: the nearer class, or the smaller one.
        ([2, 1], [0, 1], 2, 1, 0),
        # Two votes each: sums of distances 1 + 4 > 2 + 2.
        ([1, -4, 2, -2], [0, 0, 1, 1], 4, 1, 0),
        # Sums of distances 0 + 3 < 2 + 2, though sums of squares 9 > 8 say otherwise.
        ([0, 3, 2, -2], [1, 1, 0, 0], 4, 1, 0),
        # The same sums: the smaller class.
        ([1, -3, 2, -2], [1, 1, 0, 0], 4, 0, 0),
        # Two votes of five are fewer than half: as published the smallest label present wins.
        ([1, 1, 2, 2, 3], [4, 4, 2, 1, 3], 5, 4, 1),
        # Two of four are not fewer than half.
        ([1, 1, 2, 2], [4, 4, 2, 1], 4, 4, 4),
        # Three neighbours at the same distance, k = 1: the first in training order.
        ([1, -1, 1], [2, 1, 0], 1, 2, 2),
    ],
)
def test_ties_by_hand(points, labels, k, nearer, published):
    train = line(points, labels)
    for ties, expected in (("nearer", nearer), ("published", published)):
        _, predicted = train_and_predict(train, train, np.zeros((1, 1), np.float32), k, ties)
        assert predicted.sweep[k - 1, 0, 0] == expected


@pytest.mark.parametrize("ties", ["nearer", "published"])
def test_equals_scikit_learn_where_ties_do_not_matter(ties):
    """Continuous pixels tie in no distance, and an odd k of two classes in no vote."""
    rng = np.random.default_rng(8)
    labels = np.repeat([0, 1], 70)
    pool = rng.normal(labels[:, None] * 0.7, 1.0, (140, 6)).astype(np.float32)
    train, validation = deal([rng] * 3, pool, labels, 50, 20)
    fresh = rng.normal(0.35, 1.0, (60, 6)).astype(np.float32)
    _, predicted = train_and_predict(train, validation, fresh, 31, ties)
    for r in range(3):
        for k in range(1, 32, 2):
            model = KNeighborsClassifier(k, algorithm="brute").fit(train.x[r], train.y[r])
            np.testing.assert_array_equal(predicted.sweep[k - 1, r], model.predict(fresh))


def test_chosen_is_the_smallest_k_of_equal_accuracies():
    # Each cluster has one class only, so k = 1…3 all label every validation image rightly, and
    # from k = 7 on the larger class swallows the smaller.
    train = line([0, 1, 2, 100, 101, 102, 103, 104], [0, 0, 0, 1, 1, 1, 1, 1])
    validation = line([1, 101], [0, 1])
    fitted, predicted = train_and_predict(train, validation, validation.x, 8, "nearer")
    shares = (predicted.sweep[:, 0] == [0, 1]).mean(axis=1)
    assert shares[:3].tolist() == [1, 1, 1]
    assert shares[7] == 0.5
    assert fitted.parameters["chosen"].tolist() == [1]
    # One stray neighbour spoils k = 1 and 2: then 3 is the first of the best.
    train = line([1, 0, 2, 100, 101, 102], [1, 0, 0, 1, 1, 1])
    fitted, _ = train_and_predict(train, line([1, 101], [0, 1]), validation.x, 6, "nearer")
    assert fitted.parameters["chosen"].tolist() == [3]


def test_shared_images_equal_the_same_images_for_each_replicate():
    train, validation = crowded(6, 4, 2, 5, replicates=3)
    shared = np.random.default_rng(0).integers(0, 5, (25, 2)).astype(np.float32)
    _, once = train_and_predict(train, validation, shared, 12, "nearer")
    _, each = train_and_predict(train, validation, np.stack([shared] * 3), 12, "nearer")
    np.testing.assert_array_equal(once.sweep, each.sweep)
    np.testing.assert_array_equal(once.margin, each.margin)
    assert (once.sweep[:, 0] != once.sweep[:, 1]).any(), "the replicates must be told apart"


def test_replicates_that_share_no_images_are_labelled_as_each_alone():
    rng = np.random.default_rng(3)
    pool, labels = rng.integers(0, 4, (120, 2)), rng.integers(0, 3, 120)
    train = subset(pool, labels, rng.permutation(120).reshape(4, 30))
    x = rng.integers(0, 4, (4, 10, 2)).astype(np.float32)
    for images in (x[0], x):
        _, together = train_and_predict(train, train, images, 7, "nearer")
        for r in range(4):
            own = train.replicate(r)
            alone = predict(
                {"chosen": np.array([7])},
                {"k_max": 7, "ties": "nearer"},
                own,
                images[r] if images.ndim == 3 else images,
            )
            np.testing.assert_array_equal(together.sweep[:, r], alone.sweep[:, 0])


def test_identical_images_are_at_distance_zero():
    """Fractions whose squares round: x² − 2xz + z² would not give 0 for z = x."""
    rng = np.random.default_rng(2)
    pool = rng.uniform(0, 255, (40, 49)).astype(np.float32)
    labels = rng.permutation(np.repeat(np.arange(4), 10))
    train = subset(pool, labels, [np.arange(40)])
    _, predicted = train_and_predict(train, train, train.x, 3, "nearer")
    np.testing.assert_array_equal(predicted.sweep[0], train.y)

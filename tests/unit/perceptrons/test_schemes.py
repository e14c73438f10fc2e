"""Perceptrons of two classes that decide among many."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fewpixels.perceptrons.loops import label
from fewpixels.perceptrons.schemes import decide, pairs_of, signs_of

COUNTS = {
    "one-vs-rest": lambda classes: classes,
    "one-vs-one": lambda classes: classes * (classes - 1),
    "one-vs-one-unordered": lambda classes: classes * (classes - 1) // 2,
}


@pytest.mark.parametrize("scheme", COUNTS)
@given(st.integers(2, 12), st.integers(0, 99))
def test_a_class_that_all_its_perceptrons_know_is_decided_for(scheme, classes, seed):
    """Whatever those say that do not train on it."""
    sign = signs_of(scheme, classes)
    assert sign.shape == (classes, COUNTS[scheme](classes))
    assert ((sign == 1).sum(axis=0) == 1).all(), "one class is told from others"
    others = np.random.default_rng(seed).normal(size=sign.shape)
    labels, margin = decide(np.where(sign == 0, others, sign).T, scheme, classes)
    assert labels.tolist() == list(range(classes))
    assert (margin > 0).all()


@pytest.mark.parametrize("scheme", COUNTS)
@given(st.integers(2, 6), st.integers(0, 99))
def test_compiled_labels_are_those_that_are_decided_for(scheme, classes, seed):
    """Ties and scores of 0 included, of scores in any order, which epochs can share."""
    rng = np.random.default_rng(seed)
    scores = rng.integers(-1, 2, (9, 5)).astype(float)
    rows = rng.integers(0, 9, (COUNTS[scheme](classes), 3))
    labels, _ = decide(scores[rows], scheme, classes)
    np.testing.assert_array_equal(label(scores, rows, pairs_of(scheme, classes), classes), labels)


@pytest.mark.parametrize("scheme", COUNTS)
@given(st.integers(2, 12))
def test_pairs_are_the_classes_with_a_sign(scheme, classes):
    sign, pairs = signs_of(scheme, classes), pairs_of(scheme, classes)
    if scheme == "one-vs-rest":
        assert pairs.shape == (0, 2)
    else:
        perceptrons = np.arange(sign.shape[1])
        assert pairs.shape == (len(perceptrons), 2)
        assert (sign[pairs[:, 0], perceptrons] == 1).all()
        assert (sign[pairs[:, 1], perceptrons] == -1).all()

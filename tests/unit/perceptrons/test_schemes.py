"""Perceptrons of two classes that decide among many."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fewpixels.perceptrons.schemes import decide, signs_of

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

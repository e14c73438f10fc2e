"""Products of bytes, against integers and against products of floating-point numbers."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pytorch import torch

from fewpixels import blocks, eight_bits, products

pytestmark = [
    pytest.mark.torch,
    pytest.mark.skipif(
        torch is not None and not torch.cpu._is_vnni_supported(),
        reason="this processor has no VNNI, and bytes are not multiplied",
    ),
]

BYTES = st.tuples(
    st.integers(0, 70), st.integers(1, 70), st.sampled_from([1, 2, 3, 4, 63, 64, 65, 717]),
    st.sampled_from([[0], [255], [0, 255], range(256)]), st.integers(0, 99),
)  # fmt: skip


@given(BYTES)
@example((2, 2, eight_bits.MOST_PIXELS, [255], 0))
@example((2, 2, eight_bits.MOST_PIXELS, [0], 0))
def test_products_of_bytes_are_those_of_integers(given_):
    n, m, width, values, seed = given_
    whole = np.random.default_rng(seed).choice(values, (n + m, width))
    images = whole.astype(np.float32)
    assert eight_bits.suit(images)
    held = eight_bits.shift(images)
    assert held.dtype == np.int8
    first, second = whole[:n], whole[n:]
    x, z = held[:n], held[n:]
    np.testing.assert_array_equal(eight_bits.dot(x, z), first @ second.T)
    np.testing.assert_array_equal(eight_bits.squares(x, z), first**2 @ (second**2).T)


@pytest.mark.parametrize(
    ("values", "width", "suitable"),
    [((0, 255), 3, True), ((-1, 255), 3, False), ((0, 256), 3, False), ((0, 1), 0, False)],
)
def test_only_bytes_are_multiplied_as_bytes(values, width, suitable):
    images = np.resize(np.array(values, np.float32), (2, width))
    assert eight_bits.suit(images) == suitable
    assert not eight_bits.suit(np.zeros((1, eight_bits.MOST_PIXELS + 1), np.float32))


@settings(max_examples=20)
@given(st.sampled_from(["linear", "quadratic", "polynomial"]), st.integers(0, 99))
def test_perceptrons_make_the_same_mistakes_with_bytes(kernel, seed):
    rng = np.random.default_rng(seed)
    x = rng.integers(0, 256, (60, 9)).astype(np.float32)
    sign = rng.choice([-1.0, 1.0], (3, 60))
    order = np.stack([rng.permutation(60) for _ in range(3)])
    found = {}
    for many in (0, 61):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(products, "MANY", many)
            dots = products.Dots(x[:40], x[40:])
        assert (dots.dtype is np.int8) == (many == 0)
        rows = products.Computed(dots, kernel, 3, 2.0)
        mistakes = blocks.find_mistakes(rows, np.arange(60), sign, order, 180, block=7)
        arguments = [np.ones(len(images)) for images, _ in mistakes], [np.array([180])] * 3, 0
        found[many] = mistakes, blocks.score(rows, np.arange(60), mistakes, *arguments)
    for one, other in zip(found[0][0], found[61][0], strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(found[0][1], found[61][1])

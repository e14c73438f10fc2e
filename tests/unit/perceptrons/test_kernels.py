"""Kernels against features that are built one by one."""

import numpy as np
import pytest
from helpers import monomials
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fewpixels.perceptrons.kernels import finish
from fewpixels.perceptrons.rows import Dots, inner_products

KERNELS = ["linear", "quadratic"]
# Integers, so that sums are exact and the comparison is too.
WHOLE = st.integers(-255, 255)


def products(kernel, x, z, c=0.0):
    """K((x, c), (z, c)), shape (n, m)."""
    dots = Dots(*(s.astype(np.float32) for s in (x, z)))
    taken = dots.take(slice(len(x))), dots.take(slice(len(x), None))
    return finish(*inner_products(dots, kernel, *taken), kernel, 2, c)


@st.composite
def two_sets(draw):
    """Images x (n, d) and z (m, d)."""
    n, m, d = (draw(st.integers(1, 4)) for _ in range(3))
    return tuple(draw(arrays(np.float32, (k, d), elements=WHOLE.map(float))) for k in (n, m))


@given(two_sets())
def test_quadratic_is_the_inner_product_of_all_monomials(sets):
    x, z = sets
    expected = [[monomials(a) @ monomials(b) for b in z] for a in x]
    np.testing.assert_array_equal(products("quadratic", x, z), expected)


@given(two_sets())
def test_linear_is_the_inner_product_of_the_pixels(sets):
    x, z = sets
    expected = [[sum(int(a) * int(b) for a, b in zip(p, q, strict=True)) for q in z] for p in x]
    np.testing.assert_array_equal(products("linear", x, z), expected)


@pytest.mark.parametrize(("side", "count"), [(1, 3), (2, 15), (4, 153), (28, 308_505)])
def test_count_of_monomials(side, count):
    """All monomials of an image of ones are 1, so their inner product counts them."""
    d = side**2
    assert count == 1 + d + d * (d + 1) // 2
    ones = np.ones((1, d), np.float32)
    assert products("quadratic", ones, ones).item() == count
    if d <= 16:
        assert len(monomials(ones[0])) == count


def test_quadratic_is_not_the_weighted_polynomial_kernel():
    x, z = np.array([[1.0, 2.0]]), np.array([[3.0, 5.0]])
    # 1 + (3 + 10) + (9 + 30 + 100): the mixed monomial x₁x₂ counts once.
    assert products("quadratic", x, z).item() == 1 + 13 + 9 + 30 + 100
    assert products("quadratic", x, z).item() != (1 + 13) ** 2


@pytest.mark.parametrize("kernel", KERNELS)
@given(sets=two_sets(), sixteenths=st.integers(0, 4096))
def test_a_constant_is_as_if_it_were_a_pixel_of_every_image(kernel, sets, sixteenths):
    c = sixteenths / 16
    longer = [np.hstack([s, np.full((len(s), 1), c)]) for s in sets]
    np.testing.assert_array_equal(products(kernel, *sets, c), products(kernel, *longer))


@pytest.mark.parametrize("kernel", KERNELS)
@given(
    x=arrays(
        np.float32,
        st.tuples(st.integers(2, 6), st.integers(1, 5)),
        elements=st.floats(0, 1, width=32),
    )
)
def test_gram_matrices_are_symmetric_and_have_no_negative_eigenvalue(kernel, x):
    gram = products(kernel, x, x)
    np.testing.assert_allclose(gram, gram.T, rtol=1e-15)
    eigenvalues = np.linalg.eigvalsh(gram)
    assert eigenvalues.min() >= -1e-12 * max(eigenvalues.max(), 1.0)


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_full_size_gram_is_exact_in_float64(kernel):
    """Of grey images at 28 × 28; Python's integers are the reference."""
    rng = np.random.default_rng(1)
    x, z = rng.integers(0, 256, (2, 784)).tolist()
    dot = sum(a * b for a, b in zip(x, z, strict=True))
    squares = sum((a * b) ** 2 for a, b in zip(x, z, strict=True))
    exact = dot if kernel == "linear" else 1 + dot + (dot**2 + squares) // 2
    gram = products(kernel, np.array([x], np.float32), np.array([z], np.float32))
    assert gram.dtype == np.float64
    assert int(gram.item()) == exact


@pytest.mark.parametrize("kernel", KERNELS)
@given(sets=two_sets(), data=st.data())
def test_the_order_of_images_and_of_pixels_does_not_matter(kernel, sets, data):
    x, z = sets
    gram = products(kernel, x, z)
    np.testing.assert_array_equal(products(kernel, z, x), gram.T)
    pixels = data.draw(st.permutations(range(x.shape[1])))
    np.testing.assert_array_equal(products(kernel, x[:, pixels], z[:, pixels]), gram)
    rows = data.draw(st.permutations(range(len(x))))
    np.testing.assert_array_equal(products(kernel, x[rows], z), gram[rows])

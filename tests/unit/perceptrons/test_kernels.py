"""Kernels against features that are built one by one."""

import numpy as np
import pytest
from helpers import monomials
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fewpixels.perceptrons.kernels import KERNELS, append_constant, grams, linear, quadratic

# Integers, so that sums are exact and the comparison is too.
WHOLE = st.integers(-255, 255)


@st.composite
def two_sets(draw):
    """Images x (n, d) and z (m, d)."""
    n, m, d = (draw(st.integers(1, 4)) for _ in range(3))
    return tuple(draw(arrays(np.float32, (k, d), elements=WHOLE.map(float))) for k in (n, m))


@given(two_sets())
def test_quadratic_is_the_inner_product_of_all_monomials(sets):
    x, z = sets
    expected = [[monomials(a) @ monomials(b) for b in z] for a in x]
    np.testing.assert_array_equal(quadratic(x, z), expected)


@given(two_sets())
def test_linear_is_the_inner_product_of_the_pixels(sets):
    x, z = sets
    expected = [[sum(int(a) * int(b) for a, b in zip(p, q, strict=True)) for q in z] for p in x]
    np.testing.assert_array_equal(linear(x, z), expected)


@pytest.mark.parametrize(("side", "count"), [(1, 3), (2, 15), (4, 153), (28, 308_505)])
def test_count_of_monomials(side, count):
    """All monomials of an image of ones are 1, so their inner product counts them."""
    d = side**2
    assert count == 1 + d + d * (d + 1) // 2
    ones = np.ones((1, d), np.float32)
    assert quadratic(ones, ones).item() == count
    if d <= 16:
        assert len(monomials(ones[0])) == count


def test_quadratic_is_not_the_weighted_polynomial_kernel():
    x, z = np.array([[1.0, 2.0]]), np.array([[3.0, 5.0]])
    # 1 + (3 + 10) + (9 + 30 + 100): the mixed monomial x₁x₂ counts once.
    assert quadratic(x, z).item() == 1 + 13 + 9 + 30 + 100
    assert quadratic(x, z).item() != (1 + 13) ** 2


@pytest.mark.parametrize("kernel", KERNELS)
@given(sets=two_sets(), sixteenths=st.integers(0, 4096))
def test_append_constant_equals_appending_the_feature(kernel, sets, sixteenths):
    x, z = (s.astype(np.float64) for s in sets)
    c = sixteenths / 16
    longer = [np.hstack([s, np.full((len(s), 1), c)]) for s in (x, z)]
    gram = append_constant(kernel, KERNELS[kernel](x, z), linear(x, z), np.float64(c))
    np.testing.assert_array_equal(gram, KERNELS[kernel](*longer))


@pytest.mark.parametrize("kernel", KERNELS)
@given(
    x=arrays(
        np.float32,
        st.tuples(st.integers(2, 6), st.integers(1, 5)),
        elements=st.floats(0, 1, width=32),
    )
)
def test_gram_matrices_are_symmetric_and_have_no_negative_eigenvalue(kernel, x):
    gram = KERNELS[kernel](x, x)
    np.testing.assert_array_equal(gram, gram.T)
    eigenvalues = np.linalg.eigvalsh(gram)
    assert eigenvalues.min() >= -1e-12 * max(eigenvalues.max(), 1.0)


@pytest.mark.parametrize("kernel", KERNELS)
def test_leading_axes_are_independent(kernel):
    rng = np.random.default_rng(0)
    x, z = rng.integers(0, 256, (3, 4, 5)), rng.integers(0, 256, (3, 2, 5))
    stacked = KERNELS[kernel](x, z)
    for r in range(3):
        np.testing.assert_array_equal(stacked[r], KERNELS[kernel](x[r], z[r]))


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_full_size_gram_is_exact_in_float64(kernel):
    """Of grey images at 28 × 28; Python's integers are the reference."""
    rng = np.random.default_rng(1)
    x, z = rng.integers(0, 256, (2, 784)).tolist()
    dot = sum(a * b for a, b in zip(x, z, strict=True))
    squares = sum((a * b) ** 2 for a, b in zip(x, z, strict=True))
    exact = dot if kernel == "linear" else 1 + dot + (dot**2 + squares) // 2
    gram = KERNELS[kernel](np.array([x], np.float32), np.array([z], np.float32))
    assert gram.dtype == np.float64
    assert int(gram.item()) == exact


@pytest.mark.parametrize("name", KERNELS)
def test_grams_of_a_pool_are_those_of_each_replicate(name):
    """And do not depend on which other replicates there are."""
    rng = np.random.default_rng(5)
    pool = rng.integers(0, 256, (12, 9)).astype(np.float32)
    train = np.stack([rng.permutation(12)[:5] for _ in range(3)]).astype(np.int32)
    validation = np.stack([rng.permutation(12)[:4] for _ in range(3)]).astype(np.int32)
    products, crossed = grams(KERNELS[name], pool, train, validation)
    for r in range(3):
        np.testing.assert_array_equal(products[r], KERNELS[name](pool[train[r]], pool[train[r]]))
        np.testing.assert_array_equal(
            crossed[r], KERNELS[name](pool[validation[r]], pool[train[r]])
        )
    alone, _ = grams(KERNELS[name], pool, train[:1], validation[:1])
    np.testing.assert_array_equal(alone[0], products[0])


@st.composite
def dealt(draw):
    """A pool with equal, black and negative images, and rows of two subsets of it."""
    n, d, replicates = draw(st.integers(1, 6)), draw(st.integers(1, 4)), draw(st.integers(1, 3))
    pool = draw(arrays(np.float32, (n, d), elements=st.sampled_from([0.0, 1.0, -3.0, 255.0])))
    rows = [
        draw(arrays(np.int32, (replicates, m), elements=st.integers(0, n - 1)))
        for m in (draw(st.integers(1, 4)), draw(st.integers(1, 4)))
    ]
    return pool, *rows


@pytest.mark.parametrize("kernel", KERNELS)
@given(dealt(), st.randoms(use_true_random=False))
def test_grams_are_those_of_each_pair_wherever_it_lies_in_the_pool(kernel, given_, random):
    pool, train, validation = given_
    products, crossed = grams(KERNELS[kernel], pool, train, validation)
    for r, i, j in np.ndindex(products.shape):
        assert products[r, i, j] == products[r, j, i]
        one, other = pool[train[r, i]][None], pool[train[r, j]][None]
        assert products[r, i, j] == KERNELS[kernel](one, other).item()
    for r, i, j in np.ndindex(crossed.shape):
        one, other = pool[validation[r, i]][None], pool[train[r, j]][None]
        assert crossed[r, i, j] == KERNELS[kernel](one, other).item()
    moved = np.array(random.sample(range(len(pool)), len(pool)))
    again = grams(KERNELS[kernel], pool[np.argsort(moved)], moved[train], moved[validation])
    np.testing.assert_array_equal(again[0], products)
    np.testing.assert_array_equal(again[1], crossed)


@pytest.mark.parametrize("kernel", KERNELS)
@given(sets=two_sets(), data=st.data())
def test_the_order_of_images_and_of_pixels_does_not_matter(kernel, sets, data):
    x, z = sets
    gram = KERNELS[kernel](x, z)
    np.testing.assert_array_equal(KERNELS[kernel](z, x), gram.T)
    pixels = data.draw(st.permutations(range(x.shape[1])))
    np.testing.assert_array_equal(KERNELS[kernel](x[:, pixels], z[:, pixels]), gram)
    rows = data.draw(st.permutations(range(len(x))))
    np.testing.assert_array_equal(KERNELS[kernel](x[rows], z), gram[rows])

"""Shapes of convolutions, against plain loops."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from plain_convolutions import convolve, kernels, strides

from fewpixels.networks.convolutions import Convolution, convolutions


@given(st.integers(1, 3), st.integers(1, 3), st.sampled_from([1, 3, 5]), st.integers(1, 3),
       st.integers(1, 12))  # fmt: skip
def test_a_convolution_has_the_shape_and_the_products_of_a_plain_one(
    inputs, outputs, kernel, stride, side
):
    layer = Convolution(inputs, outputs, kernel, stride, side)
    weight = np.ones((outputs, inputs, kernel, kernel))
    out, products = convolve(np.ones((inputs, side, side)), weight, np.zeros(outputs), stride)
    assert out.shape == (outputs, layer.shown, layer.shown)
    assert layer.units == out.size
    assert layer.multiplications == products
    assert layer.padding == kernel // 2


@given(st.integers(1, 40), st.integers(1, 9))
def test_larger_images_are_seen_more_coarsely(side, filters):
    first, second = convolutions(side, filters)
    assert [first.kernel, second.kernel] == kernels(side)
    assert [first.stride, second.stride] == strides(side)
    assert [first.inputs, first.outputs, second.inputs] == [1, filters, filters]
    assert (second.outputs, second.side) == (2 * filters, first.shown)


@given(st.integers(5, 40))
def test_about_as_much_comes_out_of_images_of_any_size(side):
    assert 5 <= convolutions(side, 1)[1].shown <= 10

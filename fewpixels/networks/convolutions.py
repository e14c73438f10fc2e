"""Shapes of a convolutional network's layers, which follow from the side of its images."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Convolution:
    """One convolution over square images, with zeros around them.

    Attributes
    ----------
    inputs, outputs : int
        Channels.
    kernel : int
        Pixels a side of a filter, odd.
    stride : int
    side : int
        Pixels a side of what comes in.
    """

    inputs: int
    outputs: int
    kernel: int
    stride: int
    side: int

    @property
    def padding(self) -> int:
        """Zeros around the images: each filter's centre visits every `stride`-th pixel."""
        return self.kernel // 2

    @property
    def shown(self) -> int:
        """Pixels a side of what comes out."""
        return -(-self.side // self.stride)

    @property
    def units(self) -> int:
        """Numbers that come out of one image."""
        return self.outputs * self.shown**2

    @property
    def multiplications(self) -> int:
        """Products for one image, those with the zeros around it left out."""
        starts = [i * self.stride - self.padding for i in range(self.shown)]
        along = sum(min(i + self.kernel, self.side) - max(i, 0) for i in starts)
        return self.inputs * self.outputs * along**2


def convolutions(side: int, filters: int) -> list[Convolution]:
    """Two convolutions, the larger the images the coarser.

    From 10 pixels a side on, filters of 5×5 that move by two pixels, then 3×3; below, 3×3 twice.
    The second moves by two pixels from 20 on. So 5 to 10 pixels a side come out of images of 5 to
    40, and 7 of 7, 14 and 28.

    Parameters
    ----------
    side : int
        Pixels a side of the images.
    filters : int
        Of the first convolution; the second has twice as many.

    Returns
    -------
    list of two Convolution

    Examples
    --------
    >>> [(layer.kernel, layer.stride, layer.shown) for layer in convolutions(28, 16)]
    [(5, 2, 14), (3, 2, 7)]
    >>> [(layer.kernel, layer.stride, layer.shown) for layer in convolutions(7, 16)]
    [(3, 1, 7), (3, 1, 7)]
    """
    first = Convolution(1, filters, *((5, 2) if side >= 10 else (3, 1)), side)
    return [first, Convolution(filters, 2 * filters, 3, 2 if side >= 20 else 1, first.shown)]

"""Which sizes a logarithmic axis names.

The page asks too, and does not need Matplotlib.
"""

from collections.abc import Sequence

import numpy as np


def apart(sizes: Sequence[int], most: int = 9) -> list[int]:
    """Choose sizes whose labels do not meet on a logarithmic axis, first the largest's divisors.

    Parameters
    ----------
    sizes : sequence of int
    most : int
        Labels that there is room for, side by side.

    Returns
    -------
    list of int
        In order.

    Examples
    --------
    >>> apart(range(1, 29))
    [1, 2, 4, 7, 14, 28]
    """
    largest, least = max(sizes, default=1), min(sizes, default=1)
    gap = np.log(largest / least) / most
    found: list[int] = []
    for size in sorted(sizes, key=lambda size: (largest % size != 0, -size)):
        if all(abs(np.log(size / other)) >= gap for other in found):
            found.append(size)
    return sorted(found)

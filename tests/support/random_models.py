"""Random images for models of any kind."""

import numpy as np
from helpers import subset
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fewpixels.streams import Streams

STREAMS = Streams(2, "unit", "1/any")


@st.composite
def images(draw, values=(0, 0, 1, -2, 3), balanced=False):
    """Training and validation images of 1 to 3 replicates and 1 to 3 pixels, of 2 to 4 classes.

    Small integers, many of them equal: black images, equal images of different classes, ties in
    distance. A class may have a single image.
    """
    classes, d = draw(st.integers(2, 4)), draw(st.integers(1, 3))
    counts = draw(st.lists(st.integers(1, 3), min_size=classes, max_size=classes))
    if balanced:
        counts = counts[:1] * classes
    labels = np.repeat(np.arange(classes), counts)
    n, m = len(labels), draw(st.integers(1, 4))
    y = np.concatenate([labels, draw(arrays(np.int64, m, elements=st.integers(0, classes - 1)))])
    pool = draw(arrays(np.float32, (n + m, d), elements=st.sampled_from(values).map(float)))
    replicates = draw(st.integers(1, 3))
    train = [draw(st.permutations(range(n))) for _ in range(replicates)]
    validation = [draw(st.permutations(range(n, n + m))) for _ in range(replicates)]
    return subset(pool, y, train), subset(pool, y, validation)

"""Names for the arrays that most functions take and give."""

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
Floats = NDArray[np.float32]
Whole = NDArray[np.int64]

"""Numba, to be imported before it compiles anything: without SciPy's linear algebra.

Numba looks for that, for matrix products in compiled functions. None has any here, and to import it
takes a job 0.15 s.
"""

import sys

if "scipy.linalg" not in sys.modules:
    sys.modules["scipy.linalg"] = None  # type: ignore[assignment]
    try:
        import numba.np.arraymath  # noqa: F401
    finally:
        del sys.modules["scipy.linalg"]

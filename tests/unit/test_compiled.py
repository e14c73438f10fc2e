"""Compiled functions are loaded without SciPy's linear algebra, which can be imported later."""

import subprocess
import sys

CODE = """
import sys
import fewpixels.neighbours
assert "scipy.linalg" not in sys.modules
import scipy.linalg
assert scipy.linalg.norm([3, 4]) == 5
"""


def test_scipy_is_not_imported_with_compiled_functions(root):
    subprocess.run([sys.executable, "-c", CODE], cwd=root, check=True)

"""Digests of tiny projects: they change with what a script computes, and with nothing else."""

from importlib.metadata import version
from itertools import count
from textwrap import dedent

import pytest

from fewpixels.digest import literal, reached

PROJECT = {
    "scripts/train.py": """
        # A comment.
        from lib.models import mlp
        import helper

        def main(x):
            return mlp.fit(x) + helper.ONE
        """,
    "scripts/helper.py": "ONE = 1",
    "lib/__init__.py": "'''The library.'''",
    "lib/models/__init__.py": "BASE = 2",
    "lib/models/mlp.py": """
        '''A module.'''
        from lib.numbers import double

        def fit(x):
            '''Fit.'''
            return double(x) + 3
        """,
    "lib/models/knn.py": "K = 5",
    "lib/numbers.py": """
        def double(x):
            import lib.late
            return 2 * x
        """,
    "lib/late.py": "LATE = 0",
    "lib/unrelated.py": "U = 0",
}


@pytest.fixture
def digest_of(tmp_path):
    """A function: the digest of the script in a project with some files replaced.

    Each project has a folder of its own, because files are parsed once and remembered.
    """

    numbers = count()

    def digest(changes=None, modules=()):
        folder = tmp_path / str(next(numbers))
        for name, text in (PROJECT | (changes or {})).items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(dedent(text).strip() + "\n")
        return reached(folder / "scripts" / "train.py", folder, modules)

    return digest


@pytest.mark.parametrize(
    "changes",
    [
        {"lib/models/mlp.py": "from lib.numbers import double\ndef fit(x): return double(x) + 3"},
        {
            "lib/models/mlp.py": '''
            """Another docstring."""
            # A comment.


            from lib.numbers import double


            def fit(
                x,
            ):
                "Other words."
                return (
                    double(x)  # and another comment
                    + 3
                )
            '''
        },
        {"scripts/helper.py": "'''Now with a docstring.'''\nONE = 0x1"},
        {"lib/__init__.py": ""},
    ],
    ids=["stripped", "reformatted", "docstring", "emptied"],
)
def test_comments_docstrings_and_layout_do_not_matter(digest_of, changes):
    assert digest_of(changes) == digest_of()


def test_a_body_that_is_only_a_docstring_equals_pass(digest_of):
    one = digest_of({"lib/late.py": "def f():\n    'Words.'"})
    assert one == digest_of({"lib/late.py": "def f():\n    pass"})


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("scripts/train.py", PROJECT["scripts/train.py"].replace("+ helper", "- helper")),
        ("scripts/helper.py", "ONE = 1.0"),
        ("lib/models/mlp.py", PROJECT["lib/models/mlp.py"].replace("+ 3", "+ 4")),
        ("lib/numbers.py", PROJECT["lib/numbers.py"].replace("2 * x", "x * 2")),
        ("lib/late.py", "LATE = 1"),
        ("lib/models/__init__.py", "BASE = 3"),
        ("lib/__init__.py", "NEW = 1"),
        ("scripts/helper.py", "ONE = 1\n'used as a value'.strip()"),
    ],
    ids=["script", "beside", "from-x-import-y", "transitive", "inside", "package", "root", "text"],
)
def test_code_that_is_reached_matters(digest_of, file, text):
    assert digest_of({file: text}).digest != digest_of().digest


def test_unrelated_modules_do_not_matter(digest_of):
    changes = {"lib/unrelated.py": "U = 1", "lib/models/knn.py": "K = 6", "lib/new.py": "N = 1"}
    assert digest_of(changes) == digest_of()


def test_modules_imported_by_a_computed_name_matter_if_they_are_named(digest_of):
    named = digest_of(modules=["lib.models.knn"])
    assert named != digest_of()
    assert digest_of({"lib/models/knn.py": "K = 6"}, ["lib.models.knn"]) != named


@pytest.mark.parametrize(
    "statement",
    [
        "import lib.late",
        "import lib.late as other",
        "from lib import late",
        "from lib.late import LATE",
        "from lib.late import *",
        "from .. import late",
        "from ..late import LATE",
        "def f():\n    from ..late import LATE",
        "class A:\n    def f(self):\n        import lib.late",
        "if True:\n    pass\nelse:\n    import lib.late",
        "try:\n    pass\nexcept ImportError:\n    import lib.late",
        "from . import near",
        "from .near import late",
    ],
)
def test_every_form_of_import_is_followed(digest_of, statement):
    changes = {"lib/numbers.py": "def double(x): return 2 * x", "lib/models/mlp.py": statement}
    changes["lib/models/near.py"] = "from ..late import LATE\nlate = LATE"
    before = digest_of(changes)
    assert digest_of(changes | {"lib/late.py": "LATE = 7"}).digest != before.digest
    # Without the import, late.py is not reached: the digest changed because it is followed.
    changes["lib/models/mlp.py"] = "pass"
    assert digest_of(changes) == digest_of(changes | {"lib/late.py": "LATE = 7"})


def test_relative_imports_of_a_package_start_at_the_package(digest_of):
    changes = {"lib/models/__init__.py": "from .knn import K"}
    before = digest_of(changes)
    assert digest_of(changes | {"lib/models/knn.py": "K = 6"}) != before


def test_a_module_named_like_one_of_the_standard_library_is_not_taken_for_it(digest_of):
    imports = {"lib/late.py": "import pickle", "lib/models/pickle.py": "P = 1"}
    changed = imports | {"lib/models/pickle.py": "P = 2"}
    assert digest_of(imports) == digest_of(changed)
    named = ["lib.models.pickle"]
    assert digest_of(imports, named).digest != digest_of(changed, named).digest


def test_circles_end(digest_of):
    changes = {"lib/late.py": "import lib.models.mlp\nimport lib.late"}
    assert digest_of(changes | {"lib/unrelated.py": "U = 2"}) == digest_of(changes)


def test_moving_code_to_another_module_matters(digest_of):
    here = {"lib/late.py": "A = 1", "lib/numbers.py": "import lib.late\nB = 2"}
    there = {"lib/late.py": "B = 2", "lib/numbers.py": "import lib.late\nA = 1"}
    assert digest_of(here) != digest_of(there)


def test_other_packages_are_listed_with_their_versions(digest_of):
    code = digest_of({"lib/late.py": "import json, os.path\nimport numpy.linalg\nimport yaml"})
    assert code.packages == {"numpy": version("numpy"), "PyYAML": version("pyyaml")}
    assert digest_of().packages == {}, "neither the standard library nor the project is listed"


def test_the_project_lists_what_it_computes_with(root):
    """Labelling needs no compiler of loops for a network, and nothing needs scikit-learn."""
    script = root / "scripts" / "train.py"
    network = reached(script, root, ["fewpixels.models.mlp"])
    neighbours = reached(script, root, ["fewpixels.models.knn"])
    assert network.packages["numpy"] == version("numpy")
    assert "numba" in neighbours.packages
    assert "scikit-learn" not in {**network.packages, **neighbours.packages}
    assert network.digest != neighbours.digest


def test_a_literal_is_read_without_importing_its_module(tmp_path):
    file = tmp_path / "family.py"
    file.write_text(
        "import nothing_of_that_name\nA = {'k': [1, -2.5, True]}\nB: int = 3\nC = f()\n"
    )
    assert literal(file, "A") == {"k": [1, -2.5, True]}
    assert literal(file, "B") == 3
    with pytest.raises(ValueError, match=r"family\.py: found no D, expected a literal"):
        literal(file, "D")
    with pytest.raises(ValueError, match="Call"):
        literal(file, "C")

"""Digests of tiny projects: they change with what a script computes, and with nothing else."""

import re
import shutil
from functools import cache
from importlib.metadata import version
from itertools import count
from keyword import iskeyword
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fewpixels.staleness.digest import reached, syntax
from fewpixels.staleness.literals import defines, literal

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
        {"lib/late.py": "'''A.'''\n# B\nLATE = (\n    0\n)\n'''Said after a constant.'''"},
    ],
    ids=["stripped", "reformatted", "docstring", "emptied", "inside"],
)
def test_comments_docstrings_and_layout_do_not_matter(digest_of, changes):
    assert digest_of(changes) == digest_of()


@pytest.mark.parametrize(
    "opening",
    ["def f():", "async def f():", "class A:", "class A:\n  def f(self):", "def f():\n  def g():",
     "try: f()\nexcept E:", "try: f()\nfinally:", "if f: g()\nelse:", "match f:\n  case 1:"],
)  # fmt: skip
def test_a_body_that_is_only_a_docstring_equals_pass(digest_of, opening):
    one = digest_of({"lib/late.py": f"{opening}\n    'Words.'"})
    assert one == digest_of({"lib/late.py": f"{opening}\n    pass"})


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
        "import os, lib.late",
        "from lib import (\n    models,\n    late as other,\n)",
        "async def f():\n    import lib.late",
        "def f():\n    def g():\n        from lib import late",
        "match 1:\n    case 1:\n        import lib.late",
        "with open('f'):\n    import lib.late",
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


FAMILIES = {f"{stage} {family}" for stage in ("train", "evaluate")
            for family in ("perceptron", "knn", "mlp")}  # fmt: skip
TABLES = {f"table_{name}" for name in ("accuracy", "answer", "classes", "grid",
          "initialisation", "intervals", "ladder", "leakage", "pairs", "pareto", "runs", "sizes",
          "sweep", "timing", "tuning")}  # fmt: skip


VERDICTS = {"claims", "report", *(f"figure_{name}" for name in
            ("accuracy", "answer", "curves", "initialisation", "ladder", "runs", "sizes",
             "sweep"))}  # fmt: skip


@pytest.mark.parametrize(
    ("module", "scripts"),
    [
        ("streams", {"split", "downscale", "augment", "table_classes", "report", *FAMILIES}),
        ("images/downscale",
         {"downscale", "downscale_fresh", "augment", "figure_augmentation", "figure_samples",
          "figure_images", "figure_weights", "table_classes", "table_leakage", "report",
          *FAMILIES}),
        ("perceptrons/kernels", {"train perceptron", "evaluate perceptron"}),
        ("perceptrons/loops", {"train perceptron", "evaluate perceptron"}),
        ("models/__init__", {"figure_weights", "table_pareto", *FAMILIES}),
        ("datasets/__init__", {"data"}),
        ("figures/gallery", {f"figure_{x}" for x in
                             ("augmentation", "confusion", "images", "samples", "weights")}),
        ("statistics/intervals", TABLES - {"table_classes"} | VERDICTS),
        ("page/portable", {"report"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_module_of_the_project_matters_to_exactly_the_scripts_that_reach_it(
    root, tmp_path, module, scripts
):
    for name in ("fewpixels", "scripts"):
        shutil.copytree(root / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    with open(tmp_path / "fewpixels" / f"{module}.py", "a") as file:
        file.write("ANOTHER = 1\n")
    before, after = digests(root), digests(tmp_path)
    assert {job for job, digest in before.items() if after[job] != digest} == scripts


@cache
def digests(root):
    """The digest of every script's code; of training and evaluation, with each family."""
    jobs = {file.stem: [] for file in (root / "scripts").glob("[!_]*.py")}
    jobs["data"] = ["fewpixels.datasets.mlxtend"]
    jobs |= {job: [f"fewpixels.models.{job.split()[1]}"] for job in FAMILIES}
    del jobs["train"], jobs["evaluate"]
    scripts = root / "scripts"
    return {
        job: reached(scripts / f"{job.split()[0]}.py", root, modules).digest
        for job, modules in jobs.items()
    }


CONSTANTS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(),
    st.binary(),
)
LITERALS = st.recursive(
    CONSTANTS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
        | st.tuples(inner, inner)
    ),
    max_leaves=5,
)
NAMES = st.lists(
    st.from_regex("[a-z]{1,6}", fullmatch=True).filter(lambda n: not iskeyword(n)),
    min_size=1,
    max_size=4,
    unique=True,
)
NOISE = st.sampled_from(
    ["", "# A comment.", "    # Indented.", "'Text, not used.'", '"""\nText.\n"""']
)


@st.composite
def modules(draw):
    """The same statements twice, with different comments, text and blank lines between them."""
    names = draw(NAMES)
    values = [draw(LITERALS) for _ in names]
    functions = [draw(st.booleans()) for _ in names]
    texts = []
    for _ in range(2):
        lines = []
        for name, value, function in zip(names, values, functions, strict=True):
            lines.append(draw(NOISE))
            if function:
                lines += [f"def {name}(x, y):", *draw(st.just([]) | st.just(["    'Words.'", ""]))]
                lines += [f"    return ( x,{draw(NOISE.filter(is_comment))}", f"     {value!r} )"]
            else:
                lines.append(f"{name} = ({value!r})  {draw(NOISE.filter(is_comment))}")
        texts.append("\n".join([*lines, draw(NOISE)]))
    return dict(zip(names, values, strict=True)), dict(zip(names, functions, strict=True)), texts


def is_comment(text):
    return text.lstrip()[:1] in ("", "#")


def write(folder, text):
    file = folder / f"module{next(NUMBERS)}.py"
    file.write_text(text, encoding="utf-8")
    return file


NUMBERS = count()


@given(modules(), st.data())
def test_any_other_layout_is_the_same_code_and_any_other_constant_is_not(
    tmp_path_factory, given_, data
):
    folder = tmp_path_factory.mktemp("modules")
    values, functions, (text, other) = given_
    one, two = write(folder, text), write(folder, other)
    assert syntax(one) == syntax(two)
    for name, value in values.items():
        assert defines(one, name) == functions[name]
        if functions[name]:
            with pytest.raises(ValueError, match=f"found no {name}, expected a literal"):
                literal(one, name)
        else:
            assert repr(literal(one, name)) == repr(value)
    assert not defines(one, "Absent")
    name = data.draw(st.sampled_from(sorted(values)))
    new = data.draw(LITERALS.filter(lambda v: repr(v) != repr(values[name])))
    changed = write(folder, f"{text}\n{name} = ({new!r})")
    assert syntax(changed) != syntax(one)
    assert repr(literal(write(folder, f"{name} = ({new!r})"), name)) == repr(new)


@settings(max_examples=25)
@given(st.integers(1, 5), st.data())
def test_a_digest_changes_just_with_the_modules_that_are_reached(tmp_path_factory, size, data):
    """Modules that import one another at random; reached by a plain search."""
    imports = [data.draw(st.sets(st.integers(0, size - 1))) for _ in range(size)]
    kind = data.draw(
        st.sampled_from(["import lib.m{}", "from lib import m{}", "from .m{} import A"])
    )
    changed = data.draw(st.integers(0, size - 1))
    digests = []
    for new in (None, changed):
        folder = tmp_path_factory.mktemp("project")
        (folder / "lib").mkdir()
        (folder / "script.py").write_text("import lib.m0")
        for i, others in enumerate(imports):
            lines = [*map(kind.format, sorted(others)), f"A = {int(i == new)}"]
            (folder / "lib" / f"m{i}.py").write_text("\n".join(lines))
        digests.append(reached(folder / "script.py", folder))
    found, waiting = set(), [0]
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            waiting.extend(imports[module])
    assert (digests[0] != digests[1]) == (changed in found)
    assert re.fullmatch("[0-9a-f]{16}", digests[0].digest)
    assert digests[0].packages == {}

"""The same versions everywhere, and no package without a use."""

import re
import tomllib
from importlib.metadata import (
    PackageNotFoundError,
    distribution,
    distributions,
    packages_distributions,
)

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

# What is not imported, and the file and the words that ask for it.
ASKED_FOR = {
    "bandit": ("Makefile", "$(BIN)/bandit"),
    "mypy": ("Makefile", "$(BIN)/mypy"),
    "pip_audit": ("tests/audit.py", "pip_audit"),
    "pytest-xdist": ("Makefile", "--numprocesses"),
    "ruff": ("Makefile", "$(BIN)/ruff"),
    "snakedeploy": ("tests/workflow/test_module.py", "snakedeploy.client"),
    "snakefmt": ("Makefile", "$(BIN)/snakefmt"),
    "snakemake-executor-plugin-slurm": ("profiles/slurm/config.yaml", "executor: slurm"),
    "snakemake-logger-plugin-rich": ("profiles/default/config.yaml", "logger: rich"),
}
OF_THE_RUN = "fewpixels", "scripts", "workflow"
OF_TESTS = *OF_THE_RUN, "tests", "bench", "docs"


@pytest.fixture(scope="module")
def project(root):
    return tomllib.loads((root / "pyproject.toml").read_text())["project"]


def pins(root, name):
    """The requirements of a file and of those that it includes, but for comments."""
    lines = (root / name).read_text().splitlines()
    included = [line.split()[1] for line in lines if line.startswith("--requirement")]
    own = [line for line in lines if line[0] not in "#-"]
    return own + [pin for file in included for pin in pins(root, file)]


def closure(requirements):
    """The names of packages, and of all that they need under this Python."""
    todo, found = [(Requirement(r), "") for r in requirements], set()
    while todo:
        needed, extra = todo.pop()
        if needed.marker and not needed.marker.evaluate({"extra": extra}):
            continue
        for extra in {"", *needed.extras}:
            if (key := (canonicalize_name(needed.name), extra)) not in found:
                found.add(key)
                todo += [(Requirement(r), extra) for r in distribution(key[0]).requires or ()]
    return {name for name, _ in found}


def imported(root, folders):
    """Packages that Python files and rules import."""
    files = [f for folder in folders for f in (root / folder).rglob("*") if f.is_file()]
    code = "\n".join(f.read_text() for f in files if f.suffix in {".py", ".smk"})
    modules = set(re.findall(r"^\s*(?:import|from) (\w+)", code, re.M))
    owners = packages_distributions()
    return {canonicalize_name(name) for module in modules for name in owners.get(module, ())}


def test_pins_agree(root, project):
    """pyproject.toml names what the project imports; the others must hold the same versions."""
    environment = yaml.safe_load((root / "workflow" / "envs" / "fewpixels.yaml").read_text())
    (pip,) = [d["pip"] for d in environment["dependencies"] if isinstance(d, dict)]
    assert sorted(d for d in pip if d[0] != "-") == sorted(project["dependencies"])
    locked = set(pins(root, "requirements.txt"))
    assert {re.sub(r"\[.*\]", "", pin) for pin in project["dependencies"]} <= locked
    for extra, names in project["optional-dependencies"].items():
        assert set(names) <= set(pins(root, f"requirements-{extra}.txt"))


@pytest.mark.parametrize("extra", ["", "test", "browser", "cluster"])
def test_every_pinned_package_is_needed(root, project, extra):
    """By one that pyproject.toml names; and all that those need is pinned."""
    asked = project["dependencies"] + project["optional-dependencies"].get(extra, [])
    if extra == "browser":
        asked += project["optional-dependencies"]["test"]
    pinned = [
        Requirement(pin)
        for pin in pins(root, f"requirements-{extra}.txt" if extra else "requirements.txt")
    ]
    try:
        needed = closure(asked)
    except PackageNotFoundError as error:
        pytest.skip(f"{error.name} is not installed")
    here = {canonicalize_name(p.name) for p in pinned if not p.marker or p.marker.evaluate()}
    assert here == needed - {"pip", "setuptools"}  # which every environment has


@pytest.mark.parametrize(
    ("extra", "folders"),
    [("", OF_THE_RUN), ("test", OF_TESTS), ("browser", OF_TESTS), ("cluster", [])],
)
def test_what_pyproject_names_is_imported_or_asked_for(root, project, extra, folders):
    asked = project["optional-dependencies"][extra] if extra else project["dependencies"]
    found = imported(root, folders)
    for name in (Requirement(pin).name for pin in asked):
        if name in ASKED_FOR:
            file, words = ASKED_FOR[name]
            assert words in (root / file).read_text(), name
        elif list(distributions(name=name)):  # or its modules are not known
            assert canonicalize_name(name) in found

"""Pages are wrapped alike, their links lead somewhere, and what a reader could copy works."""

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pages
import pytest
import readme
import yaml
from packaging.specifiers import SpecifierSet
from snakemake.utils import validate

from fewpixels.study.plan import plan

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|srcset|href)=\"([^\"]+)\"")


named = pytest.mark.parametrize("page", pages.PAGES, ids=lambda p: str(p.relative_to(ROOT)))


def blocks(page, language):
    """What stands in the code blocks of a page, of one language."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)


def anchor(heading):
    """As GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\nb\n", "a b\n"),
        ("- a\n  b\n- c\n", "- a b\n- c\n"),
        ("1. " + "w " * 60 + "end\n", "1. " + "w " * 58 + "w\n   w end\n"),
        ("w " * 59 + "w - w\n", "w " * 58 + "w\nw - w\n"),
        ("w " * 55 + "`one two three`\n", "w " * 54 + "w\n`one two three`\n"),
        ("```\na\nb\n```\n", "```\na\nb\n```\n"),
        ("| a |\n| b |\n", "| a |\n| b |\n"),
        ("# a\nb\nc\n", "# a\nb c\n"),
        ("- a\n\n  ```sh\n  b\n  c\n  ```\n", "- a\n\n  ```sh\n  b\n  c\n  ```\n"),
    ],
)
def test_paragraphs_are_filled_and_nothing_else(text, expected):
    assert pages.wrapped(text) == expected
    assert pages.wrapped(expected) == expected


def test_pages_are_wrapped_alike_and_no_line_is_too_long():
    command = [sys.executable, ROOT / "docs" / "pages.py", "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@named
def test_links_lead_somewhere(page):
    """To files that every clone has, so to none that is made."""
    for target in ("".join(found) for found in LINK.findall(page.read_text(encoding="utf-8"))):
        if target.startswith("https://"):
            continue
        file, _, part = target.partition("#")
        there = (page.parent / file).resolve() if file else page
        assert there.exists(), target
        made = there.relative_to(ROOT).parts[0] in ("data", "results")
        assert not made or there.name == "README.md", target
        headings = re.findall(r"^#+ (.*)$", there.read_text("utf-8"), re.M) if part else []
        assert not part or part in map(anchor, headings), target


def test_every_page_is_in_the_index():
    text = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    linked = {(ROOT / "docs" / "".join(found)).resolve() for found in LINK.findall(text)}
    others = {ROOT / name for name in ("README.md", "CHANGELOG.md", "docs/index.md")}
    assert linked == set(pages.PAGES) - others


def test_the_map_is_of_what_is_there():
    """Every file and room that docs/architecture.md names; and it names every room."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    library = ROOT / "fewpixels"
    rooms = {path.name for path in library.iterdir() if (path / "__init__.py").is_file()}
    modules = {path.name for path in library.glob("[!_]*.py")}
    named = set(re.findall(r"`([\w/.]+)`", text))
    for name in named:
        if name.endswith((".py", ".smk", ".yaml")):
            assert any((ROOT / top / name).is_file() for top in ("", "scripts", "fewpixels")), name
        elif name.split("/")[0] in rooms and "." not in name:
            assert (library / name).is_dir() or (library / f"{name}.py").is_file(), name
    assert {f"{room}/" for room in rooms} | modules <= named


def test_the_readme_is_short():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 130


def test_pictures_are_small():
    for file in (ROOT / "docs" / "pictures").iterdir():
        assert file.stat().st_size < 250_000, file


def test_a_clone_starts_as_the_readme_says(tmp_path):
    """A copy does for a clone; what `make reproduce` would do, `make` tells."""
    first, quick = blocks("README.md", "sh")
    source = tmp_path / "there"
    source.mkdir()
    for file in (ROOT / "Makefile", *ROOT.glob("requirements*.txt")):
        shutil.copy(file, source)
    script = (first + quick).replace("git clone ADDRESS", f"cp -r {shlex.quote(str(source))}")
    script = re.sub("^make ", "make --dry-run ", script, flags=re.M)
    command = ["bash", "-euc", script]
    done = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)
    studies = re.findall(r"bin/snakemake --cores all --configfile (\S+)", done.stdout)
    assert studies == ["config.yaml", "config/tiny.yaml"]


def test_the_readmes_entries_make_a_study(tmp_path, monkeypatch):
    """Of the images and the model that the page on models has."""
    monkeypatch.chdir(tmp_path)
    images, model = map(yaml.safe_load, blocks("README.md", "yaml"))
    (code,) = (b for b in blocks("docs/add-a-model.md", "python") if "nearest-mean" in b)
    file = tmp_path / model["models"]["nearest-mean"]["family"]
    file.parent.mkdir()
    file.write_text(code)
    config = yaml.safe_load((ROOT / "config" / "tiny.yaml").read_text(encoding="utf-8"))
    config |= images | model
    config["subsets"] = {"train": 20, "validation": 5, "test": 5}
    validate(config, str(ROOT / "workflow" / "schemas" / "config.schema.yaml"))
    study = plan(config, ROOT)
    assert list(study.datasets) == ["letters"]
    assert study.models["nearest-mean"].family == "nearest_mean"


def test_what_is_cited_is_what_is_packaged():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert citation["version"] == project["version"]
    assert citation["license"] == project["license"]
    assert citation["authors"] == [{"name": "The fewpixels developers"}]


def test_what_readers_install_is_what_is_tested():
    texts = "".join(page.read_text(encoding="utf-8") for page in pages.PAGES)
    tested = (ROOT / "requirements-test.txt").read_text(encoding="utf-8").splitlines()
    assert set(re.findall(r"pip install ([\w-]+==[\d.]*\d)", texts)) <= set(tested)


def test_badges_say_what_is_required():
    badges = {own["label"]: own["text"] for own in readme.badges()}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert badges["licence"] == project["license"]
    for version in badges["python"].split(" | "):
        assert version in SpecifierSet(project["requires-python"])
    assert f"snakemake=={badges['snakemake']}" in project["dependencies"]
    for label, text in badges.items():
        drawn = (ROOT / "docs" / "pictures" / f"{label}.svg").read_text(encoding="utf-8")
        assert f">{text}<" in drawn

"""The same versions everywhere."""

import tomllib

import yaml


def test_pins_agree(root):
    """pyproject.toml names what the project imports; the others must hold the same versions."""
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    environment = yaml.safe_load((root / "workflow" / "envs" / "fewpixels.yaml").read_text())
    (pip,) = [d["pip"] for d in environment["dependencies"] if isinstance(d, dict)]
    assert sorted(pip) == sorted(project["dependencies"])
    locked = set((root / "requirements.txt").read_text().splitlines())
    assert set(project["dependencies"]) <= locked
    for extra, names in project["optional-dependencies"].items():
        more = set((root / f"requirements-{extra}.txt").read_text().splitlines())
        assert set(names) <= locked | more

"""The families of models: each is one module, here or in a file of one's own.

Begin with one of them: each is the face of the room that computes, and has all else that is known
of the family. `fewpixels.contract` says which names it has, and what they give; a family can take
from here what it gives.
"""

import sys
from functools import cache
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from fewpixels import FewpixelsError
from fewpixels.contract import Cost, Fit, Job, Needs, Prediction, Table, top_and_margin

__all__ = [
    "ROOT",
    "Cost",
    "Fit",
    "Job",
    "Needs",
    "Prediction",
    "Table",
    "load",
    "locate",
    "top_and_margin",
]

ROOT = Path(__file__).parents[2]
"""The project's folder."""


def locate(family: str, root: Path = ROOT) -> Path:
    """Tell where a family's file is, or would be.

    Parameters
    ----------
    family : str
        The name of a module here; or a path that ends with ``.py``, relative to the folder of
        the run or else to the project's.
    root : Path
        The project's folder.

    Returns
    -------
    Path
    """
    if not family.endswith(".py"):
        return root / "fewpixels" / "models" / f"{family}.py"
    own = Path(family)
    return own if own.is_file() else root / own


def load(family: str) -> ModuleType:
    """Import a family.

    A file of one's own can import modules that lie beside it, at its top. Two such files, and
    what they import, never get in each other's way, whatever they are called.

    Parameters
    ----------
    family : str
        As `locate` says.
    """
    if not family.endswith(".py"):
        return import_module(f"fewpixels.models.{family}")
    return _load(locate(family).absolute())


@cache
def _load(file: Path) -> ModuleType:
    spec = spec_from_file_location(str(file), file)
    if spec is None or spec.loader is None:
        raise FewpixelsError(f"{file}: found a file that is no module, expected Python")
    module = module_from_spec(spec)
    before = set(sys.modules)
    sys.modules[spec.name] = module  # dataclasses look there for what they are defined in
    sys.path.insert(0, str(file.parent))
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(file.parent))
        for name in set(sys.modules) - before:
            own = file.parent / name.partition(".")[0]
            if own.name != "fewpixels" and (own.is_dir() or own.with_suffix(".py").is_file()):
                del sys.modules[name]
    return module

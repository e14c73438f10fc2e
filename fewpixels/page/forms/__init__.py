"""How the page runs each family of models, and what it calls its numbers.

Each is a module of the family's name, with `portable` and, where they differ from `USUAL`, `WORDS`.

They are apart from the families, so that nothing is trained again where the page changes.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from fewpixels.page.portable import Portable

USUAL = {"loss": "training loss", "about_loss": "", "voters": ""}
"""What is counted in training and why it can rise; and what votes for a label, if anything."""


def form_of(family: str) -> Callable[..., Portable | None] | None:
    """Find how the page runs a family.

    Parameters
    ----------
    family : str
        As the configuration names it.

    Returns
    -------
    callable or None
        ``portable(parameters, hyperparameters, train, x, labels)``: the first replicate in a
        form that gives ``labels`` (n,) of the images ``x`` (n, d), or None. None of a family
        that the page cannot run.
    """
    return getattr(_module_of(family), "portable", None)


def words_of(family: str) -> dict[str, str]:
    """Find what the page calls a family's numbers.

    Parameters
    ----------
    family : str
        As the configuration names it.

    Returns
    -------
    dict of str to str
        The keys of `USUAL`.
    """
    return USUAL | getattr(_module_of(family), "WORDS", {})


def trained_in_page(family: str, hyperparameters: Mapping[str, Any]) -> bool:
    """Whether the page can train a model again, on whole numbers, as perceptrons learn.

    Parameters
    ----------
    family : str
        As the configuration names it.
    hyperparameters : mapping
        Those of the fit.

    Returns
    -------
    bool
        What ``trained_in_page`` of the family's module says; False without one.
    """
    asked = getattr(_module_of(family), "trained_in_page", None)
    return asked is not None and asked(hyperparameters)


def _module_of(family: str) -> ModuleType | None:
    name = f"{__name__}.{family}"
    known = family.isidentifier() and find_spec(name) is not None
    return import_module(name) if known else None

"""How the page runs each family of models: a module of the family's name, with `portable`.

They are apart from the families, so that nothing is trained again where the page changes.
"""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

from fewpixels.page.portable import Portable


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
    name = f"{__name__}.{family}"
    if not family.isidentifier() or find_spec(name) is None:
        return None
    return getattr(import_module(name), "portable", None)

"""Models on their ladders of remedies, and what goes beyond them.

Models are mappings, as `fewpixels.study.model.Model.shown` gives them.
"""

from collections.abc import Iterable, Mapping
from typing import Any

Models = Iterable[Mapping[str, Any]]


def ladders(models: Models) -> list[list[Mapping[str, Any]]]:
    """Find each model that improves on none, with the remedies above it, rung by rung."""
    models = list(models)
    above = {m["remedy_of"]: m for m in reversed(models) if m["remedy_of"]}
    found = []
    for model in models:
        if not model["remedy_of"]:
            rungs = [model]
            while rungs[-1]["name"] in above:
                rungs.append(above[rungs[-1]["name"]])
            found.append(rungs)
    return found


def climbs(models: Models) -> list[list[Mapping[str, Any]]]:
    """Find the ladders, each going on to what lies beyond its rungs.

    Returns
    -------
    list of list of mapping
        Of each ladder whose first model goes beyond none, its rungs; then the ladders that begin
        beyond one of these, in the order of the models; then those beyond these, and so on.
    """
    found = ladders(models)
    paths = [list(rungs) for rungs in found if not rungs[0]["beyond"]]
    for path in paths:
        for model in path:  # which grows
            for rungs in found:
                if rungs[0]["beyond"] == model["name"]:
                    path.extend(rungs)
    return paths


def first_rung(model: Mapping[str, Any]) -> str:
    """Name what a ladder begins with, before any remedy."""
    return "as published" if model["published"] else "without remedies"


def spanning(models: Models) -> list[list[Mapping[str, Any]]]:
    """Find the ladders that span several sizes; all of them where none does."""
    found = ladders(models)
    wide = [rungs for rungs in found if len({s for rung in rungs for s in rung["sizes"]}) > 1]
    return wide or found


def way_beyond(models: Models, name: str) -> list[Mapping[str, Any]]:
    """Find what leads to a model from beyond the ladder that it begins at.

    Parameters
    ----------
    models : iterable of mapping
    name : str
        Of one of them.

    Returns
    -------
    list of mapping
        The model, and all below it down to the first that is no longer beyond any remedies, which
        is left out; none where it is itself on such a ladder. The lowest first.
    """
    known = {model["name"]: model for model in models}
    found: list[Mapping[str, Any]] = []
    while below := known[name]["remedy_of"] or known[name]["beyond"]:
        found.insert(0, known[name])
        name = below
    while found and found[0]["remedy_of"]:
        found.pop(0)
    return found

"""The order of a configuration's keys, as far as it tells: of rows, and of what names a cell."""

from collections.abc import Mapping
from typing import Any

Order = dict[str, list[Any]]


def order_of(config: Mapping[str, Any]) -> Order:
    """Note the order of a study's keys.

    Parameters
    ----------
    config : mapping
        As `fewpixels.study.plan.plan` takes it.

    Returns
    -------
    dict
        Of lists, which JSON keeps in order: the names of ``datasets``, ``splits`` and ``models``,
        and for each model the keys of each of its grids, in ``grids``.
    """
    found = {key: list(config[key]) for key in ("datasets", "splits", "models")}
    models = config["models"].values()
    return found | {"grids": [[list(grid) for grid in m.get("grid", [])] for m in models]}


def in_order(config: Mapping[str, Any], order: Order) -> dict[str, Any]:
    """Give back the order that `order_of` noted to a study whose keys lost it."""
    found = dict(config)
    for section in ("datasets", "splits", "models"):
        found[section] = {name: config[section][name] for name in order[section]}
    for (name, model), grids in zip(found["models"].items(), order["grids"], strict=True):
        if "grid" in model:
            cells = zip(model["grid"], grids, strict=True)
            grid = [{key: own[key] for key in keys} for own, keys in cells]
            found["models"][name] = model | {"grid": grid}
    return found

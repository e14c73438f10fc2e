"""What jobs take, before anything is computed: seconds of one core, and megabytes.

``workflow/jobs.yaml`` has a row for each rule. What training and evaluation take besides, a family
says of its own models (`fewpixels.contract.Needs`).
"""

from collections.abc import Callable, Iterable, Mapping
from math import ceil
from typing import Any

from fewpixels import FewpixelsError
from fewpixels.contract import Job, Needs
from fewpixels.models import load
from fewpixels.study.families import Family
from fewpixels.study.model import UNCOUNTED, Cell, Study

_MOST = 1e18  # of what a family says that a job needs

# Batches of cells, and the seconds that a cell of one takes at the most.
BATCHES = {"cells": 5, "cells_long": 20}


def estimate(
    study: Study,
    table: Mapping[str, Mapping[str, Any]],
    rule: str,
    cell: Cell,
    files: float = 0,
    augmentation: str = "",
) -> tuple[float | None, float]:
    """Estimate what a job takes.

    Parameters
    ----------
    study : Study
    table : mapping
        Rows by rule, or by the word that rules begin with.
    rule : str
    cell : Cell
        Where the job is; of an empty model if it is not of a cell.
    files : float
        Bytes of the user's files that it reads.
    augmentation : str
        The one that a job of no cell is about.

    Returns
    -------
    seconds : float or None
        None where the family does not say.
    megabytes : float
        At the most.
    """
    stage = rule.split("_")[0]
    row = table[rule if rule in table else stage]
    if cell.model:
        augmentation = study.models[cell.model].augmentation
    there = _amounts(study, cell, augmentation) | {"files": files}
    nanoseconds, size = (
        sum(each * there[name] for name, each in row.get(key, {}).items())
        for key in ("nanoseconds", "bytes")
    )
    needs: Needs | None = Needs(0, 0)
    if stage in ("train", "evaluate"):
        needs = _needs(study, cell, stage == "train")
    seconds = None if needs is None else row["seconds"] + nanoseconds / 1e9 + needs.seconds
    # Of a family that does not say, as much as float64 copies of all images.
    numbers = there["pixels"] if needs is None else needs.numbers
    return seconds, row["megabytes"] + (size + 8 * numbers) / 2**20


def minutes(seconds: float | None) -> int:
    """Whole minutes to ask for: three times the estimate, or an hour where there is none."""
    return 60 if seconds is None else ceil(3 * seconds / 60)


def batch(seconds: float | None) -> str:
    """Name the batch of cells that take about as long; without an estimate a cell is alone."""
    fitting = (name for name, most in BATCHES.items() if seconds is not None and seconds <= most)
    return next(fitting, "cells_alone")


def _amounts(study: Study, cell: Cell, augmentation: str) -> dict[str, float]:
    """What there is of a dataset, a split and a size; ``workflow/jobs.yaml`` says what of each."""
    counts, held = study.images(cell.dataset, cell.split), study.held(cell.split)
    entry, fresh = study.datasets[cell.dataset], _fresh(study, cell.dataset)
    own = sum(counts.values())
    train = held * max(study.trained_on(cell.dataset, cell.split, name) for name in study.models)
    labelled = held * (own - counts["train"]) + fresh
    seen = own
    if cell.model:
        seen += study.trained_on(cell.dataset, cell.split, cell.model) - counts["train"]
    # As many as there are, if they are counted or the options tell; else twice as many as a
    # replicate has.
    told = entry["classes"] * entry["options"].get("per_class", 0)
    counted = sum(study.pools.get(cell.dataset, ())) or told
    pool = counted or 2 * own
    distinct = sum(min(held * n, pool) for n in counts.values()) + fresh
    copies = study.augmentations[augmentation]["copies"] if augmentation else 0
    # Of all of a pool that is yet to be downloaded, however little of it a replicate has.
    copies *= counted or max(pool, UNCOUNTED * entry["classes"])
    return {
        "images": held * own + fresh,
        "pixels": (held * seen + fresh) * cell.size**2,
        "distinct": distinct * cell.size**2,
        "labelled": labelled * cell.size**2,
        "pool": (own + fresh) * entry["side"] ** 2,
        "distorted": copies * entry["side"] ** 2,
        "copies": copies * cell.size**2,
        "coefficients": train * entry["classes"] ** 2,
        "answers": sum(1 for _ in study.cells(cell.dataset)) * study.replicates * fresh,
    }


def _needs(study: Study, cell: Cell, trains: bool) -> Needs | None:
    """What a family says that training or evaluation needs, if it says."""
    model = study.models[cell.model]
    family = study.families[model.family]
    if not family.says_needs:
        return None
    counts = study.images(cell.dataset, cell.split)
    labelled = counts["validation"]
    if not trains:
        labelled += counts["test"] + _fresh(study, cell.dataset)
    job = Job(
        trains,
        study.replicates,
        study.held(cell.split),
        study.trained_on(cell.dataset, cell.split, cell.model),
        labelled,
        cell.size**2,
        study.datasets[cell.dataset]["classes"],
        model.parameters,
    )
    seconds, numbers = _told(
        family, "needs", job, lambda found: (float(found.seconds), float(found.numbers))
    )
    if not (0 <= seconds <= _MOST and 0 <= numbers <= _MOST):
        raise FewpixelsError(
            f"{family.source}: needs: found {seconds} seconds and {numbers} numbers, expected both "
            f"from 0 to {_MOST:.0e}; correct it"
        )
    return Needs(seconds, numbers)


def check_machine(study: Study, models: Iterable[str]) -> None:
    """Refuse models for which this machine lacks something, such as a GPU.

    Parameters
    ----------
    study : Study
    models : iterable of str
        Names of those that are to be trained or evaluated here.

    Raises
    ------
    FewpixelsError
        The first of them, or a family that cannot tell.
    """
    for model in (study.models[name] for name in models):
        family = study.families[model.family]
        if not family.says_lacks:
            continue
        said = _told(family, "lacks", model.parameters, str)
        if said:
            raise FewpixelsError(f"models.{model.entry}: {said}")


def _told(family: Family, function: str, argument: Any, read: Callable[[Any], Any]) -> Any:
    """What a function of a family says, as `read` takes it."""
    try:
        return read(getattr(load(family.source), function)(argument))
    except (Exception, SystemExit) as error:
        said = " ".join(f"{type(error).__name__}: {error}".split())
        raise FewpixelsError(f"{family.source}: {function}: {said}; correct it") from error


def _fresh(study: Study, dataset: str) -> int:
    """Fresh images, as far as options tell; else as many as validate."""
    entry = study.datasets[dataset]
    options = entry.get("fresh", entry)["options"]
    told: int = entry["classes"] * options.get("fresh_per_class", 0)
    return told or study.images(dataset, study.honest)["validation"]

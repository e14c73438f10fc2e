"""How much work jobs have: numbers that their time, memory and files grow with.

They follow from the configuration alone, so a plan knows them before anything is computed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from math import log
from typing import Any

from fewpixels.perceptrons.features import MOST_EXPLICIT, count
from fewpixels.study.model import Study

TERMS = (
    "jobs",
    "images",
    "pixels",
    "pool_pixels",
    "gram_entries",
    "labels",
    "pairs",
    "products",
    "mistakes",
    "votes",
    "steps",
    "parameters",
)
"""Names of the numbers; see `terms`."""

# Bytes of a file of Gram matrices; models that would need a larger one train on pixels.
LARGEST_GRAMS = 2**30


@dataclass(frozen=True)
class Job:
    """What a job works on.

    Attributes
    ----------
    replicates : int
    held : int
        How many times images of the split are held: once for all replicates, or for each.
    train, validation, test, fresh : int
        Images; of a replicate but for the fresh ones.
    classes : int
    side, size : int
        Pixels a side, of the dataset and after downscaling.
    grams : int
        Files of Gram matrices that it makes, or that its model is trained on.
    stage : {"images", "train", "reuse", "evaluate"}
    family : str
        Of its model; empty without one.
    hyperparameters : mapping
        Of its model, defaults filled in.
    """

    replicates: int
    held: int
    train: int
    validation: int
    test: int
    fresh: int
    classes: int
    side: int
    size: int
    grams: int = 0
    stage: str = "images"
    family: str = ""
    hyperparameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def looked_up(self) -> int:
        """Images that a replicate labels."""
        return self.test + self.fresh if self.stage == "evaluate" else self.validation


def job_of(
    study: Study,
    dataset: str,
    split: str,
    size: int,
    *,
    grams: int = 0,
    stage: str = "images",
    model: str = "",
) -> Job:
    """Describe a job of a study; without a model, one that makes images."""
    counts = study.images(dataset, split)
    return Job(
        replicates=study.replicates,
        held=study.held(split),
        **counts,
        fresh=_fresh_images(study, dataset),
        classes=study.datasets[dataset]["classes"],
        side=study.datasets[dataset]["side"],
        size=size,
        grams=grams,
        stage=stage,
        family=study.models[model].family if model else "",
        hyperparameters=study.models[model].parameters if model else {},
    )


def grams_fit(study: Study, dataset: str, split: str) -> bool:
    """Whether models train on files of Gram matrices, which must not be larger than 1 GiB.

    Nor do they where all replicates train on the same images.
    """
    counts = study.images(dataset, split)
    entries = study.replicates * counts["train"] * (counts["train"] + counts["validation"])
    return study.splits[split]["kind"] != "fixed" and 8 * entries <= LARGEST_GRAMS


def terms(job: Job) -> dict[str, float]:
    """Count what a job has to do.

    Returns
    -------
    dict of str to float
        By the names in `TERMS`, each ≥ 0: ``jobs`` is 1; ``images`` are all that the split holds
        with the fresh ones, ``pixels`` theirs after downscaling and ``pool_pixels`` those before;
        ``gram_entries`` of the files; ``labels`` of all replicates. Of a family that is not
        this project's own the rest is 0: ``pairs`` of images whose inner products are computed,
        and ``products`` of their pixels; ``mistakes`` of all perceptrons, if those of an epoch
        were in inverse proportion to its number, and ``votes``, those that vote; ``steps``,
        multiplications with weights or rows of a Gram matrix; ``parameters`` that are kept.
    """
    pool = job.train + job.validation + job.test
    images = job.held * pool + job.fresh
    pixels = job.size**2
    read = 0 if job.stage in ("reuse", "evaluate") else job.grams
    entries = read * job.held * job.train * (job.train + job.validation)
    found = dict.fromkeys(TERMS, 0.0)
    found |= {
        "jobs": 1,
        "images": images,
        "pixels": images * pixels,
        "pool_pixels": (pool + job.fresh) * job.side**2,
        "gram_entries": entries,
    }
    if job.stage == "images":
        return found | {"products": entries * pixels}
    found["labels"] = job.replicates * job.looked_up
    own = _FAMILIES.get(job.family)
    return found | own(job) if own else found


def _fresh_images(study: Study, dataset: str) -> int:
    """Fresh images, as far as options tell; else as many as validate."""
    entry = study.datasets[dataset]
    options = entry.get("fresh", entry)["options"]
    told: int = entry["classes"] * options.get("fresh_per_class", 0)
    return told or study.images(dataset, study.honest)["validation"]


def _perceptron(job: Job) -> dict[str, float]:
    own = job.hyperparameters
    perceptrons, share = job.classes, 1.0
    if own["scheme"] != "one-vs-rest":
        perceptrons, share = job.classes * (job.classes - 1), 2 / job.classes
    if own["scheme"] == "one-vs-one-unordered":
        perceptrons //= 2
    features = count(own["kernel"], own["degree"], job.size**2 + own["bias"])
    few = features <= MOST_EXPLICIT
    training = job.stage != "evaluate"
    explicit = few and not job.grams
    width = features if explicit else job.train
    voted = own["weights"] == "voted"
    first = job.replicates * job.train * perceptrons * share
    # Ever fewer: the k-th epoch takes about a k-th of the time of the first.
    mistakes = first * (min(own["epochs"], 1) + log(max(own["epochs"], 1)))
    visits = first * own["epochs"] if explicit else mistakes
    steps = (visits * training + job.replicates * job.looked_up * perceptrons) * width
    computed = 0 if explicit or (training and job.grams) else job.train
    times = job.replicates if training else job.held
    pairs = times * computed * (job.looked_up + (job.train if training else 0))
    return {
        "pairs": pairs,
        "products": pairs * job.size**2,
        "mistakes": mistakes * training,
        "votes": mistakes if voted else 0,
        "steps": steps,
        "parameters": 0 if voted else job.replicates * perceptrons * width,
    }


def _knn(job: Job) -> dict[str, float]:
    pairs = job.held * job.train * job.looked_up
    return {"pairs": pairs, "products": pairs * job.size**2}


def _mlp(job: Job) -> dict[str, float]:
    own = job.hyperparameters
    units = [job.size**2, *[own["width"]] * (own["layers"] - 1), job.classes]
    weights = sum((above + 1) * below for above, below in pairwise(units))
    labelled: float = job.looked_up
    if job.stage != "evaluate":
        batch = job.train
        if own["batch"] == "mini":
            batch = min(batch, own["per_class"] * job.classes)
        labelled = own["max_updates"] * (3 * batch + job.validation / own["validate_every"])
    return {
        "steps": job.replicates * labelled * weights,
        "parameters": job.replicates * weights,
    }


_FAMILIES: dict[str, Callable[[Job], dict[str, float]]] = {
    "perceptron": _perceptron,
    "knn": _knn,
    "mlp": _mlp,
}

"""The pools of a study before it runs: what classes there are, and whether they can be split."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fewpixels.artifacts.arrays import read_npz
from fewpixels.datasets import DatasetError, check_classes, outline
from fewpixels.images.splits import deal
from fewpixels.images.used import count_used
from fewpixels.study.model import Study
from fewpixels.study.validation import ConfigurationError


@dataclass(frozen=True)
class Pool:
    """Classes of a pool's images.

    Attributes
    ----------
    labels : ndarray of int64, shape (N,)
        0…C−1.
    names : ndarray of str, shape (C,)
    """

    labels: NDArray[np.int64]
    names: NDArray[np.str_]

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Images of each class, (C,)."""
        return np.bincount(self.labels, minlength=len(self.names))


def read_pool(made: str | Path) -> Pool:
    """Read the classes of ``data/{dataset}.npz``."""
    return Pool(**read_npz(made, labels="int64 N", names="str C"))


def look_ahead(entry: Mapping[str, Any]) -> Pool | None:
    """Tell the classes of a dataset that is not made yet.

    Parameters
    ----------
    entry : mapping
        The dataset's, defaults filled in.

    Returns
    -------
    Pool or None
        None of what is yet to be downloaded, and of what cannot be read: making the dataset says
        why.
    """
    options = entry["options"].values()
    if any(isinstance(value, str) and value.startswith("https://") for value in options):
        return None
    try:
        found = outline(entry)
    except DatasetError:
        return None
    return Pool(found.labels, found.names)


def plan_split(study: Study, dataset: str, split: str, pool: Pool) -> NDArray[np.int64]:
    """See that a pool can be split, and count what a replicate uses of each class.

    Parameters
    ----------
    study : Study
    dataset, split : str
    pool : Pool
        Of the dataset.

    Returns
    -------
    ndarray of int64, shape (C,)
        Images that train, validate or test, each once.

    Raises
    ------
    DatasetError
        If there are other classes than the configuration says.
    SplitError
        If a class has too few images.
    ConfigurationError
        If a model needs more images than train.
    """
    check_classes(pool.names, study.datasets[dataset]["classes"], dataset)
    dealt = deal(pool.labels, pool.names, replace(study, replicates=1).dealing(split), dataset)
    check_limits(study, split, dealt["train"].shape[1])
    return count_used(dealt, pool.labels, len(pool.names))


def check_limits(study: Study, split: str, images: int) -> None:
    """Refuse hyperparameters, marked ``at_most_train`` in the schema, above the training images.

    Parameters
    ----------
    study : Study
    split : str
    images : int
        Those that train.

    Raises
    ------
    ConfigurationError
        If there is one.
    """
    for model in study.models.values():
        for key, rule in study.families[model.family].schema["properties"].items():
            if split not in model.splits or not rule.get("at_most_train"):
                continue
            if model.parameters[key] > images:
                raise ConfigurationError(
                    f"models.{model.entry}: found {key}: {model.parameters[key]} of {model.name}, "
                    f"expected {images} or less, the number of training images in {split}"
                )

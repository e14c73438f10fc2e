"""A study: its datasets, splits and models, and the cells that these make."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from fewpixels.images.splits import by_class
from fewpixels.study.families import Family

UNCOUNTED = 6000
"""Images of a class of a pool that is yet to be downloaded; MNIST has as many."""


@dataclass(frozen=True)
class Model:
    """One model: an entry of the configuration, or one cell of an entry's grid.

    Attributes
    ----------
    name : str
        The entry's name, with the values on the grid's axes.
    entry : str
        Name of the entry.
    title : str
    family : str
        Name of a family of the study.
    parameters : dict
        Hyperparameters, defaults filled in.
    axes : dict
        Values on the axes of the grid; empty without a grid.
    sizes : tuple of int
        Pixels a side, as the study orders them.
    splits : tuple of str
    published : dict
        Published figures: ``accuracy`` by size, ``seconds``, ``updates`` and so on.
    remedy_of : str
        Name of the model that this one improves on; empty where there is none.
    remedy : str
        What was remedied.
    show : tuple of str
        Figures that single this model out.
    overview : bool
        Whether figures of all models draw the ladder that begins here, and the page's chart this
        model at first.
    augmentation : str
        Name of the augmentation whose copies it trains on too; empty where there is none.
    beyond : str
        Name of the model that this one goes beyond, by other means than a remedy; empty where
        there is none.
    mistake : str
        What training did wrong before this remedy, for the page; empty where that is not said.
    """

    name: str
    entry: str
    title: str
    family: str
    parameters: dict[str, Any]
    axes: dict[str, Any]
    sizes: tuple[int, ...]
    splits: tuple[str, ...]
    published: dict[str, Any] = field(default_factory=dict)
    remedy_of: str = ""
    remedy: str = ""
    show: tuple[str, ...] = ()
    overview: bool = True
    augmentation: str = ""
    beyond: str = ""
    mistake: str = ""

    def shown(self) -> dict[str, Any]:
        """Everything that tables and figures show; not what it trains by, or on."""
        hidden = ("parameters", "augmentation", "mistake")
        return {key: value for key, value in vars(self).items() if key not in hidden}


@dataclass(frozen=True)
class Cell:
    """One split, size and model of a dataset."""

    dataset: str
    split: str
    size: int
    model: str


@dataclass(frozen=True)
class Study:
    """The whole study.

    Attributes
    ----------
    seed, replicates : int
    datasets, splits : dict of str to dict
        Entries by name, defaults filled in.
    subsets : dict of str to int or float
        Images of each class in ``train``, ``validation`` and ``test``, or shares of each class.
    sizes : tuple of int
        Pixels a side.
    models : dict of str to Model
    families : dict of str to Family
        By their own names.
    augmentations : dict of str to dict
        Settings by name, defaults filled in.
    pools : dict of str to tuple of int
        By dataset, images of each class of the pool, as far as they are counted.
    """

    seed: int
    replicates: int
    datasets: dict[str, dict[str, Any]]
    subsets: dict[str, int] | dict[str, float]
    sizes: tuple[int, ...]
    splits: dict[str, dict[str, Any]]
    models: dict[str, Model]
    families: dict[str, Family]
    augmentations: dict[str, dict[str, Any]] = field(default_factory=dict)
    pools: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def dealing(self, split: str) -> dict[str, Any]:
        """How `fewpixels.images.splits.deal` deals a pool out."""
        entry = self.splits[split]
        own = {"kind": entry["kind"], "seed": self.seed}
        if entry["kind"] == "fixed":
            counts = {key: entry[key] for key in ("train", "validation")}
            overlap, order = entry.get("overlap", False), entry.get("order", "shuffled")
            where = f"splits.{split}"
            return own | counts | {"overlap": overlap, "order": order, "where": where}
        return own | {
            "subsets": self.subsets,
            "test": entry["test"],
            "replicates": self.replicates,
        }

    def images(self, dataset: str, split: str) -> dict[str, int]:
        """Images of a replicate in ``train``, ``validation`` and ``test``.

        An estimate, where `subsets` are shares of a pool that is not counted.
        """
        entry = self.splits[split]
        if entry["kind"] == "fixed":
            return {"train": entry["train"], "validation": entry["validation"], "test": 0}
        classes = self.datasets[dataset]["classes"]
        sizes = self.pools.get(dataset, (UNCOUNTED,) * classes)
        counts = by_class(self.subsets, np.array(sizes))
        return {subset: int(own.sum()) for subset, own in counts.items()}

    def held(self, split: str) -> int:
        """How many times a split's images are held: once for each replicate, or for all."""
        return 1 if self.splits[split]["kind"] == "fixed" else self.replicates

    def trained_on(self, dataset: str, split: str, model: str) -> int:
        """Images that a replicate trains a model on, distorted copies included."""
        return self.images(dataset, split)["train"] * self.forms(model)

    def forms(self, model: str) -> int:
        """In how many forms a model has a training image: its own, and each distorted copy."""
        name = self.models[model].augmentation
        copies: int = self.augmentations[name]["copies"] if name else 0
        return 1 + copies

    @property
    def honest(self) -> str:
        """The split whose models label the fresh images in tables and figures.

        One that does not test on training images, if there is one; never one that trains as
        another.
        """
        return honest_split(self.splits)

    def cells(self, dataset: str) -> Iterator[Cell]:
        """Every cell of a dataset, in the order of the configuration."""
        for model in self.models.values():
            for split in model.splits:
                for size in model.sizes:
                    yield Cell(dataset, split, size, model.name)

    def trains_as(self, split: str) -> str:
        """The split whose models a split evaluates: itself, or one that trains alike."""
        trained: str = self.splits[split].get("trains_as", split)
        return trained

    def fit_of(self, cell: Cell) -> Cell:
        """The cell in whose folder a cell's model is."""
        return replace(cell, split=self.trains_as(cell.split))

    def ladder(self, name: str) -> list[Model]:
        """Find the models that improve on one, rung by rung, starting with itself."""
        rungs = [self.models[name]]
        while above := [m for m in self.models.values() if m.remedy_of == rungs[-1].name]:
            rungs.append(above[0])
        return rungs


def honest_split(splits: Mapping[str, Mapping[str, Any]]) -> str:
    """Find the first split that does not test on training images, or else the first that trains."""
    held_out = [name for name, split in splits.items() if split.get("test") != "last"]
    training = [name for name, split in splits.items() if "trains_as" not in split]
    return [*held_out, *training][0]

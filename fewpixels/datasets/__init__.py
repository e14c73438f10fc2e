"""Sources of images: each module is one source, with a function ``load(options) -> Dataset``.

Its ``OPTIONS``, a JSON Schema, says what a dataset's entry in ``config.yaml`` may set.
Marks tell the workflow which files to track: ``path: file`` is a path or an address, ``path:
folder`` one of folders of files that end in ``suffixes``, ``in`` the name of a file in the folder
that another option names, unless the option that ``unless`` names is set.

A source that can tell classes without reading images has a function ``outline(options)``, too.

Begin with `npz`. `_options` has the parts of schemas that sources share, `_pool` checks what
sources give, `_download` finds files or fetches them, `_rows` reads tables with a row an image,
and `_unpickling` pickles without running code.
"""

from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any

from fewpixels.datasets._pool import (
    LARGEST,
    Dataset,
    DatasetError,
    Images,
    as_pool,
    check_classes,
    check_dataset,
    compare_names,
    hold_back,
    set_apart,
)

__all__ = [
    "LARGEST",
    "Dataset",
    "DatasetError",
    "Images",
    "as_pool",
    "check_classes",
    "hold_back",
    "load",
    "outline",
    "set_apart",
]


def load(entry: Mapping[str, Any], name: str) -> Dataset:
    """Load a dataset from its source, with fresh images of another source if it names one.

    Parameters
    ----------
    entry : mapping
        The dataset's entry in the configuration, defaults filled in.
    name : str
        The entry's name.

    Returns
    -------
    Dataset
        Checked against the entry.

    Raises
    ------
    DatasetError
        If a source does not hold what was expected.
    """
    dataset = _load(entry)
    if "fresh" in entry:
        other = _load(entry["fresh"])
        compare_names(other.names, dataset.names, f"datasets.{name}.fresh")
        dataset = replace(dataset, fresh_images=other.fresh_images, fresh_labels=other.fresh_labels)
    check_dataset(dataset, entry, name)
    return dataset


def outline(entry: Mapping[str, Any]) -> Dataset:
    """Tell the classes of a pool without its pixels, where its source can; else load it.

    Parameters
    ----------
    entry : mapping
        The dataset's entry in the configuration, defaults filled in.

    Returns
    -------
    Dataset
        Of which `labels` and `names` are those that `load` gives.

    Raises
    ------
    DatasetError
        If a source does not hold what was expected.
    """
    source = import_module(f"fewpixels.datasets.{entry['source']}")
    dataset: Dataset = getattr(source, "outline", source.load)(entry["options"])
    return dataset


def _load(entry: Mapping[str, Any]) -> Dataset:
    dataset: Dataset = import_module(f"fewpixels.datasets.{entry['source']}").load(entry["options"])
    return dataset

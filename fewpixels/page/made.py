"""How the results were made, as the page says it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd
import yaml

from fewpixels.page.diagram import diagram

# Stages of the workflow, and how the diagram calls them.
STAGES = {
    "data": "Load images",
    "split": "Deal them out",
    "downscale": "Average down",
    "fresh": "Average never-seen",
    "augment": "Distort copies",
    "train": "Train",
    "evaluate": "Evaluate",
    "metrics": "Gather metrics",
    "tables": "Tables, verdicts",
    "figures": "Figures",
    "report": "This page",
}
# What reads files of what, as far as it does not follow from the rest.
FLOW = [
    ("data", "split"),
    ("data", "fresh"),
    ("data", "augment"),
    ("split", "downscale"),
    ("downscale", "train"),
    ("augment", "train"),
    ("train", "evaluate"),
    ("downscale", "evaluate"),
    ("fresh", "evaluate"),
    ("evaluate", "metrics"),
    ("metrics", "tables"),
    ("evaluate", "tables"),
    ("tables", "figures"),
    ("tables", "report"),
    ("train", "report"),
    ("evaluate", "report"),
]
# Columns of tables/timing.csv, as the page heads them, and what seconds are multiplied by.
TIMES = {
    "entry": ("Entry of the configuration", 1),
    "cells": ("Which of its models", 1),
    "fits": ("Trained models", 1),
    "published_train_seconds": ("Training, published (s)", 1),
    "train_seconds": ("Training (s)", 1),
    "published_lookup_seconds": ("Labelling an image, published (µs)", 1e6),
    "lookup_seconds": ("Labelling an image (µs)", 1e6),
}
MAIN = ("snakemake", "numpy", "numba", "torch", "pandas", "scipy", "matplotlib", "altair")


def flow(configuration: Mapping[str, Any]) -> list[tuple[str, str]]:
    """`FLOW` as a study has it: copies are distorted only if a model trains on them."""
    models = configuration.get("models", {}).values()
    augmented = any("augmentation" in model for model in models)
    return [edge for edge in FLOW if augmented or "augment" not in edge]


def made(
    record: Mapping[str, Any],
    timing: pd.DataFrame,
    files: Sequence[tuple[str, str]],
    data: str,
    remarks: Sequence[str],
    seconds: Sequence[float],
) -> dict[str, Any]:
    """Prepare the section.

    Parameters
    ----------
    record : mapping
        ``provenance.json``.
    timing : DataFrame
        Columns of ``tables/timing.csv``.
    files : sequence of (str, str)
        What can be made again, and by which name.
    data : str
        Where the images are from, and their licence.
    remarks : sequence of str
        On the images: what of them is left out, and what looks odd.
    seconds : sequence of float
        Of one core: what all training took, and all labelling.

    Returns
    -------
    dict
        ``facts``, ``data``, ``remarks``, ``code``, ``command``, ``files``, ``diagram``, ``timing``,
        ``configuration``, ``packages``.
    """
    versions = {name.lower(): version for name, version in record["packages"].items()}
    train, label = map(digits, seconds)
    main = ", ".join(f"{name} {versions[name]}" for name in MAIN if name in versions)
    facts = [
        ("Commit", _short(record["commit"])),
        ("Written", record["written"]),
        ("Duration", f"training {train} and labelling {label} seconds of a core"),
        ("Processor", record["processor"] or "unknown"),
        ("Cores", str(record["cores"])),
        ("Memory", f"{record['memory_bytes'] / 2**30:.0f} GiB"),
        ("System", record["platform"]),
        ("Python", record["python"]),
        ("Packages", main),
    ]
    return {
        "facts": facts,
        "data": data,
        "remarks": [f"{remark[:1].upper()}{remark[1:]}." for remark in remarks],
        "files": list(files),
        "command": "snakemake --cores all --configfile study.yaml --",
        "code": _code(record["commit"]),
        "diagram": diagram(flow(record["configuration"]), STAGES),
        "timing": times(timing),
        "configuration": yaml.safe_dump(
            record["configuration"], sort_keys=False, allow_unicode=True, width=100
        ),
        "packages": "\n".join(f"{name} {v}" for name, v in record["packages"].items()),
    }


def times(timing: pd.DataFrame) -> dict[str, Any]:
    """Write the table of times, without the columns in which nothing stands.

    Parameters
    ----------
    timing : DataFrame
        Columns of ``tables/timing.csv``.

    Returns
    -------
    dict
        ``heads``, a list of str; ``rows``, lists of as many str; ``published``, whether any time
        is of the publication.
    """
    known = timing.dropna(axis="columns", how="all")
    written = {
        head: known[column].map(lambda value, unit=unit: _written(value, unit))
        for column, (head, unit) in TIMES.items()
        if column in known
    }
    rows = pd.DataFrame(written).to_numpy().tolist()
    published = any(column.startswith("published") for column in known)
    return {"heads": list(written), "rows": rows, "published": published}


def digits(value: float) -> str:
    """Write a number in three significant digits, without a power of ten.

    Parameters
    ----------
    value : float
        Finite.

    Returns
    -------
    str
        With commas between thousands.
    """
    return f"{Decimal(f'{value:#.3g}'):,f}"


def _written(value: Any, unit: float) -> str:
    if pd.isna(value):
        return ""
    return digits(value * unit) if isinstance(value, float) else str(value)


def _short(commit: str) -> str:
    """A commit's hash as far as it is read, with what is said of local changes."""
    known, *rest = commit.split("-", 1)
    return "-".join([known[:12], *rest])


def _code(commit: str) -> str:
    if commit == "unknown":
        return "Which commit of the project made this is not known; take a clone of it."
    if commit.endswith("-dirty"):
        return "Take a clone of the project at the commit above, which lacks some local changes."
    return "Take a clone of the project at the commit above."

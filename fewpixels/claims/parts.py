"""What a claim is made of, what was found of it, and the evidence that is kept.

A claim becomes one or more parts, each a quantity or a difference of two, which is measured and
held against the region that is claimed. A quantity is the mean of one metric over some cells.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite, nan
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from fewpixels.statistics.intervals import Interval

METRICS = {
    "accuracy": "metrics",
    "validation_accuracy": "metrics",
    "best_accuracy": "sweep",
    "updates": "fit",
    "peak_update": "history",
    "decline": "history",
    "fall": "history",
    "saturated": "diagnostics",
    "silent": "diagnostics",
}
"""Each metric, and the table of a cell that it is measured from (`fewpixels.claims.measures`)."""

UNREPEATED = ("seconds",)
"""Metrics that are published and never measured again: they are another machine's."""

_PLACE = re.compile(r"( at \d+×\d+|, all sizes)$")

COUNTS = ("updates", "peak_update", *UNREPEATED)
"""Metrics that are no shares of images."""

Quantity = dict[str, Any]
"""``label``, ``metric`` and ``cells``, pairs of a model and a size."""
Part = dict[str, Any]
"""``above`` and ``below`` (None for 0, or for guessing), quantities; ``published``, or None;
and ``unit``, the place that published numbers of its metric were rounded to."""


def named(part: Part) -> str:
    """Name a part: what is compared, of what, and at which size.

    Parameters
    ----------
    part : Part

    Returns
    -------
    str
    """
    above, below = part["above"], part["below"]
    metric = above["metric"].replace("_", " ")
    sizes = [f" at {side['cells'][0][1]}×{side['cells'][0][1]}" for side in (above, below) if side]
    if above["metric"] == "best_accuracy":
        sizes = [", all sizes"] * 2
    if not below:
        return f"{metric} of {above['label']}{sizes[0]}"
    if above["label"] == below["label"]:
        return f"{metric} of {above['label']}{sizes[0]} minus that{sizes[1]}"
    if sizes[0] != sizes[1]:
        return f"{metric} of {above['label']}{sizes[0]} minus {below['label']}{sizes[1]}"
    return f"{metric} of {above['label']} minus {below['label']}{sizes[0]}"


def labels(name: str) -> tuple[str, str]:
    """Read from a part's name what it compares.

    Parameters
    ----------
    name : str
        Of `named`.

    Returns
    -------
    above, below : str
        Labels, without metric and sizes; the second is empty where nothing is subtracted.
    """
    above, minus, below = name.partition(" of ")[2].partition(" minus ")
    one, other = (_PLACE.sub("", label) for label in (above, below))
    return one, one if minus and other == "that" else other


def rounding(part: Part) -> float:
    """By how much a part's published number can differ from what was rounded.

    Parameters
    ----------
    part : Part

    Returns
    -------
    float
        Half a unit; of a difference the sum of two halves.
    """
    unit: float = part["unit"]
    return unit if part["below"] else unit / 2


def form(unit: float, finer: bool = False) -> str:
    """How `format` writes a number with the places of a unit.

    Parameters
    ----------
    unit : float
        Above 0.
    finer : bool
        With one place more, unless the unit is 1 or more: as a mean is written.

    Returns
    -------
    str
        Without a sign for what becomes 0.

    Examples
    --------
    >>> f"{0.9:{form(0.01)}}", f"{-0.0366667:{form(0.01, finer=True)}}", f"{82.75:{form(10)}}"
    ('0.90', '-0.037', '83')
    """
    exponent = Decimal(repr(float(unit))).normalize().as_tuple().exponent
    return f"z.{max(0, -int(exponent)) + (finer and unit < 1)}f"


@dataclass(frozen=True)
class Finding:
    """One part, measured: a mean with its interval, and the region that is claimed.

    Attributes
    ----------
    part : Part
    values : ndarray of float64, shape (R,)
        Of the replicates that converged.
    diverged : int
        How many did not.
    interval, region : low, high
    """

    part: Part
    values: NDArray[np.float64]
    diverged: int
    interval: Interval
    region: Interval

    @property
    def mean(self) -> float:
        """NaN where every replicate diverged."""
        return float(self.values.mean()) if len(self.values) else nan

    @property
    def slack(self) -> float:
        """How far inside the region the interval is; negative where it sticks out."""
        return min(self.interval[0] - self.region[0], self.region[1] - self.interval[1])

    @property
    def outside(self) -> bool:
        """Whether no value of the interval is in the region."""
        return self.interval[1] < self.region[0] or self.interval[0] > self.region[1]


@dataclass(frozen=True)
class Judged:
    """A claim with its verdicts, and the findings that decided them.

    Attributes
    ----------
    claim : dict
        As `fewpixels.claims.expansion.expand` makes it.
    own : Finding or None
        Of a claim in words: the published number of one part, give or take its rounding.
    own_numbers : str
    repetition : Finding
        Of the published protocol.
    repeated : str
    held_out : float or None
        Of a published accuracy: that on test images which are not trained on.
    remedied : Finding or None
        Of the remedied protocol, if the claim has a remedied counterpart.
    corrected : str
    remedied_held_out : tuple of float and (low, high), or None
        Of a remedied accuracy: that on held-out test images, and its interval.
    """

    claim: Mapping[str, Any]
    own: Finding | None
    own_numbers: str
    repetition: Finding
    repeated: str
    held_out: float | None
    remedied: Finding | None
    corrected: str
    remedied_held_out: tuple[float, Interval] | None


KEPT = ("part", "metric", "unit", "low", "high", "claimed_low", "claimed_high", "cells")
"""Columns of ``claims.csv`` that keep a piece of evidence, beside its mean."""


@dataclass(frozen=True)
class Evidence:
    """What the ledger keeps of a finding, and the page shows.

    Attributes
    ----------
    part, metric, unit : str, str, float
        What was measured, in words; and how its numbers are written.
    mean : float
        NaN where it is unknown.
    interval, region : low, high
        NaN where an end is unknown, or there is none.
    cells : list of list of str
        The cells that were measured, by their folders; of a difference a second list has those of
        the mean that is subtracted.
    """

    part: str
    metric: str
    unit: float
    mean: float
    interval: Interval
    region: Interval
    cells: list[list[str]]

    @classmethod
    def of(cls, found: Finding, split: str) -> Self:
        """Keep what a finding on a split tells."""
        part = found.part
        sides = [side for side in (part["above"], part["below"]) if side]
        cells = [[f"{split}/{n}px/{model}" for model, n in side["cells"]] for side in sides]
        told = named(part), part["above"]["metric"], part["unit"]
        return cls(*told, found.mean, _shown(found.interval), _shown(found.region), cells)

    def columns(self, protocol: str = "") -> dict[str, Any]:
        """Columns of ``claims.csv``: of the repetition, or of what is named."""
        mean, prefix = (protocol, f"{protocol}_") if protocol else ("measured", "")
        values = [self.part, self.metric, self.unit, *self.interval, *self.region]
        values.append(" − ".join(map(" ".join, self.cells)))
        return {mean: self.mean} | dict(zip((prefix + key for key in KEPT), values, strict=True))

    @classmethod
    def read(cls, row: Mapping[str, Any], protocol: str = "") -> Self | None:
        """Read it from a row of ``claims.csv``; None without any."""
        mean, prefix = (protocol, f"{protocol}_") if protocol else ("measured", "")
        part, metric, unit, low, high, *region, cells = (row[prefix + key] for key in KEPT)
        if not isinstance(cells, str) or not cells:
            return None
        folders = [own.split() for own in cells.split(" − ")]
        ends = (region[0], region[1])
        return cls(part, metric, unit, row[mean], (low, high), ends, folders)


def _shown(ends: Interval) -> Interval:
    low, high = (end if isfinite(end) else nan for end in ends)
    return low, high

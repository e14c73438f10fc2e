"""What a claim is made of, what was found of it, and the evidence that is kept.

A claim becomes one or more parts, each a quantity or a difference of two, which is measured and
held against the region that is claimed. A quantity is the mean of one metric over some cells.
"""

from collections.abc import Mapping
from dataclasses import dataclass
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

COUNTS = ("updates", "peak_update")
"""Metrics that are no shares of images."""

Quantity = dict[str, Any]
"""``label``, ``metric`` and ``cells``, pairs of a model and a size."""
Part = dict[str, Any]
"""``above`` and ``below`` (None for 0, or for guessing), quantities; ``published``, or None."""


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
    repeated : Finding
        Of the published protocol.
    verdict : str
    held_out : float or None
        Of a published accuracy: that on test images which are not trained on.
    remedied : Finding or None
        Of the remedied protocol, if the claim has a remedied counterpart.
    outcome : str
    remedied_held_out : tuple of float and (low, high), or None
        Of a remedied accuracy: that on held-out test images, and its interval.
    """

    claim: Mapping[str, Any]
    repeated: Finding
    verdict: str
    held_out: float | None
    remedied: Finding | None
    outcome: str
    remedied_held_out: tuple[float, Interval] | None


@dataclass(frozen=True)
class Evidence:
    """What the ledger keeps of a finding, and the page shows.

    Attributes
    ----------
    mean : float
        NaN where it is unknown.
    interval, region : low, high
        NaN where an end is unknown, or there is none.
    cells : list of list of str
        The cells that were measured, by their folders; of a difference a second list has those of
        the mean that is subtracted.
    """

    mean: float
    interval: Interval
    region: Interval
    cells: list[list[str]]

    @classmethod
    def of(cls, found: Finding, split: str) -> Self:
        """Keep what a finding on a split tells."""
        sides = [side for side in (found.part["above"], found.part["below"]) if side]
        cells = [[f"{split}/{n}px/{model}" for model, n in side["cells"]] for side in sides]
        return cls(found.mean, _shown(found.interval), _shown(found.region), cells)

    def columns(self, protocol: str = "") -> dict[str, Any]:
        """Columns of ``claims.csv``: of the published protocol, or of that named ``remedied``."""
        mean, prefix = (protocol, f"{protocol}_") if protocol else ("measured", "")
        values = [*self.interval, *self.region, " − ".join(map(" ".join, self.cells))]
        return {mean: self.mean} | dict(zip((prefix + key for key in _KEPT), values, strict=True))

    @classmethod
    def read(cls, row: Mapping[str, Any], protocol: str = "") -> Self | None:
        """Read it from a row of ``claims.csv``; None without any."""
        mean, prefix = (protocol, f"{protocol}_") if protocol else ("measured", "")
        low, high, claimed_low, claimed_high, cells = (row[prefix + key] for key in _KEPT)
        if not isinstance(cells, str) or not cells:
            return None
        named = [own.split() for own in cells.split(" − ")]
        return cls(row[mean], (low, high), (claimed_low, claimed_high), named)


_KEPT = ("low", "high", "claimed_low", "claimed_high", "cells")


def _shown(ends: Interval) -> Interval:
    low, high = (end if isfinite(end) else nan for end in ends)
    return low, high

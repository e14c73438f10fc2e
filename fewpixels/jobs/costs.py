"""How long jobs take, and how many of them a cluster should be given at a time.

A job of this workflow takes seconds, and so does handing a job to a cluster. So cells go out in
batches: the costlier a cell, the fewer a batch.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, log2
from pathlib import Path

import yaml

# Seconds that Python takes to start and to import what a job needs.
START = 0.5

# Seconds above which a cell is a job of its own.
LONGEST = 16


@dataclass(frozen=True)
class Costs:
    """A linear model of what jobs cost.

    Attributes
    ----------
    rules : mapping
        By the rule's name and quantity (``seconds``, of one core; ``megabytes``, the most at a
        time; ``bytes``, of the files that it writes): the coefficient, ≥ 0, of each of the terms
        of `fewpixels.jobs.work.terms`, or of some.
    """

    rules: Mapping[str, Mapping[str, Mapping[str, float]]]

    def seconds(self, rule: str, terms: Mapping[str, float]) -> float | None:
        """Estimate a job's time on one core.

        Returns
        -------
        float or None
            In seconds, no less than it takes to start Python; None for a rule that was not
            measured.
        """
        found = self._estimate(rule, "seconds", terms)
        return None if found is None else max(START, found)

    def megabytes(self, rule: str, terms: Mapping[str, float]) -> float:
        """Estimate a job's memory, in MB; without measurements, the most of its stage's rules."""
        found = self._estimate(rule, "megabytes", terms)
        if found is not None:
            return found
        alike = [r for r in self.rules if r.split("_")[0] == rule.split("_")[0]]
        return max(self.megabytes(r, terms) for r in alike)

    def bytes(self, rule: str, terms: Mapping[str, float]) -> float | None:
        """Estimate the size of the files that a job writes; None as for `seconds`."""
        return self._estimate(rule, "bytes", terms)

    def _estimate(self, rule: str, quantity: str, terms: Mapping[str, float]) -> float | None:
        if rule not in self.rules:
            return None
        return sum(factor * terms[name] for name, factor in self.rules[rule][quantity].items())


def read_costs(path: Path) -> Costs:
    """Read the table that ``bench/costs.py`` writes.

    Parameters
    ----------
    path : Path
        A YAML file with the key ``rules``.

    Returns
    -------
    Costs
    """
    return Costs(yaml.safe_load(path.read_text(encoding="utf-8"))["rules"])


def minutes(seconds: float | None) -> int:
    """Whole minutes to ask for: three times the estimate, or an hour where there is none."""
    return 60 if seconds is None else ceil(3 * seconds / 60)


def batch(seconds: float | None) -> str:
    """Name the batch of cells that take about as long.

    Parameters
    ----------
    seconds : float or None
        An estimate; None if there is none.

    Returns
    -------
    str
        ``cells_1s``, ``cells_2s`` and so on in powers of two, rounded up; ``cells_alone`` above
        `LONGEST` or without an estimate.
    """
    if seconds is None or seconds > LONGEST:
        return "cells_alone"
    return f"cells_{2 ** max(0, ceil(log2(seconds)))}s"

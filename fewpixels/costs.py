"""How long jobs take, and how many of them a cluster should be given at a time.

A job of this workflow takes seconds, and so does handing a job to a cluster. So cells go out in
batches: the costlier a cell, the fewer a batch.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, log2
from pathlib import Path
from typing import Any, Literal

import yaml

# Seconds that Python takes to start and to import what a job needs.
START = 0.5

# Seconds above which a cell is a job of its own.
LONGEST = 16


@dataclass(frozen=True)
class Workload:
    """What the time of a job grows with.

    Attributes
    ----------
    replicates, train : int
        Replicates, and training images of each.
    """

    replicates: int
    train: int

    def amount(self, grows: Literal["images", "pairs"]) -> int:
        """Count training images, or pairs of them, of all replicates."""
        return self.replicates * self.train ** {"images": 1, "pairs": 2}[grows]


@dataclass(frozen=True)
class Costs:
    """Measured times of the workflow's rules.

    Attributes
    ----------
    measured_on : Workload
    rules : mapping of str to mapping
        By the rule's name: ``seconds``, the mean time of a job on one core, and ``grows``, what
        that is proportional to.
    """

    measured_on: Workload
    rules: Mapping[str, Mapping[str, Any]]

    def seconds(self, rule: str, work: Workload) -> float | None:
        """Estimate a job's time on one core from that of the measured study.

        Returns
        -------
        float or None
            In seconds, no less than it takes to start Python; None for a rule that was not
            measured.
        """
        if rule not in self.rules:
            return None
        seconds, grows = self.rules[rule]["seconds"], self.rules[rule]["grows"]
        return max(START, seconds * work.amount(grows) / self.measured_on.amount(grows))


def read_costs(path: Path) -> Costs:
    """Read the table that ``bench/costs.py`` writes.

    Parameters
    ----------
    path : Path
        A YAML file with the keys ``measured_on`` and ``rules``.

    Returns
    -------
    Costs
    """
    table = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Costs(Workload(**table["measured_on"]), table["rules"])


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

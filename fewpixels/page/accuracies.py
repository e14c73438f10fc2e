"""Accuracies of all models, and on which images they were counted."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fewpixels.page.cells import EVALUATED, Described
from fewpixels.statistics.sampling import Dealt

COLUMNS = ["counted", "size", "model", "title", "mean", "low", "high"]
BALANCED = "/balanced"
"""How what is counted ends where each class counts alike, whatever its number of images."""
_NAMES = {"fresh": "never-seen images", "test": "test images", "validation": "validation images"}


def accuracies(
    record: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]], study: Described
) -> pd.DataFrame:
    """Gather the accuracy of every cell on each subset.

    Parameters
    ----------
    record, arrays
        Of `fewpixels.page.explorer.explorer`.
    study : Described

    Returns
    -------
    DataFrame
        Columns counted (``split/subset``, of uneven classes with `BALANCED` too), size, model,
        title, and mean, low and high in [0, 1]. Subsets without images are left out, and fits that
        a split shares with another stand once; an interval without ends is None.
    """
    rows = []
    for i, cell in enumerate(record["cells"]):
        split, model = (record[f"{name}s"][cell[name]] for name in ("split", "model"))
        place = {"size": cell["size"], "model": model["name"], "title": model["title"]}
        for j, subset in enumerate(EVALUATED):
            mean, counted = arrays["accuracy"][i, j, 0], f"{split['name']}/{subset}"
            shared = study.splits[split["name"]].get("trains_as") and subset != "test"
            if np.isnan(mean) or shared:
                continue
            ends = arrays["interval"][i, j].tolist()
            rows.append({"counted": counted} | place | _rounded(float(mean), *ends))
            if own := cell.get("balanced", [None] * len(EVALUATED))[j]:
                rows.append({"counted": counted + BALANCED} | place | _rounded(*own))
    return pd.DataFrame(rows, columns=COLUMNS)


def never_seen(frame: pd.DataFrame, study: Described) -> pd.DataFrame:
    """Keep accuracies on the honest split's fresh images, by class where these are uneven.

    Parameters
    ----------
    frame : DataFrame
        Of `accuracies`.
    study : Described

    Returns
    -------
    DataFrame
        Some of its rows: one for each model and size of which a replicate converged.
    """
    plain = f"{study.honest}/fresh"
    balanced = frame["counted"] == plain + BALANCED
    return frame[balanced if balanced.any() else frame["counted"] == plain]


def _rounded(mean: float, low: float | None, high: float | None) -> dict[str, float | None]:
    """In as many digits as anybody reads."""
    ends = {"mean": mean, "low": low, "high": high}
    return {k: None if v is None or np.isnan(v) else round(v, 5) for k, v in ends.items()}


def countings(
    frame: pd.DataFrame, record: Mapping[str, Any], study: Described
) -> list[dict[str, Any]]:
    """Describe what accuracies can be counted on, the honest split's fresh images first.

    Parameters
    ----------
    frame : DataFrame
        Of `accuracies`.
    record
        Of `fewpixels.page.explorer.explorer`.
    study : Described

    Returns
    -------
    list of dict
        ``counted`` and ``title``; ``chance``, what looking at no pixel gives, and in words how
        (``blind``); ``interval``, what it is for; ``models``, how many there are. Of uneven classes
        the balanced ones come first.
    """
    found = [
        _counting(frame, split, place, kind, study)
        for split in record["splits"]
        for place in range(len(EVALUATED))
        for kind in (BALANCED, "")
    ]
    order = [f"{study.honest}/{subset}" for subset in ("fresh", "test", "validation")]
    place = {name + kind: i for i, name in enumerate(order) for kind in (BALANCED, "")}
    kept = [own for own in found if own["models"]]
    return sorted(kept, key=lambda own: place.get(own["counted"], len(place)))


def _counting(
    frame: pd.DataFrame, split: Mapping[str, Any], place: int, kind: str, study: Described
) -> dict[str, Any]:
    subset, guessing = EVALUATED[place], 1 / len(study.names)
    counted = f"{split['name']}/{subset}{kind}"
    other = subset == "test" or split["name"] != study.honest
    titles = [_NAMES[subset], split["title"] if other else "", kind and "each class counting alike"]
    chance = guessing if kind else split["chance"][place]
    return {
        "counted": counted,
        "title": ", ".join(filter(None, titles)),
        "chance": chance,
        "blind": "the commonest class" if chance > guessing else "guessing",
        "interval": _question(subset, split["name"], study),
        "models": int(frame[frame["counted"] == counted]["model"].nunique()),
    }


def guessed(share: float) -> str:
    """Write what guessing gives: in two digits, or in as many as one needs to be no nought.

    Parameters
    ----------
    share : float
        In (0, 1].

    Returns
    -------
    str
    """
    return f"{share:.{max(2, math.ceil(-math.log10(share)))}f}"


def _question(subset: str, split: str, study: Described) -> str:
    """What an interval of `fewpixels.page.cells` is for."""
    dealt = isinstance(study.samplings[split], Dealt)
    if subset == "fresh":
        return f"for {study.samplings[split].another}"
    if subset == "test" and dealt and study.tested(split):
        return f"for {Dealt.another}"
    return "for one more replicate"

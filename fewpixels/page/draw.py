"""The section to draw in: the best model that the page runs at each size, and which it does not."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fewpixels.artifacts.markdown import with_ends
from fewpixels.tables.answer import best, judged
from fewpixels.tables.sizes import pixels

DIGITS = set("0123456789")

# Share of the pixels at the edges that are of one shade, where something is drawn on it.
_ONE_SHADE = 0.8


def ground(images: NDArray[Any]) -> str:
    """Tell what images are drawn on, by their edges.

    Parameters
    ----------
    images : ndarray, shape (n, side, side)

    Returns
    -------
    {"low", "high", "none"}
        Whether nearly all pixels at the edges are close to the lowest value of all, or to the
        highest; none of photographs.
    """
    whole = images.astype(np.float64)
    edges = (whole[:, 0], whole[:, -1], whole[:, :, 0], whole[:, :, -1])
    edge = np.concatenate([part.ravel() for part in edges])
    low, high = whole.min(), whole.max()
    near = 0.1 * (high - low)
    if np.mean(edge <= low + near) > _ONE_SHADE:
        return "low"
    return "high" if np.mean(edge >= high - near) > _ONE_SHADE else "none"


def first_models(
    pareto: pd.DataFrame, intervals: pd.DataFrame, models: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Choose the model that labels a drawing at each size, among those that the page runs.

    Parameters
    ----------
    pareto, intervals : DataFrame
        Columns of ``tables/pareto.csv`` and ``tables/intervals.csv``.
    models : sequence of mapping
        With ``name`` and ``size``, of those that the page runs.

    Returns
    -------
    list of dict
        For each size, the largest first: ``size``; ``model``, its number among `models`, and
        ``title``, None and empty where none runs; ``mean``, its accuracy on fresh images, 0
        where none runs, and ``accuracy``, that and its interval as text; and ``best``, the
        title of the study's best model, where that is another.
    """
    number = {(own["size"], own["name"]): i for i, own in enumerate(models)}
    keys = list(zip(pareto["size"], pareto["model"], strict=True))
    here = best(pareto[[key in number for key in keys]]).set_index("size")
    chosen = best(pareto).set_index("size")
    known = intervals.set_index(["model", "size"])
    column = judged(pareto)
    of = "sample" if "sample_low" in known else "images"
    ends = [f"{of}{column.removeprefix('fresh')}_{end}" for end in ("low", "high")]
    found = []
    for size in sorted({*pareto["size"]}, reverse=True):
        own: dict[str, Any] = {"size": int(size), "model": None, "title": "", "mean": 0.0}
        own |= {"accuracy": "", "best": chosen["title"].get(size, "")}
        if size in here.index:
            row = here.loc[size]
            low, high = known.loc[(row["model"], size), ends]
            mean = float(row[f"{column}_mean"])
            own |= {"model": number[size, row["model"]], "title": row["title"], "mean": mean}
            own |= {"accuracy": with_ends(mean, low, high)}
            own["best"] *= row["model"] != chosen.loc[size, "model"]
        found.append(own)
    return found


def by_title(cells: Iterable[tuple[str, int]]) -> list[dict[str, str]]:
    """Name models once, each with its sizes.

    Parameters
    ----------
    cells : iterable of (str, int)
        Titles and sizes.

    Returns
    -------
    list of dict
        ``title`` and ``sizes``, as text, in the order in which they come first.
    """
    sizes: dict[str, list[int]] = {}
    for title, size in cells:
        sizes.setdefault(title, []).append(size)
    return [{"title": t, "sizes": ", ".join(map(pixels, own))} for t, own in sizes.items()]


def drawing(
    record: Mapping[str, Any],
    pareto: pd.DataFrame,
    intervals: pd.DataFrame,
    images: NDArray[Any],
    replicates: int,
) -> dict[str, Any]:
    """Prepare the section.

    Parameters
    ----------
    record : mapping
        Of `fewpixels.page.models.models`.
    pareto, intervals : DataFrame
        As for `first_models`.
    images : ndarray, shape (n, side, side)
        Some of the study's.
    replicates : int

    Returns
    -------
    dict
        ``ground``; ``title`` and ``noun``, what an image is called; ``sizes``, of
        `first_models`; ``chosen`` and ``instead``, of `by_title`: the models of these, and the
        study's best that are not among them; ``intervals``, whether there are any;
        ``replicates``; ``start``, the size to begin with; ``count``,
        models that run; ``omitted``, those that do not by ``reason``, with how many they are.
    """
    on, sizes = ground(images), first_models(pareto, intervals, record["models"])
    digits = set(record["classes"]) <= DIGITS and on != "none"
    drawn = "Draw a digit" if digits else "Draw"
    omitted: dict[str, list[tuple[str, int]]] = {}
    for cell in record["omitted"]:
        omitted.setdefault(cell["reason"], []).append((cell["title"], cell["size"]))
    running = [own for own in sizes if own["title"]]
    return {
        "ground": on,
        "title": "Try an image" if on == "none" else drawn,
        "noun": "digit" if digits else "image",
        "sizes": sizes,
        "start": max(running, key=lambda own: own["mean"])["size"] if running else 0,
        "chosen": by_title((own["title"], own["size"]) for own in running),
        "instead": by_title((own["best"], own["size"]) for own in sizes if own["best"]),
        "intervals": any("(" in own["accuracy"] for own in running),
        "replicates": replicates,
        "count": len(record["models"]),
        "left_out": len(record["omitted"]),
        "omitted": [
            {"reason": reason, "count": len(cells), "models": by_title(cells)}
            for reason, cells in omitted.items()
        ],
    }

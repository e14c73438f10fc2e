"""The page's opening: its first words, and the chart beside them."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from numpy.typing import NDArray

from fewpixels.page.accuracies import accuracies, countings
from fewpixels.page.answer import answer, best_line, groups, mistakes, published_line, several
from fewpixels.page.cells import Described
from fewpixels.page.charts import drawn, specified
from fewpixels.page.html import json_in_script
from fewpixels.page.kept import SHARE, dealt, kept, less, shares
from fewpixels.page.overview import MOST, overview
from fewpixels.tables.sizes import pixels

_WIDTH = 760


def opening(
    explored: tuple[Mapping[str, Any], Mapping[str, NDArray[Any]]],
    tables: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame],
    lead: str,
    told: tuple[str, Mapping[str, str]],
    images: pd.DataFrame,
    study: Described,
) -> dict[str, Any]:
    """Fill what the template `answer` asks for.

    Parameters
    ----------
    explored : (record, arrays)
        Of `fewpixels.page.explorer.explorer`.
    tables : (DataFrame, DataFrame, DataFrame)
        ``tables/pareto.csv``, ``tables/enough.csv`` and ``tables/leakage-accuracy.csv``.
    lead : str
        The answer with its intervals, in a paragraph.
    told : (str, mapping of str to str)
        What published the study, and by model what training did wrong before its remedy.
    images : DataFrame
        Of `fewpixels.page.pictures.pictured`.
    study : Described

    Returns
    -------
    dict
        What `fewpixels.page.answer.answer` gives; what `fewpixels.page.kept` does: the ``share``
        for which sizes are ``enough``, what one ``less`` keeps, ``shares`` and how images are
        ``dealt``; ``publication`` and ``mistakes``; the ``chart``,
        what it can count (``countings``), and the ``groups`` of models of which it compares
        ``most``; ``numbers`` of the lines that have names, in rows; and whether images are
        ``ink``.
    """
    pareto, enough, leakage = tables
    frame = accuracies(*explored, study)
    own = best_line(frame, pareto, study.honest)
    published = published_line(study.models)
    counted = countings(frame, explored[0], study)
    wrong = mistakes(frame, published, leakage, told[1], study)
    seen = wrong["leak"]["share"] if wrong and wrong["leak"] else None
    chart = overview(frame, several(study.models), own, published, counted, images, seen)
    specification = specified(chart)
    there = set(frame["model"])
    first = answer(own, pareto, enough, lead, study)
    judged = own[own["balanced"] == own["balanced"].any()]
    found, below = kept(judged, enough)
    return {
        **first,
        "share": SHARE,
        "enough": found,
        "less": less(explored, judged, below, study),
        "shares": shares(enough),
        "dealt": dealt(explored[0], first["trained"], study),
        "publication": told[0],
        "mistakes": wrong,
        "chart": {
            "drawn": drawn(specification, _WIDTH),
            "specification": json_in_script(specification),
        },
        "countings": counted,
        "groups": groups([model for model in study.models if model["name"] in there]),
        "most": MOST,
        "ink": bool(images["ink"].all()),
        "numbers": _numbers(judged, published),
    }


def _numbers(line: pd.DataFrame, published: pd.DataFrame) -> list[list[str]]:
    """Write a row for each size: it, its best model, what that reaches, and what was published."""
    figures = dict(zip(published["size"], published["mean"], strict=True))
    rows = []
    for row in line.itertuples():
        ends = "" if pd.isna(row.low) else f" ({row.low:.3f} to {row.high:.3f})"
        said = f"{figures[row.size]:.2f}" if row.size in figures else ""
        rows.append([pixels(row.size), row.title, f"{row.mean:.3f}{ends}", said])
    return rows

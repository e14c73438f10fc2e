"""The facts of the page's first words: the answer, and what was wrong with the published one.

Each is there where the study has it; the template `answer` puts them into words.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

import pandas as pd
from markupsafe import Markup

from fewpixels.page.accuracies import BALANCED, COLUMNS, guessed
from fewpixels.page.cells import Described
from fewpixels.statistics.sampling import Dealt
from fewpixels.tables.answer import best, judged
from fewpixels.tables.ladders import ladders
from fewpixels.tables.sizes import pixels

Fact = dict[str, Any]
# Sizes, and best models, that a sentence can name.
_MOST = 6
# What differs by less is no difference worth a sentence: accuracies are shown in three digits.
_LEAST = 0.0005
# So close to guessing is no better.
_CLOSE = 0.02


def best_line(frame: pd.DataFrame, pareto: pd.DataFrame, honest: str) -> pd.DataFrame:
    """Find what the best model at each size reaches on fresh images.

    Parameters
    ----------
    frame : DataFrame
        Of `fewpixels.page.accuracies.accuracies`.
    pareto : DataFrame
        Of `fewpixels.tables.answer.pareto`; models are chosen on validation images.
    honest : str
        The split.

    Returns
    -------
    DataFrame
        Columns of `frame`, and whether it is ``balanced``: a row for each size, of uneven classes
        two, the largest size first.
    """
    chosen = best(pareto)[["size", "model"]]
    fresh = {f"{honest}/fresh": False, f"{honest}/fresh{BALANCED}": True}
    own = frame[frame["counted"].isin(list(fresh))]
    found = chosen.merge(own, on=["size", "model"])[COLUMNS]
    return found.assign(balanced=found["counted"].map(fresh).astype(bool))


def published_line(models: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Find the published accuracies of the model that has the most of them.

    Parameters
    ----------
    models : sequence of mapping
        As `fewpixels.study.model.Model.shown` gives them.

    Returns
    -------
    DataFrame
        Columns model, title, size and mean, the largest size first; empty where none is published.
    """
    rows: list[list[Fact]] = [[]]
    for model in models:
        figures = model["published"].get("accuracy", {})
        place = {"model": model["name"], "title": model["title"]}
        own = [
            place | {"size": size, "mean": figures[f"{size}px"]}
            for size in sorted(model["sizes"], reverse=True)
            if f"{size}px" in figures
        ]
        rows.append(own)
    return pd.DataFrame(max(rows, key=len), columns=["model", "title", "size", "mean"])


def several(models: Sequence[Mapping[str, Any]]) -> list[str]:
    """Name the models that make lines of their own, of several sizes, or all where none do."""
    wide = [m["name"] for m in models if len(m["sizes"]) > 1 and m["overview"]]
    return wide or [m["name"] for m in models if m["overview"]]


def groups(models: Sequence[Mapping[str, Any]]) -> list[Fact]:
    """Group models to choose from: those of an entry together, and others by what they are.

    Parameters
    ----------
    models : sequence of mapping
        As `fewpixels.study.model.Model.shown` gives them.

    Returns
    -------
    list of dict
        ``title``, and ``models``, each with ``name`` and ``title``; each model is in one group.
    """
    entries = pd.Series([model["entry"] for model in models]).value_counts()
    found: dict[str, list[Fact]] = {}
    for model in models:
        kind = "corrected" if model["remedy_of"] else "beyond corrections"
        if not model["remedy_of"] and not model["beyond"]:
            kind = "as published" if model["published"] else "others"
        grid = f": {model['entry']}" if entries[model["entry"]] > 1 else ""
        own = {"name": model["name"], "title": model["title"]}
        found.setdefault(kind + grid, []).append(own)
    return [{"title": title, "models": own} for title, own in found.items()]


def winners(line: pd.DataFrame) -> list[Fact]:
    """Say which model is the best at which sizes, neighbours together.

    Parameters
    ----------
    line : DataFrame
        Of `best_line`, one row a size.

    Returns
    -------
    list of dict
        ``title``, and ``sizes`` in words; empty where they are too many for a sentence.
    """
    found = []
    for title, own in groupby(line.itertuples(), key=lambda row: row.title):
        sizes = [pixels(row.size) for row in own]
        words = sizes[0] if len(sizes) == 1 else f"{sizes[0]} to {sizes[-1]}"
        found.append({"title": title, "sizes": words})
    return found if len(found) <= _MOST else []


def surpassed(pareto: pd.DataFrame) -> Fact | None:
    """Find where another model does better on fresh images than the one chosen on others.

    Parameters
    ----------
    pareto : DataFrame
        Of `fewpixels.tables.answer.pareto`.

    Returns
    -------
    dict or None
        ``size`` in words, the other's ``title`` and by how much it is ``better``, where that is
        the most; None where it is nowhere.
    """
    name = f"{judged(pareto)}_mean"
    chosen = best(pareto).set_index("size")[name]
    better = (pareto[name] - pareto["size"].map(chosen)).dropna()
    if not (better >= _LEAST).any():
        return None
    row = pareto.loc[better.idxmax()]
    return {"size": pixels(row["size"]), "title": row["title"], "better": float(better.max())}


def mistakes(
    frame: pd.DataFrame,
    published: pd.DataFrame,
    leakage: pd.DataFrame,
    made: Mapping[str, str],
    study: Described,
) -> Fact | None:
    """Find what was wrong with the published numbers at the largest and the smallest size.

    Parameters
    ----------
    frame : DataFrame
        Of `fewpixels.page.accuracies.accuracies`.
    published : DataFrame
        Of `published_line`.
    leakage : DataFrame
        Columns of ``tables/leakage-accuracy.csv``.
    made : mapping of str to str
        By model: what training did wrong before its remedy.
    study : Described

    Returns
    -------
    dict or None
        The ``title`` of the model; ``first`` and ``last``, what was published, each with ``size``
        and ``mean``; ``one``, whether they are the same, and ``fails``,
        whether the last is no better than guessing. ``leak`` or None: the ``share`` of the test
        images that were trained on, and what fresh images ``give`` where that is less. ``training``
        or None: its ``mistakes`` in words, the ``remedies``, and what the corrected model ``gives``
        at the last size, where that is more. None where nothing is published.
    """
    if published.empty:
        return None
    rows = [row._asdict() for row in published[["model", "size", "mean"]].itertuples(index=False)]
    fresh = frame[frame["counted"] == f"{study.honest}/fresh"].set_index(["model", "size"])["mean"]
    return {
        "title": published["title"].iloc[0],
        "first": _in_words(rows[0]),
        "last": _in_words(rows[-1]),
        "one": len(rows) == 1,
        "fails": rows[-1]["mean"] < 1 / len(study.names) + _CLOSE,
        "leak": _leak(rows[0], fresh, leakage),
        "training": _training(rows[-1], fresh, made, study),
    }


def _leak(first: Fact, fresh: "pd.Series[float]", leakage: pd.DataFrame) -> Fact | None:
    here = (leakage["model"] == first["model"]) & (leakage["size"] == first["size"])
    leaked = leakage[here & (leakage["leaked_images"] > 0)]
    gives = fresh.get((first["model"], first["size"]))
    if leaked.empty or gives is None or gives >= first["mean"]:
        return None
    trained, others = leaked[["leaked_images", "unleaked_images"]].iloc[0]
    return {"share": float(trained / (trained + others)), "gives": float(gives)}


def _training(
    last: Fact, fresh: "pd.Series[float]", made: Mapping[str, str], study: Described
) -> Fact | None:
    """What was wrong on the rungs above the published model, if the last of them does better."""
    for rungs in ladders(study.models):
        names = [rung["name"] for rung in rungs]
        if last["model"] not in names:
            continue
        above = rungs[names.index(last["model"]) + 1 :]
        gives = fresh.get((names[-1], last["size"]))
        if above and gives is not None and gives > last["mean"]:
            told = [made[rung["name"]] for rung in above if rung["name"] in made]
            remedies = [rung["remedy"] for rung in above]
            return {"mistakes": told, "remedies": remedies, "gives": float(gives)}
    return None


def _in_words(row: Fact) -> Fact:
    return {"size": pixels(row["size"]), "mean": row["mean"]}


def answer(
    line: pd.DataFrame, pareto: pd.DataFrame, enough: pd.DataFrame, lead: str, study: Described
) -> Fact:
    """Find what the page says first.

    Parameters
    ----------
    line : DataFrame
        Of `best_line`.
    pareto, enough : DataFrame
        Of ``tables/pareto.csv`` and ``tables/enough.csv``.
    lead : str
        The answer with its intervals, in a paragraph.
    study : Described

    Returns
    -------
    dict
        ``lead``; ``careful``, whether only the lead says enough, because classes are uneven or
        nothing was learned; ``trained``, images that a model learns from, ``classes`` and
        ``guessing``, as text; ``reached``, some sizes with their ``mean``; ``winners`` and
        ``surpassed``; and whether there are ``intervals``.
    """
    judged_here = judged(pareto) != "fresh"
    own = line[line["balanced"] == judged_here]
    of = study.samplings[study.honest]
    named = own if len(own) <= _MOST else own.iloc[[0, -1]]
    learned = bool(enough["size"].notna().any())
    split = study.splits[study.honest]
    return {
        "lead": Markup(lead),  # nosec B704 # of our own table
        "careful": judged_here or not learned,
        "trained": of.n_train if isinstance(of, Dealt) else split["train"],
        "classes": len(study.names),
        "guessing": guessed(1 / len(study.names)),
        "reached": [{"size": pixels(r.size), "mean": r.mean} for r in named.itertuples()],
        "winners": winners(own),
        "surpassed": surpassed(pareto),
        "intervals": bool(own["low"].notna().any()),
    }

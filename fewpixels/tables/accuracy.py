"""The study's tables: functions from tidy results to data frames.

Accuracies are shares in [0, 1]. A pair of columns ``x_mean`` and ``x_sd`` summarises
replicates, and ``x_diverged``, where there are any, counts those that diverged and are left
out of it. No function names a model: each takes the models as the configuration describes them
(`fewpixels.study.plan.Model.shown`).
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fewpixels.statistics.intervals import deviation

Models = Iterable[Mapping[str, Any]]
CELL = ["split", "size", "model"]


def summary(metrics: pd.DataFrame) -> pd.DataFrame:
    """Mean and standard deviation over the replicates that did not diverge.

    Parameters
    ----------
    metrics : DataFrame
        Columns of ``metrics.csv``; a replicate that diverged has no accuracy.

    Returns
    -------
    DataFrame
        ``mean`` and ``sd`` of the accuracy, and how many ``diverged``, indexed by split, size,
        model and subset.
    """
    by = [*CELL, "subset"]
    lost = metrics.assign(lost=metrics["accuracy"].isna()).groupby(by, sort=False)["lost"].sum()
    kept = metrics.dropna(subset="accuracy").groupby(by, sort=False)["accuracy"]
    columns = {"mean": kept.mean(), "sd": kept.agg(deviation), "diverged": lost}
    return pd.DataFrame(columns, index=lost.index)


def ladders(models: Models) -> list[list[Mapping[str, Any]]]:
    """Find each model that improves on none, with the remedies above it, rung by rung."""
    models = list(models)
    above = {m["remedy_of"]: m for m in reversed(models) if m["remedy_of"]}
    found = []
    for model in models:
        if not model["remedy_of"]:
            rungs = [model]
            while rungs[-1]["name"] in above:
                rungs.append(above[rungs[-1]["name"]])
            found.append(rungs)
    return found


def spanning(models: Models) -> list[list[Mapping[str, Any]]]:
    """Find the ladders that span several sizes; all of them where none does."""
    found = ladders(models)
    wide = [rungs for rungs in found if len({s for rung in rungs for s in rung["sizes"]}) > 1]
    return wide or found


def by_size(
    metrics: pd.DataFrame, models: Models, splits: Iterable[str], honest: str
) -> pd.DataFrame:
    """Accuracy at each size: published, ours on each split, on fresh images, and remedied.

    Parameters
    ----------
    metrics : DataFrame
        Columns of ``metrics.csv``.
    models : iterable of mappings
        All models.
    splits : iterable of str
        Splits whose test accuracy to show, as ``{split}_test``, if they have test images.
    honest : str
        The split whose models label the fresh images.

    Returns
    -------
    DataFrame
        A row for each ladder that spans several sizes, and size. ``published`` is the figure
        that was published.
    """
    means = summary(metrics)
    tested = set(metrics[metrics["subset"] == "test"]["split"])
    rows = []
    for rungs in spanning(models):
        base, top = rungs[0], rungs[-1]
        sizes = sorted({size for rung in rungs for size in rung["sizes"]}, reverse=True)
        for size in sizes:
            row = {
                "model": base["name"],
                "title": base["title"],
                "size": size,
                "published": base["published"].get("accuracy", {}).get(f"{size}px"),
            }
            for split in (s for s in splits if s in tested):
                row |= _columns(means, (split, size, base["name"], "test"), f"{split}_test")
            row |= _columns(means, (honest, size, base["name"], "fresh"), "fresh")
            if top is not base:
                row["remedied"] = top["name"]
                if honest in tested:
                    row |= _columns(means, (honest, size, top["name"], "test"), "remedied_test")
                row |= _columns(means, (honest, size, top["name"], "fresh"), "remedied_fresh")
            rows.append(row)
    return pd.DataFrame(rows)


def remedies(metrics: pd.DataFrame, models: Models, honest: str) -> pd.DataFrame:
    """Accuracy on fresh images as each remedy is added.

    Returns
    -------
    DataFrame
        A row for each rung and size; ``gain`` is the difference to the rung below, replicate
        by replicate.
    """
    fresh = metrics[(metrics["subset"] == "fresh") & (metrics["split"] == honest)]
    accuracy = fresh.set_index(["model", "size", "replicate"])["accuracy"].sort_index()
    cells = set(zip(fresh["model"], fresh["size"], strict=True))
    rows = []
    for rungs in ladders(models):
        for number, rung in enumerate(rungs if len(rungs) > 1 else []):
            for size in rung["sizes"]:
                if (rung["name"], size) not in cells:
                    continue
                own = accuracy.loc[rung["name"], size]
                row = {
                    "ladder": rungs[0]["name"],
                    "rung": number,
                    "model": rung["name"],
                    "remedy": rung["remedy"] or "as published",
                    "size": size,
                    **spread(own, "fresh"),
                }
                if number and (rungs[number - 1]["name"], size) in cells:
                    gain = own - accuracy.loc[rungs[number - 1]["name"], size]
                    row |= spread(gain, "gain")
                rows.append(row)
    return pd.DataFrame(rows)


def sweeps(
    sweep: pd.DataFrame, metrics: pd.DataFrame, timing: pd.DataFrame, models: Models
) -> pd.DataFrame:
    """The hyperparameter k chosen on validation, and chosen on the test images, for each size.

    Parameters
    ----------
    sweep : DataFrame
        Columns of ``sweep.csv``, with split, size and model.
    metrics : DataFrame
        Columns of ``metrics.csv``.
    timing : DataFrame
        Columns of ``timing.csv``, with split, size and model.
    models : iterable of mappings
        The models to show.

    Returns
    -------
    DataFrame
        A row for each split, model and size, and one for the best over ``all`` sizes, which
        alone has a ``published`` figure. ``k_median`` is over replicates, each with the k that
        validation chose. ``optimistic`` is each replicate's best test accuracy over k, a
        choice made on the test images, and ``optimistic_k_median`` the smallest such k.
        Both are missing, and so are rows of ``all``, without test images. ``lookup_seconds``
        is the time to label one image for every k, where replicates share the distances
        between images.
    """
    means = summary(metrics)
    chosen = metrics[metrics["subset"] == "validation"].groupby(CELL)["chosen"].median()
    seconds = timing.groupby(CELL)[["seconds", "images"]].sum()
    tests = sweep[sweep["subset"] == "test"].dropna(subset="accuracy")
    best = tests.groupby([*CELL, "replicate"])["accuracy"].max()
    best_k = tests.loc[tests.groupby([*CELL, "replicate"])["accuracy"].idxmax()]
    best_k = best_k.groupby(CELL)["k"].median()
    published = {m["name"]: m["published"].get("best_accuracy") for m in models}
    rows = []
    for cell in sweep[CELL].drop_duplicates().itertuples(index=False, name=None):
        time = seconds.loc[cell]
        row = dict(zip(CELL, cell, strict=True)) | {"k_median": chosen.loc[cell]}
        row |= _columns(means, (*cell, "validation"), "validation")
        if cell in best_k.index:
            row |= _columns(means, (*cell, "test"), "test")
        row |= _columns(means, (*cell, "fresh"), "fresh")
        if cell in best_k.index:
            own = best.loc[cell]
            row |= {"optimistic_k_median": best_k.loc[cell]}
            row |= {"optimistic_mean": own.mean(), "optimistic_sd": deviation(own)}
        rows.append(row | {"lookup_seconds": time["seconds"] / time["images"]})
    rows.sort(key=lambda row: row["size"], reverse=True)
    for (split, model), own in best.groupby(["split", "model"], sort=False):
        overall = own.groupby("replicate").max()
        row = {"split": split, "size": "all", "model": model, "published": published[model]}
        rows.append(row | {"optimistic_mean": overall.mean(), "optimistic_sd": deviation(overall)})
    return pd.DataFrame(rows).sort_values(["split", "model"], kind="stable")


def grid(
    metrics: pd.DataFrame, fits: pd.DataFrame, models: Models, entry: str, honest: str
) -> pd.DataFrame:
    """The cells of a grid: published figures beside ours.

    Parameters
    ----------
    metrics : DataFrame
        Columns of ``metrics.csv``.
    fits : DataFrame
        Columns of ``fit.csv``, with split, size and model.
    models : iterable of mappings
        All models.
    entry : str
        The entry of the configuration that has the grid.
    honest : str
        The split whose models label the fresh images.

    Returns
    -------
    DataFrame
        A row for each cell and size. ``seconds`` is the training time of one replicate.
    """
    means = summary(metrics)
    models = list(models)
    above = {m["remedy_of"]: m["name"] for m in models if m["remedy_of"]}
    trained = fits.groupby(CELL)
    rows = []
    for model in (m for m in models if m["entry"] == entry):
        for size in model["sizes"]:
            published = model["published"]
            row = {"model": model["name"], **model["axes"], "size": size}
            row |= {
                "published_seconds": published.get("seconds"),
                "published_updates": published.get("updates"),
                "published": published.get("accuracy", {}).get(f"{size}px"),
            }
            fit = trained.get_group((honest, size, model["name"]))
            row |= {"seconds": fit["seconds"].mean()}
            row |= {"updates_mean": fit["updates"].mean(), "updates_sd": deviation(fit["updates"])}
            for split in model["splits"]:
                row |= _columns(means, (split, size, model["name"], "test"), f"{split}_test")
            row |= _columns(means, (honest, size, model["name"], "fresh"), "fresh")
            if model["name"] in above:
                row |= _columns(
                    means, (honest, size, above[model["name"]], "fresh"), "remedied_fresh"
                )
            rows.append(row)
    table = pd.DataFrame(rows)
    lost = [column.removesuffix("_diverged") for column in table if column.endswith("_diverged")]
    told = {f"{name}_{part}" for name in lost for part in ("mean", "sd", "diverged")}
    return table[[c for c in table if c in told or table[c].notna().any()]]


def runs(metrics: pd.DataFrame, history: pd.DataFrame, models: Models, honest: str) -> pd.DataFrame:
    """Single runs: how long they train, where validation peaks, and how they end.

    Parameters
    ----------
    metrics : DataFrame
        Columns of ``metrics.csv``.
    history : DataFrame
        Columns of ``history.csv``, with split, size and model; of the honest split.
    models : iterable of mappings
        The models to show.
    honest : str
        The split whose models label the fresh images.

    Returns
    -------
    DataFrame
        A row for each model and size. ``peak_update`` is where each replicate's validation
        accuracy was first at its highest, ``peak``; ``peak_highest`` is the best replicate's.
    """
    means = summary(metrics)
    rows = []
    for model in models:
        own = history[history["model"] == model["name"]]
        for size, cell in own.groupby("size"):
            validation = cell.pivot(index="step", columns="replicate", values="validation_accuracy")
            updates = cell.groupby("replicate")["step"].max()
            peak_updates = validation.dropna(axis="columns", how="all").idxmax()
            key = (honest, size, model["name"])
            row = {"model": model["name"], "size": size}
            row |= {"published_updates": model["published"].get("updates")}
            row |= {"updates_mean": updates.mean(), "updates_sd": deviation(updates)}
            row |= {"peak_update_mean": peak_updates.mean()}
            row |= {"peak_update_sd": deviation(peak_updates)}
            row |= {"published_peak_update": model["published"].get("peak_update")}
            row |= spread(validation.max(), "peak")
            row |= {"peak_highest": validation.max().max()}
            row |= {"published_validation": model["published"].get("validation_accuracy")}
            row |= _columns(means, (*key, "validation"), "validation")
            row |= _columns(means, (*key, "test"), "test")
            rows.append(row | _columns(means, (*key, "fresh"), "fresh"))
    return pd.DataFrame(rows)


def initialisation(
    diagnostics: pd.DataFrame, metrics: pd.DataFrame, models: Models, honest: str
) -> pd.DataFrame:
    """What networks look like before training, and how they end.

    Returns
    -------
    DataFrame
        A row for each cell: root mean square of the ``logits`` and of the ``gradient`` of the
        first and the last layer's weights, the ``saturated`` and the ``silent`` share of
        images (see the family), and the accuracy on fresh images; means over replicates.
    """
    means = summary(metrics)
    titles = {m["name"]: m["title"] for m in models}
    rows = []
    for cell, own in diagnostics[diagnostics["split"] == honest].groupby(CELL, sort=False):
        value = own.groupby(["quantity", "layer"])["value"].mean()
        last = own["layer"].max()
        row = {"model": cell[2], "title": titles[cell[2]], "size": cell[1]}
        row |= {
            "logits": value["input", last],
            "saturated": value["saturated", last],
            "silent": value["silent", last],
            "first_gradient": value["gradient", 1],
            "last_gradient": value["gradient", last],
        }
        rows.append(row | _columns(means, (*cell, "fresh"), "fresh"))
    return pd.DataFrame(rows)


def classes(
    names: NDArray[np.str_], labels: NDArray[np.int64], fresh_labels: NDArray[np.int64]
) -> pd.DataFrame:
    """Count the images of each class.

    Parameters
    ----------
    names : ndarray of str, shape (C,)
    labels, fresh_labels : ndarray, shape (N,)
        Classes, 0…C−1, of the pool and of the fresh images.

    Returns
    -------
    DataFrame
        A row a class: its number ``class``, its ``name``, and how many images of it are in the
        ``pool`` and ``fresh``.
    """
    count = len(names)
    counts = {
        "pool": np.bincount(labels, minlength=count),
        "fresh": np.bincount(fresh_labels, minlength=count),
    }
    return pd.DataFrame({"class": range(count), "name": names, **counts})


def _columns(means: pd.DataFrame, key: tuple[Any, ...], name: str) -> dict[str, float]:
    if key not in means.index:
        return {f"{name}_mean": float("nan"), f"{name}_sd": float("nan")}
    mean, sd, lost = means.loc[key]
    return _named(mean, sd, lost, name)


def spread(values: "pd.Series[float]", name: str) -> dict[str, float]:
    """Columns that summarise values of replicates.

    Parameters
    ----------
    values : Series of float, shape (R,)
        NaN where a replicate diverged.
    name : str
        What the columns' names begin with.

    Returns
    -------
    dict of str to float
        ``{name}_mean``, ``{name}_sd`` and, if any diverged, ``{name}_diverged``.
    """
    kept = values.dropna()
    return _named(kept.mean(), deviation(kept), len(values) - len(kept), name)


def _named(mean: float, sd: float, diverged: float, name: str) -> dict[str, float]:
    columns = {f"{name}_mean": mean, f"{name}_sd": sd}
    return columns | ({f"{name}_diverged": int(diverged)} if diverged else {})

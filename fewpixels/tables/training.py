"""Tables of training: single runs, and what networks look like before it."""

import pandas as pd

from fewpixels.statistics.intervals import deviation
from fewpixels.tables.ladders import Models
from fewpixels.tables.summary import CELL, columns, spread, summary


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
            row |= columns(means, (*key, "validation"), "validation")
            row |= columns(means, (*key, "test"), "test")
            rows.append(row | columns(means, (*key, "fresh"), "fresh"))
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
        rows.append(row | columns(means, (*cell, "fresh"), "fresh"))
    return pd.DataFrame(rows)

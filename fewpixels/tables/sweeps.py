"""The table of a hyperparameter that validation chose: k."""

import pandas as pd

from fewpixels.statistics.intervals import deviation
from fewpixels.tables.ladders import Models
from fewpixels.tables.summary import CELL, columns, summary


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
        row |= columns(means, (*cell, "validation"), "validation")
        if cell in best_k.index:
            row |= columns(means, (*cell, "test"), "test")
        row |= columns(means, (*cell, "fresh"), "fresh")
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

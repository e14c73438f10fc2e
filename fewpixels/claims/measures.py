"""What claims are about: one number for each replicate of a cell, by the name of a metric."""

from collections.abc import Mapping

import pandas as pd

CELL = ["split", "size", "model", "replicate"]


def on_every_split(table: pd.DataFrame, trained: Mapping[str, str]) -> pd.DataFrame:
    """Repeat what training measured for each split that has the models of another.

    Parameters
    ----------
    table : DataFrame
        With a column of the split that trains.
    trained : mapping of str to str
        By split, the one that trains for it: itself, perhaps.

    Returns
    -------
    DataFrame
    """
    own = [table[table["split"] == of].assign(split=split) for split, of in trained.items()]
    return pd.concat(own, ignore_index=True)


def measures(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Gather metrics from the tables of cells.

    Parameters
    ----------
    tables : mapping
        ``metrics``, and those of ``sweep``, ``fit``, ``history`` and ``diagnostics`` that there
        are: the columns of the files, with split, size and model.

    Returns
    -------
    DataFrame
        Columns metric, split, size, model, replicate and value, sorted; NaN where a replicate
        diverged. ``accuracy`` is that on test images, ``best_accuracy`` the highest of them
        over all sizes and values of the hyperparameter. Of the validation accuracy while
        training, ``peak_update`` is where it was first at its highest, ``decline`` how far it
        ends below that, and ``fall`` how far it ever fell below what it had reached before.
        ``saturated`` and ``silent`` are shares of images before training (see
        `fewpixels.networks.layers.diagnose`).
    """
    metrics = tables["metrics"]
    found = {
        name: metrics[metrics["subset"] == subset].set_index(CELL)["accuracy"]
        for name, subset in (("accuracy", "test"), ("validation_accuracy", "validation"))
    }
    if "sweep" in tables:
        sweep = tables["sweep"]
        tests = sweep[sweep["subset"] == "test"]
        best = tests.groupby(["split", "model", "replicate"])["accuracy"].max()
        cells = tests[CELL].drop_duplicates()
        index = pd.MultiIndex.from_frame(cells)
        found["best_accuracy"] = cells.join(best, on=best.index.names).set_axis(index)["accuracy"]
    if "fit" in tables:
        fits = tables["fit"].set_index(CELL)
        found["updates"] = fits["updates"].astype(float).mask(fits["diverged"] == 1)
    if "history" in tables:
        found |= _of_history(tables["history"])
    if "diagnostics" in tables:
        diagnostics = tables["diagnostics"]
        for name in ("saturated", "silent"):
            own = diagnostics[diagnostics["quantity"] == name]
            found[name] = own.set_index(CELL)["value"]
    frame = pd.concat(found, names=["metric", *CELL]).rename("value").reset_index()
    return frame.sort_values(["metric", *CELL], ignore_index=True)


def _of_history(history: pd.DataFrame) -> dict[str, "pd.Series[float]"]:
    """Where validation accuracy peaks, and how far it falls; NaN where it is ever missing."""
    ordered = history.sort_values([*CELL, "step"])
    runs = ordered.groupby(CELL)["validation_accuracy"]
    lost = ordered["validation_accuracy"].isna().groupby([ordered[c] for c in CELL]).any()
    highest = runs.cummax()
    at_peak = ordered[ordered["validation_accuracy"] == runs.transform("max")]
    found = {
        "peak_update": at_peak.groupby(CELL)["step"].first().astype(float).reindex(lost.index),
        "decline": runs.max() - runs.last(),
        "fall": (highest - ordered["validation_accuracy"])
        .groupby([ordered[c] for c in CELL])
        .max(),
    }
    return {name: values.mask(lost) for name, values in found.items()}

"""Tables of accuracy: at each size, as each remedy is added, and over a grid."""

from collections.abc import Iterable

import pandas as pd

from fewpixels.statistics.intervals import deviation
from fewpixels.tables.ladders import Models, climbs, first_rung, spanning
from fewpixels.tables.summary import CELL, columns, spread, summary, told


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
        that was published. Beside accuracies of uneven classes stand the balanced ones.
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
                row |= columns(means, (split, size, base["name"], "test"), f"{split}_test")
            row |= columns(means, (honest, size, base["name"], "fresh"), "fresh")
            if top is not base:
                row["remedied"] = top["name"]
                if honest in tested:
                    row |= columns(means, (honest, size, top["name"], "test"), "remedied_test")
                row |= columns(means, (honest, size, top["name"], "fresh"), "remedied_fresh")
            rows.append(row)
    return pd.DataFrame(rows)


def remedies(metrics: pd.DataFrame, models: Models, honest: str) -> pd.DataFrame:
    """Accuracy on fresh images as each remedy is added, and beyond.

    Returns
    -------
    DataFrame
        A row for each rung of a ladder, or model beyond it, and size; ``gain`` is the difference
        to the rung below, or to the model that it goes beyond, replicate by replicate. Where
        classes are uneven, ``fresh_balanced`` and ``gain_balanced`` stand beside these.
    """
    fresh = metrics[(metrics["subset"] == "fresh") & (metrics["split"] == honest)]
    by_replicate = fresh.set_index(["model", "size", "replicate"]).sort_index()
    measured = {"": by_replicate["accuracy"]}
    if told(fresh, "balanced"):
        measured["_balanced"] = by_replicate["balanced"]
    cells = set(zip(fresh["model"], fresh["size"], strict=True))
    rows = []
    for rungs in climbs(models):
        for number, rung in enumerate(rungs if len(rungs) > 1 else []):
            below = rung["remedy_of"] or rung["beyond"]
            what = f"beyond: {rung['title']}" if rung["beyond"] else rung["remedy"]
            for size in rung["sizes"]:
                if (rung["name"], size) not in cells:
                    continue
                row = {
                    "ladder": rungs[0]["name"],
                    "rung": number,
                    "model": rung["name"],
                    "remedy": what or first_rung(rung),
                    "size": size,
                }
                for kind, values in measured.items():
                    row |= spread(values.loc[rung["name"], size], f"fresh{kind}")
                for kind, values in measured.items() if (below, size) in cells else ():
                    gain = values.loc[rung["name"], size] - values.loc[below, size]
                    row |= spread(gain, f"gain{kind}")
                rows.append(row)
    return pd.DataFrame(rows)


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
                row |= columns(means, (split, size, model["name"], "test"), f"{split}_test")
            row |= columns(means, (honest, size, model["name"], "fresh"), "fresh")
            if model["name"] in above:
                row |= columns(
                    means, (honest, size, above[model["name"]], "fresh"), "remedied_fresh"
                )
            rows.append(row)
    table = pd.DataFrame(rows)
    lost = [column.removesuffix("_diverged") for column in table if column.endswith("_diverged")]
    kept = {f"{name}_{part}" for name in lost for part in ("mean", "sd", "diverged")}
    return table[[c for c in table if c in kept or told(table, c)]]

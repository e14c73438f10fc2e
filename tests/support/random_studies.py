"""Random results of random studies: frames as the workflow writes them, and their models."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from fewpixels.statistics.sampling import Dealt, Fixed, Sampling
from fewpixels.tables.answer import COST, best, pareto

# Without letters that the font lacks, and control characters, which titles may not hold.
LETTERS = "abz $$\\{}^_%#&<>|'\"×0"
TITLES = st.sampled_from(
    ["$", "$$", "$x$", "\\$", "\\\\$a$", "$\\frac$", "_a", "a_$b_$", "<script>", "&amp;", "a|b"]
) | st.text(LETTERS, min_size=1, max_size=9).map(str.strip).filter(bool)


@dataclass(frozen=True)
class Results:
    """What tables and figures are made from; `models` as `Model.shown` gives them."""

    models: list
    splits: list
    honest: str
    replicates: int
    metrics: pd.DataFrame
    history: pd.DataFrame
    diagnostics: pd.DataFrame
    fits: pd.DataFrame
    timings: pd.DataFrame
    sweep: pd.DataFrame

    def of_honest(self, name):
        frame = getattr(self, name)
        return frame[frame["split"] == self.honest].reset_index(drop=True)


@st.composite
def shown_models(draw, sizes, splits, most):
    """One model to `most`; some remedy one before them or go beyond it, some are of a grid."""
    models = []
    for i in range(draw(st.integers(1, most))):
        improved = {m["remedy_of"] for m in models}
        below = [m["name"] for m in models if m["name"] not in improved]
        grid = draw(st.booleans())
        own = draw(st.lists(st.sampled_from(sizes), min_size=1, unique=True))
        published = {"accuracy": {f"{own[0]}px": 0.5}, "seconds": 2, "updates": 3}
        remedy_of = draw(st.sampled_from(["", *below]))
        others = [] if remedy_of else [m["name"] for m in models]
        models.append(
            {
                "name": f"m{i}",
                "entry": "grid" if grid else f"m{i}",
                "title": draw(TITLES),
                "family": "any",
                "axes": {"width": i, "activation": draw(st.sampled_from(["relu", "atan"]))}
                if grid
                else {},
                "sizes": tuple(s for s in sizes if s in own),
                "splits": tuple(splits),
                "published": draw(st.sampled_from([{}, published, {"best_accuracy": 0.9}])),
                "remedy_of": remedy_of,
                "remedy": draw(TITLES) if remedy_of else "",
                "beyond": draw(st.sampled_from(["", *others])),
                "show": (),
                "overview": draw(st.sampled_from([True, True, False])),
            }
        )
    return models


@dataclass(frozen=True)
class Answers:
    """What the answer is made from, of random results with replicates that diverged."""

    results: Results
    costs: pd.DataFrame
    cells: pd.DataFrame
    scores: dict
    of: Sampling


@st.composite
def answers(draw):
    """Random results, and costs and scores that often tie."""
    r = draw(results())
    rng = np.random.default_rng(draw(st.integers(0, 1000)))
    by = ["size", "model", "replicate"]
    cells = r.of_honest("fits")[by]
    costs = {name: rng.integers(1, 4, len(cells)) for name in COST}
    share = draw(st.sampled_from([0.0, 0.3, 1.0]))
    lost = set(cells[rng.random(len(cells)) < share].itertuples(index=False, name=None))
    diverged = [key in lost for key in r.metrics[by].itertuples(index=False, name=None)]
    accuracy = r.metrics["accuracy"].mask(pd.Series(diverged))
    r = replace(r, metrics=r.metrics.assign(accuracy=accuracy))
    costs = cells.assign(**costs)
    uncounted = draw(st.sets(st.sampled_from([m["name"] for m in r.models])))
    costs[COST] = costs[COST].mask(costs["model"].isin(uncounted))
    table = pareto(r.metrics, r.of_honest("fits"), costs, r.models, r.honest)
    scores = {}
    n = draw(st.integers(2, 12))
    for row in best(table).itertuples():
        scores[row.size] = rng.integers(0, 2, (r.replicates, n)).astype(np.float64)
        gone = [i for i in range(r.replicates) if (row.size, row.model, i) in lost]
        scores[row.size][gone] = np.nan
    of = draw(st.sampled_from([Dealt(8, 1, 10), Fixed()]))
    return Answers(r, costs, table, scores, of)


@st.composite
def results(draw, most=4):
    """Results of one to three replicates; in some studies all numbers are equal, or 0."""
    sizes = draw(st.lists(st.sampled_from([28, 14, 7, 2, 1]), min_size=1, max_size=3, unique=True))
    splits = draw(st.sampled_from([["heldout"], ["published", "heldout"]]))
    models = draw(shown_models(sizes, splits, most))
    replicates = draw(st.integers(1, 3))
    levels = draw(st.integers(1, 20))
    k_max = draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 1000)))

    def share():
        return int(rng.integers(levels)) / 20

    frames = {name: [] for name in ("metrics", "history", "diagnostics", "fits", "timings")}
    frames["sweep"] = []
    for model in models:
        for split, size in ((split, size) for split in splits for size in model["sizes"]):
            cell = {"split": split, "size": size, "model": model["name"]}
            for subset in ("validation", "test", "fresh"):
                frames["timings"].append({**cell, "subset": subset, "seconds": 0.5, "images": 4})
            for r in range(replicates):
                own = {**cell, "replicate": r}
                updates = int(rng.integers(1, 5))
                frames["fits"].append({**own, "updates": updates, "seconds": 1.5, "diverged": 0})
                for step in range(1, updates + 1):
                    row = {"step": step, "loss": 20 * share(), "validation_accuracy": share()}
                    frames["history"].append(own | row)
                for layer, quantity in [(1, "input"), (1, "gradient"), (2, "input")] + [
                    (2, quantity) for quantity in ("gradient", "saturated", "silent")
                ]:
                    row = {"layer": layer, "quantity": quantity, "value": share()}
                    frames["diagnostics"].append(own | row)
                for subset in ("validation", "test", "fresh"):
                    row = {"subset": subset, "accuracy": share(), "chosen": int(rng.integers(1, 5))}
                    frames["metrics"].append({"dataset": "d", **own, **row})
                    for k in range(1, k_max + 1):
                        row = {"subset": subset, "k": k, "accuracy": share()}
                        frames["sweep"].append(own | row)
    order = {"random_state": 0, "frac": 1, "ignore_index": True}
    made = {name: pd.DataFrame(rows) for name, rows in frames.items()}
    # Histories are in order, as training writes them; rows of the others come in any.
    made |= {name: made[name].sample(**order) for name in ("metrics", "sweep", "fits", "timings")}
    return Results(models, splits, "heldout", replicates, **made)

"""Random studies for the explorer: labels of every cell, and the tables that they make."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from hypothesis import strategies as st
from random_studies import TITLES

from fewpixels.page.cells import Described, shown
from fewpixels.page.explorer import explorer
from fewpixels.statistics.sampling import Dealt, Fixed
from fewpixels.tables.answer import COST, pareto
from fewpixels.tables.pairs import held_out, intervals

DEALT = {"kind": "dealt", "title": "held out", "test": "shuffled"}
LEAKING = {"kind": "dealt", "title": "published", "test": "last"}
SPLITS = [
    {"heldout": DEALT},
    {"published": LEAKING | {"trains_as": "heldout"}, "heldout": DEALT},
    {"published": LEAKING, "heldout": DEALT, "another": DEALT},
    {"heldout": {"kind": "fixed", "title": "fixed", "train": 20, "validation": 5}},
]
PUBLISHED = {"accuracy": {"7px": 0.9, "2px": 0.2}, "seconds": 3}


@dataclass(frozen=True)
class Explored:
    """What the explorer is made from."""

    cells: list
    histories: list
    sweeps: list
    metrics: pd.DataFrame
    intervals: pd.DataFrame
    pareto: pd.DataFrame
    y: np.ndarray
    study: Described
    scores: dict  # by cell: (R, n), NaN where a fit diverged

    def made(self, most=10**6):
        images = shown(self.y, most)
        return explorer(
            self.cells, self.histories, self.sweeps, self.metrics, self.intervals, self.pareto,
            self.y, images, self.study,
        )  # fmt: skip


@st.composite
def explored(draw, splits=None):
    """One model to four; replicates that diverge, alone or all; k-NN has sweeps."""
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    splits = splits or draw(st.sampled_from(SPLITS))
    replicates, classes = draw(st.integers(1, 4)), draw(st.integers(2, 4))
    share = draw(st.sampled_from([0.0, 0.2, 1.0]))
    names = draw(st.lists(TITLES, min_size=classes, max_size=classes))
    y = rng.integers(0, classes, draw(st.integers(2, 30)))
    dealt = splits["heldout"]["kind"] == "dealt"
    of = Dealt(20, 6, 30) if dealt else Fixed()
    models = []
    for i in range(draw(st.integers(1, 4))):
        sizes = draw(st.sampled_from([(7, 2), (7,), (2,)]))
        below = f"m{i - 1}" if i and draw(st.booleans()) else ""
        model = {"name": f"m{i}", "entry": draw(st.sampled_from(["grid", f"m{i}"]))}
        model |= {"title": draw(TITLES), "sizes": sizes, "splits": tuple(splits), "overview": True}
        model |= {"family": draw(st.sampled_from(["perceptron", "knn", "own"])), "axes": {}}
        beyond = f"m{i - 1}" if i and not below and draw(st.booleans()) else ""
        published = draw(st.sampled_from([{}, {"seconds": 1}, PUBLISHED]))
        model |= {"remedy_of": below, "remedy": "better", "beyond": beyond}
        models.append(model | {"published": published})
    study = Described(names, models, splits, dict.fromkeys(splits, of), "heldout")
    fits, cells, rows, tables = {}, [], [], {"history": [], "sweep": []}
    tests = {split: rng.integers(0, classes, (replicates, 6)) for split in splits}
    for split in splits:
        for model in models:
            for size in model["sizes"]:
                cell = split, size, model["name"]
                fit = study.fit_of(cell)
                if fit not in fits:
                    lost = rng.random(replicates) < share
                    fresh = _labels(rng, np.broadcast_to(y, (replicates, len(y))), lost, classes)
                    margins = rng.integers(0, 5, fresh.shape).astype(np.float32)
                    fits[fit] = lost, {"fresh": fresh, "fresh_margin": margins}
                    name = "sweep" if model["name"] == "m1" else "history"
                    tables[name].append((cell, _table(rng, name, lost)))
                lost, own = fits[fit]
                test = {"test_y": tests[split]} if dealt else {}
                if dealt:
                    test["test"] = _labels(rng, tests[split], lost, classes)
                cells.append((cell, own | test))
                rows += _metrics(rng, cell, lost, y, own | test)
    metrics = pd.DataFrame(rows)
    own = metrics[metrics["split"] == "heldout"][["size", "model", "replicate"]].drop_duplicates()
    costs = own.assign(**{name: rng.integers(1, 9, len(own)) for name in COST})
    frame = pareto(metrics, own.assign(seconds=1.0), costs, models, "heldout")
    scores = {cell: np.where(own["fresh"] < 0, np.nan, own["fresh"] == y) for cell, own in cells}
    honest = [((cell[2], cell[1]), own) for cell, own in scores.items() if cell[0] == "heldout"]
    known = intervals(held_out(metrics, "heldout"), honest, of)
    return Explored(
        cells, tables["history"], tables["sweep"], metrics, known, frame, y, study, scores
    )


def _labels(rng, y, lost, classes):
    """Labels that are right more often than not; −1 where a replicate diverged."""
    found = np.where(rng.random(y.shape) < 0.6, y, rng.integers(0, classes, y.shape))
    found[lost] = -1
    return found


def _metrics(rng, cell, lost, y, own):
    right = {"validation": rng.random((len(lost), 5)) < 0.5, "fresh": own["fresh"] == y}
    if "test" in own:
        right["test"] = own["test"] == own["test_y"]
    names = dict(zip(("split", "size", "model"), cell, strict=True))
    for subset, scores in right.items():
        for r, score in enumerate(scores):
            correct = np.nan if lost[r] else score.sum()
            row = {"replicate": r, "subset": subset, "n": len(score), "correct": correct}
            chosen = 3.0 if cell[2] == "m1" else np.nan
            yield {**names, **row, "accuracy": correct / len(score), "chosen": chosen}


def _table(rng, name, lost):
    if name == "sweep":
        rows = [
            {"replicate": r, "subset": s, "k": k, "accuracy": np.nan if gone else rng.random()}
            for r, gone in enumerate(lost)
            for s in ("validation", "fresh")
            for k in range(1, 4)
        ]
        return pd.DataFrame(rows)
    rows = [
        {"replicate": r, "step": step, "loss": loss, "validation_accuracy": loss / 9}
        for r, gone in enumerate(lost)
        for step in range(1, rng.integers(2, 9))
        for loss in [np.nan if gone and step > 1 else rng.integers(0, 9)]
    ]
    return pd.DataFrame(rows)

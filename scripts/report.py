"""Make the page of results: one file, with all that it shows and computes with inside."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import vl_convert
from _job import begin

from fewpixels.artifacts.arrays import PIXELS, read_labels, read_model, read_npz
from fewpixels.artifacts.files import read_text, write_text
from fewpixels.artifacts.frames import read_cells, read_made, read_table
from fewpixels.artifacts.images import read_copies, read_subset
from fewpixels.artifacts.places import cell_of, size_of
from fewpixels.artifacts.pools import read_sampling
from fewpixels.page.cells import CellKey, Described
from fewpixels.page.draw import drawing
from fewpixels.page.explorer import explorer
from fewpixels.page.gather import MODELS, context, held, noting
from fewpixels.page.html import render
from fewpixels.page.ladder import ladder
from fewpixels.page.leak import figures, leak, leaking
from fewpixels.page.models import Trained, models
from fewpixels.page.opening import opening
from fewpixels.page.order import order, rehearsed
from fewpixels.page.pictures import pictured, typical
from fewpixels.streams import generator
from fewpixels.tables.answer import best
from fewpixels.tables.classes import remarks_in
from fewpixels.tables.summary import CELL


def each_labelling(
    predictions: Iterable[str], tests: Iterable[str], study: Described, n: int
) -> Iterator[tuple[CellKey, Mapping[str, Any]]]:
    """Labels of each cell's test images, and of the fresh ones of each fit once."""
    y = {Path(file).parts[-3]: read_subset(file, size_of(Path(file).parts[-2])).y for file in tests}
    read = set()
    for file in predictions:
        cell = cell_of(file)
        forms = {"test": "whole R m"} if cell[0] in y else {}
        if study.fit_of(cell) not in read:
            read.add(study.fit_of(cell))
            forms |= {"fresh": f"whole R {n}", "fresh_margin": f"float32 R {n}"}
        own = read_npz(file, **forms) if forms else {}
        own |= {name: own[name].astype(np.int64) for name in ("test", "fresh") if name in own}
        yield cell, own | ({"test_y": y[cell[0]]} if cell[0] in y else {})


def each_table(files: Sequence[str]) -> Iterator[tuple[CellKey, pd.DataFrame]]:
    """Tables of cells."""
    if files:
        for (split, size, model), own in read_cells(files).groupby(CELL, sort=False):
            yield (split, int(size), model), own


values = begin(snakemake)
files = snakemake.input
dataset = snakemake.wildcards.dataset
forms = {"images": f"{PIXELS} N side side", "labels": "int64 N", "names": "str C"}
forms |= {"fresh_images": f"{PIXELS} n side side", "fresh_labels": "int64 n"}
data = read_npz(files.data, **forms)
y = data["fresh_labels"]
samplings = {Path(file).parts[-2]: read_sampling(file, files.data) for file in files.splits}
names = data["names"].tolist()
study = Described(names, values["models"], values["splits"], samplings, values["honest"])
chosen = held(y, data["fresh_images"])
metrics = read_table(files.metrics)
known, pareto = read_made(files.intervals), read_made(files.pareto)
labels: dict[CellKey, Any] = {}
explored = explorer(
    noting(each_labelling(files.predictions, files.tests, study, len(y)), study, chosen, labels),
    each_table(files.histories),
    each_table(files.sweeps),
    metrics,
    known,
    pareto,
    y,
    chosen,
    study,
)
copies = {(Path(file).parts[-2], size_of(file)): file for file in files.copies}
train = read_npz(files.split)["train"][0]
described = {model["name"]: model for model in values["models"]}
cells = (
    Trained(
        name,
        described[name]["title"],
        described[name]["entry"],
        size,
        values["families"][described[name]["family"]],
        values["parameters"][name],
        read_model(file, values["replicates"]),
        labels[split, size, name],
        read_copies(copies[augmentation, size], size, train) if augmentation else None,
    )
    for file in files.models
    for split, size, name in [cell_of(file)]
    for augmentation in [values["augmentations"][name]]
)
ran = models(
    cells,
    (data["images"][train], data["labels"][train], train),
    (data["fresh_images"][chosen], y[chosen]),
    names,
    best(pareto),
    MODELS,
)
results = f"results/{dataset}"
targets = [
    ("everything", f"{results}/report.html"),
    ("one trained model's accuracies", str(Path(files.models[0]).with_name("metrics.csv"))),
    ("all accuracies", f"{results}/metrics.csv"),
    ("the intervals", f"{results}/tables/intervals.csv"),
    ("the answer", f"{results}/tables/answer.md"),
    *([("the claims", f"{results}/claims.csv")] if files.claims else []),
]
seconds = [float(read_cells(own)["seconds"].sum()) for own in (files.fits, files.timings)]
parts: dict[str, Any] = {"leak": None, "order": None, "ladder": ladder(*explored, study)}
fresh = data["fresh_images"][chosen]
parts["draw"] = drawing(ran[0], pareto, known, fresh, values["replicates"])
accuracy = read_made(files.leakage)
parts["answer"] = opening(
    explored,
    (pareto, read_made(files.enough), accuracy),
    read_text(files.answer).partition("\n")[0].strip("*"),
    (values["publication"], values["mistakes"]),
    pictured(typical(data["fresh_images"], y), values["sizes"], ran[0]["range"]),
    study,
)
packs: dict[str, Any] = {}
if leaked := leaking(accuracy, study):
    found = figures(leaked, accuracy, metrics, known, study)
    split = leaked[0][0]
    title = study.splits[split]["title"]
    (own,) = (file for file in files.splits if Path(file).parts[-2] == split)
    of_split = read_npz(own)
    of_cell = {cell_of(file): file for file in files.predictions}
    n = of_split["test"].shape[1]
    first = np.stack([read_labels(of_cell[cell], "test", n)[0] for cell in leaked])
    pool = data["images"], data["labels"]
    parts["leak"], packs["leak"] = leak(found, title, *pool, of_split, first, study)
given = [values[name] for name in ("models", "parameters", "families", "augmentations", "honest")]
if again := rehearsed(*given, data["images"].shape[-1]):
    model, size = again
    rng = generator(values["seed"], 0, dataset, "order")
    published = bool(model["published"])
    held_here = data["images"][train], data["labels"][train]
    if prepared := order(*held_here, size, names, published, rng):
        parts["order"], packs["order"] = prepared
filled = context(
    values | {"remarks": remarks_in(read_text(files.classes))},
    study,
    explored,
    ran,
    read_made(files.claims[0]) if files.claims else None,
    (json.loads(read_text(files.provenance)), read_made(files.timing), seconds),
    targets,
    dataset,
    parts,
    packs,
)
folder = Path(snakemake.scriptdir).parent / "workflow" / "report" / "page"
assets = {name: (folder / name).read_text(encoding="utf-8") for name in values["assets"]}
write_text(snakemake.output[0], render(assets, vl_convert.javascript_bundle(), filled))

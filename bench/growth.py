"""Time and memory of training against the number of images: `make bench-scale`.

On the digits of config/mnist.yaml, 28 pixels a side, with as many threads as OMP_NUM_THREADS says
(2 unless set). Each number is of a process of its own; memory is what the work adds to the images
at its peak. The exponent is the slope of a line through the logarithms. Marked rows run right after
ours: scikit-learn does the same work where it can, and we do it as bytes where that pays.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter, process_time
from types import ModuleType
from typing import Any

# Before NumPy starts its threads.
os.environ.update(OMP_NUM_THREADS=os.environ.get("OMP_NUM_THREADS", "2"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import pandas as pd
import yaml
from sklearn.linear_model import Perceptron
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier

import fewpixels.neighbours  # what is compiled loads before anything is measured
import fewpixels.perceptrons.training  # noqa: F401
from fewpixels.datasets import idx
from fewpixels.images.subset import Subset
from fewpixels.models import knn, mlp, perceptron
from fewpixels.perceptrons import rows
from fewpixels.streams import Streams
from fewpixels.study.sources import options_of
from fewpixels.study.validation import filled

ROOT = Path(__file__).resolve().parents[1]
IMAGES = (1_000, 4_000, 15_000, 60_000)
LOOKUPS = 10_000
EPOCHS = 3
UPDATES = 1_000
VALIDATION = 100
AVERAGED = {"epochs": EPOCHS, "order": "shuffled", "weights": "averaged"}
GROWTH = ROOT / "docs" / "results" / "growth.csv"
STREAMS = Streams(1, "bench", "28/any")


def digits(n: int) -> tuple[Subset, Subset]:
    """The first n training digits, and all test digits."""
    entry = yaml.safe_load((ROOT / "config" / "mnist.yaml").read_text())["datasets"]["mnist"]
    data = idx.load(filled(entry["options"], options_of("idx")))

    def subset(images: Any, labels: Any) -> Subset:
        x = images.reshape(1, len(images), -1).astype(np.float32)
        return Subset.of(x, labels[None], np.arange(len(labels), dtype=np.int32)[None])

    return subset(data.images[:n], data.labels[:n]), subset(data.fresh_images, data.fresh_labels)


OURS: dict[str, tuple[ModuleType, dict[str, Any]]] = {
    f"one-vs-rest, linear, {EPOCHS} epochs": (
        perceptron,
        {"scheme": "one-vs-rest", "kernel": "linear", **AVERAGED},
    ),
    f"one-vs-one, 90 pairs, linear, {EPOCHS} epochs": (
        perceptron,
        {"scheme": "one-vs-one", "kernel": "linear", "epochs": EPOCHS},
    ),
    f"one-vs-rest, (1 + x·z)², {EPOCHS} epochs": (
        perceptron,
        {"scheme": "one-vs-rest", "kernel": "polynomial", **AVERAGED},
    ),
    f"one-vs-rest, quadratic, {EPOCHS} epochs": (
        perceptron,
        {"scheme": "one-vs-rest", "kernel": "quadratic", **AVERAGED},
    ),
    f"k-NN, {LOOKUPS:,} look-ups, k to 50": (knn, {"k_max": 50}),
    f"MLP, 300 units, {UPDATES:,} updates": (
        mlp,
        {"layers": 2, "width": 300, "activation": "relu", "batch": "mini", "max_updates": UPDATES,
         "patience": UPDATES, "validate_every": UPDATES},
    ),
}  # fmt: skip
"""The family of a piece of work, and hyperparameters."""


def ours(work: str, train: Subset, tests: Subset) -> None:
    """Train with a few images to validate on, so that these cost nothing; k-NN labels all."""
    family, given = OURS[work]
    options = filled(given, family.HYPERPARAMETERS)
    few = replace(tests, place=tests.place[:, :VALIDATION])
    fitted = family.fit(train, few, options, streams=STREAMS)
    if family is knn:
        family.predict(fitted.parameters, options, train, tests.x[0])


def sklearn_perceptrons(train: Subset, tests: Subset) -> None:
    """As ours, but for the last weights, which are all it has."""
    Perceptron(max_iter=EPOCHS, tol=None, fit_intercept=False, n_jobs=2).fit(train.x[0], train.y[0])


def sklearn_neighbours(train: Subset, tests: Subset) -> None:
    """The 50 nearest of all test digits, and the labels for one k."""
    KNeighborsClassifier(50, algorithm="brute").fit(train.x[0], train.y[0]).predict(tests.x[0])


def sklearn_network(train: Subset, tests: Subset) -> None:
    """As many mini-batches of 100, by plain gradient descent."""
    n = len(train.y[0])
    model = MLPClassifier((300,), solver="sgd", batch_size=100, momentum=0, learning_rate_init=0.3)
    order = np.random.default_rng(0).permutation(n)
    for start in range(0, UPDATES * 100, n):
        rows = order[: min(n, UPDATES * 100 - start)]
        model.partial_fit(train.x[0][rows] / 255, train.y[0][rows], classes=np.arange(10))


MANY = rows.MANY


def as_bytes(work: str) -> Callable[[Subset, Subset], None]:
    """Our work with products of bytes, from so many images on; with the start of PyTorch."""

    def run(train: Subset, tests: Subset) -> None:
        rows.MANY = MANY
        ours(work, train, tests)

    return run


BESIDE: dict[str, tuple[str, Callable[[Subset, Subset], None]]] = {
    "· scikit-learn's, last weights": (next(iter(OURS)), sklearn_perceptrons),
    **{
        f"· {kernel}, as bytes from {MANY:,} images on": (work, as_bytes(work))
        for kernel in ("(1 + x·z)²", "quadratic")
        for work in OURS
        if kernel in work
    },
    "· scikit-learn's, one k": (f"k-NN, {LOOKUPS:,} look-ups, k to 50", sklearn_neighbours),
    "· scikit-learn's, not standardised": (
        f"MLP, 300 units, {UPDATES:,} updates",
        sklearn_network,
    ),
}
"""After which of ours it runs, and what it does."""


def memory(what: str) -> float:
    """Memory of this process in MB: at present, ``VmRSS``, or at its peak, ``VmHWM``."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split(f"{what}:")[1].split()[0]) / 2**10


def measure(name: str, n: int) -> None:
    """Do one piece of work, and print its seconds, those of all cores, and the memory it took."""
    train, tests = digits(n)
    rows.MANY = 10**9
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forget the peak of reading
    before, start, cpu = memory("VmRSS"), perf_counter(), process_time()
    if name in OURS:
        ours(name, train, tests)
    else:
        BESIDE[name][1](train, tests)
    print(json.dumps([perf_counter() - start, process_time() - cpu, memory("VmHWM") - before]))


def main() -> None:
    """Print one table, of seconds (and MB), and write it to docs/results/growth.csv."""
    if len(sys.argv) == 3:
        measure(sys.argv[1], int(sys.argv[2]))
        return
    head = [f"{n:,} images" for n in IMAGES]
    print(f"{os.environ['OMP_NUM_THREADS']} threads\n")
    print(f"| work | {' | '.join(head)} | exponent of s | of MB |")
    print("|---" * (len(IMAGES) + 3) + "|", flush=True)
    rows = []
    for name in [w for own in OURS for w in (own, *(t for t in BESIDE if BESIDE[t][0] == own))]:
        found = []
        for n in IMAGES:
            command = [sys.executable, __file__, name, str(n)]
            done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
            found.append(json.loads(done.stdout))
        rows += [(name, n, *own) for n, own in zip(IMAGES, found, strict=True)]
        lines = np.polyfit(np.log(IMAGES), np.log(np.maximum(found, 1e-3)), 1)[0]
        cells = [f"{s:.2f} ({m:.0f})" for s, _, m in found]
        print(f"| {name} | {' | '.join(cells)} | {lines[0]:.2f} | {lines[2]:.2f} |", flush=True)
    columns = ["work", "images", "seconds", "cpu_seconds", "megabytes"]
    table = pd.DataFrame(rows, columns=columns)
    table.to_csv(GROWTH, index=False, lineterminator="\n", float_format="%.3f")


if __name__ == "__main__":
    main()

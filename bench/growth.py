"""Time and memory of training against the number of images: `make bench-scale`.

On the digits of config/mnist.yaml, 28 pixels a side, with as many threads as OMP_NUM_THREADS says
(2 unless set). Each number is of a process of its own; memory is what the work adds to the images
at its peak. The exponent is the slope of a line through the logarithms. scikit-learn does the same
work where it can: its rows are marked, and run right after ours.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

# Before NumPy starts its threads.
os.environ.update(OMP_NUM_THREADS=os.environ.get("OMP_NUM_THREADS", "2"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import yaml
from sklearn.linear_model import Perceptron
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier

from fewpixels.datasets import idx
from fewpixels.models import knn, mlp, perceptron
from fewpixels.sources import options_of
from fewpixels.streams import Streams
from fewpixels.subsets import Subset
from fewpixels.validation import filled

ROOT = Path(__file__).resolve().parents[1]
IMAGES = (1_000, 4_000, 15_000, 60_000)
LOOKUPS = 10_000
EPOCHS = 3
UPDATES = 1_000
STREAMS = Streams(1, "bench", "28/any")


def digits(n: int) -> tuple[Subset, Subset]:
    """The first n training digits, and all test digits."""
    entry = yaml.safe_load((ROOT / "config" / "mnist.yaml").read_text())["datasets"]["mnist"]
    data = idx.load(filled(entry["options"], options_of(ROOT, "idx")))

    def subset(images: Any, labels: Any) -> Subset:
        x = images.reshape(1, len(images), -1).astype(np.float32)
        return Subset(x, labels[None], np.arange(len(labels), dtype=np.int32)[None])

    return subset(data.images[:n], data.labels[:n]), subset(data.fresh_images, data.fresh_labels)


def fit(family: Any, train: Subset, few: Subset, **hyperparameters: Any) -> Any:
    """Train with a few images to validate on, so that these cost nothing."""
    options = filled(hyperparameters, family.HYPERPARAMETERS)
    return family.fit(train, few, options, grams={}, streams=STREAMS), options


def perceptrons(train: Subset, tests: Subset, few: Subset, **kernel: Any) -> None:
    """Averaged perceptrons, one against the rest."""
    fit(perceptron, train, few, scheme="one-vs-rest", epochs=EPOCHS, order="shuffled",
        weights="averaged", **kernel)  # fmt: skip


def one_against_one(train: Subset, tests: Subset, few: Subset) -> None:
    """Perceptrons of all ordered pairs."""
    fit(perceptron, train, few, scheme="one-vs-one", epochs=EPOCHS, kernel="linear")


def neighbours(train: Subset, tests: Subset, few: Subset) -> None:
    """Labels of all test digits, for each k to 50."""
    fitted, options = fit(knn, train, few, k_max=50)
    knn.predict(fitted.parameters, options, train, tests.x[0])


def network(train: Subset, tests: Subset, few: Subset) -> None:
    """A hidden layer of 300, mini-batches of 100."""
    fit(mlp, train, few, layers=2, width=300, activation="relu", batch="mini", max_updates=UPDATES,
        patience=UPDATES, validate_every=UPDATES)  # fmt: skip


def sklearn_perceptrons(train: Subset, tests: Subset, few: Subset) -> None:
    """As ours, but for the last weights, which are all it has."""
    Perceptron(max_iter=EPOCHS, tol=None, fit_intercept=False, n_jobs=2).fit(train.x[0], train.y[0])


def sklearn_neighbours(train: Subset, tests: Subset, few: Subset) -> None:
    """The 50 nearest of all test digits, and the labels for one k."""
    KNeighborsClassifier(50, algorithm="brute").fit(train.x[0], train.y[0]).predict(tests.x[0])


def sklearn_network(train: Subset, tests: Subset, few: Subset) -> None:
    """As many mini-batches of 100, by plain gradient descent."""
    n = len(train.y[0])
    model = MLPClassifier((300,), solver="sgd", batch_size=100, momentum=0, learning_rate_init=0.3)
    order = np.random.default_rng(0).permutation(n)
    for start in range(0, UPDATES * 100, n):
        rows = order[: min(n, UPDATES * 100 - start)]
        model.partial_fit(train.x[0][rows] / 255, train.y[0][rows], classes=np.arange(10))


WORK: dict[str, Callable[..., None]] = {
    f"one-vs-rest, linear, {EPOCHS} epochs": lambda *own: perceptrons(*own, kernel="linear"),
    "· scikit-learn's, last weights": sklearn_perceptrons,
    f"one-vs-one, 90 pairs, linear, {EPOCHS} epochs": one_against_one,
    f"one-vs-rest, (1 + x·z)², {EPOCHS} epochs": lambda *own: perceptrons(
        *own, kernel="polynomial", degree=2
    ),
    f"one-vs-rest, quadratic, {EPOCHS} epochs": lambda *own: perceptrons(*own, kernel="quadratic"),
    f"k-NN, {LOOKUPS:,} look-ups, k to 50": neighbours,
    "· scikit-learn's, one k": sklearn_neighbours,
    f"MLP, 300 units, {UPDATES:,} updates": network,
    "· scikit-learn's, not standardised": sklearn_network,
}


def memory(what: str) -> float:
    """Memory of this process in MB: at present, ``VmRSS``, or at its peak, ``VmHWM``."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split(f"{what}:")[1].split()[0]) / 2**10


def measure(name: str, n: int) -> None:
    """Do one piece of work, and print its seconds and the memory that it took."""
    train, tests = digits(n)
    few = Subset(*(array[:, :100] for array in vars(tests).values()))
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forget the peak of reading
    before, start = memory("VmRSS"), perf_counter()
    WORK[name](train, tests, few)
    print(json.dumps([perf_counter() - start, memory("VmHWM") - before]))


def main() -> None:
    """Print one table."""
    if len(sys.argv) == 3:
        measure(sys.argv[1], int(sys.argv[2]))
        return
    head = [f"{n:,} images: s (MB)" for n in IMAGES]
    print(f"{os.environ['OMP_NUM_THREADS']} threads\n")
    print(f"| work | {' | '.join(head)} | exponent of s | of MB |")
    print("|---" * (len(IMAGES) + 3) + "|", flush=True)
    for name in WORK:
        found = []
        for n in IMAGES:
            command = [sys.executable, __file__, name, str(n)]
            done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
            found.append(json.loads(done.stdout))
        lines = np.polyfit(np.log(IMAGES), np.log(np.maximum(found, 1e-3)), 1)
        cells = [f"{s:.2f} ({m:.0f})" for s, m in found]
        print(
            f"| {name} | {' | '.join(cells)} | {lines[0, 0]:.2f} | {lines[0, 1]:.2f} |", flush=True
        )


if __name__ == "__main__":
    main()

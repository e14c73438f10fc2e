"""Whether a family of models keeps to the contract: tried on small images.

Each check is a function of a `Trial` that yields what is wrong, in a line each.
"""

import random
import traceback
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from inspect import signature
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fewpixels.artifacts.arrays import read_model, write_npz
from fewpixels.contract import Fit, Prediction
from fewpixels.images.subset import Subset, accuracy
from fewpixels.models import ROOT, load
from fewpixels.staleness.literals import defines
from fewpixels.streams import Streams
from fewpixels.study.families import Family, describe
from fewpixels.study.validation import ConfigurationError, check, filled

REPLICATES = 3
# Classes, pixels, and training and validation images of each class.
SIZES = [(2, 1, 30, 12), (3, 4, 20, 8), (10, 49, 6, 6)]

CALLS = {
    "fit": "train, validation, hyperparameters, *, streams",
    "predict": "parameters, hyperparameters, train, x",
    "cost": "parameters, hyperparameters, images, pixels",
    "weights": "parameters, hyperparameters, train",
    "needs": "job",
    "lacks": "hyperparameters",
}
"""What each function of a family is called with."""

Parameters = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class Finding:
    """What one check found.

    Attributes
    ----------
    check : str
        What was looked at.
    fault : str
        What is wrong, in one line; empty where nothing is.
    """

    check: str
    fault: str = ""

    def __str__(self) -> str:
        return f"fault: {self.check}: {self.fault}" if self.fault else f"passed: {self.check}"


@dataclass(frozen=True)
class Shifted(Streams):
    """Streams that give replicate 0 the numbers of replicate `offset`."""

    offset: int = 0

    def order(self, replicate: int) -> np.random.Generator:
        """Order of the training images of replicate + `offset`."""
        return super().order(replicate + self.offset)

    def own(self, replicate: int) -> np.random.Generator:
        """Everything else that replicate + `offset` draws."""
        return super().own(replicate + self.offset)


@dataclass(frozen=True)
class Trial:
    """A family, with hyperparameters, and images to try it on.

    Attributes
    ----------
    family : Family
    hyperparameters : dict
        Defaults filled in.
    train, validation : Subset
        Of three replicates, read-only.
    classes : int
    """

    family: Family
    hyperparameters: dict[str, Any]
    train: Subset
    validation: Subset
    classes: int

    def fit(self, offset: int = 0) -> Fit:
        """Train; the streams are those of replicates from `offset` on."""
        given = dict(self.hyperparameters)
        streams = Shifted(1, "check-model", f"{self.train.x.shape[-1]}/model", offset)
        fitted: Fit = load(self.family.source).fit(
            self.train, self.validation, given, streams=streams
        )
        if given != self.hyperparameters:
            raise ValueError("fit changes its hyperparameters, expected them as they were")
        return fitted

    def predict(self, parameters: Parameters, x: NDArray[np.float32]) -> Prediction:
        """Label images."""
        own = {name: _frozen(array) for name, array in parameters.items()}
        predicted: Prediction = load(self.family.source).predict(
            own, dict(self.hyperparameters), self.train, x
        )
        return predicted


def findings(source: str, parameters: Mapping[str, Any]) -> Iterator[Finding]:
    """Try a family; where one check finds a fault, those that build on it are left out.

    Parameters
    ----------
    source : str
        A module of ``fewpixels/models``, or a path that ends with ``.py``.
    parameters : mapping
        Hyperparameters, as in an entry of ``config.yaml``.

    Yields
    ------
    Finding
        Of each check; nothing is wrong if none has a fault.
    """
    try:
        family = describe(source, ROOT, "check-model")
    except ConfigurationError as error:
        yield Finding("the file", str(error).removeprefix("check-model: "))
        return
    yield Finding("the file")
    try:
        check(dict(parameters), family.schema, "--parameters")
    except ConfigurationError as error:
        yield Finding("hyperparameters", str(error))
        return
    yield Finding("hyperparameters")
    values = filled(parameters, family.schema)
    trials = [_trial(family, values, *size) for size in SIZES]
    faulty = False
    for name, look in CHECKS.items():
        if name in ("cost", "weights") and not defines(family.file, name):
            continue
        if look is _afresh and faulty:  # half a second
            return
        fault = ""
        for trial in trials:
            fault = fault or _first_fault(look, trial)
        yield Finding(name, fault)
        faulty = faulty or bool(fault)
        if fault and look in BASIC:
            return


def _first_fault(look: Callable[[Trial], Iterator[str]], trial: Trial) -> str:
    """The first fault that a check finds in a trial; what the family raises is one."""
    size = f"{trial.classes} classes, {trial.train.x.shape[-1]} pixels"
    try:
        fault = next(look(trial), "")
    except Exception as error:
        own = str(trial.family.file.absolute())
        lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == own]
        place = f"line {lines[-1]}: " if lines else ""
        fault = f"{place}{type(error).__name__}: {' '.join(str(error).split())}"
        if "read-only" in fault:
            fault += "; arguments are not to be changed: copy them first"
    return f"{fault} ({size})" if fault else ""


def _trial(
    family: Family, values: dict[str, Any], classes: int, pixels: int, n: int, m: int
) -> Trial:
    """Images of classes that differ in their means, of one pool, dealt to each replicate."""
    rng = np.random.default_rng([classes, pixels])
    y = np.repeat(np.arange(classes), 2 * (n + m))
    means = rng.uniform(60, 200, (classes, pixels))
    pool = rng.normal(means[y], 40).clip(0, 255).round().astype(np.float32)
    dealt: list[list[NDArray[Any]]] = [[], []]
    for _ in range(REPLICATES):
        members = [rng.permutation(np.flatnonzero(y == c)) for c in range(classes)]
        dealt[0].append(rng.permutation(np.concatenate([own[:n] for own in members])))
        dealt[1].append(rng.permutation(np.concatenate([own[n : n + m] for own in members])))
    train, validation = (
        Subset.of(pool[ids], y[ids], ids.astype(np.int32)) for ids in map(np.stack, dealt)
    )
    return Trial(family, values, train, validation, classes)


def _alone(trial: Trial, replicate: int) -> Trial:
    """One replicate of the images."""
    train, validation = (s.replicate(replicate) for s in (trial.train, trial.validation))
    return replace(trial, train=train, validation=validation)


def _same_images(trial: Trial, shared: bool) -> Trial:
    """The first replicate's images for all replicates, held once or as copies."""
    one = _alone(trial, 0)
    subsets = []
    for own in (one.train, one.validation):
        place = np.broadcast_to(own.place, (REPLICATES, own.place.shape[1]))
        subsets.append(replace(own, place=place if shared else place.copy()))
    return replace(trial, train=subsets[0], validation=subsets[1])


def _other_labels(trial: Trial) -> Trial:
    """Labels of validation images that have nothing to do with them: as many of each class."""
    own = trial.validation
    y = np.random.default_rng(2).permuted(own.y, axis=1)
    ids = np.arange(y.size, dtype=np.int32).reshape(y.shape)  # an image can have two labels now
    return replace(trial, validation=Subset.of(own.x, y, ids))


def _signatures(trial: Trial) -> Iterator[str]:
    module = load(trial.family.source)
    for name, expected in CALLS.items():
        if hasattr(module, name):
            function = getattr(module, name)
            positional, _, named = expected.partition(", *, ")
            arguments = dict.fromkeys(named.split(", ") if named else [])
            try:
                signature(function).bind(*positional.split(", "), **arguments)
            except TypeError as error:
                yield f"{name}{signature(function)}: {error}, expected {name}({expected})"


def _fits(trial: Trial) -> Iterator[str]:
    fitted = trial.fit()
    if not isinstance(fitted, Fit):
        yield f"fit gives {type(fitted).__name__}, expected fewpixels.models.Fit"
        return
    yield from fitted.faults(REPLICATES)
    expected = set(trial.family.tables["train"])
    if set(fitted.tables) != expected:
        yield f"tables: found {sorted(fitted.tables)}, expected {sorted(expected)} as TABLES says"
    if bool(fitted.history) != trial.family.iterates:
        number = f"{len(fitted.history)} rows of history"
        yield f"found {number}, but ITERATES is {trial.family.iterates}"
    if any(len(row) != 4 for row in fitted.history):
        yield "history: expected rows of replicate, step, loss and validation_accuracy"


def _predicts(trial: Trial) -> Iterator[str]:
    parameters = trial.fit().parameters
    for x in (trial.validation.x, trial.validation.x[0]):
        predicted = trial.predict(parameters, x)
        if not isinstance(predicted, Prediction):
            yield f"predict gives {type(predicted).__name__}, expected fewpixels.models.Prediction"
            return
        for fault in predicted.faults(REPLICATES, x.shape[-2], trial.classes):
            yield f"{fault}, for x of shape {x.shape}"
        if not (np.isfinite(predicted.margin).all() and (predicted.margin >= 0).all()):
            yield "margin: found a number below 0 or not finite, expected top score minus second"
        swept = "sweep" in trial.family.tables["evaluate"]
        if swept != (predicted.sweep is not None):
            yield f"sweep: found {'none' if swept else 'one'}, but not as TABLES['evaluate'] says"


def _saves(trial: Trial) -> Iterator[str]:
    parameters = trial.fit().parameters
    with TemporaryDirectory() as folder:
        file = Path(folder, "model.npz")
        write_npz(file, **parameters)
        read = read_model(file, REPLICATES)
    first, second = (trial.predict(p, trial.validation.x) for p in (parameters, read))
    if not np.array_equal(first.labels, second.labels):
        yield "labels are others after the parameters were saved and read"
    if not np.array_equal(first.margin, second.margin):
        yield "margins are others after the parameters were saved and read"


def _repeats(trial: Trial) -> Iterator[str]:
    fits = []
    for seed in (1, 2):
        random.seed(seed)
        np.random.seed(seed)  # noqa: NPY002 # for those who use it
        fits.append(trial.fit())
    first, second = fits
    for name, array in first.parameters.items():
        if not np.array_equal(array, second.parameters[name], equal_nan=True):
            yield (
                f"parameters[{name!r}] differ between two fits with the same streams; draw from "
                "streams.own(replicate) alone"
            )
    predicted = []
    for seed in (1, 2):
        np.random.seed(seed)  # noqa: NPY002
        predicted.append(trial.predict(first.parameters, trial.validation.x))
    if not np.array_equal(predicted[0].labels, predicted[1].labels):
        yield "labels differ between two predictions with the same parameters"


def _replicates(trial: Trial) -> Iterator[str]:
    together = trial.fit()
    labels = trial.predict(together.parameters, trial.validation.x).labels
    for r in range(REPLICATES):
        alone = _alone(trial, r)
        fitted = alone.fit(offset=r)
        for name, array in together.parameters.items():
            if not _close(array[r : r + 1], fitted.parameters[name]):
                yield (
                    f"parameters[{name!r}] of replicate {r} are others if it is trained alone; "
                    "nothing may pass between replicates"
                )
        if not np.array_equal(
            alone.predict(fitted.parameters, alone.validation.x).labels[0], labels[r]
        ):
            yield f"labels of replicate {r} are others if it is alone"


def _shared(trial: Trial) -> Iterator[str]:
    held, copied = (_same_images(trial, shared) for shared in (True, False))
    first, second = held.fit(), copied.fit()
    for name, array in second.parameters.items():
        if not _close(first.parameters[name], array):
            yield f"parameters[{name!r}] are others where replicates share images (stride 0)"
    labels = [t.predict(second.parameters, t.validation.x).labels for t in (held, copied)]
    if not np.array_equal(labels[0], labels[1]):
        yield "labels are others where replicates share images (stride 0)"


def _each_image(trial: Trial) -> Iterator[str]:
    parameters = trial.fit().parameters
    x = trial.validation.x
    labels = trial.predict(parameters, x).labels
    if not np.array_equal(trial.predict(parameters, x[:, ::-1]).labels[:, ::-1], labels):
        yield "labels depend on the order of the images; each is to be labelled by itself"
    for r in range(REPLICATES):
        if not np.array_equal(trial.predict(parameters, x[r]).labels[r], labels[r]):
            yield "an image has another label where x is (n, d) than where it is (R, n, d)"
    for i in range(0, x.shape[1], 5):
        if not np.array_equal(
            trial.predict(parameters, x[:, i : i + 1]).labels[:, 0], labels[:, i]
        ):
            yield "an image has another label by itself; each is to be labelled by itself"


def _remembers(trial: Trial) -> Iterator[str]:
    """Whatever fit keeps outside of its parameters, another fit replaces."""
    parameters = trial.fit().parameters
    before = trial.predict(parameters, trial.validation.x).labels
    _other_labels(trial).fit()
    if not np.array_equal(trial.predict(parameters, trial.validation.x).labels, before):
        yield (
            "labels are others after another fit, which saw other validation labels; predict may "
            "know what it is given alone"
        )


def _afresh(trial: Trial) -> Iterator[str]:
    """As in a study, where another job labels."""
    if trial.classes < SIZES[-1][0]:
        return
    parameters = trial.fit().parameters
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        afresh = pool.submit(trial.predict, parameters, trial.validation.x).result()
    if not np.array_equal(afresh.labels, trial.predict(parameters, trial.validation.x).labels):
        yield "labels are others in a new process; predict may know what it is given alone"


def _memorises(trial: Trial) -> Iterator[str]:
    """Labels that are noise cannot be told from the images, only from having been kept."""
    if trial.classes < SIZES[-1][0]:
        return
    noise = _other_labels(trial)
    labels = noise.predict(noise.fit().parameters, noise.validation.x).labels
    share = accuracy(labels, noise.validation.y).mean()
    if share > 0.5:
        yield (
            f"{share:.0%} of validation labels that are pure noise come back from predict, "
            f"expected about {1 / trial.classes:.0%}; fit may choose by these images, not learn"
        )


def _costs(trial: Trial) -> Iterator[str]:
    n, pixels = trial.train.x.shape[1:]
    cost = load(trial.family.source).cost(
        trial.fit().parameters, dict(trial.hyperparameters), n, pixels
    )
    for name in ("parameters", "multiplications", "bytes"):
        array = getattr(cost, name, None)
        found = f"{getattr(array, 'dtype', type(array).__name__)} {np.shape(array)}"  # type: ignore[arg-type]
        if found != f"int64 {(REPLICATES,)}":
            yield f"cost: {name}: found {found}, expected int64 {(REPLICATES,)}"
        elif array is not None and array.min() < 0:
            yield f"cost: {name}: found {array.min()}, expected 0 or more"


def _weights(trial: Trial) -> Iterator[str]:
    family, fitted = load(trial.family.source), trial.fit().parameters
    shape = np.shape(family.weights(fitted, dict(trial.hyperparameters), trial.train))
    if len(shape) != 3 or shape[::2] != (REPLICATES, trial.train.x.shape[-1]):
        yield f"weights: found the shape {shape}, expected (R, P, d)"


CHECKS: dict[str, Callable[[Trial], Iterator[str]]] = {
    "signatures": _signatures,
    "fit: parameters are arrays with the replicates first": _fits,
    "predict: labels and margins of every image": _predicts,
    "determinism under the seed": _repeats,
    "save and load": _saves,
    "independence of replicates": _replicates,
    "images that replicates share": _shared,
    "each image by itself": _each_image,
    "no memory outside of the parameters": _remembers,
    "no labels of validation images in the parameters": _memorises,
    "cost": _costs,
    "weights": _weights,
    "prediction in a new process": _afresh,
}
BASIC = (_signatures, _fits, _predicts)


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    """A view that cannot be written to."""
    view = array.view()
    view.flags.writeable = False
    return view


def _close(a: NDArray[Any], b: NDArray[Any]) -> bool:
    """Whether arrays agree but for rounding."""
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    if not np.issubdtype(a.dtype, np.floating):
        return np.array_equal(a, b)
    return np.allclose(a, b, 1e-4, 1e-5 * np.abs(b).max(initial=0), equal_nan=True)

"""What perceptrons learn from one replicate's images, in kernel form or with explicit weights."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fewpixels.arrays import Doubles, Whole
from fewpixels.perceptrons import features
from fewpixels.perceptrons.blocks import Mistakes, find_mistakes
from fewpixels.perceptrons.features import Features
from fewpixels.perceptrons.loops import visits_to
from fewpixels.perceptrons.rows import Rows


@dataclass(frozen=True)
class Visits:
    """Who visits what, and when.

    Attributes
    ----------
    y : ndarray of int64, shape (n,)
        Classes of the training images.
    sign : ndarray of float64, shape (C, P)
        +1 or −1 for each class and perceptron, 0 where it does not train on the class.
    order : ndarray of int64, shape (epochs, n) or (1, n)
        Of the images, in each epoch or in all epochs.
    total : int
        Visits to images in all, ≥ 1; the last epoch can be cut short.
    """

    y: NDArray[np.int64]
    sign: Doubles
    order: Whole
    total: int

    @property
    def epochs(self) -> int:
        """Epochs, the last of which can be cut short."""
        return -(-self.total // len(self.y))

    def ends(self) -> Whole:
        """Visits of each perceptron by the end of each epoch, shape (P, epochs)."""
        inside = self.inside
        ends = inside.sum(axis=0)[:, None] * np.arange(1, self.epochs + 1)
        start = (self.epochs - 1) * len(self.y)
        cut = self.order[(self.epochs - 1) % len(self.order)][self.total - start :]
        ends[:, -1] -= inside[cut].sum(axis=0)
        return ends

    def changes(self, mistakes: list[Mistakes]) -> list[Doubles]:
        """What each mistake added to its image's coefficient."""
        return [self.sign[self.y[images], p] for p, (images, _) in enumerate(mistakes)]

    def count_by_epoch(self, mistakes: list[Mistakes]) -> Whole:
        """Mistakes of all perceptrons in each epoch."""
        counts = np.zeros(self.epochs, np.int64)
        for (_, times), ends in zip(mistakes, self.ends(), strict=True):
            counts += np.diff(np.searchsorted(times, ends), prepend=0)
        return counts

    @property
    def inside(self) -> NDArray[np.bool_]:
        """Which images each perceptron trains on, (n, P)."""
        inside: NDArray[np.bool_] = self.sign[self.y] != 0
        return inside

    def coefficients(self, mistakes: list[Mistakes], averaged: bool) -> dict[str, Whole]:
        """What `fewpixels.perceptrons.scoring.coefficients` are made from.

        Returns
        -------
        dict
            ``alpha`` and, where `averaged`, ``late``, (n, K), of the K perceptrons that train on
            an image: what its mistakes added, and that times their times. ``visits`` (P,), in all.
        """
        inside, n = self.inside, len(self.y)
        changes = self.changes(mistakes)

        def add_up(weigh: Callable[[Doubles, Whole], Doubles]) -> Whole:
            sums = [
                np.bincount(images, weigh(change, times), n)
                for (images, times), change in zip(mistakes, changes, strict=True)
            ]
            return np.stack(sums, axis=1)[inside].reshape(n, -1).astype(np.int64)

        found = {"alpha": add_up(lambda change, _: change), "visits": self.ends()[:, -1]}
        if averaged:
            found["late"] = add_up(lambda change, times: change * times)
        return found


def in_kernel_form(visits: Visits, rows: Rows) -> list[Mistakes]:
    """Train P perceptrons, by rows of K of the training images; what they mistook.

    Perceptrons that train on the same images are trained together.
    """
    mistakes: dict[int, Mistakes] = {}
    ends = visits.ends()[:, -1]
    groups = np.unique(visits.sign != 0, axis=1).T
    for classes in groups:
        own = np.flatnonzero(((visits.sign != 0) == classes[:, None]).all(axis=0))
        inside = classes[visits.y]
        members = np.flatnonzero(inside)
        order = visits_to(visits.order, inside)
        sign = np.ascontiguousarray(visits.sign[visits.y[members]][:, own].T)
        found = find_mistakes(rows, members, sign, order, ends[own[0]])
        for p, (images, times) in zip(own, found, strict=True):
            mistakes[int(p)] = members[images], times
    return [mistakes[p] for p in range(len(ends))]


def with_features(
    visits: Visits,
    form: Features,
    x: NDArray[np.float32],
    z: NDArray[np.float32],
    averaged: bool,
) -> tuple[list[Mistakes], Doubles, Doubles]:
    """Train P perceptrons with explicit weights.

    Parameters
    ----------
    visits : Visits
    form : Features
    x, z : ndarray of float32, shapes (n, d) and (v, d)
        Training images, and images to score.
    averaged : bool
        Whether to use the mean of the weights after each visit, or the last weights.

    Returns
    -------
    mistakes : list of P Mistakes
    weights : ndarray of float64, shape (P, f)
    scores : ndarray of float64, shape (P, epochs, v)
        After each epoch.
    """
    found = []
    scores = np.empty((visits.sign.shape[1], visits.epochs, len(z)))
    for epoch, (weights, mistakes) in enumerate(
        features.train(form, x, visits.y, visits.sign, visits.order, visits.total, averaged)
    ):
        found.append(mistakes)
        scores[:, epoch] = features.score(form, weights, z)
    perceptrons, images, times = np.hstack(found)
    own = [perceptrons == p for p in range(len(weights))]
    return [(images[p], times[p]) for p in own], weights, scores


def with_few_features(
    visits: Visits,
    form: Features,
    x: NDArray[np.float32],
    z: NDArray[np.float32],
    averaged: bool,
) -> tuple[dict[str, Whole], Whole, Doubles, Whole]:
    """Train P perceptrons with explicit weights, of which coefficients are kept.

    Parameters
    ----------
    visits, form, x, z, averaged
        As in `with_features`.

    Returns
    -------
    coefficients : dict
        As `Visits.coefficients` returns them.
    mistakes : ndarray of int64, shape (epochs,)
        Of all perceptrons.
    scores : ndarray of float64, shape (s, v)
    rows : ndarray of int64, shape (P, epochs)
        Which of the scores are each perceptron's after each epoch.
    """
    from fewpixels.perceptrons.few import visit_few

    _, groups = np.unique(visits.sign != 0, axis=1, return_inverse=True)
    known, others = (form.of(images).astype(np.float64) for images in (x, z))
    alpha, late, mistakes, weights, lag = visit_few(
        np.ascontiguousarray(known.T),
        form.scale * known,
        np.ascontiguousarray(visits.sign[visits.y].T),
        groups.reshape(-1),
        visits.order,
        visits.total,
        averaged,
    )
    inside, ends = visits.inside, visits.ends()
    found = {"alpha": alpha, "late": late} if averaged else {"alpha": alpha}
    found = {name: own.T[inside].reshape(len(x), -1) for name, own in found.items()}
    # Of weights that stay, scores are computed once; a mean changes with each visit.
    new = (mistakes > 0) | averaged
    new[:, 0] = True
    rows = np.cumsum(new).reshape(new.shape) - 1
    scores = weights[new] @ others.T
    if averaged:
        # Whole numbers are divided last, as in `fewpixels.perceptrons.loops.follow`.
        scores -= lag[new] @ others.T / np.maximum(ends.reshape(-1, 1), 1)
    return found | {"visits": ends[:, -1]}, mistakes.sum(axis=0), scores, rows


def log(
    mistakes: Sequence[list[Mistakes]], ends: Sequence[Whole]
) -> dict[str, NDArray[np.integer]]:
    """Put what P perceptrons of R replicates mistook into arrays.

    Parameters
    ----------
    mistakes : sequence of R lists of P Mistakes
    ends : sequence of R ndarrays of int64, shape (P,)
        Visits in all.

    Returns
    -------
    dict
        ``mistakes`` (R, P, K), int32: images, then −1. ``survived`` (R, P, K + 1), int64: visits
        that the first weights survived, and those after each mistake; then 0.
    """
    longest = max(len(images) for own in mistakes for images, _ in own)
    shape = len(mistakes), len(mistakes[0])
    found = np.full((*shape, longest), -1, np.int32)
    survived = np.zeros((*shape, longest + 1), np.int64)
    for r, p in np.ndindex(shape):
        images, times = mistakes[r][p]
        found[r, p, : len(images)] = images
        survived[r, p, : len(images) + 1] = np.diff(times, prepend=0, append=ends[r][p])
    return {"mistakes": found, "survived": survived}

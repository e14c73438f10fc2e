"""What intervals are for: how a study's images were drawn."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from fewpixels.statistics.intervals import Interval, another_sample, other_images, two_sided

Classes = NDArray[np.integer] | None


@dataclass(frozen=True)
class Dealt:
    """Each replicate is dealt other images of one pool.

    Attributes
    ----------
    n_train, n_test : int
        Images that a replicate trains on, and that it is tested on.
    n_pool : int
        Images that it is dealt them from.
    classes : ndarray of int, shape (n,), optional
        Of the fresh images, where their scores are weighted by class.
    """

    n_train: int
    n_test: int
    n_pool: int
    classes: Classes = field(default=None, compare=False, repr=False)
    another: ClassVar[str] = "another sample of images"

    def accuracy(self, scores: NDArray[np.float64]) -> Interval:
        """95% interval of the accuracy, for another sample.

        Parameters
        ----------
        scores : ndarray of float64, shape (R, n)
            1 where a replicate labels a fresh image rightly, 0 where not.

        Returns
        -------
        low, high : float
            Unbounded for a single replicate.
        """
        return another_sample(scores, self.n_train, self.n_pool, classes=self.classes)

    def difference(
        self, scores: NDArray[np.float64], within: Interval = (-1.0, 1.0)
    ) -> tuple[Interval, float]:
        """95% interval of a mean paired difference, for another sample, and its p-value.

        Parameters
        ----------
        scores : ndarray of float64, shape (R, n)
            Of one model minus those of another, image by image.
        within : low, high
            The least and the largest that an image can have.

        Returns
        -------
        interval : low, high
        p : float
            Of no difference, two-sided.
        """
        counts = self.n_train, self.n_pool
        interval = another_sample(scores, *counts, within=within, classes=self.classes)
        return interval, two_sided(interval, len(scores) - 1)


@dataclass(frozen=True)
class Fixed:
    """All replicates have the same images, so that their intervals are over the fresh images.

    Attributes
    ----------
    classes : ndarray of int, shape (n,), optional
        As of `Dealt`.
    """

    classes: Classes = field(default=None, compare=False, repr=False)
    another: ClassVar[str] = "other fresh images"

    def accuracy(self, scores: NDArray[np.float64]) -> Interval:
        """95% interval of the runs' mean accuracy, for other fresh images.

        Parameters
        ----------
        scores : ndarray of float64, shape (R, n)
            1 where a replicate labels a fresh image rightly, 0 where not.

        Returns
        -------
        low, high : float
            Unbounded without a replicate.
        """
        return other_images(scores, classes=self.classes)

    def difference(
        self, scores: NDArray[np.float64], within: Interval = (-1.0, 1.0)
    ) -> tuple[Interval, float]:
        """95% interval of a mean paired difference, for other fresh images, and its p-value.

        Parameters
        ----------
        scores : ndarray of float64, shape (R, n)
            Of one model minus those of another, image by image.
        within : low, high
            The least and the largest that an image can have.

        Returns
        -------
        interval : low, high
        p : float
            Of no difference, two-sided.
        """
        interval = other_images(scores, within=within, classes=self.classes)
        return interval, two_sided(interval, np.inf)


Sampling = Dealt | Fixed


def sampling(counts: Mapping[str, int], n_pool: int) -> Sampling:
    """How a study's images were drawn.

    Parameters
    ----------
    counts : mapping
        ``n_train`` and ``n_test``; empty where all replicates have the same images.
    n_pool : int
        Images that replicates are dealt theirs from.
    """
    return Dealt(counts["n_train"], counts["n_test"], n_pool) if counts else Fixed()


def by_class(of: Sampling, y: NDArray[np.integer]) -> Sampling:
    """Intervals of scores that are weighted by the classes (n,) of the fresh images."""
    return replace(of, classes=y)

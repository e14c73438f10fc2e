"""Classes that have unequal numbers of images: what counts then, and what chance gives.

Where nine images in ten are of one class, always naming it is right nine times in ten. Accuracy
*balanced* by class is the mean of the C classes' recalls, so that each class counts alike: a model
that looks at no pixel has 1/C, whatever it names. It is the mean over images of their scores times
`weights`, and so are differences of it.
"""

import numpy as np
from numpy.typing import NDArray


def uneven(y: NDArray[np.integer]) -> bool:
    """Whether classes have unequal numbers of images; classes without any do not count.

    Parameters
    ----------
    y : ndarray of int, shape (n,) or (R, n)
        Classes of images, or of those of each replicate; n ≥ 1.

    Returns
    -------
    bool
        Whether they do in any replicate.

    Examples
    --------
    >>> uneven(np.array([0, 1, 2, 1, 0, 2])), uneven(np.array([0, 1, 1]))
    (False, True)
    """
    return any(bool(np.ptp(_counts(own))) for own in np.atleast_2d(y))


def chance(y: NDArray[np.integer]) -> float:
    """Accuracy of always naming the class that most images are of: 1/C where all are even.

    Parameters
    ----------
    y : ndarray of int, shape (n,) or (R, n)
        As for `uneven`.

    Returns
    -------
    float
        In (0, 1]; the mean over replicates.

    Examples
    --------
    >>> chance(np.array([0, 1, 1, 1]))
    0.75
    """
    return float(np.mean([_counts(own).max() / own.size for own in np.atleast_2d(y)]))


def guessing(y: NDArray[np.integer]) -> float:
    """Accuracy that guessing gives where each of the C classes of images (n,) counts alike: 1/C."""
    return 1 / len(np.unique(y))


def weights(y: NDArray[np.integer]) -> NDArray[np.float64]:
    """Weights of images whose scores' mean is then balanced by class.

    Parameters
    ----------
    y : ndarray of int, shape (n,) or (R, n)
        As for `uneven`.

    Returns
    -------
    ndarray of float64, of the same shape
        n/(C·n_c) for an image of a class that n_c of the n are of, where C classes have any.
        Their mean is 1.

    Examples
    --------
    >>> y, right = np.array([0, 1, 1, 1]), np.array([0, 1, 1, 1])
    >>> weights(y).round(3)
    array([2.   , 0.667, 0.667, 0.667])
    >>> float((right * weights(y)).mean())  # recalls of 0 and 1
    0.5
    """
    rows = np.atleast_2d(y)
    found = [own.size / (len(np.unique(own)) * _counts(own)) for own in rows]
    return np.array(found).reshape(np.shape(y))


def _counts(y: NDArray[np.integer]) -> NDArray[np.intp]:
    """How many images are of the class of each, of one replicate."""
    return np.bincount(y)[y]

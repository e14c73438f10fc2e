"""How often intervals over few fresh images hold the truth, where all or most are labelled rightly.

Replicates that label an image alike leave the images' own sampling, so that coverage is a sum over
the outcomes of n images and nothing is drawn: `alike` has 20 replicates, `one` run has other fresh
images. Where replicates differ by half, 3,000 studies are drawn: an image is labelled rightly where
a normal number of its own and one of its replicate too, of equal variance, stay below a threshold.
A 95% interval that is exact covers less than 93% of them with one seed in a million.
`docs/statistics.md` has what each test measured.
"""

from itertools import product

import numpy as np
import pytest
from scipy import stats

from fewpixels.statistics.intervals import another_split, other_images

STUDIES, REPLICATES = 3000, 20
FEW = [4, 20, 100]
each_n = pytest.mark.parametrize("n", FEW)


def alike(images, within):
    """Another split's interval, the narrowest over splits, of replicates that agree."""
    return another_split(np.tile(images, (REPLICATES, 1)), within=within)


def one(images, within):
    return other_images(images[None], within=within)


def misses(interval, n, scores, shares, within):
    """Probabilities that the truth is below the interval, and above.

    `scores` are those that an image can have, and `shares` how often it has each, in rows.
    """
    scores, shares = np.array(scores, dtype=float), np.atleast_2d(shares)
    counts = [c for c in product(range(n + 1), repeat=len(scores) - 1) if sum(c) <= n]
    counts = np.array([(*c, n - sum(c)) for c in counts])
    ends = [interval(np.repeat(scores, own), within) for own in counts]
    low, high = np.array(ends).T
    found = []
    for own in shares:
        often, truth = stats.multinomial.pmf(counts, n, own), own @ scores
        found.append((often[low > truth + 1e-12].sum(), often[high < truth - 1e-12].sum()))
    return np.array(found).T


def accuracy(interval, n, p):
    p = np.atleast_1d(p)
    return 1 - sum(misses(interval, n, [1, 0], np.stack([p, 1 - p], 1), (0.0, 1.0)))


@each_n
@pytest.mark.parametrize("p", [0.5, 0.9, 0.99, 1])
def test_accuracy_is_covered(n, p):
    assert accuracy(alike, n, p) >= 0.945
    assert accuracy(one, n, p) >= 0.94


@pytest.mark.parametrize(("n", "lowest"), [(4, 0.919), (20, 0.946), (100, 0.954)])
def test_any_accuracy_is_covered(n, lowest):
    """At worst: some p lie between the ends that so few images can give."""
    assert accuracy(alike, n, np.linspace(0, 1, 1001)).min() >= lowest


@each_n
@pytest.mark.parametrize("p", [0.5, 0.9, 0.99])
def test_accuracy_of_replicates_that_differ_is_covered(n, p):
    """97.8% or more."""
    rng = np.random.default_rng(8)
    noise = rng.standard_normal((STUDIES, REPLICATES, n)) + rng.standard_normal((STUDIES, 1, n))
    right = noise / np.sqrt(2) < stats.norm.ppf(p)
    low, high = np.array([another_split(study) for study in right]).T
    assert ((low <= p) & (p <= high)).mean() >= 0.93


def plain(images, within):
    """Mean ± t·√(v/n)."""
    half = stats.t.ppf(0.975, REPLICATES - 1) * stats.sem(images)
    return images.mean() - half, images.mean() + half


def test_without_imaginary_images_too_little_is_covered():
    """34% of four images and 18% of twenty; a model that is right on all is called perfect."""
    assert accuracy(plain, 4, 0.9) < 0.35
    assert accuracy(plain, 20, 0.99) < 0.19


def pairs(share):
    """Shares of images that both models label rightly, one alone, the other alone, and neither.

    The one is right on `share` of what the other is: d = a(s) − share · a(S) is 0.
    """
    found = []
    for largest in (0.5, 0.8, 0.95, 0.99, 1):
        own = share * largest
        for common in np.linspace(max(0, own + largest - 1), min(own, largest), 5):
            found.append([common, own - common, largest - common, 1 - own - largest + common])
    return np.clip(found, 0, 1)


@pytest.mark.parametrize("n", FEW[:2])
@pytest.mark.parametrize("interval", [alike, one])
@pytest.mark.parametrize("share", [0.5, 0.9, 0.99, 1])
def test_no_end_of_a_difference_that_is_nought_misses_too_often(n, interval, share):
    """Each in 2.52% at most, however accurate models are, and however often they disagree.

    So neither end of a confidence set is wrong more often, where sizes just reach their share.
    """
    scores = [1 - share, 1, -share, 0]
    below, above = misses(interval, n, scores, pairs(share), (-1.0, 1.0))
    assert max(below.max(), above.max()) < 0.0253


def test_imaginary_images_must_not_say_which_size_suffices():
    """Half at −q and half at 1, where a score is from −q to 1: 5.8% for one end, at q = 0.5."""
    below, _ = misses(one, 20, [0.5, 1, -0.5, 0], pairs(0.5), (-0.5, 1.0))
    assert below.max() > 0.05


def test_one_imaginary_image_at_each_end_is_too_little():
    """6.3% for one end of four images (Bonett and Price, 2012)."""

    def fewer(images, within):
        joined = np.append(images, within)
        half = 1.959964 * joined.std() / np.sqrt(joined.size)
        return joined.mean() - half, joined.mean() + half

    below, _ = misses(fewer, 4, [1, -1], [0.5, 0.5], (-1.0, 1.0))
    assert below.max() == pytest.approx(1 / 16)


def test_only_dozens_of_images_that_all_are_right_show_that_a_size_suffices():
    """42: for one end at 2.5%, 0 of n wrong leaves 3.7/n by the rule of three, a tenth of 37."""
    shown = [n for n in range(2, 60) if alike(np.full(n, 0.1), (-1.0, 1.0))[0] > 0]
    assert shown == list(range(42, 60))

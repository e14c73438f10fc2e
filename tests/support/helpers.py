"""What several unit tests share: subsets of a pool, what is said of a study."""

from copy import deepcopy
from dataclasses import replace
from functools import cache
from itertools import combinations_with_replacement

import numpy as np
import yaml
from snakemake.utils import validate

from fewpixels.images.subset import Subset
from fewpixels.study.plan import plan
from fewpixels.study.validation import ConfigurationError, check


def subset(pool, labels, ids):
    """Images `ids` (R, n) of a pool of images (N, d) with labels (N,)."""
    ids = np.asarray(ids, np.int32)
    return Subset.of(np.asarray(pool, np.float32)[ids], np.asarray(labels, np.int64)[ids], ids)


def deal(rng, pool, labels, train, validation):
    """Deal each replicate `train` and `validation` images of each class, in a random order.

    `rng` is a list of generators, one for each replicate.
    """
    dealt = []
    for own in rng:
        members = [own.permutation(np.flatnonzero(labels == c)) for c in np.unique(labels)]
        ids_train = own.permutation(np.concatenate([m[:train] for m in members]))
        rest = np.concatenate([m[train : train + validation] for m in members])
        dealt.append((ids_train, own.permutation(rest)))
    ids_train, ids_validation = zip(*dealt, strict=True)
    return subset(pool, labels, ids_train), subset(pool, labels, ids_validation)


def monomials(x):
    """All monomials of degree 0, 1 and 2 of one image (d,), each once, in float64."""
    x = np.asarray(x, np.float64)
    pairs = [x[j] * x[k] for j, k in combinations_with_replacement(range(len(x)), 2)]
    return np.array([1.0, *x, *pairs])


def one_replicate(images, r):
    """Replicate r of a subset, alone."""
    return images.replicate(r)


def for_all(images, replicates, copies=False):
    """The images of one replicate for several, held once or as copies."""
    place = np.broadcast_to(images.place, (replicates, images.place.shape[1]))
    return replace(images, place=place.copy() if copies else place)


def message(config, root):
    """What the workflow says about a configuration, or nothing."""
    file = root / "workflow" / "schemas" / "config.schema.yaml"
    try:
        check(config, read_yaml(file))
        validate(config, str(file))
        plan(config, root)
    except ConfigurationError as error:
        return str(error)
    return None


def read_yaml(file):
    """Read a file of YAML, by the fast parser and once."""
    return deepcopy(_parsed(file))


@cache
def _parsed(file):
    return yaml.load(file.read_text(), Loader=yaml.CSafeLoader)

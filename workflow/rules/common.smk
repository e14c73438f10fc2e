"""What all rules share: the checked study, and named helpers for inputs, parameters and resources."""

import json
import os
import sys
from functools import cache
from pathlib import Path

from snakemake.common.configfile import load_configfile
from snakemake.exceptions import WorkflowError
from snakemake.utils import validate

ROOT = Path(workflow.basedir)

# The Snakefile and its scripts run the library that lies beside them, and no installed copy.
sys.path.insert(0, str(ROOT))
os.environ["PYTHONPATH"] = str(ROOT)

from fewpixels import digest
from fewpixels.study import ConfigurationError, check, families, plan

SCHEMA = str(ROOT / "workflow" / "schemas" / "config.schema.yaml")
try:
    check(config, load_configfile(SCHEMA))
    validate(config, SCHEMA)
    study = plan(config, ROOT)
except ConfigurationError as error:
    raise WorkflowError(str(error))

ENVIRONMENT = "../envs/fewpixels.yaml"
CELL = "results/{dataset}/{split}/{size}px/{model}"
IMAGES = "results/{dataset}/{split}/{size}px"


def alternation(names):
    """A regular expression for exactly these names."""
    return "|".join(map(str, names))


wildcard_constraints:
    dataset=alternation(study.datasets),
    split=alternation(study.splits),
    size=alternation(study.sizes),
    kernel="linear|quadratic",


@cache
def code(script, *modules):
    return digest.reached(ROOT / "scripts" / f"{script}.py", ROOT, modules)


def recipe(script, *modules, **values):
    """The one tracked parameter of a rule: everything its result depends on besides its inputs.

    One canonical text, since Snakemake compares parameters as a set of values without names.
    """
    reached = code(script, *modules)
    parts = {"values": values, "code": reached.digest, "packages": reached.packages}
    return json.dumps(parts, sort_keys=True)


def files(pattern, cells):
    """A file of each cell; the pattern holds the cell's wildcards."""
    return [pattern.format(dataset=c.dataset, split=c.split, size=c.size, model=c.model) for c in cells]


def mebibytes(floats, size_of=8, base=160):
    """Memory of a job: Python and its packages, and some numbers."""
    return int(base + 1.2 * floats * size_of / 2**20)


def images(wildcards, *subsets):
    """Images of all replicates in some subsets."""
    classes = study.datasets[wildcards.dataset]["classes"]
    return study.replicates * classes * sum(study.subsets[s] for s in subsets)


def mem_images(wildcards, input):
    """Images of every replicate at one size."""
    pixels = int(wildcards.size) ** 2
    return mebibytes(images(wildcards, "train", "validation", "test") * pixels, size_of=4)


def mem_grams(wildcards, input):
    """Gram matrices of every replicate, held and written."""
    classes = study.datasets[wildcards.dataset]["classes"]
    train = classes * study.subsets["train"]
    pixels = int(wildcards.size) ** 2
    return mebibytes(images(wildcards, "train", "validation") * (train + pixels))


def mem_cell(wildcards, input):
    """What training or evaluation reads, and as much again to work with."""
    return int(300 + 2 * input.size_mb)

"""A family for tests: it fails, or needs more memory or time than its jobs ask for."""

from pathlib import Path
from time import sleep

import numpy as np

from fewpixels.models import Fit, Needs, Prediction

HYPERPARAMETERS = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "megabytes": {"description": "held in training", "type": "integer", "default": 0},
        "fails": {"description": "raises an error", "type": "boolean", "default": False},
        "seconds": {"description": "slept, the first time", "type": "integer", "default": 0},
    },
}


def fit(train, validation, hyperparameters, *, streams):
    if hyperparameters["fails"]:
        raise RuntimeError("as it was told")
    held = np.ones(hyperparameters["megabytes"] << 20, np.uint8)
    sleep(2 if held.any() else 0)  # SLURM looks at the memory every second
    been_here = Path("been-here")
    if hyperparameters["seconds"] and not been_here.exists():
        been_here.touch()
        sleep(hyperparameters["seconds"])
    return Fit({"chosen": np.zeros(len(train.y), int)})


def predict(parameters, hyperparameters, train, x):
    shape = (len(train.y), x.shape[-2])
    return Prediction(np.zeros(shape, np.int64), np.zeros(shape, np.float32))


def needs(job):
    return Needs(seconds=0, numbers=0)

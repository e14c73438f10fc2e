"""Label the validation, test and fresh images with one trained cell, and count what is right."""

from time import perf_counter

import numpy as np
from _job import begin

from fewpixels.artifacts.arrays import COLUMNS, read_model, smallest, write_csv, write_npz
from fewpixels.artifacts.images import read_images, read_subset, read_training
from fewpixels.contract import checked, diverged
from fewpixels.images.subset import accuracy
from fewpixels.models import load
from fewpixels.statistics.classes import chance, uneven, weights

values = begin(snakemake)
family = load(values["family"])
cell = [snakemake.wildcards[key] for key in ("dataset", "split", "size", "model")]
size = int(snakemake.wildcards.size)
replicates = values["replicates"]
train = read_training(snakemake.input.train, snakemake.input.copies, size, replicates)
parameters = read_model(snakemake.input.model, replicates)
chosen = parameters["chosen"].tolist() if "chosen" in parameters else [""] * replicates
lost = diverged(parameters)


def read_own(file, size):
    """Images of each replicate, (R, n, d) and (R, n); held once for all, (n, d) and (1, n)."""
    images = read_subset(file, size)
    return images.x if len(images.x) == replicates else images.x[0], images.y


predictions, metrics, timing, sweep = {}, [], [], []
for subset in ("validation", "test", "fresh"):
    x, y = (read_images if subset == "fresh" else read_own)(snakemake.input[subset], size)
    if not y.size:
        continue
    start = perf_counter()
    predicted = family.predict(parameters, values["parameters"], train, x)
    timing.append([subset, perf_counter() - start, replicates * x.shape[-2]])
    faults = predicted.faults(replicates, x.shape[-2], train.classes)
    checked(faults, values["family"], "predict")
    labels = np.where(lost[:, None], -1, predicted.labels)
    predictions[subset] = smallest(labels)
    predictions[f"{subset}_margin"] = np.where(lost[:, None], np.float32("nan"), predicted.margin)
    right, n = labels == y, labels.shape[1]
    correct = right.sum(axis=1).tolist()
    balanced, majority = [""] * replicates, ""
    if uneven(y):
        balanced, majority = (right * weights(y)).mean(axis=1).tolist(), chance(y)
    for r in range(replicates):
        score = ["", "", ""] if lost[r] else [correct[r], correct[r] / n, balanced[r]]
        metrics.append([*cell, r, subset, n, *score, majority, chosen[r]])
    if predicted.sweep is not None:
        shares = accuracy(predicted.sweep, y).T.tolist()
        sweep.extend(
            [r, subset, k, "" if lost[r] else share]
            for r in range(replicates)
            for k, share in enumerate(shares[r], 1)
        )
    del x  # before the next are read

write_npz(snakemake.output.predictions, **predictions)
write_csv(snakemake.output.metrics, COLUMNS["metrics.csv"], metrics)
write_csv(snakemake.output.timing, COLUMNS["timing.csv"], timing)
if sweep:
    write_csv(snakemake.output.sweep, COLUMNS["sweep.csv"], sweep)

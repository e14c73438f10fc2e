"""Label the validation, test and fresh images with one trained cell, and count what is right."""

from importlib import import_module
from time import perf_counter

from _job import begin

from fewpixels.artifacts import read_npz, read_subset, write_csv, write_npz
from fewpixels.subsets import accuracy

values = begin(snakemake)
family = import_module(f"fewpixels.models.{values['family']}")
parameters = read_npz(snakemake.input.model)
train = read_subset(snakemake.input.train)
replicates = len(train.x)
chosen = parameters["chosen"].tolist() if "chosen" in parameters else [""] * replicates
cell = [snakemake.wildcards[key] for key in ("dataset", "split", "size", "model")]

predictions, metrics, timing, sweep = {}, [], [], []
for subset in ("validation", "test", "fresh"):
    x, y = read_npz(snakemake.input[subset], "x", "y").values()
    start = perf_counter()
    predicted = family.predict(parameters, values["parameters"], train, x)
    timing.append([subset, perf_counter() - start, predicted.labels.size])
    predictions[subset] = predicted.labels
    predictions[f"{subset}_margin"] = predicted.margin
    correct = (predicted.labels == y).sum(axis=1).tolist()
    n = predicted.labels.shape[1]
    for r in range(replicates):
        metrics.append([*cell, r, subset, n, correct[r], correct[r] / n, chosen[r]])
    if predicted.sweep is not None:
        shares = accuracy(predicted.sweep, y).T.tolist()
        sweep.extend(
            [r, subset, k, share] for r in range(replicates) for k, share in enumerate(shares[r], 1)
        )

write_npz(snakemake.output.predictions, **predictions)
header = [
    "dataset",
    "split",
    "size",
    "model",
    "replicate",
    "subset",
    "n",
    "correct",
    "accuracy",
    "chosen",
]
write_csv(snakemake.output.metrics, header, metrics)
write_csv(snakemake.output.timing, ["subset", "seconds", "images"], timing)
if sweep:
    write_csv(snakemake.output.sweep, ["replicate", "subset", "k", "accuracy"], sweep)

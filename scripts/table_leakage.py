"""Tabulate which images are training images too, and the accuracy on these and on the others."""

from pathlib import Path

import pandas as pd
from _job import begin

from fewpixels.artifacts.arrays import read_labels
from fewpixels.artifacts.files import write_text
from fewpixels.artifacts.images import read_images, read_subset
from fewpixels.tables.leakage import COLUMNS, apart, copies, leakage_report, leaks, shares

values = begin(snakemake)
files = {Path(file).with_suffix("").parts[-3:]: file for file in snakemake.input.images}
fresh = {Path(file).stem: file for file in snakemake.input.fresh}
cells = {Path(file).parts[-4:-1]: file for file in snakemake.input.predictions}

overlap, accuracy = [], []
for split in values["splits"]:
    models = [model for model in values["models"] if split in model["splits"]]
    for size in sorted({size for model in models for size in model["sizes"]}, reverse=True):
        folder, place = f"{size}px", {"split": split, "size": size}
        train = read_subset(files[split, folder, "train"], size)
        test = read_subset(files[split, folder, "test"], size)
        validation = read_subset(files[split, folder, "validation"], size)
        others, _ = read_images(fresh[folder], size)
        found = {"test": leaks(test, train)} if test.place.size else {}
        found["validation"] = leaks(validation, train)
        found["fresh"] = {"by_pixels": copies(others, train)}
        overlap += [place | {"subset": name} | shares(own) for name, own in found.items()]
        if "test" not in found:
            continue
        leaked = found["test"]["by_id"] | found["test"]["by_pixels"]
        for model in (model for model in models if size in model["sizes"]):
            file = cells[split, folder, model["name"]]
            labels = read_labels(file, "test", leaked.shape[1])
            names = {"model": model["name"], "title": model["title"]}
            accuracy.append(place | names | apart(labels, test.y, leaked))

overlap = pd.DataFrame(overlap)
accuracy = pd.DataFrame(accuracy) if accuracy else pd.DataFrame(columns=COLUMNS)
for frame, file in [(overlap, snakemake.output.csv), (accuracy, snakemake.output.accuracy)]:
    write_text(file, frame.to_csv(index=False, lineterminator="\n"))
write_text(snakemake.output.md, leakage_report(overlap, accuracy))

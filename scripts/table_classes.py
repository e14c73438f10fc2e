"""Tabulate the classes and their images, what is used of them, and what looks odd about them."""

from _job import begin

from fewpixels.artifacts.arrays import PIXELS, read_npz
from fewpixels.artifacts.files import write_text
from fewpixels.images.splits import SplitError, deal
from fewpixels.images.used import count_used, left_out
from fewpixels.tables.classes import classes, classes_report, oddities

values = begin(snakemake)
forms = {"images": f"{PIXELS} N side side", "labels": "int64 N", "names": "str C"}
forms |= {"fresh_images": f"{PIXELS} n side side", "fresh_labels": "int64 n"}
data = read_npz(snakemake.input.data, **forms)
names, labels = data["names"], data["labels"]
remarks, split = list(values["empty"]), None
try:
    split = deal(labels, names, values["dealing"], snakemake.wildcards.dataset)
except SplitError as error:  # the rule that splits is refused; here everything else is shown, too
    remarks.append(str(error))
table = classes(names, labels, data["fresh_labels"], split)
if split:
    used = count_used(split, labels, len(names))
    subsets = values["dealing"].get("subsets")
    remarks += filter(None, [left_out(used, table["pool"].to_numpy(), names.tolist(), subsets)])
fresh = data["fresh_images"], data["fresh_labels"]
remarks += oddities(names.tolist(), (data["images"], labels), fresh)
write_text(snakemake.output.csv, table.to_csv(index=False, lineterminator="\n"))
write_text(snakemake.output.md, classes_report(table, remarks))

"""Hold every published claim against the results."""

from _frames import read_cells, read_table
from _job import begin
from _scores import each_score, read_sampling

from fewpixels.artifacts.files import write_text
from fewpixels.claims.measures import measures
from fewpixels.claims.verdicts import Results, judge, report

values = begin(snakemake)
files = snakemake.input
tables = {"metrics": read_table(files.metrics)}
for name in ("sweep", "fit", "history", "diagnostics"):
    if files[name]:
        tables[name] = read_cells(files[name])
measured = measures(tables).groupby(["metric", "split", "model", "size"])["value"]
results = Results(
    {cell: own.to_numpy() for cell, own in measured},
    dict(each_score(files.predictions, files.fresh)),
    published=values["ledger"]["split"],
    honest=values["honest"],
    classes=values["classes"],
    of=read_sampling(values["sampling"], files.data),
    margin=values["ledger"]["margin"],
)
ledger = judge(values["ledger"]["claims"], results)
write_text(snakemake.output.csv, ledger.to_csv(index=False, lineterminator="\n"))
write_text(snakemake.output.md, report(ledger))

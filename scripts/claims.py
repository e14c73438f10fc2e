"""Hold every published claim against the results."""

from _job import begin

from fewpixels.artifacts.files import write_text
from fewpixels.artifacts.frames import each_score, read_cells, read_table
from fewpixels.artifacts.pools import read_sampling
from fewpixels.claims.measures import measures, on_every_split
from fewpixels.claims.verdicts import Results, judge
from fewpixels.claims.words import ledger_report
from fewpixels.tables.summary import line_of_chance

values = begin(snakemake)
files = snakemake.input
tables = {"metrics": read_table(files.metrics)}
if files.sweep:
    tables["sweep"] = read_cells(files.sweep)
for name in ("fit", "history", "diagnostics"):
    if files[name]:
        tables[name] = on_every_split(read_cells(files[name]), values["trained"])
measured = measures(tables).groupby(["metric", "split", "model", "size"])["value"]
results = Results(
    {cell: own.to_numpy() for cell, own in measured},
    dict(each_score(files.predictions, files.fresh)),
    published=values["ledger"]["split"],
    honest=values["honest"],
    chance={
        place: line_of_chance(own, values["classes"])
        for place, own in tables["metrics"].groupby(["split", "subset"])
    },
    of=read_sampling(files.split, files.data),
    margin=values["ledger"]["margin"],
)
ledger = judge(values["ledger"]["claims"], results)
write_text(snakemake.output.csv, ledger.to_csv(index=False, lineterminator="\n"))
write_text(snakemake.output.md, ledger_report(ledger))

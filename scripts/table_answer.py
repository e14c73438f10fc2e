"""Tabulate the best model at each size, and how few pixels are enough."""

from _job import begin

from fewpixels.artifacts.files import write_text
from fewpixels.artifacts.frames import each_score, read_made
from fewpixels.artifacts.markdown import write_table
from fewpixels.artifacts.pools import read_fresh_classes, read_sampling
from fewpixels.tables.answer import answered, beside, best
from fewpixels.tables.lead import answer_report

values = begin(snakemake)
cells = read_made(snakemake.input.pareto)
of = read_sampling(snakemake.input.split, snakemake.input.data)
others = cells[~cells["model"].isin(values["beyond"])]
chosen = [best(cells), best(others)]
wanted = {own for picks in chosen for own in zip(picks["model"], picks["size"], strict=True)}
scores = dict(each_score(snakemake.input.predictions, snakemake.input.fresh, wanted))
y = read_fresh_classes(snakemake.input.data)
found, within = (answered(picks, scores, of, y) for picks in chosen)
answer, shares = beside(*found, *within) if values["beyond"] else found
write_text(snakemake.output.csv, answer.to_csv(index=False, lineterminator="\n"))
write_text(snakemake.output.md, answer_report(answer, cells, shares, values["classes"], of))
write_table(shares, snakemake.output.enough_csv, snakemake.output.enough_md)

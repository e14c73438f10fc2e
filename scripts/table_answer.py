"""Tabulate the best model at each size, and how few pixels are enough."""

from _frames import read_made
from _job import begin
from _scores import each_score, read_sampling

from fewpixels.artifacts.files import write_text
from fewpixels.tables.answer import best, enough, report, with_interval
from fewpixels.tables.markdown import markdown

values = begin(snakemake)
cells = read_made(snakemake.input.pareto)
of = read_sampling(values["sampling"], snakemake.input.data)
chosen = best(cells)
wanted = set(zip(chosen["model"], chosen["size"], strict=True))
found = each_score(snakemake.input.predictions, snakemake.input.fresh, wanted)
scores = {size: own for (_, size), own in found}
answer = with_interval(chosen, scores, of)
shares = enough(answer, scores, of)
write_text(snakemake.output.csv, answer.to_csv(index=False, lineterminator="\n"))
write_text(snakemake.output.md, report(answer, cells, shares, of))
write_text(snakemake.output.enough_csv, shares.to_csv(index=False, lineterminator="\n"))
write_text(snakemake.output.enough_md, markdown(shares))

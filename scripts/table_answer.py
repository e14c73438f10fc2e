"""Tabulate the best model at each size, and how few pixels are enough."""

from _job import begin

from fewpixels.artifacts.files import write_text
from fewpixels.artifacts.frames import count_images, each_score, read_made
from fewpixels.artifacts.markdown import write_table
from fewpixels.statistics.sampling import sampling
from fewpixels.tables.answer import answer_report, best, enough, with_interval

values = begin(snakemake)
cells = read_made(snakemake.input.pareto)
of = sampling(values["sampling"], count_images(snakemake.input.data))
chosen = best(cells)
wanted = set(zip(chosen["model"], chosen["size"], strict=True))
found = each_score(snakemake.input.predictions, snakemake.input.fresh, wanted)
scores = {size: own for (_, size), own in found}
answer = with_interval(chosen, scores, of)
shares = enough(answer, scores, of)
write_text(snakemake.output.csv, answer.to_csv(index=False, lineterminator="\n"))
write_text(snakemake.output.md, answer_report(answer, cells, shares, of))
write_table(shares, snakemake.output.enough_csv, snakemake.output.enough_md)

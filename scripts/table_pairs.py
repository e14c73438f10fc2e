"""Compare models in pairs: differences, and how probably the one beats the other."""

from _job import begin

from fewpixels.artifacts.frames import each_score, read_table
from fewpixels.artifacts.markdown import write_table
from fewpixels.artifacts.pools import read_fresh_classes, read_sampling
from fewpixels.tables.pairs import compared, held_out, pairs

values = begin(snakemake)
files = snakemake.input
tests = held_out(read_table(files.metrics), values["honest"])
of = read_sampling(files.split, files.data)
chosen = compared(values["models"])
wanted = {(name, size) for _, *names, size in chosen for name in names}
scores = dict(each_score(files.predictions, files.fresh, wanted))
write_table(pairs(chosen, tests, scores, of, read_fresh_classes(files.data)), *snakemake.output)

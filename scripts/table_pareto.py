"""Tabulate accuracy against cost, and which cells no other dominates."""

import pandas as pd
from _job import begin

from fewpixels.artifacts.arrays import read_model, read_npz
from fewpixels.artifacts.frames import read_cells, read_table
from fewpixels.artifacts.markdown import write_table
from fewpixels.artifacts.places import cell_of
from fewpixels.models import load
from fewpixels.tables.answer import COST, pareto

values = begin(snakemake)
metrics = read_table(snakemake.input.metrics)
replicates = metrics["replicate"].nunique()
models = {model["name"]: model for model in values["models"]}
train = read_npz(snakemake.input.split, train="int32 R n")["train"].shape[1]
costs = []
for file in snakemake.input.models:
    _, size, name = cell_of(file)
    family = load(values["families"][models[name]["family"]])
    cost = dict.fromkeys(COST)
    if hasattr(family, "cost"):
        parameters = read_model(file, replicates)
        images = train * values["forms"][name]
        cost = vars(family.cost(parameters, values["parameters"][name], images, size**2))
    own = {"size": size, "model": name, "replicate": range(replicates)}
    costs.append(pd.DataFrame(own | cost).astype(dict.fromkeys(COST, float)))
fits = read_cells(snakemake.input.fits)
table = pareto(metrics, fits, pd.concat(costs), values["models"], values["honest"])
write_table(table, *snakemake.output)

"""Tables: each as CSV, for programs, and Markdown, for people."""

# The split whose models label the fresh images in tables: none of their test images was trained on.
honest = next((name for name, split in study.splits.items() if split["test"] == "shuffled"), list(study.splits)[0])
shown_models = [model.shown() for model in study.models.values()]
grids = sorted({model.entry for model in study.models.values() if model.axes})


def cells_with(table):
    """The part of every dataset's cells whose family writes a table of that name."""
    writers = {f for f in used_families for s in ("train", "evaluate") if table in tables_of(f, s)}
    return {name for name, model in study.models.items() if model.family in writers}


def cell_files(wildcards, table, splits=None, models=None):
    """A table of each cell, or of those of some splits and models."""
    chosen = [
        cell
        for cell in study.cells(wildcards.dataset)
        if (splits is None or cell.split in splits) and (models is None or cell.model in models)
    ]
    return files(f"{CELL}/{table}.csv", chosen)


def honest_fits(wildcards):
    return cell_files(wildcards, "fit", splits=[honest])


def honest_timings(wildcards):
    return cell_files(wildcards, "timing", splits=[honest])


def grid_fits(wildcards):
    return cell_files(wildcards, "fit", splits=[honest], models=models_of_entry(wildcards.entry))


def models_of_entry(entry):
    return {model.name for model in study.models.values() if model.entry == entry}


def sweeps(wildcards):
    return cell_files(wildcards, "sweep", models=cells_with("sweep"))


def sweep_timings(wildcards):
    return cell_files(wildcards, "timing", models=cells_with("sweep"))


def honest_diagnostics(wildcards):
    return cell_files(wildcards, "diagnostics", splits=[honest], models=cells_with("diagnostics"))


def table_recipe(wildcards, rule):
    return recipe(rule, models=shown_models, splits=list(study.splits), honest=honest)


def table_accuracy_recipe(wildcards):
    return table_recipe(wildcards, "table_accuracy")


def table_ladder_recipe(wildcards):
    return table_recipe(wildcards, "table_ladder")


def table_grid_recipe(wildcards):
    return table_recipe(wildcards, "table_grid")


def table_timing_recipe(wildcards):
    return table_recipe(wildcards, "table_timing")


def table_initialisation_recipe(wildcards):
    return table_recipe(wildcards, "table_initialisation")


def table_sweep_recipe(wildcards):
    return recipe("table_sweep")


def all_tables(wildcards):
    """Every table that the study's models give rise to."""
    names = ["accuracy", "timing", *(f"grid-{entry}" for entry in grids)]
    if any(model.remedy_of for model in study.models.values()):
        names.append("ladder")
    names += [table for table in ("sweep",) if cells_with(table)]
    if cells_with("diagnostics"):
        names.append("initialisation")
    return expand(
        "results/{dataset}/tables/{name}.{kind}", dataset=study.datasets, name=names, kind=["csv", "md"]
    )


rule tables:
    input:
        all_tables,
    localrule: True
    message:
        "The tables are complete: see results/*/tables."


rule table_accuracy:
    input:
        metrics="results/{dataset}/metrics.csv",
    output:
        csv="results/{dataset}/tables/accuracy.csv",
        md="results/{dataset}/tables/accuracy.md",
    params:
        recipe=table_accuracy_recipe,
    log:
        "logs/{dataset}/tables/accuracy.log",
    threads: 1
    resources:
        mem_mb=400,
    conda:
        ENVIRONMENT
    message:
        "Tabulate accuracy by size: {wildcards.dataset}"
    script:
        "../../scripts/table_accuracy.py"


rule table_ladder:
    input:
        metrics="results/{dataset}/metrics.csv",
    output:
        csv="results/{dataset}/tables/ladder.csv",
        md="results/{dataset}/tables/ladder.md",
    params:
        recipe=table_ladder_recipe,
    log:
        "logs/{dataset}/tables/ladder.log",
    threads: 1
    resources:
        mem_mb=400,
    conda:
        ENVIRONMENT
    message:
        "Tabulate what each remedy brings: {wildcards.dataset}"
    script:
        "../../scripts/table_ladder.py"


rule table_sweep:
    input:
        metrics="results/{dataset}/metrics.csv",
        sweeps=sweeps,
        timings=sweep_timings,
    output:
        csv="results/{dataset}/tables/sweep.csv",
        md="results/{dataset}/tables/sweep.md",
    params:
        recipe=table_sweep_recipe,
    log:
        "logs/{dataset}/tables/sweep.log",
    threads: 1
    resources:
        mem_mb=400,
    conda:
        ENVIRONMENT
    message:
        "Tabulate the best k at each size: {wildcards.dataset}"
    script:
        "../../scripts/table_sweep.py"


rule table_grid:
    input:
        metrics="results/{dataset}/metrics.csv",
        fits=grid_fits,
    output:
        csv="results/{dataset}/tables/grid-{entry}.csv",
        md="results/{dataset}/tables/grid-{entry}.md",
    wildcard_constraints:
        entry=alternation(grids),
    params:
        recipe=table_grid_recipe,
    log:
        "logs/{dataset}/tables/grid-{entry}.log",
    threads: 1
    resources:
        mem_mb=400,
    conda:
        ENVIRONMENT
    message:
        "Tabulate the cells of {wildcards.entry}: {wildcards.dataset}"
    script:
        "../../scripts/table_grid.py"


rule table_timing:
    input:
        fits=honest_fits,
        timings=honest_timings,
    output:
        csv="results/{dataset}/tables/timing.csv",
        md="results/{dataset}/tables/timing.md",
    params:
        recipe=table_timing_recipe,
    log:
        "logs/{dataset}/tables/timing.log",
    threads: 1
    resources:
        mem_mb=400,
    conda:
        ENVIRONMENT
    message:
        "Tabulate the time that training and look-ups took: {wildcards.dataset}"
    script:
        "../../scripts/table_timing.py"


rule table_initialisation:
    input:
        metrics="results/{dataset}/metrics.csv",
        diagnostics=honest_diagnostics,
    output:
        csv="results/{dataset}/tables/initialisation.csv",
        md="results/{dataset}/tables/initialisation.md",
    params:
        recipe=table_initialisation_recipe,
    log:
        "logs/{dataset}/tables/initialisation.log",
    threads: 1
    resources:
        mem_mb=400,
    conda:
        ENVIRONMENT
    message:
        "Tabulate networks before training: {wildcards.dataset}"
    script:
        "../../scripts/table_initialisation.py"

"""Tables: each as CSV, for programs, and Markdown, for people."""


def all_tables(wildcards):
    """Every table that the study's models give rise to."""
    names = ["accuracy", "answer", "classes", "enough", "intervals", "leakage"]
    names += ["pairs", "pareto", "timing", *(f"grid-{entry}" for entry in grids)]
    if any(model.remedy_of or model.beyond for model in study.models.values()):
        names.append("ladder")
    if models_with("sweep"):
        names.append("sweep")
    if len(models_with("diagnostics")) > 1:  # a comparison
        names.append("initialisation")
    names += [table for table in ("runs", "tuning") if showing(table)]
    if of_many_sizes:
        names += ["sizes", "steps"]
    tables = expand(
        "results/{dataset}/tables/{name}.{kind}",
        dataset=study.datasets,
        name=names,
        kind=["csv", "md"],
    )
    leaked = "results/{dataset}/tables/leakage-accuracy.csv"  # leakage.md shows both
    return tables + expand(leaked, dataset=study.datasets)


rule tables:
    input:
        all_tables,
    log:
        "logs/tables.log",
    localrule: True
    threads: 1
    resources:
        mem_mb=50,
    message:
        "The tables are complete: see results/*/tables."


def classes_recipe(wildcards):
    """Of one replicate, since all use as many images."""
    return recipe(
        "table_classes",
        dealing=replace(study, replicates=1).dealing(study.honest),
        empty=empty_folders(wildcards.dataset),
    )


rule table_classes:
    input:
        data="data/{dataset}.npz",
    output:
        csv=report(
            "results/{dataset}/tables/classes.csv",
            caption="../report/table-classes.rst",
            category="Tables",
            subcategory="{dataset}",
            labels={"table": "classes"},
        ),
        md="results/{dataset}/tables/classes.md",
    log:
        "logs/{dataset}/tables/classes.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        **takes("table_classes"),
    params:
        recipe=classes_recipe,
    message:
        "Count the images of each class: {wildcards.dataset}"
    script:
        "../../scripts/table_classes.py"


def table_recipe(script, wildcards, figure=None):
    """Of a table of all models, or of those singled out for a figure."""
    models = shown(showing(figure) if figure else None)
    return recipe(script, models=models, splits=list(study.splits), honest=study.honest)


rule table_accuracy:
    input:
        metrics="results/{dataset}/metrics.csv",
    output:
        csv=report(
            "results/{dataset}/tables/accuracy.csv",
            caption="../report/table-accuracy.rst",
            category="Tables",
            subcategory="{dataset}",
            labels={"table": "accuracy"},
        ),
        md="results/{dataset}/tables/accuracy.md",
    log:
        "logs/{dataset}/tables/accuracy.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        **takes("table_accuracy"),
    params:
        recipe=partial(table_recipe, "table_accuracy"),
    message:
        "Tabulate accuracy by size: {wildcards.dataset}"
    script:
        "../../scripts/table_accuracy.py"


rule table_ladder:
    input:
        metrics="results/{dataset}/metrics.csv",
    output:
        csv=report(
            "results/{dataset}/tables/ladder.csv",
            caption="../report/table-ladder.rst",
            category="Tables",
            subcategory="{dataset}",
            labels={"table": "ladder"},
        ),
        md="results/{dataset}/tables/ladder.md",
    log:
        "logs/{dataset}/tables/ladder.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        **takes("table_ladder"),
    params:
        recipe=partial(table_recipe, "table_ladder"),
    message:
        "Tabulate what each remedy brings: {wildcards.dataset}"
    script:
        "../../scripts/table_ladder.py"


rule table_sweep:
    input:
        metrics="results/{dataset}/metrics.csv",
        sweeps=of_cells("sweep.csv", models_with("sweep")),
        timings=of_cells("timing.csv", models_with("sweep")),
    output:
        csv=report(
            "results/{dataset}/tables/sweep.csv",
            caption="../report/table-sweep.rst",
            category="Tables",
            subcategory="{dataset}",
            labels={"table": "sweep"},
        ),
        md="results/{dataset}/tables/sweep.md",
    log:
        "logs/{dataset}/tables/sweep.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        **takes("table_sweep"),
    params:
        recipe=partial(table_recipe, "table_sweep"),
    message:
        "Tabulate the best k at each size: {wildcards.dataset}"
    script:
        "../../scripts/table_sweep.py"


def grid_fits(wildcards):
    cells = [
        name for name, model in study.models.items() if model.entry == wildcards.entry
    ]
    return cell_files(wildcards, "fit.csv", cells, [study.honest])


rule table_grid:
    input:
        metrics="results/{dataset}/metrics.csv",
        fits=grid_fits,
    output:
        csv=report(
            "results/{dataset}/tables/grid-{entry}.csv",
            caption="../report/table-grid.rst",
            category="Tables",
            subcategory="{dataset}",
            labels={"table": "grid-{entry}"},
        ),
        md="results/{dataset}/tables/grid-{entry}.md",
    log:
        "logs/{dataset}/tables/grid-{entry}.log",
    wildcard_constraints:
        entry=alternation(grids),
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        **takes("table_grid"),
    params:
        recipe=partial(table_recipe, "table_grid"),
    message:
        "Tabulate the cells of {wildcards.entry}: {wildcards.dataset}"
    script:
        "../../scripts/table_grid.py"


rule table_timing:
    input:
        fits=of_honest("fit.csv"),
        timings=of_honest("timing.csv"),
    output:
        csv=report(
            "results/{dataset}/tables/timing.csv",
            caption="../report/table-timing.rst",
            category="Tables",
            subcategory="{dataset}",
            labels={"table": "timing"},
        ),
        md="results/{dataset}/tables/timing.md",
    log:
        "logs/{dataset}/tables/timing.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        **takes("table_timing"),
    params:
        recipe=partial(table_recipe, "table_timing"),
    message:
        "Tabulate the time that training and look-ups took: {wildcards.dataset}"
    script:
        "../../scripts/table_timing.py"


def cell_images(wildcards):
    """The images of every split and size that has a cell."""
    folders = {IMAGES.format(**vars(cell)) for cell in study.cells(wildcards.dataset)}
    return [
        f"{folder}/{subset}.npz" for folder in sorted(folders) for subset in SUBSETS
    ]


rule table_leakage:
    input:
        images=cell_images,
        fresh=fresh_images,
        predictions=of_cells("predictions.npz"),
    output:
        csv=report(
            "results/{dataset}/tables/leakage.csv",
            caption="../report/table-leakage.rst",
            category="Tables",
            subcategory="{dataset}",
            labels={"table": "leakage"},
        ),
        accuracy=report(
            "results/{dataset}/tables/leakage-accuracy.csv",
            caption="../report/table-leakage-accuracy.rst",
            category="Tables",
            subcategory="{dataset}",
            labels={"table": "leakage-accuracy"},
        ),
        md="results/{dataset}/tables/leakage.md",
    log:
        "logs/{dataset}/tables/leakage.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        **takes("table_leakage"),
    params:
        recipe=partial(table_recipe, "table_leakage"),
    message:
        "Audit which images are training images too: {wildcards.dataset}"
    script:
        "../../scripts/table_leakage.py"


rule table_initialisation:
    input:
        metrics="results/{dataset}/metrics.csv",
        diagnostics=of_honest("diagnostics.csv", models_with("diagnostics")),
    output:
        csv=report(
            "results/{dataset}/tables/initialisation.csv",
            caption="../report/table-initialisation.rst",
            category="Tables",
            subcategory="{dataset}",
            labels={"table": "initialisation"},
        ),
        md="results/{dataset}/tables/initialisation.md",
    log:
        "logs/{dataset}/tables/initialisation.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        **takes("table_initialisation"),
    params:
        recipe=partial(table_recipe, "table_initialisation"),
    message:
        "Tabulate networks before training: {wildcards.dataset}"
    script:
        "../../scripts/table_initialisation.py"


rule table_runs:
    input:
        metrics="results/{dataset}/metrics.csv",
        histories=of_honest("history.csv", showing("runs")),
    output:
        csv=report(
            "results/{dataset}/tables/runs.csv",
            caption="../report/table-runs.rst",
            category="Tables",
            subcategory="{dataset}",
            labels={"table": "runs"},
        ),
        md="results/{dataset}/tables/runs.md",
    log:
        "logs/{dataset}/tables/runs.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        **takes("table_runs"),
    params:
        recipe=partial(table_recipe, "table_runs", figure="runs"),
    message:
        "Tabulate single runs: {wildcards.dataset}"
    script:
        "../../scripts/table_runs.py"


rule table_tuning:
    input:
        metrics=of_honest("metrics.csv", showing("tuning")),
    output:
        csv=report(
            "results/{dataset}/tables/tuning.csv",
            caption="../report/table-tuning.rst",
            category="Tables",
            subcategory="{dataset}",
            labels={"table": "tuning"},
        ),
        md="results/{dataset}/tables/tuning.md",
    log:
        "logs/{dataset}/tables/tuning.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        **takes("table_tuning"),
    params:
        recipe=partial(table_recipe, "table_tuning", figure="tuning"),
    message:
        "Tabulate validation accuracy along the axes of grids: {wildcards.dataset}"
    script:
        "../../scripts/table_tuning.py"

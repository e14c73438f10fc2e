"""Tables: each as CSV, for programs, and Markdown, for people."""


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


rule table_classes:
    input:
        data="data/{dataset}.npz",
    output:
        csv="results/{dataset}/tables/classes.csv",
        md="results/{dataset}/tables/classes.md",
    log:
        "logs/{dataset}/tables/classes.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=mem_table,
        runtime=short,
    params:
        recipe=partial(plain_recipe, "table_classes"),
    message:
        "Count the images of each class: {wildcards.dataset}"
    script:
        "../../scripts/table_classes.py"


rule table_accuracy:
    input:
        metrics="results/{dataset}/metrics.csv",
    output:
        csv="results/{dataset}/tables/accuracy.csv",
        md="results/{dataset}/tables/accuracy.md",
    log:
        "logs/{dataset}/tables/accuracy.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=mem_table,
        runtime=short,
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
        csv="results/{dataset}/tables/ladder.csv",
        md="results/{dataset}/tables/ladder.md",
    log:
        "logs/{dataset}/tables/ladder.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=mem_table,
        runtime=short,
    params:
        recipe=partial(table_recipe, "table_ladder"),
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
    log:
        "logs/{dataset}/tables/sweep.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=mem_table,
        runtime=short,
    params:
        recipe=partial(table_recipe, "table_sweep"),
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
        mem_mb=mem_table,
        runtime=short,
    params:
        recipe=partial(table_recipe, "table_grid"),
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
    log:
        "logs/{dataset}/tables/timing.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=mem_table,
        runtime=short,
    params:
        recipe=partial(table_recipe, "table_timing"),
    message:
        "Tabulate the time that training and look-ups took: {wildcards.dataset}"
    script:
        "../../scripts/table_timing.py"


rule table_leakage:
    input:
        images=cell_images,
        fresh=fresh_images,
        predictions=all_predictions,
    output:
        csv="results/{dataset}/tables/leakage.csv",
        accuracy="results/{dataset}/tables/leakage-accuracy.csv",
        md="results/{dataset}/tables/leakage.md",
    log:
        "logs/{dataset}/tables/leakage.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=mem_leakage,
        runtime=short,
    params:
        recipe=partial(table_recipe, "table_leakage"),
    message:
        "Audit which images are training images too: {wildcards.dataset}"
    script:
        "../../scripts/table_leakage.py"


rule table_initialisation:
    input:
        metrics="results/{dataset}/metrics.csv",
        diagnostics=honest_diagnostics,
    output:
        csv="results/{dataset}/tables/initialisation.csv",
        md="results/{dataset}/tables/initialisation.md",
    log:
        "logs/{dataset}/tables/initialisation.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=mem_table,
        runtime=short,
    params:
        recipe=partial(table_recipe, "table_initialisation"),
    message:
        "Tabulate networks before training: {wildcards.dataset}"
    script:
        "../../scripts/table_initialisation.py"


rule table_runs:
    input:
        metrics="results/{dataset}/metrics.csv",
        histories=run_histories,
    output:
        csv="results/{dataset}/tables/runs.csv",
        md="results/{dataset}/tables/runs.md",
    log:
        "logs/{dataset}/tables/runs.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=mem_table,
        runtime=short,
    params:
        recipe=partial(table_recipe, "table_runs", figure="runs"),
    message:
        "Tabulate single runs: {wildcards.dataset}"
    script:
        "../../scripts/table_runs.py"

"""Verdicts: intervals, paired comparisons, and the ledger of published claims."""


rule table_intervals:
    input:
        metrics="results/{dataset}/metrics.csv",
        data="data/{dataset}.npz",
        fresh=fresh_images,
        predictions=honest_predictions,
    output:
        csv="results/{dataset}/tables/intervals.csv",
        md="results/{dataset}/tables/intervals.md",
    log:
        "logs/{dataset}/tables/intervals.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=mem_verdict,
        runtime=short,
    params:
        recipe=intervals_recipe,
    message:
        "Tabulate accuracy with its intervals: {wildcards.dataset}"
    script:
        "../../scripts/table_intervals.py"


rule table_pairs:
    input:
        metrics="results/{dataset}/metrics.csv",
        data="data/{dataset}.npz",
        fresh=fresh_images,
        predictions=honest_predictions,
    output:
        csv="results/{dataset}/tables/pairs.csv",
        md="results/{dataset}/tables/pairs.md",
    log:
        "logs/{dataset}/tables/pairs.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=mem_verdict,
        runtime=short,
    params:
        recipe=pairs_recipe,
    message:
        "Compare models in pairs: {wildcards.dataset}"
    script:
        "../../scripts/table_pairs.py"


if claims:

    rule claims:
        input:
            metrics="results/{dataset}/metrics.csv",
            data="data/{dataset}.npz",
            fresh=fresh_images,
            predictions=claimed_predictions,
            sweep=claimed_sweeps,
            fit=claimed_fits,
            history=claimed_histories,
            diagnostics=claimed_diagnostics,
        output:
            csv="results/{dataset}/claims.csv",
            md="results/{dataset}/tables/claims.md",
        log:
            "logs/{dataset}/claims.log",
        group:
            "report"
        conda:
            ENVIRONMENT
        threads: 1
        resources:
            mem_mb=mem_verdict,
            runtime=short,
        params:
            recipe=claims_recipe,
        message:
            "Hold every published claim against the results: {wildcards.dataset}"
        script:
            "../../scripts/claims.py"

"""Verdicts: intervals, paired comparisons, and the ledger of published claims."""


rule table_intervals:
    input:
        metrics="results/{dataset}/metrics.csv",
        data="data/{dataset}.npz",
        fresh=fresh_images,
        predictions=honest_predictions,
    output:
        csv=report(
            "results/{dataset}/tables/intervals.csv",
            caption="../report/table-intervals.rst",
            category="Tables",
            subcategory="{dataset}",
            labels={"table": "intervals"},
        ),
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
        csv=report(
            "results/{dataset}/tables/pairs.csv",
            caption="../report/table-pairs.rst",
            category="Tables",
            subcategory="{dataset}",
            labels={"table": "pairs"},
        ),
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
            csv=report(
                "results/{dataset}/claims.csv",
                caption="../report/table-claims.rst",
                category="Tables",
                subcategory="{dataset}",
                labels={"table": "claims"},
            ),
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

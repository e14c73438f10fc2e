"""The page of results."""


rule report:
    input:
        data="data/{dataset}.npz",
        split=honest_split,
        metrics="results/{dataset}/metrics.csv",
        provenance="results/{dataset}/provenance.json",
        intervals="results/{dataset}/tables/intervals.csv",
        pareto="results/{dataset}/tables/pareto.csv",
        answer="results/{dataset}/tables/answer.md",
        timing="results/{dataset}/tables/timing.csv",
        claims=page_claims,
        predictions=all_predictions,
        tests=page_tests,
        models=honest_models,
        fits=page_fits,
        timings=page_timings,
        histories=page_histories,
        sweeps=sweeps,
    output:
        "results/{dataset}/report.html",
    log:
        "logs/{dataset}/report.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=mem_page,
        runtime=short,
    params:
        recipe=page_recipe,
    message:
        "Make the page of {wildcards.dataset}"
    script:
        "../../scripts/report.py"

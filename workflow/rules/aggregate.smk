"""Every cell's metrics in one table, and where it all came from."""


rule metrics:
    input:
        all_metrics,
    output:
        "results/{dataset}/metrics.csv",
    log:
        "logs/{dataset}/metrics.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=mem_table,
        runtime=short,
    params:
        recipe=metrics_recipe,
    message:
        "Gather the metrics of {wildcards.dataset}"
    script:
        "../../scripts/metrics.py"


rule provenance:
    input:
        "results/{dataset}/metrics.csv",
    output:
        "results/{dataset}/provenance.json",
    log:
        "logs/{dataset}/provenance.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=mem_table,
        runtime=short,
    params:
        recipe=provenance_recipe,
    message:
        "Note where the results of {wildcards.dataset} came from"
    script:
        "../../scripts/provenance.py"

"""Every cell's metrics in one table, and where it all came from."""


rule metrics:
    input:
        all_metrics,
    output:
        "results/{dataset}/metrics.csv",
    log:
        "logs/{dataset}/metrics.log",
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=300,
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
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=200,
    params:
        recipe=provenance_recipe,
    message:
        "Note where the results of {wildcards.dataset} came from"
    script:
        "../../scripts/provenance.py"

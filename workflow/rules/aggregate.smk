"""Every cell's metrics in one table, and where it all came from."""


def all_metrics(wildcards):
    return files(f"{CELL}/metrics.csv", study.cells(wildcards.dataset))


def metrics_recipe(wildcards):
    return recipe("metrics")


def provenance_recipe(wildcards):
    return recipe("provenance", config=config)


rule metrics:
    input:
        all_metrics,
    output:
        "results/{dataset}/metrics.csv",
    params:
        recipe=metrics_recipe,
    log:
        "logs/{dataset}/metrics.log",
    threads: 1
    resources:
        mem_mb=300,
    conda:
        ENVIRONMENT
    message:
        "Gather the metrics of {wildcards.dataset}"
    script:
        "../../scripts/metrics.py"


rule provenance:
    input:
        "results/{dataset}/metrics.csv",
    output:
        "results/{dataset}/provenance.json",
    params:
        recipe=provenance_recipe,
    log:
        "logs/{dataset}/provenance.log",
    threads: 1
    resources:
        mem_mb=200,
    conda:
        ENVIRONMENT
    message:
        "Note where the results of {wildcards.dataset} came from"
    script:
        "../../scripts/provenance.py"

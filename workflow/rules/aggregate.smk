"""Every cell's metrics in one table, and where it all came from."""

from fewpixels.study.validation import laid_out


def metrics_recipe(wildcards):
    """The order of the rows too: Snakemake compares inputs as a set."""
    return recipe("metrics", cells=cell_files(wildcards, "metrics.csv"))


rule metrics:
    input:
        of_cells("metrics.csv"),
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
        **takes("metrics"),
    params:
        recipe=metrics_recipe,
    message:
        "Gather the metrics of {wildcards.dataset}"
    script:
        "../../scripts/metrics.py"


def provenance_recipe(wildcards):
    parameters = {name: model.parameters for name, model in study.models.items()}
    return recipe(
        "provenance",
        config=json.dumps(laid_out(config)),  # a text, which keeps its order
        datasets=study.datasets,
        parameters=parameters,
    )


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
        **takes("provenance"),
    params:
        recipe=provenance_recipe,
    message:
        "Note where the results of {wildcards.dataset} came from"
    script:
        "../../scripts/provenance.py"

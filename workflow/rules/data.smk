"""From a source to pools, fresh images and splits."""


def data_recipe(wildcards):
    entry = study.datasets[wildcards.dataset]
    return recipe("data", f"fewpixels.datasets.{entry['source']}", **entry)


def split_recipe(wildcards):
    return recipe(
        "split",
        seed=study.seed,
        replicates=study.replicates,
        subsets=study.subsets,
        test=study.splits[wildcards.split]["test"],
    )


rule data:
    output:
        "data/{dataset}.npz",
    params:
        recipe=data_recipe,
    log:
        "logs/{dataset}/data.log",
    threads: 1
    resources:
        mem_mb=600,
    conda:
        ENVIRONMENT
    message:
        "Fetch the images of {wildcards.dataset}"
    script:
        "../../scripts/data.py"


rule split:
    input:
        "data/{dataset}.npz",
    output:
        "results/{dataset}/{split}/split.npz",
    params:
        recipe=split_recipe,
    log:
        "logs/{dataset}/{split}/split.log",
    threads: 1
    resources:
        mem_mb=200,
    conda:
        ENVIRONMENT
    message:
        "Deal the images of {wildcards.dataset} out: {wildcards.split} split"
    script:
        "../../scripts/split.py"

"""From a source to pools, fresh images and splits."""


rule data:
    input:
        source_files,
    output:
        "data/{dataset}.npz",
    log:
        "logs/{dataset}/data.log",
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=600,
    params:
        recipe=data_recipe,
    message:
        "Load the images of {wildcards.dataset}"
    script:
        "../../scripts/data.py"


rule split:
    input:
        "data/{dataset}.npz",
    output:
        "results/{dataset}/{split}/split.npz",
    log:
        "logs/{dataset}/{split}/split.log",
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=200,
    params:
        recipe=split_recipe,
    message:
        "Deal the images of {wildcards.dataset} out: {wildcards.split} split"
    script:
        "../../scripts/split.py"

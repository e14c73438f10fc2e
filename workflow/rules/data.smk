"""From a source to pools, fresh images and splits."""


rule data:
    input:
        source_files,
    output:
        "data/{dataset}.npz",
    log:
        "logs/{dataset}/data.log",
    group:
        batch_of_images
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=mem_data,
        runtime=partial(runtime, "data"),
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
    group:
        batch_of_images
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=partial(memory, "split"),
        runtime=partial(runtime, "split"),
    params:
        recipe=split_recipe,
    message:
        "Deal the images of {wildcards.dataset} out: {wildcards.split} split"
    script:
        "../../scripts/split.py"

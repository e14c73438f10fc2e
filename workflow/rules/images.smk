"""Fewer pixels."""


rule downscale:
    input:
        data="data/{dataset}.npz",
        split="results/{dataset}/{split}/split.npz",
    output:
        train=f"{IMAGES}/train.npz",
        validation=f"{IMAGES}/validation.npz",
        test=f"{IMAGES}/test.npz",
    log:
        "logs/{dataset}/{split}/{size}px/downscale.log",
    group:
        batch_of_images
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        **takes("downscale"),
    params:
        recipe=partial(plain_recipe, "downscale"),
    message:
        "Average {wildcards.dataset} down to {wildcards.size} pixels a side: {wildcards.split} split"
    script:
        "../../scripts/downscale.py"


rule downscale_fresh:
    input:
        "data/{dataset}.npz",
    output:
        "results/{dataset}/fresh/{size}px.npz",
    log:
        "logs/{dataset}/fresh/{size}px.log",
    group:
        batch_of_images
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        **takes("downscale_fresh"),
    params:
        recipe=partial(plain_recipe, "downscale_fresh"),
    message:
        "Average {wildcards.dataset} down to {wildcards.size} pixels a side: fresh images"
    script:
        "../../scripts/downscale_fresh.py"

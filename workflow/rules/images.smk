"""Fewer pixels, and the Gram matrices of the images."""


def downscale_recipe(wildcards):
    return recipe("downscale")


def downscale_fresh_recipe(wildcards):
    return recipe("downscale_fresh")


def augment_recipe(wildcards):
    return recipe("augment")


rule downscale:
    input:
        data="data/{dataset}.npz",
        split="results/{dataset}/{split}/split.npz",
    output:
        train=f"{IMAGES}/train.npz",
        validation=f"{IMAGES}/validation.npz",
        test=f"{IMAGES}/test.npz",
    params:
        recipe=downscale_recipe,
    log:
        "logs/{dataset}/{split}/{size}px/downscale.log",
    threads: 1
    resources:
        mem_mb=mem_images,
    conda:
        ENVIRONMENT
    message:
        "Average {wildcards.dataset} down to {wildcards.size} pixels a side: {wildcards.split} split"
    script:
        "../../scripts/downscale.py"


rule downscale_fresh:
    input:
        "data/{dataset}.npz",
    output:
        "results/{dataset}/fresh/{size}px.npz",
    params:
        recipe=downscale_fresh_recipe,
    log:
        "logs/{dataset}/fresh/{size}px.log",
    threads: 1
    resources:
        mem_mb=mem_images,
    conda:
        ENVIRONMENT
    message:
        "Average {wildcards.dataset} down to {wildcards.size} pixels a side: fresh images"
    script:
        "../../scripts/downscale_fresh.py"


rule augment:
    input:
        train=f"{IMAGES}/train.npz",
        validation=f"{IMAGES}/validation.npz",
    output:
        f"{IMAGES}/gram-{{kernel}}.npz",
    params:
        recipe=augment_recipe,
    log:
        "logs/{dataset}/{split}/{size}px/gram-{kernel}.log",
    threads: 1
    resources:
        mem_mb=mem_grams,
    conda:
        ENVIRONMENT
    message:
        "Multiply {wildcards.kernel} features at {wildcards.size} pixels a side: {wildcards.split} split"
    script:
        "../../scripts/augment.py"

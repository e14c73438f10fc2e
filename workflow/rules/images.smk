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


def augment_recipe(wildcards):
    settings = study.augmentations[wildcards.augmentation]
    return recipe("augment", settings=settings, seed=study.seed)


if study.augmentations:

    rule augment:
        input:
            "data/{dataset}.npz",
        output:
            "results/{dataset}/{augmentation}/{size}px.npz",
        log:
            "logs/{dataset}/{augmentation}/{size}px.log",
        wildcard_constraints:
            augmentation=alternation(study.augmentations),
        group:
            batch_of_images
        conda:
            ENVIRONMENT
        threads: 1
        resources:
            **takes("augment"),
        params:
            recipe=augment_recipe,
        message:
            "Distort {wildcards.dataset} as {wildcards.augmentation}, {wildcards.size} pixels a side"
        script:
            "../../scripts/augment.py"

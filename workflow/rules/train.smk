"""One rule for each family of models: a job trains every replicate of one cell."""


def train_recipe(wildcards):
    model = study.models[wildcards.model]
    family = study.families[model.family]
    return recipe(
        "train",
        family.module,
        family=family.source,
        parameters=model.parameters,
        seed=study.seed,
        replicates=study.replicates,
    )


def trained_elsewhere(wildcards):
    """What training writes, in the split that trains for this one."""
    split = study.splits[wildcards.split]["trains_as"]
    family = study.models[wildcards.model].family
    return [
        file.format(**{**wildcards, "split": split})
        for file in trained(family).values()
    ]


for family in used_families:

    rule:
        name:
            f"train_{family}"
        input:
            train=f"{IMAGES}/train.npz",
            validation=f"{IMAGES}/validation.npz",
        output:
            **trained(family),
        log:
            "logs/{dataset}/{split}/{size}px/{model}/train.log",
        benchmark:
            "benchmarks/{dataset}/{split}/{size}px/{model}/train.tsv"
        wildcard_constraints:
            split=alternation(training_splits),
            model=alternation(models_of(family)),
        # Before evaluation, so that no long job is left to the end.
        priority: 1
        group:
            batch_of_cell
        conda:
            ENVIRONMENT
        threads: 1
        resources:
            **takes(f"train_{family}"),
        params:
            recipe=train_recipe,
        message:
            "Train {wildcards.model} at {wildcards.size} pixels a side: {wildcards.split} split"
        script:
            "../../scripts/train.py"

    if reusing_splits:

        rule:
            name:
                f"reuse_{family}"
            input:
                trained_elsewhere,
            output:
                **trained(family),
            log:
                "logs/{dataset}/{split}/{size}px/{model}/reuse.log",
            wildcard_constraints:
                split=alternation(reusing_splits),
                model=alternation(models_of(family)),
            group:
                batch_of_cell
            conda:
                ENVIRONMENT
            threads: 1
            resources:
                **takes(f"reuse_{family}"),
            params:
                recipe=partial(plain_recipe, "reuse"),
            message:
                "Reuse {wildcards.model} at {wildcards.size} pixels a side: {wildcards.split} split trains alike"
            script:
                "../../scripts/reuse.py"

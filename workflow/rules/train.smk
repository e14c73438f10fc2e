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


for family in used_families:

    rule:
        name:
            f"train_{family}"
        input:
            train=f"{IMAGES}/train.npz",
            validation=f"{IMAGES}/validation.npz",
            copies=copies,
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

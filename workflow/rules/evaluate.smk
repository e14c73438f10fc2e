"""One rule for each family of models: a job labels and scores images with one trained cell."""


def evaluate_recipe(wildcards):
    model = study.models[wildcards.model]
    family = study.families[model.family]
    return recipe(
        "evaluate",
        family.module,
        family=family.source,
        parameters=model.parameters,
        replicates=study.replicates,
    )


def trained_model(wildcards):
    """The model of the cell, where it is trained."""
    return in_folder(study.fit_of(place(wildcards)), "model.npz")


for family in used_families:

    rule:
        name:
            f"evaluate_{family}"
        input:
            model=trained_model,
            train=f"{IMAGES}/train.npz",
            copies=copies,
            validation=f"{IMAGES}/validation.npz",
            test=f"{IMAGES}/test.npz",
            fresh="results/{dataset}/fresh/{size}px.npz",
        output:
            **evaluated(family),
        log:
            "logs/{dataset}/{split}/{size}px/{model}/evaluate.log",
        wildcard_constraints:
            model=alternation(models_of(family)),
        group:
            batch_of_cell
        conda:
            ENVIRONMENT
        threads: 1
        resources:
            **takes(f"evaluate_{family}"),
        params:
            recipe=evaluate_recipe,
        message:
            "Evaluate {wildcards.model} at {wildcards.size} pixels a side: {wildcards.split} split"
        script:
            "../../scripts/evaluate.py"

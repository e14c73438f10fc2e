"""One rule for each family of models: a job labels and scores images with one trained cell."""


def evaluate_recipe(wildcards):
    model = study.models[wildcards.model]
    imported = f"fewpixels.models.{model.family}"
    return recipe("evaluate", imported, family=model.family, parameters=model.parameters)


for family in used_families:

    rule:
        name:
            f"evaluate_{family}"
        input:
            model=f"{CELL}/model.npz",
            train=f"{IMAGES}/train.npz",
            validation=f"{IMAGES}/validation.npz",
            test=f"{IMAGES}/test.npz",
            fresh="results/{dataset}/fresh/{size}px.npz",
        output:
            predictions=f"{CELL}/predictions.npz",
            metrics=f"{CELL}/metrics.csv",
            timing=f"{CELL}/timing.csv",
            **tables_of(family, "evaluate"),
        wildcard_constraints:
            model=alternation(models_of(family)),
        params:
            recipe=evaluate_recipe,
        log:
            "logs/{dataset}/{split}/{size}px/{model}/evaluate.log",
        threads: 1
        resources:
            mem_mb=mem_cell,
        conda:
            ENVIRONMENT
        message:
            "Evaluate {wildcards.model} at {wildcards.size} pixels a side: {wildcards.split} split"
        script:
            "../../scripts/evaluate.py"

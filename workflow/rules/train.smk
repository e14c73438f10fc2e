"""One rule for each family of models: a job trains every replicate of one cell."""


def grams(wildcards):
    """Gram matrices, for a model with a kernel."""
    kernel = study.models[wildcards.model].parameters.get("kernel")
    kernels = {"linear", kernel} if kernel else ()
    return [f"{IMAGES}/gram-{name}.npz".format(**wildcards) for name in sorted(kernels)]


def train_recipe(wildcards):
    model = study.models[wildcards.model]
    imported = f"fewpixels.models.{model.family}"
    return recipe("train", imported, family=model.family, parameters=model.parameters, seed=study.seed)


def tables_of(family, stage):
    """The tables that only this family writes, as a rule's named outputs."""
    names = digest.literal(ROOT / "fewpixels" / "models" / f"{family}.py", "TABLES")[stage]
    return {name: f"{CELL}/{name}.csv" for name in names}


def models_of(family):
    return [model.name for model in study.models.values() if model.family == family]


used_families = [family for family in families(ROOT, "models") if models_of(family)]

for family in used_families:

    rule:
        name:
            f"train_{family}"
        input:
            train=f"{IMAGES}/train.npz",
            validation=f"{IMAGES}/validation.npz",
            grams=grams,
        output:
            model=f"{CELL}/model.npz",
            history=f"{CELL}/history.csv",
            fit=f"{CELL}/fit.csv",
            **tables_of(family, "train"),
        wildcard_constraints:
            model=alternation(models_of(family)),
        params:
            recipe=train_recipe,
        log:
            "logs/{dataset}/{split}/{size}px/{model}/train.log",
        benchmark:
            "benchmarks/{dataset}/{split}/{size}px/{model}/train.tsv"
        threads: 1
        resources:
            mem_mb=mem_cell,
        conda:
            ENVIRONMENT
        message:
            "Train {wildcards.model} at {wildcards.size} pixels a side: {wildcards.split} split"
        script:
            "../../scripts/train.py"

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
    """The tables that only this family writes, by name."""
    names = digest.literal(ROOT / "fewpixels" / "models" / f"{family}.py", "TABLES")[stage]
    return {name: f"{CELL}/{name}.csv" for name in names}


def trained(family):
    """The files that training writes, by name."""
    common = {"model": "model.npz", "history": "history.csv", "fit": "fit.csv"}
    return {name: f"{CELL}/{file}" for name, file in common.items()} | tables_of(family, "train")


def trained_elsewhere(wildcards):
    """The same files, in the split that trains for this one."""
    split = study.splits[wildcards.split]["trains_as"]
    family = study.models[wildcards.model].family
    return [file.format(**{**wildcards, "split": split}) for file in trained(family).values()]


def models_of(family):
    return [model.name for model in study.models.values() if model.family == family]


reusing_splits = [name for name, split in study.splits.items() if "trains_as" in split]
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
            **trained(family),
        wildcard_constraints:
            split=alternation(name for name in study.splits if name not in reusing_splits),
            model=alternation(models_of(family)),
        params:
            recipe=train_recipe,
        log:
            "logs/{dataset}/{split}/{size}px/{model}/train.log",
        benchmark:
            "benchmarks/{dataset}/{split}/{size}px/{model}/train.tsv"
        # Before evaluation, so that no long job is left to the end.
        priority: 1
        threads: 1
        resources:
            mem_mb=mem_cell,
        conda:
            ENVIRONMENT
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
            wildcard_constraints:
                split=alternation(reusing_splits),
                model=alternation(models_of(family)),
            log:
                "logs/{dataset}/{split}/{size}px/{model}/reuse.log",
            threads: 1
            resources:
                mem_mb=50,
            localrule: True
            conda:
                ENVIRONMENT
            message:
                "Reuse {wildcards.model} at {wildcards.size} pixels a side: {wildcards.split} split trains alike"
            # Like every artifact: written beside its target, then renamed.
            shell:
                "(for file in {input}; do"
                "  copy=$(dirname {output.model})/$(basename $file);"
                "  cp $file $copy.partial && mv $copy.partial $copy || exit 1;"
                " done) 2> {log}"

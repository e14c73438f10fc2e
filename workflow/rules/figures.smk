"""Figures: each as SVG, for the web and print, and PNG."""

from fewpixels.statistics.sampling import Dealt, Fixed
from fewpixels.tables.ladders import climbs


def all_figures(wildcards):
    """Every figure that the study's models give rise to."""
    names = ["accuracy", "answer", "images", "samples"]
    names += [f"weights-{name}" for name in showing("weights")]
    names += [f"augmentation-{name}" for name in used_augmentations]
    names += [
        figure
        for figure in ("curves", "runs", "tuning", "confusion")
        if showing(figure)
    ]
    if any(sum(len(m["sizes"]) > 1 for m in path) > 1 for path in climbs(shown())):
        names.append("ladder")
    if of_many_sizes:
        names.append("sizes")
    if models_with("sweep"):
        names.append("sweep")
    if len(models_with("diagnostics")) > 1:  # a comparison
        names.append("initialisation")
    return expand(
        "results/{dataset}/figures/{name}.{kind}",
        dataset=study.datasets,
        name=names,
        kind=["svg", "png"],
    )


def figure_recipe(script, wildcards, names=None, values=None):
    """Of a figure of some models, or of all."""
    entry = study.datasets[wildcards.dataset]
    kinds = {"dealt": Dealt, "fixed": Fixed}
    return recipe(
        script,
        models=shown(names),
        honest=study.honest,
        classes=entry["classes"],
        title=entry["title"],
        another=kinds[study.splits[study.honest]["kind"]].another,
        **(values or {}),
    )


rule figures:
    input:
        all_figures,
    log:
        "logs/figures.log",
    localrule: True
    threads: 1
    resources:
        mem_mb=50,
    message:
        "The figures are complete: see results/*/figures."


rule figure_accuracy:
    input:
        intervals="results/{dataset}/tables/intervals.csv",
        answer="results/{dataset}/tables/answer.csv",
    output:
        **figure("accuracy"),
    log:
        "logs/{dataset}/figures/accuracy.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        **takes("figure_accuracy"),
    params:
        recipe=partial(figure_recipe, "figure_accuracy"),
    message:
        "Draw accuracy against pixels: {wildcards.dataset}"
    script:
        "../../scripts/figure_accuracy.py"


rule figure_ladder:
    input:
        intervals="results/{dataset}/tables/intervals.csv",
    output:
        **figure("ladder"),
    log:
        "logs/{dataset}/figures/ladder.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        **takes("figure_ladder"),
    params:
        recipe=partial(figure_recipe, "figure_ladder"),
    message:
        "Draw what each remedy brings: {wildcards.dataset}"
    script:
        "../../scripts/figure_ladder.py"


rule figure_sweep:
    input:
        metrics="results/{dataset}/metrics.csv",
        sweeps=of_honest("sweep.csv", models_with("sweep")),
    output:
        **figure("sweep"),
    log:
        "logs/{dataset}/figures/sweep.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        **takes("figure_sweep"),
    params:
        recipe=partial(figure_recipe, "figure_sweep", names=models_with("sweep")),
    message:
        "Draw the curve over k: {wildcards.dataset}"
    script:
        "../../scripts/figure_sweep.py"


def counted(models):
    """What training counts as it goes on, by model: those that are told how many epochs count them."""
    told = {name: "epochs" in study.models[name].parameters for name in models}
    return {name: "epoch" if own else "update" for name, own in told.items()}


rule figure_curves:
    input:
        metrics="results/{dataset}/metrics.csv",
        histories=of_honest("history.csv", showing("curves")),
    output:
        **figure("curves"),
    log:
        "logs/{dataset}/figures/curves.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        **takes("figure_curves"),
    params:
        recipe=partial(
            figure_recipe,
            "figure_curves",
            names=showing("curves"),
            values={"counted": counted(showing("curves"))},
        ),
    message:
        "Draw accuracy against iteration: {wildcards.dataset}"
    script:
        "../../scripts/figure_curves.py"


rule figure_tuning:
    input:
        tuning="results/{dataset}/tables/tuning.csv",
    output:
        **figure("tuning"),
    log:
        "logs/{dataset}/figures/tuning.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        **takes("figure_tuning"),
    params:
        recipe=partial(plain_recipe, "figure_tuning"),
    message:
        "Draw validation accuracy along the axes of grids: {wildcards.dataset}"
    script:
        "../../scripts/figure_tuning.py"


rule figure_runs:
    input:
        metrics="results/{dataset}/metrics.csv",
        histories=of_honest("history.csv", showing("runs")),
        diagnostics=of_honest("diagnostics.csv", showing("runs")),
    output:
        **figure("runs"),
    log:
        "logs/{dataset}/figures/runs.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        **takes("figure_runs"),
    params:
        recipe=partial(figure_recipe, "figure_runs", names=showing("runs")),
    message:
        "Draw single runs: {wildcards.dataset}"
    script:
        "../../scripts/figure_runs.py"


rule figure_initialisation:
    input:
        metrics="results/{dataset}/metrics.csv",
        diagnostics=of_honest("diagnostics.csv", models_with("diagnostics")),
    output:
        **figure("initialisation"),
    log:
        "logs/{dataset}/figures/initialisation.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        **takes("figure_initialisation"),
    params:
        recipe=partial(figure_recipe, "figure_initialisation"),
    message:
        "Draw networks before training: {wildcards.dataset}"
    script:
        "../../scripts/figure_initialisation.py"


def samples_recipe(wildcards):
    title = study.datasets[wildcards.dataset]["title"]
    return recipe("figure_samples", title=title)


rule figure_samples:
    input:
        data="data/{dataset}.npz",
    output:
        **figure("samples"),
    log:
        "logs/{dataset}/figures/samples.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        **takes("figure_samples"),
    params:
        recipe=samples_recipe,
    message:
        "Draw images of each class: {wildcards.dataset}"
    script:
        "../../scripts/figure_samples.py"


rule figure_images:
    input:
        data="data/{dataset}.npz",
        fresh=fresh_images,
    output:
        **figure("images"),
    log:
        "logs/{dataset}/figures/images.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        **takes("figure_images"),
    params:
        recipe=partial(plain_recipe, "figure_images"),
    message:
        "Draw images at each size: {wildcards.dataset}"
    script:
        "../../scripts/figure_images.py"


def augmentation_copies(wildcards):
    """At sizes that models use, of many each second or third; if no model does, of all sizes."""
    name, models = wildcards.augmentation, study.models.values()
    used = {size for m in models if m.augmentation == name for size in m.sizes}
    sizes = [size for size in study.sizes if size in used or not used]
    some = sizes[:: -(-len(sizes) // 5)]
    return expand(f"results/{wildcards.dataset}/{name}/{{size}}px.npz", size=some)


if study.augmentations:

    rule figure_augmentation:
        input:
            data="data/{dataset}.npz",
            copies=augmentation_copies,
        output:
            **figure("augmentation-{augmentation}"),
        log:
            "logs/{dataset}/figures/augmentation-{augmentation}.log",
        wildcard_constraints:
            augmentation=alternation(study.augmentations),
        group:
            "report"
        conda:
            ENVIRONMENT
        threads: 1
        resources:
            **takes("figure_augmentation"),
        params:
            recipe=partial(plain_recipe, "figure_augmentation"),
        message:
            "Draw copies that {wildcards.augmentation} makes: {wildcards.dataset}"
        script:
            "../../scripts/figure_augmentation.py"


def weight_models(wildcards):
    return cell_files(wildcards, "model.npz", [wildcards.model], [study.honest])


def weight_images(wildcards):
    pattern = f"results/{wildcards.dataset}/{study.honest}/{{size}}px/train.npz"
    return expand(pattern, size=study.models[wildcards.model].sizes)


def weight_copies(wildcards):
    sizes = study.models[wildcards.model].sizes
    return augmented(wildcards.dataset, wildcards.model, sizes)


def weights_recipe(wildcards):
    model = study.models[wildcards.model]
    family = study.families[model.family]
    return recipe(
        "figure_weights",
        family.module,
        family=family.source,
        parameters=model.parameters,
        models=shown([wildcards.model]),
        replicates=study.replicates,
    )


rule figure_weights:
    input:
        data="data/{dataset}.npz",
        models=weight_models,
        images=weight_images,
        copies=weight_copies,
    output:
        **figure("weights-{model}"),
    log:
        "logs/{dataset}/figures/weights-{model}.log",
    wildcard_constraints:
        model=alternation(showing("weights")),
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        **takes("figure_weights"),
    params:
        recipe=weights_recipe,
    message:
        "Draw learned weights of {wildcards.model}: {wildcards.dataset}"
    script:
        "../../scripts/figure_weights.py"


rule figure_confusion:
    input:
        data="data/{dataset}.npz",
        predictions=of_honest("predictions.npz", showing("confusion")),
        fresh=fresh_images,
    output:
        **figure("confusion"),
    log:
        "logs/{dataset}/figures/confusion.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        **takes("figure_confusion"),
    params:
        recipe=partial(figure_recipe, "figure_confusion", names=showing("confusion")),
    message:
        "Draw confusion matrices: {wildcards.dataset}"
    script:
        "../../scripts/figure_confusion.py"

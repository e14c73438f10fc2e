"""Figures: each as SVG, for the web and print, and PNG."""


def showing(figure):
    """Models that the configuration singles out for a figure."""
    return [name for name, model in study.models.items() if figure in model.show]


def figure_recipe(wildcards, figure, models=None):
    """The models to show, all of them unless named, and what to call things."""
    entry = study.datasets[wildcards.dataset]
    return recipe(
        f"figure_{figure}",
        *{f"fewpixels.models.{study.models[name].family}" for name in (models or []) if figure == "weights"},
        models=[study.models[name].shown() for name in (models or study.models)],
        honest=honest,
        classes=entry["classes"],
        title=entry["title"],
    )


def honest_files(wildcards, file, models):
    """A file of each cell of some models, in the split that figures show."""
    cells = [c for c in study.cells(wildcards.dataset) if c.split == honest and c.model in models]
    return files(f"{CELL}/{file}", cells)


def honest_sweeps(wildcards):
    return honest_files(wildcards, "sweep.csv", cells_with("sweep"))


def curve_histories(wildcards):
    return honest_files(wildcards, "history.csv", showing("curves"))


def run_histories(wildcards):
    return honest_files(wildcards, "history.csv", showing("runs"))


def run_diagnostics(wildcards):
    return honest_files(wildcards, "diagnostics.csv", showing("runs"))


def confusion_predictions(wildcards):
    return honest_files(wildcards, "predictions.npz", showing("confusion"))


def weight_models(wildcards):
    return honest_files(wildcards, "model.npz", [wildcards.model])


def weight_images(wildcards):
    pattern = f"results/{wildcards.dataset}/{honest}/{{size}}px/train.npz"
    return expand(pattern, size=study.models[wildcards.model].sizes)


def fresh_images(wildcards):
    return expand(f"results/{wildcards.dataset}/fresh/{{size}}px.npz", size=study.sizes)


def figure_accuracy_recipe(wildcards):
    return figure_recipe(wildcards, "accuracy")


def figure_ladder_recipe(wildcards):
    return figure_recipe(wildcards, "ladder")


def figure_sweep_recipe(wildcards):
    return figure_recipe(wildcards, "sweep", sorted(cells_with("sweep")))


def figure_curves_recipe(wildcards):
    return figure_recipe(wildcards, "curves", showing("curves"))


def figure_runs_recipe(wildcards):
    return figure_recipe(wildcards, "runs", showing("runs"))


def figure_initialisation_recipe(wildcards):
    return figure_recipe(wildcards, "initialisation")


def figure_images_recipe(wildcards):
    return recipe("figure_images")


def figure_weights_recipe(wildcards):
    return figure_recipe(wildcards, "weights", [wildcards.model])


def figure_confusion_recipe(wildcards):
    return figure_recipe(wildcards, "confusion", showing("confusion"))


def all_figures(wildcards):
    """Every figure that the study's models give rise to."""
    names = ["accuracy", "images", *(f"weights-{name}" for name in showing("weights"))]
    names += [figure for figure in ("curves", "runs", "confusion") if showing(figure)]
    if any(len(model.sizes) > 1 and model.remedy_of for model in study.models.values()):
        names.append("ladder")
    if cells_with("sweep"):
        names.append("sweep")
    if cells_with("diagnostics"):
        names.append("initialisation")
    return expand(
        "results/{dataset}/figures/{name}.{kind}", dataset=study.datasets, name=names, kind=["svg", "png"]
    )


rule figures:
    input:
        all_figures,
    localrule: True
    message:
        "The figures are complete: see results/*/figures."


rule figure_accuracy:
    input:
        metrics="results/{dataset}/metrics.csv",
    output:
        svg="results/{dataset}/figures/accuracy.svg",
        png="results/{dataset}/figures/accuracy.png",
    params:
        recipe=figure_accuracy_recipe,
    log:
        "logs/{dataset}/figures/accuracy.log",
    threads: 1
    resources:
        mem_mb=500,
    conda:
        ENVIRONMENT
    message:
        "Draw accuracy against pixels: {wildcards.dataset}"
    script:
        "../../scripts/figure_accuracy.py"


rule figure_ladder:
    input:
        metrics="results/{dataset}/metrics.csv",
    output:
        svg="results/{dataset}/figures/ladder.svg",
        png="results/{dataset}/figures/ladder.png",
    params:
        recipe=figure_ladder_recipe,
    log:
        "logs/{dataset}/figures/ladder.log",
    threads: 1
    resources:
        mem_mb=500,
    conda:
        ENVIRONMENT
    message:
        "Draw what each remedy brings: {wildcards.dataset}"
    script:
        "../../scripts/figure_ladder.py"


rule figure_sweep:
    input:
        sweeps=honest_sweeps,
    output:
        svg="results/{dataset}/figures/sweep.svg",
        png="results/{dataset}/figures/sweep.png",
    params:
        recipe=figure_sweep_recipe,
    log:
        "logs/{dataset}/figures/sweep.log",
    threads: 1
    resources:
        mem_mb=500,
    conda:
        ENVIRONMENT
    message:
        "Draw the curve over k: {wildcards.dataset}"
    script:
        "../../scripts/figure_sweep.py"


rule figure_curves:
    input:
        histories=curve_histories,
    output:
        svg="results/{dataset}/figures/curves.svg",
        png="results/{dataset}/figures/curves.png",
    params:
        recipe=figure_curves_recipe,
    log:
        "logs/{dataset}/figures/curves.log",
    threads: 1
    resources:
        mem_mb=500,
    conda:
        ENVIRONMENT
    message:
        "Draw accuracy against iteration: {wildcards.dataset}"
    script:
        "../../scripts/figure_curves.py"


rule figure_runs:
    input:
        histories=run_histories,
        diagnostics=run_diagnostics,
    output:
        svg="results/{dataset}/figures/runs.svg",
        png="results/{dataset}/figures/runs.png",
    params:
        recipe=figure_runs_recipe,
    log:
        "logs/{dataset}/figures/runs.log",
    threads: 1
    resources:
        mem_mb=500,
    conda:
        ENVIRONMENT
    message:
        "Draw single runs: {wildcards.dataset}"
    script:
        "../../scripts/figure_runs.py"


rule figure_initialisation:
    input:
        metrics="results/{dataset}/metrics.csv",
        diagnostics=honest_diagnostics,
    output:
        svg="results/{dataset}/figures/initialisation.svg",
        png="results/{dataset}/figures/initialisation.png",
    params:
        recipe=figure_initialisation_recipe,
    log:
        "logs/{dataset}/figures/initialisation.log",
    threads: 1
    resources:
        mem_mb=500,
    conda:
        ENVIRONMENT
    message:
        "Draw networks before training: {wildcards.dataset}"
    script:
        "../../scripts/figure_initialisation.py"


rule figure_images:
    input:
        fresh_images,
    output:
        svg="results/{dataset}/figures/images.svg",
        png="results/{dataset}/figures/images.png",
    params:
        recipe=figure_images_recipe,
    log:
        "logs/{dataset}/figures/images.log",
    threads: 1
    resources:
        mem_mb=500,
    conda:
        ENVIRONMENT
    message:
        "Draw images at each size: {wildcards.dataset}"
    script:
        "../../scripts/figure_images.py"


rule figure_weights:
    input:
        models=weight_models,
        images=weight_images,
    output:
        svg="results/{dataset}/figures/weights-{model}.svg",
        png="results/{dataset}/figures/weights-{model}.png",
    wildcard_constraints:
        model=alternation(showing("weights")),
    params:
        recipe=figure_weights_recipe,
    log:
        "logs/{dataset}/figures/weights-{model}.log",
    threads: 1
    resources:
        mem_mb=500,
    conda:
        ENVIRONMENT
    message:
        "Draw learned weights of {wildcards.model}: {wildcards.dataset}"
    script:
        "../../scripts/figure_weights.py"


rule figure_confusion:
    input:
        predictions=confusion_predictions,
        fresh=fresh_images,
    output:
        svg="results/{dataset}/figures/confusion.svg",
        png="results/{dataset}/figures/confusion.png",
    params:
        recipe=figure_confusion_recipe,
    log:
        "logs/{dataset}/figures/confusion.log",
    threads: 1
    resources:
        mem_mb=500,
    conda:
        ENVIRONMENT
    message:
        "Draw confusion matrices: {wildcards.dataset}"
    script:
        "../../scripts/figure_confusion.py"

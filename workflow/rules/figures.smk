"""Figures: each as SVG, for the web and print, and PNG."""


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
    output:
        svg=report(
            "results/{dataset}/figures/accuracy.svg",
            caption="../report/figure-accuracy.rst",
            category="Figures",
            subcategory="{dataset}",
            labels={"figure": "accuracy"},
        ),
        png="results/{dataset}/figures/accuracy.png",
    log:
        "logs/{dataset}/figures/accuracy.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=mem_figure,
        runtime=short,
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
        svg=report(
            "results/{dataset}/figures/ladder.svg",
            caption="../report/figure-ladder.rst",
            category="Figures",
            subcategory="{dataset}",
            labels={"figure": "ladder"},
        ),
        png="results/{dataset}/figures/ladder.png",
    log:
        "logs/{dataset}/figures/ladder.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=mem_figure,
        runtime=short,
    params:
        recipe=partial(figure_recipe, "figure_ladder"),
    message:
        "Draw what each remedy brings: {wildcards.dataset}"
    script:
        "../../scripts/figure_ladder.py"


rule figure_sweep:
    input:
        sweeps=honest_sweeps,
    output:
        svg=report(
            "results/{dataset}/figures/sweep.svg",
            caption="../report/figure-sweep.rst",
            category="Figures",
            subcategory="{dataset}",
            labels={"figure": "sweep"},
        ),
        png="results/{dataset}/figures/sweep.png",
    log:
        "logs/{dataset}/figures/sweep.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=mem_figure,
        runtime=short,
    params:
        recipe=partial(figure_recipe, "figure_sweep", names=models_with("sweep")),
    message:
        "Draw the curve over k: {wildcards.dataset}"
    script:
        "../../scripts/figure_sweep.py"


rule figure_curves:
    input:
        histories=curve_histories,
    output:
        svg=report(
            "results/{dataset}/figures/curves.svg",
            caption="../report/figure-curves.rst",
            category="Figures",
            subcategory="{dataset}",
            labels={"figure": "curves"},
        ),
        png="results/{dataset}/figures/curves.png",
    log:
        "logs/{dataset}/figures/curves.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=mem_figure,
        runtime=short,
    params:
        recipe=partial(figure_recipe, "figure_curves", names=showing("curves")),
    message:
        "Draw accuracy against iteration: {wildcards.dataset}"
    script:
        "../../scripts/figure_curves.py"


rule figure_runs:
    input:
        histories=run_histories,
        diagnostics=run_diagnostics,
    output:
        svg=report(
            "results/{dataset}/figures/runs.svg",
            caption="../report/figure-runs.rst",
            category="Figures",
            subcategory="{dataset}",
            labels={"figure": "runs"},
        ),
        png="results/{dataset}/figures/runs.png",
    log:
        "logs/{dataset}/figures/runs.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=mem_figure,
        runtime=short,
    params:
        recipe=partial(figure_recipe, "figure_runs", names=showing("runs")),
    message:
        "Draw single runs: {wildcards.dataset}"
    script:
        "../../scripts/figure_runs.py"


rule figure_initialisation:
    input:
        metrics="results/{dataset}/metrics.csv",
        diagnostics=honest_diagnostics,
    output:
        svg=report(
            "results/{dataset}/figures/initialisation.svg",
            caption="../report/figure-initialisation.rst",
            category="Figures",
            subcategory="{dataset}",
            labels={"figure": "initialisation"},
        ),
        png="results/{dataset}/figures/initialisation.png",
    log:
        "logs/{dataset}/figures/initialisation.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=mem_figure,
        runtime=short,
    params:
        recipe=partial(figure_recipe, "figure_initialisation"),
    message:
        "Draw networks before training: {wildcards.dataset}"
    script:
        "../../scripts/figure_initialisation.py"


rule figure_samples:
    input:
        data="data/{dataset}.npz",
    output:
        svg=report(
            "results/{dataset}/figures/samples.svg",
            caption="../report/figure-samples.rst",
            category="Figures",
            subcategory="{dataset}",
            labels={"figure": "samples"},
        ),
        png="results/{dataset}/figures/samples.png",
    log:
        "logs/{dataset}/figures/samples.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=mem_of_data,
        runtime=short,
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
        svg=report(
            "results/{dataset}/figures/images.svg",
            caption="../report/figure-images.rst",
            category="Figures",
            subcategory="{dataset}",
            labels={"figure": "images"},
        ),
        png="results/{dataset}/figures/images.png",
    log:
        "logs/{dataset}/figures/images.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=mem_figure,
        runtime=short,
    params:
        recipe=partial(plain_recipe, "figure_images"),
    message:
        "Draw images at each size: {wildcards.dataset}"
    script:
        "../../scripts/figure_images.py"


rule figure_weights:
    input:
        data="data/{dataset}.npz",
        models=weight_models,
        images=weight_images,
    output:
        svg=report(
            "results/{dataset}/figures/weights-{model}.svg",
            caption="../report/figure-weights.rst",
            category="Figures",
            subcategory="{dataset}",
            labels={"figure": "weights-{model}"},
        ),
        png="results/{dataset}/figures/weights-{model}.png",
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
        mem_mb=mem_figure,
        runtime=short,
    params:
        recipe=weights_recipe,
    message:
        "Draw learned weights of {wildcards.model}: {wildcards.dataset}"
    script:
        "../../scripts/figure_weights.py"


rule figure_confusion:
    input:
        data="data/{dataset}.npz",
        predictions=confusion_predictions,
        fresh=fresh_images,
    output:
        svg=report(
            "results/{dataset}/figures/confusion.svg",
            caption="../report/figure-confusion.rst",
            category="Figures",
            subcategory="{dataset}",
            labels={"figure": "confusion"},
        ),
        png="results/{dataset}/figures/confusion.png",
    log:
        "logs/{dataset}/figures/confusion.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=mem_figure,
        runtime=short,
    params:
        recipe=partial(figure_recipe, "figure_confusion", names=showing("confusion")),
    message:
        "Draw confusion matrices: {wildcards.dataset}"
    script:
        "../../scripts/figure_confusion.py"

"""The answer: accuracy against cost, and how few pixels are enough, of all models and of each."""


def pareto_recipe(wildcards):
    """Of what models cost: their families count it."""
    return recipe(
        "table_pareto",
        *(family.module for family in study.families.values()),
        models=shown(),
        families={name: family.source for name, family in study.families.items()},
        parameters={name: model.parameters for name, model in study.models.items()},
        honest=study.honest,
        forms={name: study.forms(name) for name in study.models},
    )


rule table_pareto:
    input:
        split=honest_split,
        metrics="results/{dataset}/metrics.csv",
        models=of_honest("model.npz"),
        fits=of_honest("fit.csv"),
    output:
        csv=report(
            "results/{dataset}/tables/pareto.csv",
            caption="../report/table-pareto.rst",
            category="Tables",
            subcategory="{dataset}",
            labels={"table": "pareto"},
        ),
        md="results/{dataset}/tables/pareto.md",
    log:
        "logs/{dataset}/tables/pareto.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        **takes("table_pareto"),
    params:
        recipe=pareto_recipe,
    message:
        "Tabulate accuracy against cost: {wildcards.dataset}"
    script:
        "../../scripts/table_pareto.py"


def answer_recipe(wildcards):
    return recipe(
        "table_answer",
        classes=study.datasets[wildcards.dataset]["classes"],
        beyond=[name for name, model in study.models.items() if model.beyond],
    )


rule table_answer:
    input:
        pareto="results/{dataset}/tables/pareto.csv",
        predictions=of_honest("predictions.npz"),
        split=honest_split,
        fresh=fresh_images,
        data="data/{dataset}.npz",
    output:
        csv=report(
            "results/{dataset}/tables/answer.csv",
            caption="../report/table-answer.rst",
            category="Tables",
            subcategory="{dataset}",
            labels={"table": "answer"},
        ),
        md="results/{dataset}/tables/answer.md",
        enough_csv=report(
            "results/{dataset}/tables/enough.csv",
            caption="../report/table-enough.rst",
            category="Tables",
            subcategory="{dataset}",
            labels={"table": "enough"},
        ),
        enough_md="results/{dataset}/tables/enough.md",
    log:
        "logs/{dataset}/tables/answer.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        **takes("table_answer"),
    params:
        recipe=answer_recipe,
    message:
        "Tabulate how few pixels are enough: {wildcards.dataset}"
    script:
        "../../scripts/table_answer.py"


rule figure_answer:
    input:
        answer="results/{dataset}/tables/answer.csv",
        pareto="results/{dataset}/tables/pareto.csv",
    output:
        **figure("answer"),
    log:
        "logs/{dataset}/figures/answer.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        **takes("figure_answer"),
    params:
        recipe=partial(figure_recipe, "figure_answer"),
    message:
        "Draw how few pixels are enough: {wildcards.dataset}"
    script:
        "../../scripts/figure_answer.py"


def sizes_recipe(wildcards):
    return recipe(
        "table_sizes",
        models=shown(of_many_sizes),
        side=study.datasets[wildcards.dataset]["side"],
    )


rule table_sizes:
    input:
        predictions=of_honest("predictions.npz", of_many_sizes),
        split=honest_split,
        fresh=fresh_images,
        data="data/{dataset}.npz",
    output:
        csv=report(
            "results/{dataset}/tables/sizes.csv",
            caption="../report/table-sizes.rst",
            category="Tables",
            subcategory="{dataset}",
            labels={"table": "sizes"},
        ),
        md="results/{dataset}/tables/sizes.md",
        steps_csv=report(
            "results/{dataset}/tables/steps.csv",
            caption="../report/table-steps.rst",
            category="Tables",
            subcategory="{dataset}",
            labels={"table": "steps"},
        ),
        steps_md="results/{dataset}/tables/steps.md",
    log:
        "logs/{dataset}/tables/sizes.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        **takes("table_sizes"),
    params:
        recipe=sizes_recipe,
    message:
        "Tabulate models from size to size: {wildcards.dataset}"
    script:
        "../../scripts/table_sizes.py"


rule figure_sizes:
    input:
        intervals="results/{dataset}/tables/intervals.csv",
        sizes="results/{dataset}/tables/sizes.csv",
        steps="results/{dataset}/tables/steps.csv",
    output:
        **figure("sizes"),
    log:
        "logs/{dataset}/figures/sizes.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        **takes("figure_sizes"),
    params:
        recipe=partial(figure_recipe, "figure_sizes", names=of_many_sizes),
    message:
        "Draw accuracy from size to size: {wildcards.dataset}"
    script:
        "../../scripts/figure_sizes.py"

"""The answer: accuracy against cost, and how few pixels are enough."""


def pareto_recipe(wildcards):
    """Of what models cost: their families count it."""
    return recipe(
        "table_pareto",
        *(family.module for family in study.families.values()),
        models=shown(),
        families={name: family.source for name, family in study.families.items()},
        parameters={name: model.parameters for name, model in study.models.items()},
        honest=study.honest,
        train={
            name: study.trained_on(wildcards.dataset, study.honest, name)
            for name in study.models
        },
    )


rule table_pareto:
    input:
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
    return recipe("table_answer", sampling=sampling(wildcards.dataset))


rule table_answer:
    input:
        pareto="results/{dataset}/tables/pareto.csv",
        predictions=of_honest("predictions.npz"),
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
        svg=report(
            "results/{dataset}/figures/answer.svg",
            caption="../report/figure-answer.rst",
            category="Figures",
            subcategory="{dataset}",
            labels={"figure": "answer"},
        ),
        png="results/{dataset}/figures/answer.png",
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

"""Verdicts: intervals, paired comparisons, and the ledger of published claims."""

from fewpixels.claims.expansion import expand as expand_claims
from fewpixels.claims.parts import METRICS


def intervals_recipe(wildcards):
    return recipe(
        "table_intervals",
        cells=cell_files(
            wildcards, "predictions.npz", splits=[study.honest]
        ),  # the order of the rows
        honest=study.honest,
    )


rule table_intervals:
    input:
        metrics="results/{dataset}/metrics.csv",
        data="data/{dataset}.npz",
        split=honest_split,
        fresh=fresh_images,
        predictions=of_honest("predictions.npz"),
    output:
        csv=report(
            "results/{dataset}/tables/intervals.csv",
            caption="../report/table-intervals.rst",
            category="Tables",
            subcategory="{dataset}",
            labels={"table": "intervals"},
        ),
        md="results/{dataset}/tables/intervals.md",
    log:
        "logs/{dataset}/tables/intervals.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        **takes("table_intervals"),
    params:
        recipe=intervals_recipe,
    message:
        "Tabulate accuracy with its intervals: {wildcards.dataset}"
    script:
        "../../scripts/table_intervals.py"


def pairs_recipe(wildcards):
    return recipe("table_pairs", models=shown(), honest=study.honest)


rule table_pairs:
    input:
        metrics="results/{dataset}/metrics.csv",
        data="data/{dataset}.npz",
        split=honest_split,
        fresh=fresh_images,
        predictions=of_honest("predictions.npz"),
    output:
        csv=report(
            "results/{dataset}/tables/pairs.csv",
            caption="../report/table-pairs.rst",
            category="Tables",
            subcategory="{dataset}",
            labels={"table": "pairs"},
        ),
        md="results/{dataset}/tables/pairs.md",
    log:
        "logs/{dataset}/tables/pairs.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        **takes("table_pairs"),
    params:
        recipe=pairs_recipe,
    message:
        "Compare models in pairs: {wildcards.dataset}"
    script:
        "../../scripts/table_pairs.py"


def read_claims(name):
    """The claims that the configuration names, checked and expanded; None without any."""
    if name is None:
        return None
    file = Path(name) if Path(name).is_file() else ROOT / name
    try:
        text = file.read_text(encoding="utf-8")
        check_names(text, name)
        claims = yaml.load(text, LOADER)
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise ConfigurationError(
            f"claims: found {name!r}, expected a file of claims there or beside Snakefile: {error}"
        ) from error
    schema = read_yaml("schemas/claims.schema.yaml")
    return expand_claims(claims, schema, study, measured_in, name)


try:
    claims = read_claims(config.get("claims"))
except ConfigurationError as error:
    raise WorkflowError(str(error))


def all_claims(wildcards):
    """The ledger, where the configuration names claims."""
    files = ["claims.csv", "tables/claims.md"] if claims else []
    return expand("results/{dataset}/{file}", dataset=study.datasets, file=files)


def claimed_cells(wildcards, table, protocols=("parts", "remedied"), metric=None):
    """Cells of which claims need a table."""
    splits = {"parts": claims["split"], "remedied": study.honest}
    cells = {
        (splits[protocol], size, model)
        for protocol in protocols
        for claim in claims["claims"]
        for part in claim[protocol] or []
        for quantity in (part["above"], part["below"])
        if quantity and METRICS[quantity["metric"]] == table
        if metric in (None, quantity["metric"])
        for model, size in quantity["cells"]
    }
    return [Cell(wildcards.dataset, *cell) for cell in sorted(cells)]


def claimed_predictions(wildcards):
    cells = claimed_cells(wildcards, "metrics", ["remedied"], "accuracy")
    return [in_folder(cell, "predictions.npz") for cell in cells]


def claimed_sweeps(wildcards):
    """At every size: the best of them counts."""
    models = {cell.model for cell in claimed_cells(wildcards, "sweep")}
    return cell_files(wildcards, "sweep.csv", models) if models else []


def claimed_fits(table):
    """An input function: a table that training writes, where claims need it."""
    return lambda wildcards: fit_files(claimed_cells(wildcards, table), f"{table}.csv")


def claims_recipe(wildcards):
    return recipe(
        "claims",
        ledger=claims,
        honest=study.honest,
        trained={split: study.trains_as(split) for split in study.splits},
        classes=study.datasets[wildcards.dataset]["classes"],
    )


if claims:

    rule claims:
        input:
            metrics="results/{dataset}/metrics.csv",
            data="data/{dataset}.npz",
            split=honest_split,
            fresh=fresh_images,
            predictions=claimed_predictions,
            sweep=claimed_sweeps,
            fit=claimed_fits("fit"),
            history=claimed_fits("history"),
            diagnostics=claimed_fits("diagnostics"),
        output:
            csv=report(
                "results/{dataset}/claims.csv",
                caption="../report/table-claims.rst",
                category="Tables",
                subcategory="{dataset}",
                labels={"table": "claims"},
            ),
            md="results/{dataset}/tables/claims.md",
        log:
            "logs/{dataset}/claims.log",
        group:
            "report"
        conda:
            ENVIRONMENT
        threads: 1
        resources:
            **takes("claims"),
        params:
            recipe=claims_recipe,
        message:
            "Hold every published claim against the results: {wildcards.dataset}"
        script:
            "../../scripts/claims.py"

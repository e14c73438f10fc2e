"""The page of results."""

from fewpixels.study.sources import licence


def page_claims(wildcards):
    return [f"results/{wildcards.dataset}/claims.csv"] if claims else []


def page_tests(wildcards):
    """Test images of each split that deals any, at one size: their classes count."""
    size = study.sizes[-1]
    return [
        f"results/{wildcards.dataset}/{name}/{size}px/test.npz"
        for name in study.splits
        if study.splits[name]["kind"] == "dealt"
    ]


def page_splits(wildcards):
    return expand(
        f"results/{wildcards.dataset}/{{split}}/split.npz", split=study.splits
    )


def page_recipe(wildcards):
    """Of the page, with the files that it is made of."""
    entry = study.datasets[wildcards.dataset]
    forms = sorted((ROOT / "fewpixels" / "page" / "forms").glob("[!_]*.py"))
    folder = ROOT / "workflow" / "report" / "page"
    assets = [f for f in folder.iterdir() if f.suffix in (".css", ".j2", ".js")]
    return recipe(
        "report",
        *(f"fewpixels.page.forms.{form.stem}" for form in forms),
        models=shown(),
        families={name: family.source for name, family in study.families.items()},
        parameters={name: model.parameters for name, model in study.models.items()},
        augmentations={name: m.augmentation for name, m in study.models.items()},
        splits=study.splits,
        honest=study.honest,
        seed=study.seed,
        replicates=study.replicates,
        publication=config.get("publication", "an earlier study"),
        mistakes={name: m.mistake for name, m in study.models.items() if m.mistake},
        sizes=study.sizes,
        title=entry["title"],
        licence=entry.get("licence") or licence(entry["source"]),
        assets={file.name: sha256_of(file) for file in sorted(assets)},
    )


rule report:
    input:
        data="data/{dataset}.npz",
        split=honest_split,
        splits=page_splits,
        metrics="results/{dataset}/metrics.csv",
        provenance="results/{dataset}/provenance.json",
        intervals="results/{dataset}/tables/intervals.csv",
        leakage="results/{dataset}/tables/leakage-accuracy.csv",
        pareto="results/{dataset}/tables/pareto.csv",
        enough="results/{dataset}/tables/enough.csv",
        answer="results/{dataset}/tables/answer.md",
        classes="results/{dataset}/tables/classes.md",
        timing="results/{dataset}/tables/timing.csv",
        claims=page_claims,
        predictions=of_cells("predictions.npz"),
        tests=page_tests,
        models=of_honest("model.npz"),
        copies=all_copies,
        fits=of_fits("fit.csv"),
        timings=of_cells("timing.csv"),
        histories=of_fits("history.csv", measured_in("history")),
        sweeps=of_cells("sweep.csv", models_with("sweep")),
    output:
        "results/{dataset}/report.html",
    log:
        "logs/{dataset}/report.log",
    group:
        "report"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        **takes("report"),
    params:
        recipe=page_recipe,
    message:
        "Make the page of {wildcards.dataset}"
    script:
        "../../scripts/report.py"

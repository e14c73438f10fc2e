"""A look at every artifact: is it there, and as it was written?"""


def every_artifact(wildcards):
    """Every file that the configuration names."""
    files = {*all_tables(wildcards), *all_figures(wildcards), *all_claims(wildcards)}
    for dataset in study.datasets:
        files |= {f"data/{dataset}.npz"}
        files |= {
            f"results/{dataset}/{name}"
            for name in ("metrics.csv", "provenance.json", "report.html")
        }
        files |= {f"results/{dataset}/fresh/{size}px.npz" for size in study.sizes}
        for cell in study.cells(dataset):
            family = study.models[cell.model].family
            own = [*evaluated(family).values()]
            own += [f"{IMAGES}/{subset}.npz" for subset in SUBSETS]
            own += ["results/{dataset}/{split}/split.npz"]
            files |= {file.format(**vars(cell)) for file in own}
            fit = study.fit_of(cell)
            files |= {file.format(**vars(fit)) for file in trained(family).values()}
            files |= {*augmented(dataset, cell.model, [cell.size])}
    return sorted(files)


def verify_recipe(wildcards):
    artifacts = [placed(file) for file in every_artifact(wildcards)]
    return recipe("verify", artifacts=artifacts, folders=[str(f) for f in FOLDERS])


rule verify:
    log:
        "logs/verify.log",
    localrule: True
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=100,
    params:
        recipe=verify_recipe,
    message:
        "Compare every artifact with its checksum"
    script:
        "../../scripts/verify.py"

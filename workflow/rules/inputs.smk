"""Input functions: the files that rules ask for by the study's configuration."""


def source_files(wildcards):
    """Local files that the dataset is read from; they are the user's, so no `prefix:` applies."""
    return [
        local(file)
        for source in sources(wildcards.dataset)
        for file in local_files(source["options"], options_of(source["source"]))
    ]


def cell_files(wildcards, file, models=None, splits=None):
    """A file of each cell of the dataset, or of those of some models and splits."""
    return [
        f"{CELL}/{file}".format(**vars(cell))
        for cell in study.cells(wildcards.dataset)
        if (models is None or cell.model in models)
        and (splits is None or cell.split in splits)
    ]


def grams_for(cell):
    """Gram matrices that a cell trains on, if it has a kernel and they are not too large.

    A bias is appended by way of the linear one, of which polynomials are made too.
    """
    if not grams_fit(study, cell.dataset, cell.split):
        return []
    parameters = study.models[cell.model].parameters
    kernels = {
        "polynomial": {"linear"},
        "linear": {"linear"},
        "quadratic": {"quadratic"},
    }
    names = kernels.get(parameters.get("kernel"), set())
    if names and parameters.get("bias"):
        names.add("linear")
    return [f"{IMAGES}/gram-{name}.npz" for name in sorted(names)]


def grams(wildcards):
    return [file.format(**wildcards) for file in grams_for(wildcards)]


def trained_elsewhere(wildcards):
    """What training writes, in the split that trains for this one."""
    split = study.splits[wildcards.split]["trains_as"]
    family = study.models[wildcards.model].family
    return [
        file.format(**{**wildcards, "split": split})
        for file in trained(family).values()
    ]


def all_metrics(wildcards):
    return cell_files(wildcards, "metrics.csv")


def all_predictions(wildcards):
    return cell_files(wildcards, "predictions.npz")


def cell_images(wildcards):
    """The images of every split and size that has a cell."""
    folders = {IMAGES.format(**vars(cell)) for cell in study.cells(wildcards.dataset)}
    return [
        f"{folder}/{subset}.npz" for folder in sorted(folders) for subset in SUBSETS
    ]


def sweeps(wildcards):
    return cell_files(wildcards, "sweep.csv", models_with("sweep"))


def sweep_timings(wildcards):
    return cell_files(wildcards, "timing.csv", models_with("sweep"))


def honest_sweeps(wildcards):
    return cell_files(wildcards, "sweep.csv", models_with("sweep"), [study.honest])


def honest_fits(wildcards):
    return cell_files(wildcards, "fit.csv", splits=[study.honest])


def honest_models(wildcards):
    return cell_files(wildcards, "model.npz", splits=[study.honest])


def honest_timings(wildcards):
    return cell_files(wildcards, "timing.csv", splits=[study.honest])


def honest_predictions(wildcards):
    return cell_files(wildcards, "predictions.npz", splits=[study.honest])


def honest_diagnostics(wildcards):
    return cell_files(
        wildcards, "diagnostics.csv", models_with("diagnostics"), [study.honest]
    )


def grid_fits(wildcards):
    cells = [
        name for name, model in study.models.items() if model.entry == wildcards.entry
    ]
    return cell_files(wildcards, "fit.csv", cells, [study.honest])


def curve_histories(wildcards):
    return cell_files(wildcards, "history.csv", showing("curves"), [study.honest])


def run_histories(wildcards):
    return cell_files(wildcards, "history.csv", showing("runs"), [study.honest])


def run_diagnostics(wildcards):
    return cell_files(wildcards, "diagnostics.csv", showing("runs"), [study.honest])


def confusion_predictions(wildcards):
    return cell_files(
        wildcards, "predictions.npz", showing("confusion"), [study.honest]
    )


def weight_models(wildcards):
    return cell_files(wildcards, "model.npz", [wildcards.model], [study.honest])


def weight_images(wildcards):
    pattern = f"results/{wildcards.dataset}/{study.honest}/{{size}}px/train.npz"
    return expand(pattern, size=study.models[wildcards.model].sizes)


def fresh_images(wildcards):
    return expand(f"results/{wildcards.dataset}/fresh/{{size}}px.npz", size=study.sizes)


def claimed(wildcards, file, table, protocols=("parts", "remedied"), metric=None):
    """A file of each cell of which claims need a table."""
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
    return [
        f"{CELL}/{file}".format(split=split, size=size, model=model, **wildcards)
        for split, size, model in sorted(cells)
    ]


def claimed_sweeps(wildcards):
    """At every size: the best of them counts."""
    files = claimed(wildcards, "sweep.csv", "sweep")
    models = {Path(file).parts[-2] for file in files}
    return cell_files(wildcards, "sweep.csv", models) if models else []


def claimed_fits(wildcards):
    return claimed(wildcards, "fit.csv", "fit")


def claimed_histories(wildcards):
    return claimed(wildcards, "history.csv", "history")


def claimed_diagnostics(wildcards):
    return claimed(wildcards, "diagnostics.csv", "diagnostics")


def claimed_predictions(wildcards):
    return claimed(wildcards, "predictions.npz", "metrics", ["remedied"], "accuracy")


def honest_split(wildcards):
    return f"results/{wildcards.dataset}/{study.honest}/split.npz"


def page_claims(wildcards):
    return [f"results/{wildcards.dataset}/claims.csv"] if claims else []


def page_tests(wildcards):
    """Test images of each split that deals any, at one size: their classes count."""
    size = study.sizes[-1]
    return [
        f"results/{wildcards.dataset}/{name}/{size}px/test.npz"
        for name in study.splits
        if study.images(wildcards.dataset, name)["test"]
    ]


def page_fits(wildcards):
    return cell_files(wildcards, "fit.csv", splits=training_splits)


def page_timings(wildcards):
    return cell_files(wildcards, "timing.csv")


def page_histories(wildcards):
    return cell_files(wildcards, "history.csv", measured_in("history"), training_splits)


def all_tables(wildcards):
    """Every table that the study's models give rise to."""
    names = ["accuracy", "answer", "classes", "enough", "intervals", "leakage"]
    names += ["pairs", "pareto", "timing", *(f"grid-{entry}" for entry in grids)]
    if any(model.remedy_of for model in study.models.values()):
        names.append("ladder")
    if models_with("sweep"):
        names.append("sweep")
    if len(models_with("diagnostics")) > 1:  # a comparison
        names.append("initialisation")
    if showing("runs"):
        names.append("runs")
    tables = expand(
        "results/{dataset}/tables/{name}.{kind}",
        dataset=study.datasets,
        name=names,
        kind=["csv", "md"],
    )
    leaked = "results/{dataset}/tables/leakage-accuracy.csv"  # leakage.md shows both
    return tables + expand(leaked, dataset=study.datasets)


def all_claims(wildcards):
    """The ledger, where the configuration names claims."""
    files = ["claims.csv", "tables/claims.md"] if claims else []
    return expand("results/{dataset}/{file}", dataset=study.datasets, file=files)


def all_figures(wildcards):
    """Every figure that the study's models give rise to."""
    names = ["accuracy", "answer", "images", "samples"]
    names += [f"weights-{name}" for name in showing("weights")]
    names += [figure for figure in ("curves", "runs", "confusion") if showing(figure)]
    if any(
        sum(len(m.sizes) > 1 for m in study.ladder(name)) > 1 for name in study.models
    ):
        names.append("ladder")
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
            own = [*trained(family).values(), *evaluated(family).values()]
            own += [f"{IMAGES}/{subset}.npz" for subset in SUBSETS]
            own += ["results/{dataset}/{split}/split.npz"]
            if cell.split in training_splits:
                own += grams_for(cell)
            files |= {file.format(**vars(cell)) for file in own}
    return sorted(files)

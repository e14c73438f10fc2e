"""The one tracked parameter of each rule: what its result depends on besides its inputs."""

@cache
def code(script, *modules):
    return digest.reached(ROOT / "scripts" / f"{script}.py", ROOT, modules)


def recipe(script, *modules, **values):
    """What a script computes from, the digest of its code, and the versions of its packages.

    One canonical text, since Snakemake compares parameters as a set of values without names.
    """
    reached = code(script, *modules)
    parts = {"values": values, "code": reached.digest, "packages": reached.packages}
    return json.dumps(parts, sort_keys=True)


def plain_recipe(script, wildcards):
    """Of a script that computes from its inputs alone."""
    return recipe(script)


def data_recipe(wildcards):
    entry = study.datasets[wildcards.dataset]
    texts = ("title", "licence")
    values = {key: value for key, value in entry.items() if key not in texts}
    # Also where an older file takes the place of a newer one.
    files = [Path(file) for file in source_files(wildcards)]
    values["files"] = [sha256_of(file) for file in files if file.is_file()]
    modules = [f"fewpixels.datasets.{s['source']}" for s in sources(wildcards.dataset)]
    return recipe("data", *modules, **values)


def split_recipe(wildcards):
    split = study.splits[wildcards.split]
    if split["kind"] == "fixed":
        counts = {key: split[key] for key in ("train", "validation")}
        return recipe("split", fixed=counts | {"overlap": split.get("overlap", False)})
    return recipe(
        "split",
        seed=study.seed,
        replicates=study.replicates,
        subsets=study.subsets,
        test=split["test"],
    )


def train_recipe(wildcards):
    model = study.models[wildcards.model]
    family = study.families[model.family]
    return recipe(
        "train",
        family.module,
        family=family.source,
        parameters=model.parameters,
        seed=study.seed,
        replicates=study.replicates,
    )


def evaluate_recipe(wildcards):
    model = study.models[wildcards.model]
    family = study.families[model.family]
    return recipe(
        "evaluate",
        family.module,
        family=family.source,
        parameters=model.parameters,
        replicates=study.replicates,
    )


def metrics_recipe(wildcards):
    """The order of the rows too: Snakemake compares inputs as a set."""
    return recipe("metrics", cells=all_metrics(wildcards))


def provenance_recipe(wildcards):
    parameters = {name: model.parameters for name, model in study.models.items()}
    return recipe(
        "provenance",
        config=json.dumps(laid_out(config)),  # a text, which keeps its order
        datasets=study.datasets,
        parameters=parameters,
    )


def verify_recipe(wildcards):
    artifacts = [placed(file) for file in every_artifact(wildcards)]
    return recipe("verify", artifacts=artifacts, folders=[str(f) for f in FOLDERS])


def shown(names=None):
    """What tables and figures show of some models, or of all."""
    return [
        study.models[name].shown()
        for name in (study.models if names is None else names)
    ]


def table_recipe(script, wildcards, figure=None):
    """Of a table of all models, or of those singled out for a figure."""
    models = shown(showing(figure) if figure else None)
    return recipe(script, models=models, splits=list(study.splits), honest=study.honest)


def pareto_recipe(wildcards):
    """Of what models cost: their families count it."""
    return recipe(
        "table_pareto",
        *(family.module for family in study.families.values()),
        models=shown(),
        families={name: family.source for name, family in study.families.items()},
        parameters={name: model.parameters for name, model in study.models.items()},
        honest=study.honest,
        train=study.images(wildcards.dataset, study.honest)["train"],
    )


def answer_recipe(wildcards):
    return recipe("table_answer", sampling=sampling(wildcards.dataset))


def figure_recipe(script, wildcards, names=None):
    """Of a figure of some models, or of all."""
    entry = study.datasets[wildcards.dataset]
    return recipe(
        script,
        models=shown(names),
        honest=study.honest,
        classes=entry["classes"],
        title=entry["title"],
        another=(Dealt if sampling(wildcards.dataset) else Fixed).another,
    )


def samples_recipe(wildcards):
    title = study.datasets[wildcards.dataset]["title"]
    return recipe("figure_samples", title=title)


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
        splits=study.splits,
        samplings={name: sampling(wildcards.dataset, name) for name in study.splits},
        honest=study.honest,
        replicates=study.replicates,
        title=entry["title"],
        licence=entry.get("licence") or licence(entry["source"]),
        assets={file.name: sha256_of(file) for file in sorted(assets)},
    )


def sampling(dataset, split=study.honest):
    """Images that a replicate is dealt to train on, and to be tested on; none if they are fixed."""
    if study.splits[split]["kind"] == "fixed":
        return {}
    counts = study.images(dataset, split)
    return {f"n_{name}": counts[name] for name in ("train", "test")}


def intervals_recipe(wildcards):
    return recipe(
        "table_intervals",
        cells=honest_predictions(wildcards),  # the order of the rows
        honest=study.honest,
        sampling=sampling(wildcards.dataset),
    )


def pairs_recipe(wildcards):
    own = sampling(wildcards.dataset)
    return recipe("table_pairs", models=shown(), honest=study.honest, sampling=own)


def claims_recipe(wildcards):
    return recipe(
        "claims",
        ledger=claims,
        honest=study.honest,
        classes=study.datasets[wildcards.dataset]["classes"],
        sampling=sampling(wildcards.dataset),
    )

"""What all rules share: the checked study, its files of cells, recipes, and what jobs need."""

import json
import os
import re
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import yaml
from snakemake.exceptions import WorkflowError

from fewpixels.staleness import digest
from fewpixels.jobs.estimates import batch, estimate, minutes
from fewpixels.artifacts.files import (
    ArtifactError,
    hold_alone,
    remove_partial,
    sha256_of,
)
from fewpixels.jobs.killed import interrupted, reason
from fewpixels.images.splits import SUBSETS
from fewpixels.study.families import check_packages
from fewpixels.study.plan import plan
from fewpixels.study.pools import look_ahead, plan_split, read_pool
from fewpixels.study.model import Cell
from fewpixels.study.validation import (
    LOADER,
    ConfigurationError,
    check_names,
    complete,
)


def read_yaml(name):
    """What a file of the project's `workflow` holds."""
    return yaml.load((ROOT / "workflow" / name).read_text(encoding="utf-8"), LOADER)


try:
    for file in filter(Path.is_file, map(Path, workflow.configfiles)):
        check_names(file.read_text(encoding="utf-8"), file.name)
    complete(config, read_yaml("schemas/config.schema.yaml"))
    study = plan(config, ROOT)
    # Not those that Snakemake itself installs for its jobs.
    if not workflow.deployment_settings.deployment_method:
        check_packages(study.families.values())
except ConfigurationError as error:
    raise WorkflowError(str(error))

# Where a module's `prefix:` puts a file; without one, where its name says.
placed = workflow.modifier.path_modifier.replace_prefix


@cache
def pool(dataset, made):
    """Classes of a dataset's pool: of its file if that is made, else of its source, if it tells."""
    file = Path(placed(f"data/{dataset}.npz"))
    try:
        if made and file.is_file():
            return read_pool(file)
    except ArtifactError:
        pass  # the job that reads it says why
    return look_ahead(study.datasets[dataset])


# Shares of classes are so many images only once these are counted; and of the whole pool there are
# distorted copies, though a split may use little of it.
if min(study.subsets.values()) < 1 or study.augmentations:
    found = {dataset: pool(dataset, made=True) for dataset in study.datasets}
    counted = {name: tuple(own.sizes) for name, own in found.items() if own}
    study = replace(study, pools=counted)

FOLDERS = [Path(placed(f"{name}/")) for name in ("data", "results")]

# In one line, before Snakemake names every output of every job.
for folder in FOLDERS:
    if folder.exists() and not (
        os.access(folder, os.W_OK) or workflow.output_settings.dryrun
    ):
        raise WorkflowError(
            f"{folder}: found a folder that is read-only, expected to write results there; "
            "allow writing, or choose another place with --directory"
        )

ENVIRONMENT = "../envs/fewpixels.yaml"
CELL = "results/{dataset}/{split}/{size}px/{model}"
IMAGES = "results/{dataset}/{split}/{size}px"


# Others evaluate the models of one of these, which have the same training images.
training_splits = [name for name in study.splits if study.trains_as(name) == name]
used_families = sorted(study.families)
used_augmentations = sorted(
    {m.augmentation for m in study.models.values() if m.augmentation}
)
grids = sorted({model.entry for model in study.models.values() if model.axes})
# Those with sizes enough for a curve of their own.
of_many_sizes = [name for name, model in study.models.items() if len(model.sizes) >= 8]


def sources(dataset):
    """A dataset's own source, and that of its fresh images: each with its options."""
    entry = study.datasets[dataset]
    return [entry, entry["fresh"]] if "fresh" in entry else [entry]


def alternation(names):
    """A regular expression for exactly these names."""
    return "|".join(re.escape(str(name)) for name in names)


wildcard_constraints:
    dataset=alternation(study.datasets),
    split=alternation(study.splits),
    size=alternation(study.sizes),


def models_of(family):
    """Names of a family's models."""
    return [model.name for model in study.models.values() if model.family == family]


def tables_of(family, stage):
    """The tables that only this family writes, by name."""
    names = study.families[family].tables[stage]
    return {name: f"{CELL}/{name}.csv" for name in names}


def trained(family):
    """The files that training writes, by name."""
    common = {"model": "model.npz", "history": "history.csv", "fit": "fit.csv"}
    return {name: f"{CELL}/{file}" for name, file in common.items()} | tables_of(
        family, "train"
    )


def evaluated(family):
    """The files that evaluation writes, by name."""
    common = {"predictions": "predictions.npz", "metrics": "metrics.csv"}
    common["timing"] = "timing.csv"
    return {name: f"{CELL}/{file}" for name, file in common.items()} | tables_of(
        family, "evaluate"
    )


def models_with(table):
    """Models whose family writes a table of that name."""
    writers = {
        f
        for f in used_families
        for s in ("train", "evaluate")
        if table in tables_of(f, s)
    }
    return [name for name, model in study.models.items() if model.family in writers]


def showing(figure):
    """Models that the configuration singles out for a figure."""
    return [name for name, model in study.models.items() if figure in model.show]


def measured_in(table):
    """Models that have rows in a table of cells."""
    if table in ("metrics", "fit"):
        return list(study.models)
    if table == "history":
        return [
            name
            for name, model in study.models.items()
            if study.families[model.family].iterates
        ]
    return models_with(table)


def in_folder(cell, file):
    """A file of a cell."""
    return f"{CELL}/{file}".format(**vars(cell))


def cell_files(wildcards, file, models=None, splits=None):
    """A file of each cell of the dataset, or of those of some models and splits."""
    return [
        in_folder(cell, file)
        for cell in study.cells(wildcards.dataset)
        if (models is None or cell.model in models)
        and (splits is None or cell.split in splits)
    ]


def fit_files(cells, file):
    """A file that training writes, of all that is trained for some cells."""
    return list(dict.fromkeys(in_folder(study.fit_of(cell), file) for cell in cells))


def of_cells(file, models=None, splits=None):
    """An input function that asks for `cell_files`."""
    return partial(cell_files, file=file, models=models, splits=splits)


def of_fits(file, models=None):
    """An input function that asks for `fit_files`, of all cells or of those of some models."""

    def files(wildcards):
        cells = study.cells(wildcards.dataset)
        return fit_files(
            (c for c in cells if models is None or c.model in models), file
        )

    return files


def of_honest(file, models=None):
    """As `of_cells`, of the split that tables show."""
    return of_cells(file, models, [study.honest])


def augmented(dataset, model, sizes):
    """The files of distorted copies that a model trains on, at some sizes; of most models none."""
    name = study.models[model].augmentation
    pattern = f"results/{dataset}/{name}/{{size}}px.npz"
    return expand(pattern, size=sizes) if name else []


def copies(wildcards):
    return augmented(wildcards.dataset, wildcards.model, [wildcards.size])


def all_copies(wildcards):
    """The files of distorted copies that any model trains on."""
    models = study.models.values()
    files = {f for m in models for f in augmented(wildcards.dataset, m.name, m.sizes)}
    return sorted(files)


def honest_split(wildcards):
    return f"results/{wildcards.dataset}/{study.honest}/split.npz"


def fresh_images(wildcards):
    return expand(f"results/{wildcards.dataset}/fresh/{{size}}px.npz", size=study.sizes)


def figure(name):
    """The files of a figure, by kind; up to the first hyphen its name is that of its caption."""
    path = f"results/{{dataset}}/figures/{name}"
    described = report(
        f"{path}.svg",
        caption=f"../report/figure-{name.partition('-')[0]}.rst",
        category="Figures",
        subcategory="{dataset}",
        labels={"figure": name},
    )
    return {"svg": described, "png": f"{path}.png"}


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


def shown(names=None):
    """What tables and figures show of some models, or of all."""
    return [
        study.models[name].shown()
        for name in (study.models if names is None else names)
    ]


# Megabytes of Snakemake itself, which runs twice beside each job on a cluster: as the job that was
# submitted, and as its step.
SNAKEMAKE = 400

# A job asks for so many times its estimate of memory.
MARGIN = 1.4

JOBS = read_yaml("jobs.yaml")


def on_cluster():
    """Whether jobs are submitted, or would be but for a dry run."""
    batched = bool(workflow.group_settings.group_components)
    return batched or not workflow.local_exec


@cache
def estimated(rule, cell, files=0, augmentation=""):
    """The seconds and megabytes of a job."""
    return estimate(study, JOBS, rule, cell, files, augmentation)


def place(wildcards):
    """Where a job is; without a split or a size, as tables show and images have them."""
    size = getattr(wildcards, "size", study.datasets[wildcards.dataset]["side"])
    split = getattr(wildcards, "split", study.honest)
    return Cell(wildcards.dataset, split, int(size), getattr(wildcards, "model", ""))


def about(wildcards):
    """The augmentation that a job is about, if it is."""
    return getattr(wildcards, "augmentation", "")


def unpacked(file):
    """Bytes of a file; of one that is packed, as it says that it unpacks to."""
    size = file.stat().st_size if file.is_file() else 0
    if size and file.suffix == ".gz":
        return max(size, int.from_bytes(file.read_bytes()[-4:], "little"))
    try:
        with ZipFile(file) as archive:
            return sum(member.file_size for member in archive.infolist())
    except (OSError, BadZipFile):
        return size


def takes(rule):
    """The resources of a rule; a job that failed asks for more."""

    def memory(wildcards, input, attempt):
        files = sum(map(unpacked, map(Path, input))) if rule == "data" else 0
        own = MARGIN * estimated(rule, place(wildcards), files, about(wildcards))[1]
        return attempt * int(own + (SNAKEMAKE if on_cluster() else 0))

    def runtime(wildcards, attempt):
        return attempt * minutes(
            estimated(rule, place(wildcards), augmentation=about(wildcards))[0]
        )

    return {"mem_mb": memory, "runtime": runtime}

"""What an edit makes stale: real runs over finished results, and the exact set of jobs that ran.

A job goes by the name of its log, which it opens when it starts. What each edit should run is
derived by hand: from what the modules import and from what the rules read.
"""

import ast
import json
import shutil
from itertools import product

import pytest
import yaml
from running import attempt, copy_code, snakemake

DATASET = "tiny-mnist"
SIZES = ("7px", "2px")


def cells(*models, split="heldout", sizes=SIZES, stages=("train", "evaluate")):
    """Training and evaluation of some models."""
    return {f"{split}/{size}/{m}/{stage}" for size in sizes for m in models for stage in stages}


def images(*files, split="heldout", sizes=SIZES):
    """Images of a split."""
    return {f"{split}/{size}/{file}" for size in sizes for file in files}


ANSWERS = {"tables/pareto", "tables/answer", "figures/answer", "report"}
VERDICTS = {"tables/intervals", "tables/pairs", "figures/accuracy"} | ANSWERS
TABLES = {"tables/accuracy", "tables/leakage", "tables/sweep", "tables/timing"} | VERDICTS
# Figures of accuracy and of the answer are drawn from tables.
# metrics.csv and what reads it; tables/timing reads every cell's fit.csv and timing.csv, and
# tables/leakage every cell's predictions.npz and images.
METRICS = {"metrics", "provenance", "tables/accuracy", "tables/sweep", "figures/sweep"} | VERDICTS
AGGREGATES = METRICS | {"tables/timing", "tables/leakage"}
# figures/images reads the fresh images alone.


@pytest.fixture
def project(tmp_path, one_core):
    """A copy of the project's code and of the finished tiny study, in one folder."""
    folder = tmp_path / "project"
    shutil.copytree(one_core, folder)
    return copy_code(folder)


def test_what_jobs_ask_for_makes_nothing_stale(two_cores):
    """Results of a cluster, whose jobs have other resources, are those of this machine."""
    asked = ("--default-resources", "mem_mb=1234", "slurm_partition=main")
    assert "Nothing to be done" in snakemake(two_cores, "--dry-run", *asked)


def ran(project):
    """Run the study; return the jobs that ran, after a look that they alone wrote artifacts."""
    before = written(project)
    done = attempt(project, "--cores", "2", root=project)
    assert done.returncode == 0, done.stdout
    new = written(project) - before
    logs = project / "logs" / DATASET
    jobs = {str(f.relative_to(logs).with_suffix("")) for f, _ in new if f.suffix == ".log"}
    assert {writer(f.relative_to(project)) for f, _ in new if f.suffix != ".log"} == jobs
    return jobs


def written(project):
    """Every log and artifact of the dataset, with the time it was written."""
    folders = [project / top / DATASET for top in ("logs", "results")]
    files = [project / "data" / f"{DATASET}.npz", *(f for top in folders for f in top.rglob("*"))]
    return {(f, f.stat().st_mtime_ns) for f in files if f.is_file() and f.name[0] != "."}


def writer(artifact):
    """The job that writes an artifact."""
    top, *folders = artifact.parent.parts
    also = {
        "leakage-accuracy": "leakage",
        "enough": "answer",
        "steps": "sizes",
    }  # of jobs that write two tables
    stem = also.get(artifact.stem, artifact.stem)
    if top == "data":
        return "data"
    if len(folders) == 4:  # a cell
        evaluated = {"predictions", "metrics", "timing", "sweep"}
        stem = "evaluate" if stem in evaluated else "train"
    elif stem in ("train", "validation", "test"):
        stem = "downscale"
    return "/".join([*folders[1:], stem])


def edit(file, old, new):
    text = file.read_text()
    assert text.count(old) == 1
    file.write_text(text.replace(old, new))


def configure(project, change):
    """Change the study by a function of it."""
    file = project / "config" / "tiny.yaml"
    study = yaml.safe_load(file.read_text())
    change(study)
    file.write_text(yaml.safe_dump(study, sort_keys=False))


def reordered(study):
    """The study with the keys of every mapping in reverse, but for the models themselves."""

    def backwards(value):
        if not isinstance(value, dict):
            return value
        return {key: backwards(value[key]) for key in reversed(value)}

    models = {name: backwards(model) for name, model in study["models"].items()}
    return backwards(study) | {"models": models}


def test_comments_time_stamps_and_the_layout_of_the_study_make_nothing_stale(project):
    configuration = project / "config" / "tiny.yaml"
    study = reordered(yaml.safe_load(configuration.read_text()))
    configuration.write_text(yaml.safe_dump(study, sort_keys=False, indent=7, width=40))
    edited = [project / "Snakefile", project / "workflow" / "Snakefile"]
    edited += [file for kind in ("py", "smk", "yaml") for file in project.rglob(f"*.{kind}")]
    for file in edited:
        file.write_text(f"# A comment.\n{file.read_text()}\n# Another one.\n")
    assert ran(project) == set()


def test_docstrings_and_the_layout_of_code_make_nothing_stale(project):
    for file in project.rglob("*.py"):
        tree = ast.parse(file.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                node.body.insert(0, ast.Expr(ast.Constant("Other words.")))
        file.write_text(ast.unparse(tree))
    configuration = project / "config" / "tiny.yaml"
    study = yaml.safe_load(configuration.read_text())
    configuration.write_text(json.dumps(reordered(study)))  # flow style
    assert ran(project) == set()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "old", "new", "stale"),
    [
        ("fewpixels/perceptrons/schemes.py", "2 * np.eye(classes) - 1", "-1 + 2 * np.eye(classes)",
         cells("ovr") | AGGREGATES),
        ("fewpixels/networks/descent.py", "step - best_at[live]", "-best_at[live] + step",
         cells("mlp") | AGGREGATES),
        # Imported inside a function of perceptron.py.
        ("fewpixels/perceptrons/loops.py", "            t += 1\n", "            t += 2 - 1\n",
         cells("ovr") | AGGREGATES),
        # Imported by rows.py.
        ("fewpixels/perceptrons/kernels.py", "gram + c**2\n", "c**2 + gram\n",
         cells("ovr") | AGGREGATES),
        # Imported by all that tabulate accuracies.
        ("fewpixels/statistics/intervals.py", "max(0.0, float(middle - half))",
         "max(0.0, float(-half + middle))", TABLES | {"figures/sweep"}),
        ("scripts/table_timing.py", "fits, timings = read_cells(snakemake.input.fits), ",
         "fits, timings = read_cells(list(snakemake.input.fits)), ",
         {"tables/timing", "report"}),
        # Beside the scripts, imported by those that draw.
        ("scripts/_figures.py", 'metadata={"Date": None}', 'metadata={"Date": None, "Title": "A"}',
         {f"figures/{name}" for name in ("accuracy", "answer", "images", "samples", "sweep")}),
    ],
    ids=lambda value: value if str(value).endswith(".py") else "",
)  # fmt: skip
def test_arithmetic_makes_stale_what_reaches_it(project, file, old, new, stale):
    edit(project / file, old, new)
    assert ran(project) == stale


@pytest.mark.slow
@pytest.mark.parametrize(
    "values",
    [{"width": 3}, {"layers": 16, "width": 3}],
    ids=["as-another", "swapped"],
)
def test_a_value_that_another_key_has_or_had_makes_its_model_stale(project, values):
    """Though no value is new: Snakemake compares parameters as a set without names."""
    configure(project, lambda study: study["models"]["mlp"]["parameters"].update(values))
    assert ran(project) == cells("mlp") | AGGREGATES


def test_edits_make_stale_what_any_of_them_does(project):
    """Arithmetic that mlp.py alone imports, a hyperparameter, and a model that is new."""
    edit(
        project / "fewpixels" / "networks" / "layers.py",
        "np.arctan(z, out=h)",
        "h[:] = np.arctan(z)",
    )
    configure(project, lambda study: study["models"]["knn"]["parameters"].update(k_max=9))
    configure(project, add_model)
    assert ran(project) == cells("mlp", "knn", "quadratic") | AGGREGATES | {"figures/sweep"}
    assert ran(project) == set()


@pytest.mark.slow
def test_titles_make_what_shows_them_stale(project):
    configure(project, lambda study: study["datasets"][DATASET].update(title="Some digits"))
    configure(project, lambda study: study["models"]["ovr"].update(title="Perceptrons"))
    titled = TABLES - {"tables/intervals"}
    assert ran(project) == titled | {"provenance", "figures/samples", "figures/sweep"}


@pytest.mark.slow
def test_more_replicates_make_all_but_the_data_and_the_fresh_images_stale(project):
    configure(project, lambda study: study.update(replicates=3))
    images_and_cells = images("downscale") | cells("ovr", "knn", "mlp")
    assert ran(project) == {"heldout/split", "figures/sweep"} | images_and_cells | AGGREGATES


def add_model(study):
    parameters = {"scheme": "one-vs-rest", "kernel": "quadratic", "epochs": 5}
    study["models"]["quadratic"] = {
        "family": "perceptron", "title": "Quadratic", "parameters": parameters
    }  # fmt: skip


def add_augmentation(study):
    """One that a model trains on, and one that none does."""
    study["augmentations"] = {"distorted": {"copies": 2, "rotation": 10}, "unused": {"copies": 1}}
    study["models"]["knn-distorted"] = study["models"]["knn"] | {"augmentation": "distorted"}


AUGMENTED = {f"distorted/{size}" for size in SIZES} | {"figures/augmentation-distorted"}


def add_size(study):
    study["sizes"] = [7, 4, 2]


def add_splits(study):
    """One that trains perceptrons, and one that evaluates those of another."""
    study["splits"]["alone"] = {"title": "trained anew", "test": "last"}
    study["splits"]["reused"] = {"title": "reused", "test": "last", "trains_as": "heldout"}
    study["models"]["ovr"]["splits"] = ["heldout", "alone", "reused"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("add", "new", "stale"),
    [
        (add_model, cells("quadratic"), AGGREGATES),
        (
            add_augmentation,
            AUGMENTED | cells("knn-distorted"),
            AGGREGATES | {"figures/sweep"},
        ),
        (
            add_size,
            {"fresh/4px"}
            | images("downscale", sizes=["4px"])
            | cells("ovr", "knn", "mlp", sizes=["4px"]),
            AGGREGATES | {"figures/sweep", "figures/images"},
        ),
        (
            add_splits,
            {"alone/split", "reused/split"}
            | images("downscale", split="alone")
            | cells("ovr", split="alone")
            | images("downscale", split="reused")
            | cells("ovr", split="reused", stages=["evaluate"]),
            AGGREGATES,
        ),
    ],
    ids=["model", "augmentation", "size", "splits"],
)
def test_what_is_added_runs_alone_and_what_is_removed_leaves_every_table(project, add, new, stale):
    study, before = (project / "config" / "tiny.yaml").read_text(), summaries(project)
    configure(project, add)
    assert ran(project) == new | stale
    assert summaries(project) != before
    (project / "config" / "tiny.yaml").write_text(study)
    assert ran(project) == stale
    assert summaries(project).items() >= before.items()  # what is left over stays


@pytest.mark.slow
def test_how_copies_are_distorted_makes_stale_what_trains_on_them(project):
    configure(project, add_augmentation)
    ran(project)
    configure(project, lambda study: study["augmentations"]["unused"].update(copies=3))
    assert ran(project) == {"provenance", "report"}
    configure(project, lambda study: study["augmentations"]["distorted"].update(scale=0.1))
    stale = AUGMENTED | cells("knn-distorted") | AGGREGATES | {"figures/sweep"}
    assert ran(project) == stale


def summaries(project):
    """The bytes of metrics.csv, and of every table and figure."""
    folder = project / "results" / DATASET
    files = [folder / "metrics.csv", *folder.glob("tables/*"), *folder.glob("figures/*")]
    return {file.name: file.read_bytes() for file in files if file.name[0] != "."}


@pytest.mark.slow
def test_the_order_of_models_and_sizes_is_the_order_of_rows(project):
    def reverse(study):
        study["models"] = dict(reversed(study["models"].items()))
        study["sizes"].reverse()

    configure(project, reverse)
    assert ran(project) == AGGREGATES | {"figures/sweep"}
    rows = (project / "results" / DATASET / "metrics.csv").read_text().splitlines()[1:]
    order = list(dict.fromkeys(tuple(row.split(",")[3:1:-1]) for row in rows))
    assert order == list(product(["mlp", "knn", "ovr"], ["2", "7"]))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("files", "stale"),
    [
        (
            ["provenance.json", "tables/accuracy.md", "figures/accuracy.svg"],
            {"provenance", "report", "tables/accuracy", "figures/accuracy"},
        ),
        (["metrics.csv"], METRICS),
    ],
    ids=["last", "metrics"],
)
def test_a_deleted_result_is_made_again(project, files, stale):
    for file in files:
        (project / "results" / DATASET / file).unlink()
    assert ran(project) == stale


@pytest.mark.slow
@pytest.mark.parametrize(
    ("packages", "stale"),
    [
        (["numba"], cells("ovr", "knn") | AGGREGATES | {"figures/sweep"}),
        (["tabulate", "rich"], TABLES | {"tables/classes"}),
    ],
    ids=["of-cells", "of-tables-and-of-nothing"],
)
def test_another_version_of_a_package_makes_stale_what_imports_it(
    project, tmp_path, monkeypatch, packages, stale
):
    for name in packages:
        folder = tmp_path / "packages" / f"{name}-99.0.dist-info"
        folder.mkdir(parents=True)
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 99.0\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "packages"))
    assert ran(project) == stale

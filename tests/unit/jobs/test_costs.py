"""What jobs cost: estimates follow what was measured, and batches hold cells that take as long."""

import importlib.util
import math
import re
import sys
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import yaml
from helpers import deal
from hypothesis import given, settings
from hypothesis import strategies as st
from snakemake.utils import validate

from fewpixels.jobs.costs import LONGEST, START, Costs, batch, minutes, read_costs
from fewpixels.jobs.work import LARGEST_GRAMS, TERMS, Job, grams_fit, job_of, terms
from fewpixels.models import mlp, perceptron
from fewpixels.streams import Streams
from fewpixels.study.plan import plan
from fewpixels.study.validation import filled

SECONDS = st.floats(0.01, 1e6)
AMOUNTS = st.dictionaries(st.sampled_from(TERMS), st.floats(0, 1e6))
COUNTS = st.integers(1, 1000)
PERCEPTRON = st.fixed_dictionaries(
    {
        "scheme": st.sampled_from(["one-vs-rest", "one-vs-one", "one-vs-one-unordered"]),
        "kernel": st.sampled_from(["linear", "quadratic", "polynomial"]),
        "degree": st.integers(1, 4),
        "epochs": st.sampled_from([0.5, 1, 10]),
        "weights": st.sampled_from(["last", "averaged", "voted"]),
        "bias": st.booleans(),
    }
)
MLP = st.fixed_dictionaries(
    {
        "layers": st.integers(2, 4),
        "width": st.integers(1, 300),
        "batch": st.sampled_from(["full", "mini"]),
        "per_class": st.integers(1, 20),
        "max_updates": COUNTS,
        "validate_every": st.integers(1, 5),
    }
)
MODELS = (
    PERCEPTRON.map(lambda own: ("perceptron", own))
    | MLP.map(lambda own: ("mlp", own))
    | st.just(("knn", {}))
    | st.just(("own", {}))
)


@st.composite
def jobs(draw):
    """Any job."""
    family, hyperparameters = draw(MODELS)
    replicates = draw(st.integers(1, 20))
    return Job(
        replicates,
        draw(st.sampled_from([1, replicates])),
        *(draw(COUNTS) for _ in range(4)),
        classes=draw(st.integers(2, 20)),
        side=28,
        size=draw(st.integers(1, 28)),
        grams=draw(st.integers(0, 2)),
        stage=draw(st.sampled_from(["images", "train", "reuse", "evaluate"])),
        family=family,
        hyperparameters=hyperparameters,
    )


@given(jobs())
def test_work_is_counted_in_all_terms_and_never_negative(job):
    found = terms(job)
    assert tuple(found) == TERMS
    assert all(math.isfinite(n) and n >= 0 for n in found.values())


@given(jobs(), st.integers(2, 9))
def test_replicates_are_as_much_work_each(job, times):
    """But for what they share: the dataset, its fresh images, and Python."""
    job = replace(job, held=job.replicates, fresh=0)
    more = replace(job, replicates=times * job.replicates, held=times * job.held)
    shared = {"jobs", "pool_pixels"}
    one, many = terms(job), terms(more)
    assert {t: many[t] for t in shared} == {t: one[t] for t in shared}
    for term in set(TERMS) - shared:
        assert many[term] == pytest.approx(times * one[term])


@given(jobs(), st.integers(2, 9))
def test_pairs_grow_with_the_square_of_images(job, times):
    counts = ("train", "validation", "test", "fresh")
    more = replace(job, **{name: times * getattr(job, name) for name in counts})
    one, many = terms(job), terms(more)
    for term in ("pairs", "products", "gram_entries"):
        assert many[term] == pytest.approx(times**2 * one[term])
    for term in ("images", "pixels", "pool_pixels", "labels", "mistakes", "votes"):
        assert many[term] == pytest.approx(times * one[term])
    assert more.looked_up == times * job.looked_up


@settings(max_examples=10)
@given(
    st.sampled_from(["one-vs-rest", "one-vs-one", "one-vs-one-unordered"]),
    st.sampled_from(["linear", "quadratic"]),
    st.booleans(),
    st.integers(1, 8),
)
def test_parameters_are_those_of_fitted_models(scheme, kernel, bias, size):
    rng = np.random.default_rng(size)
    images = rng.integers(0, 256, (60, size**2)).astype(np.float32)
    train, validation = deal([rng, rng], images, np.arange(60) % 3, 10, 2)
    own = {"scheme": scheme, "kernel": kernel, "epochs": 1, "bias": bias}
    families = [
        (perceptron, own, "alpha|weights"),
        (mlp, {"layers": 3, "width": size, "activation": "relu", "batch": "full",
               "max_updates": 2}, "[wb][0-9]"),
    ]  # fmt: skip
    for family, given_, names in families:
        options = filled(given_, family.HYPERPARAMETERS)
        streams = Streams(1, "digits", f"{size}/model")
        fitted = family.fit(train, validation, options, grams={}, streams=streams)
        replicates, n = train.y.shape
        job = Job(
            replicates, replicates, n, validation.y.shape[1], 0, 0, 3, size, size,
            stage="train", family=family.__name__.split(".")[-1], hyperparameters=options,
        )  # fmt: skip
        kept = [a.size for name, a in fitted.parameters.items() if re.fullmatch(names, name)]
        assert terms(job)["parameters"] == sum(kept)


@given(st.integers(1, 50), st.booleans(), st.sampled_from(["images", "train", "evaluate"]))
def test_jobs_are_described_as_the_study_says(root, fresh, told, stage):
    config = yaml.safe_load((root / "config" / "tiny.yaml").read_text())
    validate(config, str(root / "workflow" / "schemas" / "config.schema.yaml"))
    (name, dataset), (model, _) = (
        next(iter(config[key].items())) for key in ("datasets", "models")
    )
    dataset["options"]["fresh_per_class"] = fresh
    if not told:
        dataset["source"] = "npz"
        dataset["options"] = {"file": "a.npz"}
    study = plan(config, root)
    job = job_of(study, name, study.honest, 7, stage=stage, model=model)
    counts = {k: getattr(job, k) for k in ("train", "validation", "test")}
    assert counts == study.images(name, study.honest)
    assert job.fresh == (10 * fresh if told else counts["validation"])
    assert (job.replicates, job.size, job.side, job.classes) == (study.replicates, 7, 28, 10)
    assert (job.family, job.hyperparameters) == (
        study.models[model].family,
        study.models[model].parameters,
    )


@given(st.integers(1, 1000), st.integers(1, 500), st.booleans())
def test_gram_files_are_no_larger_than_a_gibibyte(root, replicates, train, fixed):
    config = yaml.safe_load((root / "config" / "tiny.yaml").read_text())
    validate(config, str(root / "workflow" / "schemas" / "config.schema.yaml"))
    study = plan(config, root)
    kind = {"kind": "fixed", "train": 10 * train, "validation": 50}
    study = replace(
        study,
        replicates=replicates,
        subsets={**study.subsets, "train": train, "validation": 5},
        splits={"heldout": kind if fixed else {"kind": "dealt", "test": "shuffled"}},
    )
    (name,) = study.datasets
    size = np.empty((10 * train, 10 * train + 50), np.byte).size * replicates * 8
    assert grams_fit(study, name, "heldout") == (not fixed and size <= LARGEST_GRAMS)


@given(AMOUNTS, AMOUNTS, st.floats(0, 1e6))
def test_estimates_are_sums_and_never_below_the_start_of_python(factors, amounts, constant):
    work = dict.fromkeys(TERMS, 0.0) | amounts
    small, table = (
        dict.fromkeys(("seconds", "megabytes", "bytes"), own)
        for own in ({"jobs": constant}, factors)
    )
    costs = Costs({"train_a": table, "train_b": small, "split": small})
    total = math.fsum(factors[term] * work[term] for term in factors)
    assert costs.seconds("train_a", work) == pytest.approx(max(START, total))
    assert costs.megabytes("train_a", work) == pytest.approx(total)
    assert costs.bytes("train_a", work) == pytest.approx(total)
    assert costs.seconds("another", work) is None is costs.bytes("another", work)
    # A family of one's own takes as much memory as any that was measured.
    most = max(costs.megabytes("train_a", work), costs.megabytes("train_b", work))
    assert costs.megabytes("train_own", work) == most


@given(SECONDS)
def test_a_job_gets_three_times_its_estimate_to_the_minute(seconds):
    assert 3 * seconds <= 60 * minutes(seconds) < 3 * seconds + 60
    assert minutes(None) == 60


@given(SECONDS)
def test_a_batch_is_named_by_the_next_power_of_two(seconds):
    name = batch(seconds)
    if seconds > LONGEST:
        assert name == "cells_alone" == batch(None)
    else:
        bound = int(re.fullmatch(r"cells_(\d+)s", name)[1])
        assert math.log2(bound).is_integer()
        assert seconds <= bound
        assert bound == 1 or seconds > bound / 2


@given(st.dictionaries(st.text("abc_", min_size=1), st.dictionaries(st.text("ab"), AMOUNTS)))
def test_costs_are_read_as_they_were_written(tmp_path_factory, rules):
    path = tmp_path_factory.mktemp("costs") / "costs.yaml"
    path.write_text(yaml.safe_dump({"rules": rules}))
    assert read_costs(path) == Costs(rules)


@pytest.fixture(scope="module")
def fit(root):
    """The function of bench/costs.py."""
    spec = importlib.util.spec_from_file_location("bench_costs", root / "bench" / "costs.py")
    module = importlib.util.module_from_spec(spec)
    path = list(sys.path)
    spec.loader.exec_module(module)
    sys.path[:] = path
    return module.fit


@settings(max_examples=8)
@given(st.integers(0, 2**32 - 1))
def test_a_fit_finds_the_coefficients_of_exact_costs(fit, seed):
    rng = np.random.default_rng(seed)
    rows = rng.uniform(0, 1, (40, len(TERMS))) * 10.0 ** rng.integers(-3, 9, len(TERMS))
    rows[:, 0] = 1
    factors = rng.uniform(0.5, 2, len(TERMS)) / rows.max(axis=0)
    found = fit("seconds", rows, rows @ factors)
    estimate = rows @ [found.get(term, 0) for term in TERMS]
    assert estimate == pytest.approx(rows @ factors, rel=0.02)


@settings(max_examples=8)
@given(st.integers(0, 2**32 - 1))
def test_no_measured_job_took_more_memory_than_the_fit_says(fit, seed):
    rng = np.random.default_rng(seed)
    rows = rng.uniform(0.1, 1, (40, len(TERMS))) * 10.0 ** rng.integers(0, 9, len(TERMS))
    used = rng.uniform(50, 500, 40)
    found = fit("megabytes", rows, used)
    estimate = rows @ [found.get(term, 0) for term in TERMS]
    assert (estimate >= 0.99 * used).all()
    assert (estimate <= 1.01 * used).any()


def test_every_rule_of_cells_and_images_was_measured(root):
    costs = read_costs(root / "workflow" / "costs.yaml")
    families = [file.stem for file in (root / "fewpixels" / "models").glob("[!_]*.py")]
    rules = {f"{stage}_{name}" for stage in ("train", "reuse", "evaluate") for name in families}
    rules |= {"data", "split", "downscale", "downscale_fresh", "augment"}
    assert rules <= costs.rules.keys()


def test_the_profile_fills_batches_for_about_a_minute(root):
    """Every batch that a cell can be in, and no other."""
    profile = yaml.safe_load((root / "profiles" / "slurm" / "config.yaml").read_text())
    components = dict(entry.split("=") for entry in profile["group-components"])
    assert components.pop("report")
    bounds = [2**n for n in range(math.ceil(math.log2(LONGEST)) + 1)]
    assert components.keys() == {batch(seconds) for seconds in bounds}
    for seconds in bounds:
        assert 50 <= seconds * int(components[batch(seconds)]) <= 70


def test_the_slurm_profile_repeats_the_default_one(root):
    """With --workflow-profile Snakemake does not read the default profile."""
    default, slurm = (
        yaml.safe_load((root / "profiles" / name / "config.yaml").read_text())
        for name in ("default", "slurm")
    )
    assert default.keys() <= slurm.keys()
    differing = {key for key in default if default[key] != slurm[key]}
    assert differing == {"cores"}  # of this machine; of one submitted job


def test_every_key_of_the_slurm_profile_is_commented(root):
    lines = (root / "profiles" / "slurm" / "config.yaml").read_text().splitlines()
    for above, line in pairwise(lines):
        if line and not line.startswith(("#", " ")):
            assert above.startswith("# "), line

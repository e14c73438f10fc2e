"""What jobs are estimated to take: enough, more in larger studies, in batches of about a minute."""

from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
import yaml
from helpers import deal
from hypothesis import given
from hypothesis import strategies as st
from snakemake.utils import validate

from fewpixels import FewpixelsError
from fewpixels.contract import Job, Needs
from fewpixels.jobs import estimates
from fewpixels.jobs.estimates import BATCHES, batch, check_machine, estimate, minutes
from fewpixels.models import convnet, knn, mlp, perceptron
from fewpixels.streams import Streams
from fewpixels.study.model import Cell
from fewpixels.study.plan import plan
from fewpixels.study.validation import filled

SECONDS = st.floats(0.01, 1e6)
COUNTS = st.integers(1, 1000)
SCHEMES = ("one-vs-rest", "one-vs-one", "one-vs-one-unordered")
SPLITS = [
    {"kind": "dealt", "test": "shuffled"},
    {"kind": "fixed", "train": 300, "validation": 50},
]
MODELS = [
    *((perceptron, {"scheme": scheme, "kernel": "linear", "epochs": 0.5}) for scheme in SCHEMES),
    (perceptron, {"scheme": "one-vs-rest", "kernel": "quadratic", "epochs": 2, "bias": True}),
    (perceptron, {"scheme": "one-vs-one", "kernel": "linear", "epochs": 2, "weights": "voted"}),
    (mlp, {"layers": 3, "width": 7, "activation": "relu", "batch": "mini", "max_updates": 2}),
    (mlp, {"layers": 2, "width": 30, "activation": "atan", "batch": "full", "max_updates": 2}),
    (knn, {"k_max": 5}),
]
NETWORK = convnet, {"filters": 3, "epochs": 2, "batch_size": 20}


@pytest.mark.parametrize(("family", "given_"), [*MODELS, NETWORK])
@given(counts=st.tuples(*[COUNTS] * 3), trains=st.booleans(), times=COUNTS)
def test_larger_jobs_need_as_much_or_more(family, given_, counts, trains, times):
    options = filled(given_, family.HYPERPARAMETERS)
    replicates, images, labelled = counts
    job = Job(trains, replicates, replicates, images, labelled, 49, 10, options)
    named = {perceptron: perceptron.needs, mlp: mlp.needs, knn: knn.needs, convnet: convnet.needs}
    needs = named[family]
    one = needs(job)
    assert one.seconds >= 0
    assert one.numbers > 0
    for name in ("images", "labelled", "replicates"):
        more = needs(replace(job, **{name: times * getattr(job, name)}))
        assert one.seconds <= more.seconds
        assert one.numbers <= more.numbers


@pytest.mark.parametrize("size", [1, 5, 8])
@pytest.mark.parametrize(
    ("family", "given_"), [*MODELS, pytest.param(*NETWORK, marks=pytest.mark.torch)]
)
def test_no_fitted_model_keeps_more_than_was_estimated(family, given_, size):
    rng = np.random.default_rng(size)
    images = rng.integers(0, 256, (60, size**2)).astype(np.float32)
    train, validation = deal([rng, rng], images, np.arange(60) % 3, 10, 2)
    options = filled(given_, family.HYPERPARAMETERS)
    streams = Streams(1, "digits", f"{size}/model")
    fitted = family.fit(train, validation, options, streams=streams)
    kept = sum(array.nbytes for array in fitted.parameters.values())
    (r, n), m = train.y.shape, validation.y.shape[1]
    for trains in (True, False):
        assert 8 * family.needs(Job(trains, r, r, n, m, size**2, 3, options)).numbers >= kept


@pytest.fixture(scope="module")
def tiny(root):
    """The tiny study."""
    config = yaml.safe_load((root / "config" / "tiny.yaml").read_text())
    validate(config, str(root / "workflow" / "schemas" / "config.schema.yaml"))
    return plan(config, root)


@pytest.fixture
def megabytes_and_seconds(tiny, root, tmp_path):
    """The estimate for a model of one's own, whose file has such lines."""
    table = yaml.safe_load((root / "workflow" / "jobs.yaml").read_text())
    cell = Cell(*tiny.datasets, tiny.honest, 7, "own")

    def found(lines="", rule="train_own", size=7, **changes):
        file = tmp_path / f"own{len(list(tmp_path.iterdir()))}.py"  # loaded once each
        file.write_text(f"from fewpixels.models import Needs\n{lines}")
        family = SimpleNamespace(source=str(file), says_needs=bool(lines))
        model = replace(tiny.models["knn"], family="own")
        study = replace(tiny, models={"own": model}, families={"own": family}, **changes)
        return estimate(study, table, rule, replace(cell, size=size))[::-1]

    return found


@given(st.integers(1, 20), st.integers(1, 9), st.sampled_from([7, 28]))
def test_copies_count_as_images_and_more_of_them_take_more(root, tiny, copies, times, size):
    table = yaml.safe_load((root / "workflow" / "jobs.yaml").read_text())
    ((name, _),) = tiny.datasets.items()
    models = {key: replace(m, augmentation="some") for key, m in tiny.models.items()}

    def found(copies, rule, model=""):
        study = replace(tiny, models=models, augmentations={"some": {"copies": copies}})
        return estimate(study, table, rule, Cell(name, tiny.honest, size, model), 0, "some")

    for own in [(rule, "") for rule in ("augment", "figure_augmentation", "table_pareto")] + [
        (f"{stage}_{m.family}", key) for key, m in models.items() for stage in ("train", "evaluate")
    ]:
        less, more = found(copies, *own), found(copies * times, *own)
        assert less[0] <= more[0]
        assert less[1] <= more[1]
    seen = []
    said = SimpleNamespace(needs=lambda job: seen.append(job) or Needs(0, 0))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(estimates, "load", lambda _: said)
        found(copies, "train_mlp", "mlp")
    assert [job.images for job in seen] == [tiny.images(name, tiny.honest)["train"] * (1 + copies)]


@given(st.integers(1000, 10**6), st.integers(1, 20))
def test_copies_are_of_the_whole_pool_however_little_of_it_trains(root, tiny, images, copies):
    table = yaml.safe_load((root / "workflow" / "jobs.yaml").read_text())
    ((name, entry),) = tiny.datasets.items()
    study = replace(
        tiny,
        augmentations={"some": {"copies": copies}},
        datasets={name: {**entry, "options": {}}},
    )

    def megabytes(**pools):
        own = replace(study, pools=pools)
        return estimate(own, table, "augment", Cell(name, tiny.honest, 28, ""), 0, "some")[1]

    least = images * copies * 28**2 / 2**20
    assert megabytes(**{name: (images // 2, images - images // 2)}) > least
    assert megabytes() > 60_000 * copies * 28**2 / 2**20  # of a download: as many as MNIST has


@given(st.text(max_size=9), st.booleans())
def test_what_a_machine_lacks_for_a_model_refuses_it_in_one_line(tiny, said, tells):
    family = SimpleNamespace(source="own.py", says_lacks=tells)
    study = replace(tiny, families=dict.fromkeys(tiny.families, family))

    def lacks(parameters):
        return said if "k_max" in parameters else ""

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(estimates, "load", lambda _: SimpleNamespace(lacks=lacks))
        check_machine(study, ["ovr", "mlp"])
        if not (said and tells):
            check_machine(study, ["ovr", "knn"])
            return
        with pytest.raises(FewpixelsError) as caught:
            check_machine(study, ["ovr", "knn"])
    assert str(caught.value) == f"models.knn: {said}"


def test_an_error_in_what_a_machine_is_said_to_lack_is_one_line(tiny):
    family = SimpleNamespace(source="own.py", says_lacks=True)
    study = replace(tiny, families=dict.fromkeys(tiny.families, family))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(estimates, "load", lambda _: SimpleNamespace(lacks=lambda _: 1 / 0))
        with pytest.raises(FewpixelsError) as caught:
            check_machine(study, ["knn"])
    said = "own.py: lacks: ZeroDivisionError: division by zero; correct it"
    assert str(caught.value) == said


@given(COUNTS, COUNTS, COUNTS, COUNTS, st.sampled_from(SPLITS))
def test_every_rule_takes_more_in_larger_studies(root, tiny, replicates, train, size, times, split):
    table = yaml.safe_load((root / "workflow" / "jobs.yaml").read_text())
    subsets = {"train": train, "validation": 5, "test": 5}
    study = replace(tiny, replicates=replicates, subsets=subsets, splits={tiny.honest: split})
    cell = Cell(*study.datasets, tiny.honest, size, "mlp")
    larger = {
        "replicates": (replace(study, replicates=times * replicates), cell),
        "images": (replace(study, subsets={**subsets, "train": times * train}), cell),
        "pixels": (study, replace(cell, size=times * size)),
    }
    for rule in ("train_mlp", "evaluate_mlp", *table):
        seconds, megabytes = estimate(study, table, rule, cell)
        assert seconds > 0
        for own, place in larger.values():
            more = estimate(own, table, rule, place)
            assert more[0] >= seconds
            assert more[1] >= megabytes >= table[rule.removesuffix("_mlp")]["megabytes"]


@pytest.mark.parametrize("rule", ["train_own", "evaluate_own"])
def test_a_family_that_does_not_say_gets_an_hour_and_copies_of_the_images(
    rule, megabytes_and_seconds
):
    megabytes, seconds = megabytes_and_seconds(rule=rule)
    assert minutes(seconds) == 60
    assert batch(seconds) == "cells_alone"
    for more in ({"size": 28}, {"replicates": 100}):
        assert megabytes_and_seconds(rule=rule, **more)[0] > megabytes


def test_a_family_of_ones_own_can_say_what_it_needs(megabytes_and_seconds):
    lines = "def needs(job): return Needs(job.pixels, 2**17 * {} * job.classes)"
    (none, _), (some, seconds) = (megabytes_and_seconds(lines.format(n)) for n in (0, 3))
    assert some - none == pytest.approx(30)
    assert seconds == pytest.approx(49, abs=2)


@pytest.mark.parametrize("returned", ["job.nothing", "1, 2"])
def test_an_error_in_what_a_family_says_is_one_line(returned, megabytes_and_seconds):
    with pytest.raises(FewpixelsError, match=r"^.+own0\.py: needs: AttributeError: .*$"):
        megabytes_and_seconds(f"def needs(job): return {returned}")


@pytest.mark.parametrize("returned", ["-1, 0", "0, float('nan')", "float('inf'), 0", "0, 1e30"])
def test_needs_that_no_job_can_have_are_refused(returned, megabytes_and_seconds):
    with pytest.raises(FewpixelsError, match=r"^.+own0\.py: needs: found .+ expected both from 0"):
        megabytes_and_seconds(f"def needs(job): return Needs({returned})")


@given(fresh=st.integers(1, 50), told=st.booleans(), trains=st.booleans())
def test_jobs_are_described_as_the_study_says(tiny, fresh, told, trains):
    ((name, entry),) = tiny.datasets.items()
    options = {"fresh_per_class": fresh} if told else {"file": "a.npz"}
    study = replace(tiny, datasets={name: entry | {"options": options}})
    model, seen = study.models["mlp"], []
    said = SimpleNamespace(needs=lambda job: seen.append(job) or Needs(0, 0))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(estimates, "load", lambda _: said)
        estimates._needs(study, Cell(name, study.honest, 7, "mlp"), trains)
    counts = study.images(name, study.honest)
    labelled = counts["validation"]
    if not trains:
        labelled += counts["test"] + (10 * fresh if told else counts["validation"])
    r, n = study.replicates, counts["train"]
    assert seen == [Job(trains, r, r, n, labelled, 49, 10, model.parameters)]


@given(SECONDS)
def test_a_job_gets_three_times_its_estimate_to_the_minute(seconds):
    assert 3 * seconds <= 60 * minutes(seconds) < 3 * seconds + 60
    assert minutes(None) == 60


@given(SECONDS)
def test_a_batch_holds_cells_of_so_many_seconds_at_the_most(seconds):
    assert seconds <= BATCHES.get(batch(seconds), np.inf)
    assert (batch(seconds) == "cells_alone") == (seconds > max(BATCHES.values()))
    assert batch(None) == "cells_alone"


def test_the_profile_fills_batches_for_up_to_two_minutes(root):
    """Every batch that a cell can be in, and no other."""
    profile = yaml.safe_load((root / "profiles" / "slurm" / "config.yaml").read_text())
    components = dict(entry.split("=") for entry in profile["group-components"])
    assert components.pop("report")
    assert components.keys() == BATCHES.keys()
    for name, seconds in BATCHES.items():
        assert 80 <= seconds * int(components[name]) <= 120


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

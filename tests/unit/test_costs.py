"""What jobs cost: estimates follow what was measured, and batches hold cells that take as long."""

import math
import re
from itertools import pairwise

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from fewpixels.costs import LONGEST, START, Costs, Workload, batch, minutes, read_costs

SIZES = st.integers(1, 1000)
SECONDS = st.floats(0.01, 1e6)
GROWS = st.sampled_from(["images", "pairs"])
WORK = st.builds(Workload, SIZES, SIZES)


@given(WORK, st.integers(2, 9))
def test_pairs_grow_with_the_square_of_images(work, times):
    more_images = Workload(work.replicates, work.train * times)
    assert more_images.amount("images") == times * work.amount("images")
    assert more_images.amount("pairs") == times**2 * work.amount("pairs")
    more_replicates = Workload(work.replicates * times, work.train)
    for grows in ("images", "pairs"):
        assert more_replicates.amount(grows) == times * work.amount(grows)


@given(WORK, SECONDS, GROWS, st.integers(2, 9))
def test_estimates_are_in_proportion_and_never_below_the_start_of_python(
    work, seconds, grows, times
):
    costs = Costs(work, {"rule": {"seconds": seconds, "grows": grows}})
    larger = Workload(work.replicates * times, work.train)
    assert costs.seconds("rule", work) == pytest.approx(max(START, seconds))
    assert costs.seconds("rule", larger) == pytest.approx(max(START, times * seconds))
    assert costs.seconds("another", work) is None


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


@given(WORK, st.dictionaries(st.text("abc_", min_size=1), st.tuples(SECONDS, GROWS)))
def test_costs_are_read_as_they_were_written(tmp_path_factory, work, rules):
    path = tmp_path_factory.mktemp("costs") / "costs.yaml"
    table = {name: {"seconds": seconds, "grows": grows} for name, (seconds, grows) in rules.items()}
    path.write_text(yaml.safe_dump({"measured_on": vars(work), "rules": table}))
    assert read_costs(path) == Costs(work, table)


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

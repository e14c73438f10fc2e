"""IDX files, folders, CSV and Parquet: what other programs wrote is read, pixel by pixel."""

import gzip
import subprocess
import sys
from contextlib import redirect_stderr
from hashlib import sha256
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from own_files import ROOT, encode, options
from PIL import Image

from fewpixels.__main__ import main
from fewpixels.artifacts.markdown import markdown
from fewpixels.datasets import DatasetError, csv, folder, idx, npz, parquet, set_apart
from fewpixels.datasets._download import find, opened
from fewpixels.datasets._rows import load_rows
from fewpixels.study.plan import families
from fewpixels.study.sources import below, listing, local_files, options_of
from fewpixels.tables.classes import classes, classes_report, oddities, remarks_in

quick = settings(max_examples=10)
TEXTS = st.text("abcé-1 $", min_size=1, max_size=5).map(str.strip).filter(bool)


NAMES = TEXTS | st.integers(-9, 99).map(str)
DIGITS = st.integers(0, 99).map(str)


@st.composite
def datasets(draw, kinds=("u1", "u2", "f4"), names=NAMES):
    """Images of some type, and for each its class's name; each class has two or more."""
    own = draw(st.lists(names, min_size=2, max_size=3, unique=True))
    labels = draw(st.permutations(own * draw(st.integers(2, 3))))
    kind, side = draw(st.sampled_from(kinds)), draw(st.integers(1, 4))
    elements = st.floats(-9, 9, width=32) if kind == "f4" else None
    shape = (len(labels), side, side)
    images = draw(arrays(kind, shape, elements=elements, unique=kind == "f4" and side > 1))
    return images, labels


def check(found, images, labels, fresh=1):
    """The last of each class are the fresh set, and the names are in the right order."""
    numbers = all(label.lstrip("-").isdecimal() and str(int(label)) == label for label in labels)
    names = sorted(set(labels), key=int if numbers else None)
    assert found.names.tolist() == names
    for c, name in enumerate(names):
        own = images[[label == name for label in labels]]
        kept = len(own) - fresh
        np.testing.assert_array_equal(found.images[found.labels == c], own[:kept])
        np.testing.assert_array_equal(found.fresh_images[found.fresh_labels == c], own[kept:])
    assert len(found.images) + len(found.fresh_images) == len(images)


CODES = {"u1": 8, "i1": 9, "i2": 11, "i4": 12, "f4": 13, "f8": 14}


@quick
@given(
    datasets(tuple(CODES), DIGITS),
    st.booleans(),
    st.booleans(),
    st.integers(0, 1),
)
def test_idx_files_are_read_packed_or_not(given_, packed, transpose, per_class):
    images, labels = given_
    images = np.abs(images) if images.dtype.kind == "i" else images
    images = np.minimum(images, 127) if images.dtype == "i1" else images
    images = np.clip(images, 0, 2**15) if images.dtype == "i4" else images
    if images.dtype == "f8":
        images = np.clip(np.nan_to_num(images), -9, 9).astype(np.float32)
    y = np.array(labels, int)
    contents = {
        "i": encode(images.swapaxes(1, 2) if transpose else images, CODES[images.dtype.str[1:]]),
        "l": encode(y, 8),
    }
    with TemporaryDirectory() as place:
        for name, content in contents.items():
            path = Path(place, f"{name}.gz" if packed else name)
            path.write_bytes(gzip.compress(content) if packed else content)
            assert find(place, name) == str(path)
            with opened(path) as file:
                assert file.read() == content
        own = {"folder": place, "images": "i", "labels": "l", "transpose": transpose}
        own |= {"fresh_images": "i", "fresh_labels": "l", "fresh_per_class": per_class}
        own["sha256"] = {name: sha256(content).hexdigest() for name, content in contents.items()}
        found = idx.load(options("idx", **own))
        assert local_files(own, options_of("idx")) == [find(place, "i"), find(place, "l")]
        with pytest.raises(DatasetError, match=r"found sha256 .* of the unpacked file, expected 0"):
            idx.load(options("idx", **own | {"sha256": {"l": "0" * 64}}))
    if per_class:
        check(found, images, labels)
    else:
        np.testing.assert_array_equal(found.images, images)
        np.testing.assert_array_equal(found.fresh_labels, found.labels)


@quick
@given(datasets(("u1", "u2")))
def test_folders_of_png_are_read_in_the_order_of_their_names(given_):
    images, labels = given_
    with TemporaryDirectory() as place:
        files = []
        for i, (image, label) in enumerate(zip(images, labels, strict=True)):
            file = Path(place, label, f"{i:02}.PNG")
            file.parent.mkdir(exist_ok=True)
            Image.fromarray(image).save(file)
            files.append(str(file))
        own = {"folder": place, "fresh_per_class": 1}
        assert below(place, [".png"]) == sorted(files)
        assert local_files(own, options_of("folder")) == sorted(files)
        check(folder.load(options("folder", **own)), images, labels)


@quick
@given(datasets(), st.sampled_from(["csv", "parquet"]), st.integers(0, 4))
def test_rows_are_read_wherever_the_labels_stand(given_, kind, place_of_labels):
    images, labels = given_
    frame = pd.DataFrame(images.reshape(len(images), -1)).rename(columns="p{}".format)
    frame.insert(min(place_of_labels, frame.shape[1]), "a label", labels)
    load = csv.load if kind == "csv" else parquet.load
    with TemporaryDirectory() as place, patch.object(parquet, "_try"):  # a process for each
        path = str(Path(place, "rows"))
        if kind == "csv":
            frame.to_csv(path, index=False)
        else:
            frame.to_parquet(path)
        own = {"file": path, "label": "a label", "fresh_per_class": 1}
        found = load(options(kind, **own))
        assert local_files(own, options_of(kind)) == [path]
        both = options(kind, file=path, fresh_file=path, label="a label")
        for read in (load(both).images, load(both).fresh_images):
            np.testing.assert_array_equal(read, images)
    check(found, images, labels)
    rows = load_rows(options(kind, **own | {"file": __file__}), lambda *_: frame)
    np.testing.assert_array_equal(rows.images, found.images)


@pytest.mark.parametrize("name", ["snappy", "zstd", "indexed"])
def test_parquet_files_that_pyarrow_wrote_are_read(name):
    """With a dictionary, in pages of version 2 and several groups, with an index."""
    file = str(Path(__file__).parent / "parquet" / f"{name}.parquet")
    found = parquet.load(options("parquet", file=file, fresh_per_class=0))
    pixels = np.arange(30)[:, None] * 7 + np.arange(16) * 13
    np.testing.assert_array_equal(found.images, (pixels % 256).reshape(30, 4, 4))
    assert [found.names[label] for label in found.labels] == ["ash", "elm", "oak"] * 10


@given(datasets(("u1",)), st.integers(1, 300))
def test_a_pool_and_fresh_images_have_one_type_and_the_same_classes(given_, more):
    images, labels = given_
    larger = images.astype(np.uint16) + more
    found = set_apart(images, np.array(labels), larger, np.array(labels), "fresh")
    assert found.images.dtype == found.fresh_images.dtype == np.uint16
    np.testing.assert_array_equal(found.fresh_images, larger)
    others = np.array([f"{label}x" for label in labels])
    with pytest.raises(DatasetError, match=r"^fresh: found \d classes of fresh images and \d of"):
        set_apart(images, np.array(labels), images, others, "fresh")


@given(st.sampled_from(families(ROOT, "datasets")))
def test_the_list_of_sources_names_every_option(source):
    text = listing(ROOT)
    part = next(p for p in text.split("\n\n") if p.startswith(f"{source}: "))
    assert max(map(len, text.splitlines())) <= 100
    for key, rule in options_of(source)["properties"].items():
        assert f"\n  {key}: " in part
        assert " ".join(rule["description"].split()) in " ".join(part.split())


@given(st.lists(st.text("abs-"), max_size=2).filter(lambda words: words != ["-h"]))
def test_the_command_line_names_its_commands_to_whoever_misspells_one(words):
    with redirect_stderr(StringIO()) as said, pytest.raises(SystemExit):
        main(words)
    assert "{sources,check-model}" in said.getvalue() or "-h" in words


@given(st.integers(2, 5), st.data())
def test_classes_are_counted_one_by_one(n, data):
    names = np.array([f"class {c}" for c in range(n)])
    pool, fresh = (data.draw(arrays(np.int64, 9, elements=st.integers(0, n - 1))) for _ in "ab")
    ids = data.draw(st.lists(st.integers(0, 8), unique=True))
    split = {"train": np.array([ids], np.int32), "test": np.array([ids[:1]], np.int32)}
    table = classes(names, pool, fresh, split)
    for row in table.itertuples(index=False):
        assert row.name == f"class {row[0]}"
        assert (row.pool, row.fresh) == (list(pool).count(row[0]), list(fresh).count(row[0]))
        assert row.train == [pool[i] for i in ids].count(row[0])
        assert row.test == [pool[i] for i in ids[:1]].count(row[0])
    written = classes_report(table, ["<a> is odd", "b too"])
    assert written == f"{markdown(table)}\n- &lt;a&gt; is odd\n- b too\n"
    assert classes_report(table, []) == markdown(table)
    remarks = data.draw(st.lists(st.sampled_from(["a & b", "<i>|</i>", "- c", "d &amp; e"])))
    assert remarks_in(classes_report(table, remarks)) == remarks


@given(st.integers(1, 12), st.booleans(), st.booleans())
def test_what_looks_odd_is_a_line_each(few, copied, negative):
    """Of two classes, of 12 images and of fewer, each noise about a pattern of its own."""
    rng = np.random.default_rng(few)
    sizes = [12, few]
    labels = np.repeat([0, 1], sizes)
    patterns = rng.integers(60, 140, (2, 8, 8))
    images = (patterns[labels] + rng.integers(0, 60, (12 + few, 8, 8))).astype(np.uint8)
    if copied:
        images[-1] = images[0]
    fresh = (patterns + rng.integers(0, 60, (2, 8, 8))).astype(np.uint8)
    fresh = 255 - fresh if negative else fresh
    said = oddities(["a", "b"], (images, labels), (fresh, np.array([0, 1])))
    expected = [f"classes are out of proportion: a has 12 images and b {few};"] * (3 * few < 12)
    expected += [
        f"1 images of the pool are near copies of others in it, 1 of them of one with another "
        f"label (image {11 + few}, of b, of image 0, of a, counted from 0)"
    ] * copied
    if few > 1 or not copied:  # else the only image of a class is that of another
        expected += ["fresh images look negative"] * negative
        assert len(said) == len(expected)
    for line, begin in zip(said, expected, strict=False):
        assert line.startswith(begin)


def test_the_documented_command_lists_the_sources():
    command = [sys.executable, "-m", "fewpixels", "sources"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == listing(ROOT)


@given(st.lists(st.text("ab1", min_size=1, max_size=3), min_size=2, max_size=4, unique=True))
def test_a_file_that_the_workflow_made_is_a_source(tmp_path_factory, names):
    """Labels are places among the names, which the classes keep."""
    file = tmp_path_factory.mktemp("made") / "made.npz"
    labels = np.arange(2 * len(names)) % len(names)
    images = np.arange(labels.size, dtype=np.uint8)[:, None, None]
    np.savez(file, images=images, labels=labels, names=np.array(names))
    made = npz.load({"file": str(file), "fresh_per_class": 1})
    assert sorted(made.names.tolist()) == sorted(names)
    assert [names[i % len(names)] for i in made.images.ravel()] == made.names[made.labels].tolist()


def test_names_that_labels_do_not_fit_are_refused(tmp_path):
    file = tmp_path / "made.npz"
    images = np.zeros((2, 1, 1), np.uint8)
    for names, said in ((np.array(["a"]), "no numbers 0 to 0"), (np.arange(2), "expected texts")):
        np.savez(file, images=images, labels=[0, 1], names=names)
        with pytest.raises(DatasetError, match=said):
            npz.load({"file": str(file), "fresh_per_class": 0})

"""Files and sources with any content: what was written is read, and anything else is refused."""

import pickle
from hashlib import sha256
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays, from_dtype

from fewpixels.artifacts.arrays import (
    COLUMNS,
    check_header,
    parse_array,
    read_model,
    read_npz,
    write_npz,
)
from fewpixels.artifacts.files import (
    ArtifactError,
    checked,
    checksum_file,
    hold_alone,
    inspect,
    remove_partial,
    replacing,
    sha256_of,
    write_text,
)
from fewpixels.artifacts.images import read_subset, write_images
from fewpixels.contract import diverged
from fewpixels.datasets import DatasetError, as_pool, hold_back, load, npz
from fewpixels.datasets import pickle as pickled
from fewpixels.datasets._download import local
from fewpixels.study.published import figures_of_cells, place
from fewpixels.study.validation import ConfigurationError

NUMBERS = st.sampled_from(["u1", "i2", "i4", "i8", "f2", "f4", "f8"]).map(np.dtype)
NAMES = st.text("abc.~é 0", min_size=1, max_size=8).filter(lambda name: name.strip(". "))


@st.composite
def pools(draw):
    """Labels of two to four classes, each present, and images of any pixels."""
    classes = draw(st.integers(2, 4))
    more = draw(st.lists(st.integers(0, classes - 1), max_size=8))
    labels = draw(st.permutations([*range(classes), *more]))
    side = draw(st.integers(1, 3))
    return draw(arrays(np.uint8, (len(labels), side, side))), np.array(labels)


@given(NAMES, st.binary(max_size=50))
def test_any_content_is_read_as_it_was_written(tmp_path_factory, name, content):
    path = tmp_path_factory.mktemp("files") / name
    with replacing(path) as temporary:
        temporary.write_bytes(content)
    with checked(path) as file:
        assert file.read() == content
    assert {p.name for p in path.parent.iterdir()} == {name, checksum_file(path).name}
    assert checksum_file(path).read_text() == f"{sha256_of(path)}  {path}\n"
    assert sha256_of(path) == sha256(content).hexdigest()
    remove_partial(path.parent)
    assert path.exists()
    hold_alone(path)
    with pytest.raises(ArtifactError, match="found another snakemake at work"):
        hold_alone(path)


@given(st.sets(NAMES, max_size=6), st.sets(NAMES, max_size=6), st.data())
def test_findings_are_exactly_what_differs(tmp_path_factory, expected, there, data):
    folder = tmp_path_factory.mktemp("findings")
    for name in there:
        write_text(folder / name, name)
    edited = data.draw(st.sets(st.sampled_from(sorted(there)))) if there else set()
    for name in edited:
        (folder / name).write_text("edited")
    paths = {str(folder / name) for name in expected}
    found = [str(path) for path in folder.iterdir()]
    findings = inspect(paths, found)
    assert set(findings.missing) == {str(folder / name) for name in expected - there}
    assert set(findings.altered) == {str(folder / name) for name in edited & expected}
    if expected:
        left = {str(folder / name) for name in there - expected}
        assert set(findings.left_over) == left | {str(checksum_file(path)) for path in left}


@given(arrays(NUMBERS, array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)), st.booleans())
def test_any_array_is_parsed_as_numpy_wrote_it(array, fortran):
    stream = BytesIO()
    np.save(stream, np.array(array, order="F" if fortran else "C"))
    parsed = parse_array(stream.getvalue())
    assert (parsed.dtype, parsed.shape) == (array.dtype, array.shape)
    np.testing.assert_array_equal(parsed, array)


@given(
    st.integers(1, 3),
    st.tuples(*[st.integers(1, 3)] * 4),
    st.sampled_from(["<f4", "<f8", "u1"]),
)
def test_a_subset_and_a_model_are_read_just_if_they_have_the_shape(
    tmp_path_factory, size, shape, kind
):
    path = tmp_path_factory.mktemp("subset") / "train.npz"
    replicates, n, labelled, pixels = shape
    sums, labels = np.zeros((n, pixels), kind), np.zeros(labelled, np.uint8)
    place = np.zeros((replicates, 2), np.uint8)
    own = {"ids": np.zeros(n, np.int32), "place": place}
    write_images(path, sums, 1, labels, **own)
    if kind != "<f8" and (pixels, labelled) == (size**2, n):
        np.testing.assert_array_equal(read_subset(path, size).x, sums[place])
    else:
        with pytest.raises(ArtifactError, match=r"train\.npz: found .*; delete the file"):
            read_subset(path, size)
    write_npz(path, alpha=place, beta=place)
    assert set(read_model(path, replicates)) == {"alpha", "beta"}
    with pytest.raises(ArtifactError, match=f"expected {replicates + 1} replicates first"):
        read_model(path, replicates + 1)


@given(st.sampled_from(sorted(COLUMNS)), st.lists(st.text(max_size=9), max_size=11))
def test_columns_are_those_of_the_table(name, columns):
    check_header(name, COLUMNS[name])
    if columns != list(COLUMNS[name]):
        with pytest.raises(ArtifactError, match="found the columns"):
            check_header(f"any/{name}", columns)


@given(arrays("f4", array_shapes(min_dims=1, max_dims=3), elements=from_dtype(np.dtype("f4"))))
def test_a_replicate_has_diverged_just_if_a_parameter_is_not_finite(weights):
    lost = diverged({"w": weights, "chosen": np.arange(len(weights))})
    expected = [not all(map(np.isfinite, weights[r].ravel())) for r in range(len(weights))]
    assert lost.tolist() == expected


@given(pools(), st.sampled_from(["u1", "i8", "f4", "f8", "list"]))
def test_a_pool_is_taken_as_it_is_whatever_holds_it(pool, kind):
    images, labels = pool
    given_images = list(images) if kind == "list" else images.astype(kind)
    given_labels = labels.tolist() if kind == "list" else labels
    taken = as_pool({"images": given_images, "labels": given_labels}, "file")
    assert taken[0].dtype == (np.float32 if kind in ("f4", "f8") else np.uint8)
    np.testing.assert_array_equal(taken[0], images)
    np.testing.assert_array_equal(taken[1], labels)


ANYTHING = st.recursive(
    st.none()
    | st.integers()
    | st.floats()
    | st.text(max_size=3)
    | arrays(NUMBERS, array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)


@given(st.fixed_dictionaries({"images": ANYTHING, "labels": ANYTHING}))
def test_anything_else_is_refused_in_one_line(arrays_):
    try:
        images, labels = as_pool(arrays_, "file")
    except DatasetError as error:
        (said,) = str(error).splitlines()
        if not said.startswith("file: "):
            raise
    else:
        assert len(images) == len(labels) >= len(set(labels.tolist())) >= 2
        assert images.dtype in (np.uint8, np.uint16, np.float32)
        assert np.isfinite(images).all()


@given(pools(), st.integers(0, 3))
def test_images_held_back_are_the_last_of_each_class(pool, per_class):
    images, labels = pool
    if np.bincount(labels).min() <= per_class:
        with pytest.raises(DatasetError, match="expected more than fresh_per_class"):
            hold_back(images, labels, per_class, "file")
        return
    data = hold_back(images, labels, per_class, "file")
    for c in range(labels.max() + 1):
        own = images[labels == c]
        kept = len(own) - per_class
        np.testing.assert_array_equal(data.images[data.labels == c], own[:kept])
        np.testing.assert_array_equal(data.fresh_images[data.fresh_labels == c], own[kept:])


@settings(max_examples=25)
@given(pools(), st.sampled_from(["npz", "pickle"]))
def test_files_of_both_kinds_hold_the_same_dataset(tmp_path_factory, pool, kind):
    images, labels = (np.concatenate([part, part]) for part in pool)
    images[:, 0, 0] = np.arange(len(images))  # so that they differ
    path = tmp_path_factory.mktemp("source") / "images"
    if kind == "npz":
        with open(path, "wb") as file:
            np.savez(file, images=images, labels=labels)
    else:
        path.write_bytes(pickle.dumps({"images": list(images), "labels": labels.tolist()}))
    checksum = sha256(path.read_bytes()).hexdigest()
    options = {"file": str(path), "sha256": checksum, "fresh_per_class": 1}
    assert local(str(path), checksum) == path
    source = npz.load if kind == "npz" else pickled.load
    entry = {"source": kind, "options": options, "side": images.shape[1]}
    dataset = load(entry | {"classes": labels.max() + 1}, "d")
    expected = hold_back(images, labels, 1, "file")
    for found in (dataset, source(options)):
        for name in ("images", "labels", "fresh_images", "fresh_labels"):
            np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))
    with pytest.raises(DatasetError, match=f"found sha256 {checksum}, expected 0000"):
        source(options | {"sha256": "0" * 64})


FIGURES = st.tuples(st.floats(0, 1e9), st.integers(0, 10**9), st.floats(0, 1))


@given(st.dictionaries(st.tuples(st.integers(), st.booleans()), FIGURES, max_size=5))
def test_published_figures_are_found_by_their_place_on_the_axes(tmp_path_factory, rows):
    root = tmp_path_factory.mktemp("root")
    lines = ["width,deep,seconds,updates,test_accuracy"]
    lines += [",".join(map(str, [*point, *figures])) for point, figures in rows.items()]
    (root / "table.csv").write_text("\n".join(lines))
    found = figures_of_cells(root, "table.csv", "key")
    assert len(found) == len(rows)
    for (width, deep), figures in rows.items():
        assert tuple(found[place({"deep": deep, "width": width})].values()) == figures
    assert figures_of_cells(root, None, "key") == {}
    with pytest.raises(ConfigurationError, match=r"^key: found '\.\./table\.csv'"):
        figures_of_cells(root / "inner", "../table.csv", "key")


@given(st.binary(max_size=60))
def test_random_bytes_are_no_archive(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("random") / "x.npz"
    with replacing(path) as temporary:
        temporary.write_bytes(content)
    with pytest.raises(ArtifactError, match=r"x\.npz: .*; delete the file and run again"):
        read_npz(path)

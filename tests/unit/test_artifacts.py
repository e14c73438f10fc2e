"""Artifacts: what is written is read again, whole or not at all."""

import csv
import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from fewpixels.artifacts import (
    ArtifactError,
    read_npz,
    read_subset,
    replacing,
    write_csv,
    write_npz,
    write_text,
)

DTYPES = st.sampled_from([np.float32, np.float64, np.int32, np.int64, np.uint8, np.bool_])


@pytest.fixture
def archive(tmp_path):
    """A small archive of two arrays."""
    path = tmp_path / "archive.npz"
    write_npz(path, x=np.arange(6.0).reshape(2, 3), y=np.array([1, 2]))
    return path


@given(
    written=st.dictionaries(
        st.sampled_from(["x", "y", "ids", "w0"]),
        DTYPES.flatmap(
            lambda dtype: arrays(dtype, array_shapes(min_dims=0, max_dims=3, min_side=0))
        ),
        min_size=1,
    )
)
def test_arrays_come_back_as_they_were(written, tmp_path_factory):
    path = tmp_path_factory.mktemp("round") / "trip.npz"
    write_npz(path, **written)
    read = read_npz(path)
    assert list(read) == list(written)
    for name, array in written.items():
        assert read[name].dtype == array.dtype
        np.testing.assert_array_equal(read[name], array)


def test_only_the_names_asked_for_are_read(archive):
    assert list(read_npz(archive, "y")) == ["y"]


def test_rewriting_equal_arrays_gives_equal_bytes(archive):
    before = archive.read_bytes()
    os.utime(archive, (0, 0))
    write_npz(archive, **read_npz(archive))
    assert archive.read_bytes() == before
    write_npz(archive, x=np.zeros((2, 3)), y=np.array([1, 2]))
    assert archive.read_bytes() != before


def test_a_subset_is_read_as_written(tmp_path):
    x, y = np.ones((2, 3, 4), np.float32), np.zeros((2, 3), np.int64)
    write_npz(tmp_path / "train.npz", x=x, y=y, ids=y.astype(np.int32))
    subset = read_subset(tmp_path / "train.npz")
    np.testing.assert_array_equal(subset.x, x)
    assert (subset.y.dtype, subset.ids.dtype) == (np.int64, np.int32)


def test_pickled_objects_are_neither_written_nor_read(tmp_path):
    objects = np.array([{"a": 1}], dtype=object)
    with pytest.raises(ValueError, match="allow_pickle"):
        write_npz(tmp_path / "written.npz", x=objects)
    assert list(tmp_path.iterdir()) == []
    np.savez(tmp_path / "foreign.npz", x=objects)
    with pytest.raises(ArtifactError, match=r"foreign\.npz"):
        read_npz(tmp_path / "foreign.npz")


def fail_half_way():
    yield [1, 2]
    raise RuntimeError("half way")


@pytest.mark.parametrize("existing", [False, True])
def test_a_failed_write_leaves_the_target_as_it_was_and_no_temporary_file(tmp_path, existing):
    target = tmp_path / "new" / "table.csv"
    if existing:
        write_text(target, "old")
    with pytest.raises(RuntimeError, match="half way"):
        write_csv(target, ["a", "b"], fail_half_way())
    assert [f.name for f in target.parent.iterdir()] == ["table.csv"] * existing
    if existing:
        assert target.read_text() == "old"


def test_the_target_appears_whole(tmp_path):
    target = tmp_path / "figure.svg"
    with replacing(target) as temporary:
        assert temporary.suffix == ".svg"
        assert temporary.parent == tmp_path
        temporary.write_text("half")
        assert not target.exists()
        temporary.write_text("whole")
    assert target.read_text() == "whole"
    assert list(tmp_path.iterdir()) == [target]


@given(st.lists(st.floats(allow_nan=False), min_size=1))
def test_floats_in_tables_come_back_exactly(tmp_path_factory, values):
    path = tmp_path_factory.mktemp("table") / "table.csv"
    write_csv(path, ["i", "value"], enumerate(values))
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["value"]) for row in rows] == values
    assert b"\r" not in path.read_bytes()


def test_text_is_utf_8(tmp_path):
    write_text(tmp_path / "table.md", "0.83 ± 0.01\n")
    assert (tmp_path / "table.md").read_bytes() == b"0.83 \xc2\xb1 0.01\n"


def error_of(path, *names):
    with pytest.raises(ArtifactError) as caught:
        read_npz(path, *names)
    assert str(path) in str(caught.value)
    return str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    error_of(tmp_path / "nothing.npz")


def test_a_missing_array_is_named(archive):
    message = error_of(archive, "x", "ids")
    assert "'ids'" in message
    assert "'x', 'y'" in message


def test_a_file_that_is_no_archive_is_named(tmp_path):
    for name, content in (("empty.npz", b""), ("text.npz", b"not an archive")):
        (tmp_path / name).write_bytes(content)
        error_of(tmp_path / name)


def test_a_bare_array_is_no_archive(tmp_path):
    """np.load would read it, whatever its name says."""
    with open(tmp_path / "bare.npz", "wb") as file:
        np.save(file, np.arange(3))
    error_of(tmp_path / "bare.npz")


def test_every_truncation_is_noticed(archive):
    whole = archive.read_bytes()
    for length in range(0, len(whole), 7):
        archive.write_bytes(whole[:length])
        error_of(archive)


def what_flips_give(path, places):
    """Flip each bit of these bytes in turn: how many flips are noticed, and what went wrong."""
    whole, right = path.read_bytes(), read_npz(path)
    noticed, wrong = 0, []
    for place in places:
        for bit in range(8):
            damaged = bytearray(whole)
            damaged[place] ^= 1 << bit
            path.write_bytes(damaged)
            try:
                read = read_npz(path, *right)
            except ArtifactError as error:
                noticed += str(path) in str(error)
            except Exception as error:
                wrong.append(f"byte {place}, bit {bit}: {type(error).__name__}: {error}")
            else:
                # A flip in what carries no data, such as a date, may pass.
                for name, array in right.items():
                    if read[name].dtype != array.dtype or not np.array_equal(read[name], array):
                        wrong.append(f"byte {place}, bit {bit}: {read[name].shape} {read[name]}")
    return noticed, wrong


@pytest.fixture
def large(tmp_path):
    """An array beyond the four kilobytes that zipfile reads, and checks, in any case."""
    path = tmp_path / "large.npz"
    write_npz(path, x=np.arange(1200.0).reshape(20, 60))
    return path


def test_flipped_bits_in_the_numbers_are_noticed(large):
    begin = large.read_bytes().index(np.arange(1.0, 3.0).tobytes())
    places = range(begin, begin + 8 * 1190, 199)
    assert what_flips_give(large, places) == (8 * len(places), [])


@pytest.mark.filterwarnings("ignore")  # NumPy warns of headers that look like Python 2's
def test_flipped_bits_in_the_header_are_noticed(large):
    whole = large.read_bytes()
    places = range(whole.index(b"\x93NUMPY"), whole.index(b"), }") + 8)
    assert what_flips_give(large, places) == (8 * len(places), [])


@pytest.mark.filterwarnings("ignore")
def test_flipped_bits_in_the_directory_give_no_wrong_arrays_and_no_other_error(large):
    whole = large.read_bytes()
    places = range(whole.index(b"PK\x01\x02"), len(whole))
    noticed, wrong = what_flips_give(large, places)
    assert noticed > 100
    assert wrong == []

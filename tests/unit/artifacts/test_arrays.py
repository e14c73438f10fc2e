"""Artifacts: arrays and tables that are written are read again, whole or not at all."""

import csv
import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from fewpixels.artifacts.arrays import (
    COLUMNS,
    check_header,
    read_model,
    read_npz,
    smallest,
    unexpected,
    write_csv,
    write_npz,
)
from fewpixels.artifacts.files import ArtifactError, replacing, write_text

DTYPES = st.sampled_from([np.float32, np.float64, np.int32, np.int64, np.uint8, np.bool_])
FORMS = {"x": "float64 n d", "y": "int64 n"}


def seal(path, content):
    """Write any content with the checksum that belongs to it."""
    with replacing(path) as temporary:
        temporary.write_bytes(content)


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
    forms = {name: f"{a.dtype} {' '.join(map(str, a.shape))}" for name, a in written.items()}
    for read in (read_npz(path), read_npz(path, **forms)):
        assert list(read) == list(written)
        for name, array in written.items():
            assert read[name].dtype == array.dtype
            np.testing.assert_array_equal(read[name], array)


def test_only_the_names_asked_for_are_read(archive):
    assert list(read_npz(archive, y="int64 n")) == ["y"]


def test_rewriting_equal_arrays_gives_equal_bytes(archive):
    before = archive.read_bytes()
    os.utime(archive, (0, 0))
    write_npz(archive, **read_npz(archive))
    assert archive.read_bytes() == before
    write_npz(archive, x=np.zeros((2, 3)), y=np.array([1, 2]))
    assert archive.read_bytes() != before


@given(st.lists(st.integers(-(2**40), 2**40) | st.integers(-200, 300), max_size=5))
def test_whole_numbers_are_kept_in_the_smallest_type(numbers):
    kept = smallest(np.array(numbers, np.int64))
    assert kept.tolist() == numbers
    for kind in ("uint8", "int8", "uint16", "int16", "uint32", "int32"):
        if np.iinfo(kind).bits < kept.dtype.itemsize * 8 and numbers:
            limits = np.iinfo(kind)
            assert not limits.min <= min(numbers) <= max(numbers) <= limits.max


@given(st.text(), st.text())
def test_what_was_found_and_expected_is_said_in_one_line(found, expected):
    line = f"a.npz: found {found}, expected {expected}; delete the file and run again"
    assert str(unexpected("a.npz", found, expected)) == line


def test_a_model_has_its_replicates_first(tmp_path):
    path = tmp_path / "model.npz"
    write_npz(path, alpha=np.ones((3, 2)), constant=np.zeros(3))
    assert list(read_model(path, 3)) == ["alpha", "constant"]
    with pytest.raises(ArtifactError, match=r"alpha of shape \(3, 2\), expected 4 replicates"):
        read_model(path, 4)
    write_npz(path, alpha=np.float64(1))
    with pytest.raises(ArtifactError, match=r"alpha of shape \(\), expected 1 replicates"):
        read_model(path, 1)


def test_pickled_objects_are_neither_written_nor_read(tmp_path):
    objects = np.array([{"a": 1}], dtype=object)
    with pytest.raises(ValueError, match="allow_pickle"):
        write_npz(tmp_path / "written.npz", x=objects)
    assert list(tmp_path.iterdir()) == []
    with replacing(tmp_path / "foreign.npz") as temporary:
        np.savez(temporary, x=objects)
    with pytest.raises(ArtifactError, match=r"foreign\.npz: found an array of Python objects"):
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
    there = {".table.csv.sha256", "table.csv"} if existing else set()
    assert {f.name for f in target.parent.iterdir()} == there
    if existing:
        assert target.read_text() == "old"


@given(st.lists(st.floats(allow_nan=False), min_size=1))
def test_floats_in_tables_come_back_exactly(tmp_path_factory, values):
    path = tmp_path_factory.mktemp("table") / "table.csv"
    write_csv(path, ["i", "value"], enumerate(values))
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["value"]) for row in rows] == values
    assert b"\r" not in path.read_bytes()


def test_other_columns_are_refused_in_tables_of_cells():
    for name, columns in COLUMNS.items():
        header = list(columns)
        check_header(f"results/a/{name}", header)
        with pytest.raises(ArtifactError, match=f"{name}: found the columns {header[0]}, expected"):
            check_header(f"results/a/{name}", header[:1])
    check_header("results/a/other.csv", ["a", "family's", "own"])


def error_of(path, **forms):
    with pytest.raises(ArtifactError) as caught:
        read_npz(path, **forms)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert message.endswith("run again")
    assert "\n" not in message
    return message


def test_a_missing_array_is_named(archive):
    message = error_of(archive, x="float64 n d", ids="int32 n")
    assert "found arrays ['x', 'y'], expected ['ids'] too" in message


def test_a_file_that_is_no_archive_is_named(tmp_path):
    for name, content in (("empty.npz", b""), ("text.npz", b"not an archive")):
        seal(tmp_path / name, content)
        assert "expected an .npz archive" in error_of(tmp_path / name)


def test_a_bare_array_is_no_archive(tmp_path):
    """np.load would read it, whatever its name says."""
    with replacing(tmp_path / "bare.npz") as temporary, open(temporary, "wb") as file:
        np.save(file, np.arange(3))
    error_of(tmp_path / "bare.npz")


def test_every_truncation_is_noticed(archive):
    whole = archive.read_bytes()
    for length in range(0, len(whole), 7):
        archive.write_bytes(whole[:length])
        assert "its content has the sha256" in error_of(archive)
        seal(archive, whole[:length])
        error_of(archive, **FORMS)


def what_flips_give(path, places):
    """Flip each bit of these bytes in turn, the checksum of the file aside, since it would tell.

    Returns how many flips are noticed nevertheless, and what went wrong.
    """
    whole, right = path.read_bytes(), read_npz(path)
    noticed, wrong = 0, []
    for place in places:
        for bit in range(8):
            damaged = bytearray(whole)
            damaged[place] ^= 1 << bit
            path.write_bytes(damaged)
            assert "sha256" in error_of(path)
            seal(path, damaged)
            try:
                read = read_npz(path, x="float64 n d")
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
    places = range(whole.index(b"\x93NUMPY"), whole.index(b"), }") + 8, 3)
    assert what_flips_give(large, places) == (8 * len(places), [])


@pytest.mark.filterwarnings("ignore")
def test_flipped_bits_in_the_directory_give_no_wrong_arrays_and_no_other_error(large):
    whole = large.read_bytes()
    places = range(whole.index(b"PK\x01\x02"), len(whole), 2)
    noticed, wrong = what_flips_give(large, places)
    assert noticed > 50
    assert wrong == []

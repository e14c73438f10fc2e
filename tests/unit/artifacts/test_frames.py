"""Tables and scores of cells come back as they were written."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_configurations import TEXT

from fewpixels.artifacts.arrays import COLUMNS, read_labels, smallest, write_csv, write_npz
from fewpixels.artifacts.files import ArtifactError, write_text
from fewpixels.artifacts.frames import each_score, read_cells, read_made, read_scores, read_table
from fewpixels.artifacts.markdown import write_table
from fewpixels.artifacts.pools import count_images, read_fresh_classes, read_sampling
from fewpixels.statistics.sampling import Dealt, Fixed

FLOATS = st.floats(allow_infinity=False) | st.just("")
KINDS = {"int64": st.integers(-(2**63), 2**63 - 1), "float64": FLOATS, "str": TEXT}
TABLES = st.sampled_from(sorted(COLUMNS)).flatmap(
    lambda name: st.tuples(
        st.just(name),
        st.lists(st.tuples(*(KINDS[kind] for kind in COLUMNS[name].values())), min_size=1),
    )
)
NAMES = st.from_regex("[a-z][a-z-]{0,8}", fullmatch=True)


@given(TABLES, NAMES, st.integers(1, 999), NAMES)
def test_tables_of_cells_come_back_with_their_types(tmp_path_factory, table, split, size, model):
    name, rows = table
    file = tmp_path_factory.mktemp("cells") / split / f"{size}px" / model / name
    file.parent.mkdir(parents=True)
    write_csv(file, COLUMNS[name], rows)
    found = read_table(str(file))
    for place, (column, kind) in enumerate(COLUMNS[name].items()):
        own = [row[place] for row in rows]
        if kind == "float64":
            np.testing.assert_array_equal(found[column], [np.nan if x == "" else x for x in own])
        else:
            assert found[column].tolist() == own
    joined = read_cells([str(file), str(file)])
    assert len(joined) == 2 * len(rows)
    assert set(joined["split"]) == {split}
    assert set(joined["size"]) == {size}
    assert set(joined["model"]) == {model}


def test_text_in_place_of_a_number_is_refused(tmp_path):
    file, sound = tmp_path / "7px" / "b" / "fit.csv", tmp_path / "7px" / "a" / "fit.csv"
    for path, updates in ((file, "many"), (sound, "3")):
        write_text(path, f"replicate,updates,seconds,diverged\n0,{updates},1.5,0\n")
    for read, files in ((read_table, str(file)), (read_cells, [str(sound), str(file)])):
        with pytest.raises(ArtifactError, match=r"b/fit\.csv: found .*many.*, expected numbers"):
            read(files)


@given(st.lists(st.tuples(TEXT, st.floats(allow_infinity=False)), min_size=1))
def test_a_table_is_written_for_programs_and_for_people(tmp_path_factory, rows):
    frame = pd.DataFrame(rows, columns=["model", "value"])
    csv, md = (tmp_path_factory.mktemp("table") / name for name in ("a.csv", "a.md"))
    write_table(frame, csv, md)
    found = read_made(csv)
    np.testing.assert_array_equal(found["value"], frame["value"])
    assert found["model"].fillna("").tolist() == frame["model"].tolist()
    assert md.read_text().startswith("| model ")


@given(st.integers(1, 4), st.integers(1, 5), st.data())
def test_scores_are_of_labels_that_are_right_and_nan_where_a_replicate_diverged(
    tmp_path_factory, replicates, n, data
):
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    y, labels = rng.integers(0, 2, n), rng.integers(0, 2, (replicates, n))
    lost = rng.random(replicates) < 0.3
    labels[lost] = -1
    folder = tmp_path_factory.mktemp("scores")
    predictions, fresh = folder / "heldout/7px/a/predictions.npz", folder / "fresh/7px.npz"
    for file in (predictions, fresh):
        file.parent.mkdir(parents=True)
    write_npz(predictions, fresh=smallest(labels))
    write_npz(fresh, labels=y)
    np.testing.assert_array_equal(read_labels(predictions, "fresh", n), labels)
    scores = read_scores(predictions, y)
    assert scores.dtype == np.float64
    for r, i in np.ndindex(scores.shape):
        if lost[r]:
            assert np.isnan(scores[r, i])
        else:
            assert scores[r, i] == (labels[r, i] == y[i])
    ((cell, same),) = each_score([predictions], [fresh])
    assert cell == ("a", 7)
    np.testing.assert_array_equal(same, scores)
    assert list(each_score([predictions], [fresh], wanted=[("a", 14)])) == []
    assert count_images(fresh) == n


@given(st.integers(1, 3), st.integers(1, 9), st.integers(1, 9), st.integers(0, 9))
def test_how_images_were_drawn_stands_in_the_split(tmp_path_factory, replicates, n, m, t):
    folder = tmp_path_factory.mktemp("made")
    sizes = {"train": n, "validation": m, "test": t}
    ids = {name: np.zeros((replicates, size), np.int32) for name, size in sizes.items()}
    write_npz(folder / "split.npz", **ids)
    write_npz(folder / "own.npz", labels=np.zeros(n + m + t, np.int64))
    found = read_sampling(str(folder / "split.npz"), str(folder / "own.npz"))
    assert found == (Dealt(n, t, n + m + t) if t else Fixed())


@given(st.lists(st.integers(0, 9)), st.lists(st.integers(0, 9), min_size=1))
def test_classes_of_fresh_images_are_not_those_of_the_pool(tmp_path_factory, fresh, pool):
    file = tmp_path_factory.mktemp("made") / "own.npz"
    write_npz(file, labels=np.array(pool, np.int64), fresh_labels=np.array(fresh, np.int64))
    found = read_fresh_classes(str(file))
    assert found.dtype == np.int64
    assert found.tolist() == fresh
    assert count_images(str(file)) == len(pool)

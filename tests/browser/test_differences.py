"""The page's own sums of paired differences are those of the tables."""

import json
import shutil
import subprocess
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from random_pages import explored

from fewpixels.statistics.classes import uneven
from fewpixels.statistics.sampling import Dealt
from fewpixels.tables.pairs import held_out, pairs

# Columns of differences on fresh images.
ENDS = [f"{kind}difference_{end}" for kind in ("", "balanced_") for end in ("low", "high")]


def packed(record, arrays):
    """What differences are made from, as the page has it once it is unpacked."""
    kept = {
        name: {"data": arrays[name].ravel().tolist(), "shape": arrays[name].shape}
        for name in ("correct", "lost", "squares", "class_right", "class_squares")
        if name in arrays
    }
    return {"record": record, "arrays": kept}


def test_the_page_finds_the_differences_that_the_tables_have():
    """All pairs of many random studies: dealt and fixed splits, uneven classes, diverged runs."""
    studies = []

    @settings(deadline=None)
    @given(explored())
    def collect(e):
        studies.append((e, *e.made()))

    collect()
    script = Path(__file__).with_name("differences.js")
    text = json.dumps([packed(record, arrays) for _, record, arrays in studies])
    done = subprocess.run(
        [shutil.which("node"), script], input=text, capture_output=True, text=True, check=True
    )
    for (e, _, _), found in zip(studies, json.loads(done.stdout), strict=True):
        cells = [cell for cell, _ in e.cells]
        for (a, b), (fresh, test, balanced) in zip(product(cells, cells), found, strict=True):
            of = e.study.samplings[a[0]]
            scores = {("a", 0): e.scores[a], ("b", 0): e.scores[b]}
            tests = {}
            for name, (split, size, model) in (("a", a), ("b", b)):
                own = held_out(e.metrics, split).get((model, size), np.full(len(e.scores[a]), 0.0))
                tests[name, 0] = own
            row = pairs([("models", "a", "b", 0)], tests, scores, of, e.y).iloc[0]
            if e.study.fit_of(a) == e.study.fit_of(b):  # the same labels of whatever images
                row[row.index.intersection(ENDS)] = 0 if fresh["replicates"] else np.nan
            agree(fresh, row, "difference")
            assert (balanced is None) == (not uneven(e.y))
            if balanced:
                agree(balanced, row, "balanced_difference")
            kept = ~np.isnan(e.scores[a] - e.scores[b]).any(axis=1)
            assert fresh["replicates"] == np.flatnonzero(kept).tolist()
            wins = fresh["better"] + fresh["equal"] / 2
            if kept.any():
                assert wins / kept.sum() == pytest.approx(row["probability"], abs=1e-12)
            if a[0] != b[0] or not isinstance(of, Dealt):
                assert test is None
            elif e.study.tested(a[0]):
                agree(test, row, "test_difference")
            else:
                assert test["interval"] is None
                assert test["mean"] is None or test["mean"] == pytest.approx(
                    row["test_difference"], abs=1e-12
                )


def agree(found, row, name):
    """One difference of the page with a row of the table."""
    wanted = [row[name], row[f"{name}_low"], row[f"{name}_high"]]
    if np.isnan(wanted[0]):
        assert found["mean"] is None
    else:
        assert found["mean"] == pytest.approx(wanted[0], abs=1e-12)
    if np.isnan(wanted[1]):
        assert found["interval"] is None
    else:
        assert found["interval"] == pytest.approx(wanted[1:], abs=1e-12)

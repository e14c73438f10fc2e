"""What all figures share: axes, colours, bands, names beside lines."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from drawn_figures import SIZES, check_texts, few
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from matplotlib.colors import to_rgba
from matplotlib.text import Text
from random_studies import TITLES

from fewpixels.figures import bands, style
from fewpixels.figures.colours import ABOVE, BELOW, COLOURS
from fewpixels.figures.labels import LINE, Label, beside, spread
from fewpixels.figures.ticks import apart
from fewpixels.statistics.intervals import next_replicate

pytestmark = pytest.mark.filterwarnings("error")


def test_labels_of_many_sizes_do_not_meet():
    _, grid = style.panels(1, 1)
    style.pixel_axis(grid[0, 0], range(1, 29))
    labels = [text.get_text() for text in grid[0, 0].get_xticklabels()]
    assert labels == [f"{s}×{s}" for s in (1, 2, 4, 7, 14, 28)]


@few
@given(st.lists(st.text("ab", min_size=1, max_size=40), min_size=1, max_size=4))
def test_names_of_classes_are_upright_just_if_they_are_long(names):
    _, grid = style.panels(1, 1)
    axis = grid[0, 0].xaxis
    style.class_ticks(axis, range(len(names)), names)
    upright = max(map(len, names)) > 6
    assert bool(style.room_for(names)) == upright
    assert {label.get_rotation() for label in axis.get_ticklabels()} == {90 if upright else 0}


@few
@given(st.integers(1, 3), st.integers(1, 3), SIZES, st.integers(2, 20), TITLES)
def test_panels_and_axes_are_labelled(rows, columns, sizes, classes, label):
    figure, grid = style.panels(rows, columns)
    assert grid.shape == (rows, columns)
    assert figure.get_size_inches().tolist() == pytest.approx([3.4 * columns, 2.8 * rows])
    style.accuracy_axis(grid[0, 0], style.as_written(label), 1 / classes)
    assert grid[0, 0].get_ylim() == (0, 1)
    (chance,) = grid[0, 0].get_lines()
    assert list(chance.get_ydata()) == [1 / classes] * 2
    assert chance.get_label() == "chance"
    style.pixel_axis(grid[-1, -1], sizes)
    shown = apart(sizes)
    assert grid[-1, -1].get_xticks().tolist() == [size**2 for size in shown]
    assert {max(sizes)} <= set(shown) <= set(sizes)
    assert (np.diff(np.log(shown)) >= np.log(max(sizes) / min(sizes)) / 9 - 1e-9).all()
    check_texts(figure, label, *[f"{size}×{size}" for size in shown])


@few
@given(st.lists(st.sampled_from(["a", "b", "chance"]), max_size=5, unique=True))
def test_a_legend_names_chance_after_all_lines(names):
    _, grid = style.panels(1, 1)
    for name in names:
        grid[0, 0].plot([0], [0], label=name)
    handles, labels = style.chance_last(grid[0, 0])
    assert labels == sorted(names, key=lambda name: (name == "chance", names.index(name)))
    assert [handle.get_label() for handle in handles] == labels


@given(st.text("$\\_{}^a ", max_size=8))
def test_plain_text_is_no_formula_and_no_label_to_hide(text):
    drawn = style.as_written(text)
    assert not drawn.startswith("_")
    shown, formula = Text(text=drawn)._preprocess_math(drawn)
    assert not formula
    assert shown.replace("\u200b", "") == text


@given(st.lists(st.text(max_size=3), max_size=64, unique=True))
def test_no_two_names_have_the_same_colour_and_marker(names):
    found = style.marks(names)
    assert list(found) == names
    looks = [(to_rgba(own["color"]), own["marker"]) for own in found.values()]
    assert len(set(looks)) == len(names)
    assert len({colour for colour, _ in looks}) == min(len(names), len(COLOURS))
    first = style.marks(names[:3])
    assert {name: found[name] for name in first} == first


def test_the_page_has_the_same_colours_above_and_below_0(root):
    css = (root / "workflow" / "report" / "page" / "explorer.css").read_text()
    assert f"--above: {ABOVE.lower()};" in css
    assert f"--below: {BELOW.lower()};" in css


@given(arrays(np.float64, st.tuples(st.integers(1, 4), st.integers(2, 5)),
              elements=st.floats(0, 1) | st.just(np.nan)))  # fmt: skip
@few
def test_bands_are_intervals_for_one_more_replicate(values):
    """A row a place; some have lost replicates, one, or all."""
    _, grid = style.panels(1, 1)
    places = np.repeat(np.arange(len(values)), values.shape[1])
    mean = bands.band(grid[0, 0], pd.Series(values.ravel(), places), "black")
    kept = {i: row[~np.isnan(row)] for i, row in enumerate(values) if not np.isnan(row).all()}
    assert mean.to_dict() == pytest.approx({i: row.mean() for i, row in kept.items()})
    edges = [path.vertices for area in grid[0, 0].collections for path in area.get_paths()]
    for i, row in kept.items():
        drawn = {y for vertices in edges for x, y in vertices if x == i}
        if len(row) > 1:
            expected = np.clip(next_replicate(row), 0, 1)
            assert (min(drawn), max(drawn)) == pytest.approx(tuple(expected))
        else:
            assert not drawn


@few
@given(SIZES, TITLES, st.integers(1, 3))
def test_sizes_are_explained_below_a_figure_and_bands_where_there_are_any(sizes, note, replicates):
    figure, _ = style.panels(1, 1)
    bands.size_legend(figure, style.size_colours(sizes), replicates, style.as_written(note))
    words = "means of replicates; bands: 95% intervals for one more replicate; "
    title = words + note if replicates > 1 else note
    check_texts(figure, *[f"{s}×{s}" for s in sizes], "chance", title)


@few
@given(st.lists(st.sampled_from([0, 1e-300, 0.02, 1, 3, 1e30, np.nan]), min_size=1))
def test_a_logarithmic_axis_has_all_that_is_above_0_between_powers_of_ten(values):
    _, grid = style.panels(1, 1)
    style.logarithmic(grid[0, 0], values)
    low, high = grid[0, 0].get_xlim()
    shown = [value for value in values if value > 0]
    assert grid[0, 0].get_xscale() == ("log" if shown else "linear")
    for end in (low, high) if shown else ():
        assert np.log10(end) == pytest.approx(round(np.log10(end)))
    assert all(low * (1 - 1e-9) <= value <= high * (1 + 1e-9) for value in shown)
    assert not shown or high / low >= 9.9


PLACES = st.lists(st.tuples(st.floats(0, 1), st.floats(0.01, 0.1)), max_size=9)


@given(PLACES, st.randoms(use_true_random=False))
def test_labels_move_apart_no_further_than_they_must(labels, random):
    places, heights = np.array(labels).reshape(-1, 2).T
    found = spread(places, heights, 0, 1)
    order = np.argsort(places, kind="stable")

    def fits(places):
        lower, upper = (places - heights / 2)[order], (places + heights / 2)[order]
        return (np.append(lower, 1) - np.append(0, upper) >= -1e-9).all()

    assert fits(found)
    for _ in range(20):  # no other way to place them is nearer to where they would be
        others = np.empty_like(places)
        room = sorted(random.uniform(0, 1 - heights.sum()) for _ in order)
        others[order] = room + np.cumsum(heights[order]) - heights[order] / 2
        assert fits(others)
        assert ((found - places) ** 2).sum() <= ((others - places) ** 2).sum() + 1e-9
    if fits(places):
        np.testing.assert_allclose(found, places, atol=1e-9)


@few
@given(PLACES, TITLES)
def test_labels_beside_axes_are_joined_to_where_lines_end(labels, title):
    figure, grid = style.panels(1, 1)
    grid[0, 0].set(ylim=(0, 1), xlim=(0, 3))
    own = [Label(style.as_written(title), 2, y, "black") for y, _ in labels]
    beside(grid[0, 0], own, inches=4)
    assert [text.xy for text in grid[0, 0].texts] == [(2, label.y) for label in own]
    places = sorted(text.xyann[1] for text in grid[0, 0].texts)
    assert all(b - a >= LINE / 4 - 1e-9 for a, b in pairwise(places))
    check_texts(figure, *[title] * len(own))


@given(SIZES)
def test_a_larger_size_has_a_darker_shade(sizes):
    found = style.size_colours(sizes)
    shades = [np.dot(found[size][:3], [0.299, 0.587, 0.114]) for size in sorted(sizes)]
    assert set(found) == set(sizes)
    assert shades == sorted(shades, reverse=True)
    assert len(set(shades)) == len(sizes)

"""Figures of random studies: drawn without error, with every text as it stands."""

from io import BytesIO
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from matplotlib.colors import to_rgba
from matplotlib.text import Text
from random_studies import TITLES, answers, results

from fewpixels.figures import accuracy, gallery, style, training
from fewpixels.figures import sizes as sizes_figure
from fewpixels.figures import tuning as tuning_figure
from fewpixels.figures.answer import draw
from fewpixels.figures.samples import samples
from fewpixels.figures.sweep import sweep
from fewpixels.figures.ticks import apart
from fewpixels.statistics.sampling import Dealt
from fewpixels.tables.answer import best, with_interval
from fewpixels.tables.ladders import climbs, first_rung, spanning
from fewpixels.tables.pairs import intervals
from fewpixels.tables.sizes import SHARES, smallest, steps
from fewpixels.tables.tuning import tuning

# Nothing but zeros leave a logarithmic axis no tick, which Matplotlib only warns about.
pytestmark = pytest.mark.filterwarnings("error", "ignore:Data has no positive values")
# Each draws, so there are few of them, and a failing one is not made smaller.
few = settings(max_examples=3, phases=[Phase.explicit, Phase.generate])
SIZES = st.lists(st.integers(1, 32), min_size=1, max_size=6, unique=True)


def texts(figure):
    """The lines of text of a figure, as a reader of its SVG finds them."""
    file = BytesIO()
    figure.set_layout_engine("none")  # two thirds of the time
    figure.savefig(file, format="svg")
    root = ElementTree.fromstring(file.getvalue())
    found = ["".join(e.itertext()) for e in root.iter("{http://www.w3.org/2000/svg}text")]
    return [line.replace("\u200b", "") for line in found]


def check_texts(figure, *expected):
    """Every text is drawn, some over several lines, and none as a formula."""
    found = {"".join(text.split()) for text in texts(figure)}
    for text in expected:
        assert "".join(text.split()) in found


@few
@given(results(3), TITLES)
def test_the_headline_names_every_ladder_and_the_dataset(r, title):
    figure = accuracy.headline(of_cells(r), r.models, 4, title)
    drawn = [x for x in spanning(r.models) if x[0]["overview"]] or spanning(r.models)
    ends = [(m, m is x[-1]) for x in drawn for m in (x[0], x[-1])]
    wide = [(m, top) for m, top in ends if len(m["sizes"]) > 1]
    shown = [m["title"] + ("" if top else f", {first(m)}") for m, top in wide or ends]
    assert shown
    check_texts(figure, *shown, f"How few pixels does a classifier need? {title}", "chance")


def test_the_headline_of_many_models_draws_the_best():
    shares = {f"m{i}": (i * 37 % 101) / 101 for i in range(81)}
    models = [
        {"name": name, "title": name, "remedy_of": "", "sizes": (28,), "overview": True}
        | {"beyond": "", "published": {}}
        for name in shares
    ]
    cells = pd.DataFrame(
        {"model": name, "size": 28, "fresh": share, "diverged": 0}
        | {"sample_low": share, "sample_high": share}
        for name, share in shares.items()
    )
    found = texts(accuracy.headline(cells, models, 10, "digits"))
    best = sorted(shares, key=shares.get)[-accuracy.MOST :]
    assert set(best) == set(found) & shares.keys()
    assert "How few pixels does a classifier need? digits (the 16 best of 81)" in found


@few
@given(results(3).filter(lambda r: any(drawn_ladders(r))))
def test_ladders_name_each_remedy(r):
    figure = accuracy.ladder(of_cells(r), r.models, 4)
    for rungs in drawn_ladders(r):
        assert first_rung(rungs[0]) == first(rungs[0])
        steps = [f"+ {m['remedy']}" if m["remedy_of"] else m["title"] for m in rungs[1:]]
        check_texts(figure, rungs[0]["title"], first(rungs[0]), *steps)


def first(model):
    return "as published" if model["published"] else "without remedies"


def test_a_ladder_may_have_more_rungs_than_there_are_markers():
    rungs = [f"m{i}" for i in range(len(style.MARKERS) + 2)]
    models = [
        {"name": name, "title": name, "remedy_of": below, "remedy": name, "sizes": (7, 2)}
        | {"overview": True, "beyond": "", "published": {}}
        for below, name in pairwise(["", *rungs])
    ]
    cells = [{"model": name, "size": size, "fresh": 0.5} for name in rungs for size in (7, 2)]
    found = pd.DataFrame(cells).assign(sample_low=0.4, sample_high=0.6, diverged=0)
    check_texts(accuracy.ladder(found, models, 4), *[f"+ {n}" for n in rungs[1:]])


def drawn_ladders(r):
    wide = [x for x in climbs(r.models) if sum(len(m["sizes"]) > 1 for m in x) > 1]
    return [x for x in wide if x[0]["overview"]] or wide


def of_cells(r):
    """Accuracy on fresh images with made-up intervals; some cells have none."""
    own = r.of_honest("metrics").query("subset == 'fresh'")
    found = own.groupby(["model", "size"])["accuracy"].mean().rename("fresh").reset_index()
    found["sample_low"] = (found["fresh"] - 0.1).where(found["fresh"] > 0.2)
    found["sample_high"] = (found["fresh"] + 0.1).where(found["fresh"] > 0.2)
    return found.assign(diverged=0)


@few
@given(answers(), TITLES)
def test_the_answer_names_the_dataset_and_all_that_is_on_the_front(a, title):
    chosen = with_interval(best(a.cells), a.scores, a.of)
    figure = draw(chosen, a.cells, 4, title, a.of.another)
    front = a.cells[a.cells["front"] == "yes"].sort_values("multiplications", kind="stable")
    names = [f"{i}  {r.size}×{r.size} {r.title}" for i, r in enumerate(front.itertuples(), 1)]
    shares = [f"{share:.0%}" for share in SHARES] if len(chosen) else []
    check_texts(figure, *names, *shares, f"How few pixels are enough? {title}", "chance")


@few
@given(SIZES, st.integers(0, 3), TITLES, TITLES)
def test_curves_over_sizes_name_each_model_and_each_share(sizes, lost, title, dataset):
    """With any number of sizes, whether or not they divide, and of replicates that diverged."""
    rng = np.random.default_rng(0)
    models = [{"name": name, "title": f"{title}{name}"} for name in "ab"]
    of = Dealt(8, 1, 10)
    scores = {name: {s: rng.integers(0, 2, (3, 20)).astype(float) for s in sizes} for name in "ab"}
    for own in scores["b"].values():
        own[:lost] = np.nan
    cells = [((name, size), own[size]) for name, own in scores.items() for size in sizes]
    figure = sizes_figure.draw(
        intervals({cell: own.mean(1) for cell, own in cells}, cells, of),
        smallest(scores, models, of, -99.0),
        steps(scores, models, 28, of),
        {m["name"]: m["title"] for m in models},
        10,
        dataset,
        of.another,
    )
    titles = [m["title"] for m in models]
    titles[1] += f" ({lost * len(sizes)} diverged)" if lost else ""
    check_texts(
        figure, *titles, *[f"{share:.0%}" for share in SHARES], f"Pixel by pixel: {dataset}"
    )


@few
@given(SIZES, st.integers(0, 2), st.floats(0.5, 2))
def test_a_line_has_a_point_for_each_size_that_did_not_diverge(sizes, lost, shift):
    own = pd.DataFrame({"size": sizes, "fresh": 0.5, "diverged": lost})
    own = own.assign(sample_low=0.4, sample_high=0.6)
    own.loc[0, "fresh"] = np.nan
    _, grid = style.panels(1, 1)
    accuracy.line(grid[0, 0], own, shift, label="a")
    drawn = np.asarray(grid[0, 0].containers[0][0].get_xdata(), float)
    np.testing.assert_allclose(drawn, [size**2 * shift for size in sorted(sizes[1:])])


def test_labels_of_many_sizes_do_not_meet():
    _, grid = style.panels(1, 1)
    style.pixel_axis(grid[0, 0], range(1, 29))
    labels = [text.get_text() for text in grid[0, 0].get_xticklabels()]
    assert labels == [f"{s}×{s}" for s in (1, 2, 4, 7, 14, 28)]


@few
@given(results(2))
def test_curves_name_each_model(r):
    figure = training.curves(r.of_honest("history"), r.models, 0.25)
    check_texts(figure, *[m["title"] for m in r.models])


@few
@given(results(2))
def test_runs_name_each_model_and_how_long_it_trained(r):
    history = r.of_honest("history")
    figure = training.runs(history, r.of_honest("diagnostics"), r.models, 0.25)
    for model in r.models:
        updates = history[history["model"] == model["name"]].groupby("replicate")["step"].max()
        ends = " to ".join(map(str, sorted({updates.min(), updates.max()})))
        stopped = f"a line a replicate; stopped after {ends} updates"
        check_texts(figure, model["title"], stopped)


@few
@given(results(2))
def test_initialisation_names_each_entry_and_activation(r):
    metrics, diagnostics = r.of_honest("metrics"), r.of_honest("diagnostics")
    figure = training.initialisation(diagnostics, metrics, r.models)
    labels = {(m["entry"], m["axes"].get("activation", "")) for m in r.models}
    check_texts(figure, *[", ".join(filter(None, label)) for label in labels])


@few
@given(results(2))
def test_sweeps_name_each_model_and_size(r):
    figure = sweep(r.of_honest("sweep"), r.models, 0.25)
    sizes = [f"{size}×{size}" for size in r.models[0]["sizes"]]
    check_texts(figure, *[m["title"] for m in r.models], *sizes)


@few
@given(results(3), st.booleans(), st.sampled_from(["width", "learning_rate"]))
def test_tuning_names_each_entry_size_and_value(r, lost, axis):
    """Some entries have sizes that others lack, all replicates may have diverged, or be one."""
    models = [m | {"entry": m["title"], "axes": {axis: 0.5 * i}} for i, m in enumerate(r.models)]
    metrics = r.of_honest("metrics")
    if lost:
        metrics["accuracy"] = np.nan
    table = tuning(metrics, models)
    figure = tuning_figure.draw(table)
    sizes = [f"{size}×{size}" for m in models for size in m["sizes"]]
    values = [f"{0.5 * i:g}" for i in range(len(models))]
    check_texts(figure, *[m["title"] for m in models], *sizes, *values, axis.replace("_", " "))
    dots = [d for axes in figure.axes for d in axes.get_lines() if d.get_marker() == "o"]
    filled = [d for d in dots if d.get_mfc() != "white"]
    enough = table.query("enough == 'yes'")["value"]
    assert sorted(value for d in filled for value in d.get_xdata()) == sorted(enough)
    hidden = max(d.get_zorder() for d in dots if d not in filled)
    assert all(d.get_zorder() > hidden for d in filled)


PIXELS = st.sampled_from([0.0, 0.0, 1.0, 255.0, -1e-300, 1e30, -1e30, 0.5])


@st.composite
def pictures(draw, kind):
    """Pixels of n images by size, and a name for each image."""
    names = draw(st.lists(TITLES, min_size=1, max_size=4))
    sizes = draw(st.lists(st.integers(1, 9), min_size=1, max_size=3, unique=True))
    elements = PIXELS.map(lambda value: float(kind(value)))
    shapes = {size: (len(names), size**2) for size in sizes}
    return {s: draw(arrays(kind, shape, elements=elements)) for s, shape in shapes.items()}, names


@few
@given(pictures(np.float32))
def test_images_of_any_pixels_are_drawn_with_their_names(given_):
    examples, names = given_
    of_all = np.concatenate([x.ravel() for x in examples.values()])
    check_texts(
        gallery.images(examples, names, gallery.brightness(of_all)),
        *names,
        *[f"{s}×{s}" for s in examples],
    )


@few
@given(st.lists(st.sampled_from([28, 7, 2]), min_size=1, unique=True), st.integers(1, 3), TITLES)
def test_images_stand_beside_their_copies_at_each_size(sizes, copies, name):
    examples = {
        size: np.full((2, 1 + copies, size**2), size) + np.arange(1 + copies)[:, None]
        for size in sizes
    }
    figure = gallery.augmentation(examples, [name, "b"], (0, 30))
    canvas = figure.axes[0].images[0].get_array()
    row = [value for size in sorted(sizes, reverse=True)
           for value in [*range(size, size + 1 + copies), np.nan]][:-1]  # fmt: skip
    np.testing.assert_array_equal(np.ma.filled(canvas[10::90, 10::90], np.nan), [row, row])
    check_texts(figure, name, "b", "copy", *[f"{size}×{size}" for size in sizes])


@few
@given(pictures(np.float64), TITLES)
def test_any_weights_are_drawn_with_their_names(given_, title):
    learned, names = given_
    figure = gallery.weights(learned, title, names)
    check_texts(figure, *names, f"{title}: blue speaks for the class, red against it")


@few
@given(st.integers(2, 12), st.lists(TITLES, min_size=1, max_size=3), st.data())
def test_confusions_are_drawn_with_the_share_that_is_right(classes, titles, data):
    titles = {f"m{i}": title for i, title in enumerate(titles)}
    names = [f"class {c}" for c in range(classes)]
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    shares, right = {}, []
    for name in titles:
        shares[name] = {}
        for size in data.draw(st.lists(st.sampled_from([7, 2]), min_size=1, unique=True)):
            labels, y = rng.integers(0, classes, (2, 5)), rng.integers(0, classes, 5)
            own = gallery.confusion(labels, y, classes)
            shares[name][size] = own
            right.append(f"{size}×{size}: {np.diag(own).mean():.2f} right")
    shown = names if classes <= 10 else []
    figure = gallery.confusions(shares, titles, names)
    check_texts(figure, *titles.values(), *shown, "true class", *right)


@few
@given(st.integers(1, 100), st.sampled_from(["u1", "u2", "f4"]), st.integers(2, 25), TITLES)
def test_samples_show_some_images_of_each_class(side, kind, classes, title):
    """Of the first 20 classes; of a class with few images, all of them."""
    rng = np.random.default_rng(side)
    labels = np.array([*range(classes), *rng.integers(0, classes, 3 * classes)])
    images = rng.integers(0, 200, (len(labels), side, side)).astype(kind)
    names = [f"{c} {'x' * c}" for c in range(classes)]
    figure = samples(images, labels, names, title)
    shown = [name if len(name) <= 16 else f"{name[:15]}…" for name in names[:20]]
    assert max(map(len, shown)) <= 16
    more = "" if classes <= 20 else f", 20 of {classes} classes"
    canvas = figure.axes[0].images[0].get_array()
    drawn = ~np.isnan(canvas[40::90, 40::90]).T
    assert drawn.sum(axis=1).tolist() == np.minimum(np.bincount(labels), 6)[:20].tolist()
    check_texts(figure, f"{title}{more}", *shown)


@given(arrays(np.uint8, (5, 3, 3)))
def test_bytes_are_drawn_on_their_scale_and_other_pixels_on_their_own(images):
    assert gallery.brightness(images) == (0, 255)
    expected = (images.min() * 2.5, images.max() * 2.5)
    assert gallery.brightness(images * np.float32(2.5)) == expected


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
@given(st.integers(1, 4), st.integers(1, 3), TITLES)
def test_a_mosaic_has_each_image_in_its_place(rows, columns, label):
    tiles = np.arange(rows * columns * 4.0).reshape(rows, columns, 4)
    names = [str(c) for c in range(columns)]
    figure = gallery.mosaic([(label, row) for row in tiles], names, "gray", (0, 9))
    canvas = figure.axes[0].images[0].get_array()
    np.testing.assert_array_equal(canvas[10::90, 10::90], tiles[:, :, 0])
    np.testing.assert_array_equal(canvas[10::90, 70::90], tiles[:, :, 1])
    check_texts(figure, label, *names)


@given(st.integers(1, 5), st.integers(1, 3), st.integers(1, 9), st.data())
def test_confusion_counts_labels_by_true_class_one_by_one(classes, replicates, n, data):
    labels = data.draw(arrays(np.int64, (replicates, n), elements=st.integers(0, classes - 1)))
    y = data.draw(arrays(np.int64, n, elements=st.integers(0, classes - 1)))
    found = gallery.confusion(labels, y, classes)
    assert found.shape == (classes, classes)
    for true, label in np.ndindex(found.shape):
        own = [x for row in labels for x, t in zip(row, y, strict=True) if t == true]
        assert found[true, label] == (own.count(label) / len(own) if own else 0)


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
    style.pixel_axis(grid[-1, -1], sizes)
    shown = apart(sizes)
    assert grid[-1, -1].get_xticks().tolist() == [size**2 for size in shown]
    assert {max(sizes)} <= set(shown) <= set(sizes)
    assert (np.diff(np.log(shown)) >= np.log(max(sizes) / min(sizes)) / 9 - 1e-9).all()
    check_texts(figure, label, "chance", *[f"{size}×{size}" for size in shown])


@given(st.text("$\\_{}^a ", max_size=8))
def test_plain_text_is_no_formula_and_no_label_to_hide(text):
    drawn = style.as_written(text)
    assert not drawn.startswith("_")
    shown, formula = Text(text=drawn)._preprocess_math(drawn)
    assert not formula
    assert shown.replace("\u200b", "") == text


@given(st.lists(st.text(max_size=3), max_size=12, unique=True))
def test_each_name_has_a_colour_of_its_own_while_there_are_enough(names):
    found = style.colours(names)
    assert list(found) == names
    assert len({to_rgba(c) for c in found.values()}) == min(len(names), len(style.COLOURS))
    assert style.colours(names[:3]).items() <= found.items()


@given(SIZES)
def test_a_larger_size_has_a_darker_shade(sizes):
    found = style.size_colours(sizes)
    shades = [np.dot(found[size][:3], [0.299, 0.587, 0.114]) for size in sorted(sizes)]
    assert set(found) == set(sizes)
    assert shades == sorted(shades, reverse=True)
    assert len(set(shades)) == len(sizes)

"""Charts of random studies: drawn without error, with every text as it stands."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from drawn_figures import SIZES, check_texts, few, texts
from hypothesis import given
from hypothesis import strategies as st
from random_studies import TITLES, answers, results

from fewpixels.figures import accuracy, style, training
from fewpixels.figures import sizes as sizes_figure
from fewpixels.figures import tuning as tuning_figure
from fewpixels.figures.answer import draw
from fewpixels.figures.sweep import sweep
from fewpixels.statistics.sampling import Dealt
from fewpixels.tables.answer import best, with_interval
from fewpixels.tables.ladders import climbs, first_rung, spanning
from fewpixels.tables.pairs import intervals
from fewpixels.tables.sizes import SHARES, smallest, steps
from fewpixels.tables.tuning import tuning

# Nothing but zeros leave a logarithmic axis no tick, which Matplotlib only warns about.
pytestmark = pytest.mark.filterwarnings("error", "ignore:Data has no positive values")


@few
@given(results(3), TITLES)
def test_the_headline_names_every_ladder_and_the_dataset(r, title):
    cells = of_cells(r)
    figure = accuracy.headline(cells, cells.drop_duplicates("size"), r.models, 4, title)
    drawn = [x for x in spanning(r.models) if x[0]["overview"]] or spanning(r.models)
    ends = [(m, m is x[-1]) for x in drawn for m in (x[0], x[-1])]
    wide = [(m, top) for m, top in ends if len(m["sizes"]) > 1] or ends
    strong = max((m for m in r.models if m["published"]), key=lambda m: len(m["sizes"]), default={})
    shown = [m["title"] + ("" if top else f", {first(m)}") for m, top in wide if m is not strong]
    shown += [f"{strong['title']}, as published"] if strong else []
    assert shown
    check_texts(figure, *shown, "best at each size,", "chance",
                f"How few pixels does a classifier need? {title}")  # fmt: skip


def test_the_headline_of_many_models_draws_all_and_names_the_best():
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
    figure = accuracy.headline(cells, cells.head(1), models, 10, "digits")
    drawn = {y for line in figure.axes[0].get_lines() for y in line.get_ydata()}
    assert drawn >= set(shares.values())
    best = sorted(shares, key=shares.get)[-accuracy.MOST :]
    assert set(best) == set(texts(figure)) & shares.keys()


def test_the_headline_of_models_that_all_diverged_has_axes_alone():
    cells = pd.DataFrame([{"model": "m", "size": 7, "fresh": np.nan, "diverged": 2}])
    cells = cells.assign(sample_low=np.nan, sample_high=np.nan)
    models = [{"name": "m", "title": "m", "remedy_of": "", "sizes": (7,), "overview": True}]
    models[0] |= {"beyond": "", "published": {"accuracy": {}}}
    figure = accuracy.headline(cells, pd.DataFrame(columns=["size", "model"]), models, 2, "digits")
    assert "m" not in texts(figure)


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
    accuracy.line(grid[0, 0], own, label="a", shift=shift)
    drawn = np.asarray(grid[0, 0].containers[0][0].get_xdata(), float)
    np.testing.assert_allclose(drawn, [size**2 * shift for size in sorted(sizes[1:])])


@few
@given(results(2))
def test_curves_name_each_model(r):
    counted = {m["name"]: f"{m['name']} step" for m in r.models}
    figure = training.curves(r.of_honest("history"), r.models, 0.25, counted)
    steps = [f"{step} of training" for step in counted.values()]
    check_texts(figure, *[m["title"] for m in r.models], *steps, "chance")


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
@given(results(3))
def test_initialisation_shows_the_size_that_most_are_trained_at(r):
    metrics, diagnostics = r.of_honest("metrics"), r.of_honest("diagnostics")
    figure = training.initialisation(diagnostics, metrics, r.models)
    sizes = [s for m in r.models for s in m["sizes"]]
    size = max(sizes, key=lambda s: (sizes.count(s), s))
    own = [m for m in r.models if size in m["sizes"]]
    labels = {(m["entry"], m["axes"].get("activation", "")) for m in own}
    check_texts(figure, *[", ".join(filter(None, label)) for label in labels],
                f"Networks before training, and how they end, at {size}×{size}")  # fmt: skip
    for axes in figure.axes:
        assert sum(len(points.get_offsets()) for points in axes.collections) == len(own)


@pytest.mark.parametrize(("entries", "kinds"), [(3, 2), (8, 8), (9, 2), (2, 9)])
def test_no_two_groups_of_networks_look_alike(entries, kinds):
    groups = [(f"e{i}", f"k{j}") for i in range(entries) for j in range(kinds)]
    models = [
        {"name": f"{entry}{kind}", "entry": entry, "axes": {"activation": kind}}
        for entry, kind in groups
    ]
    cells = pd.DataFrame({"model": [m["name"] for m in models], "size": 7})
    measured = [("input", 1), ("gradient", 1), ("silent", 1)]
    rows = [cells.assign(quantity=q, layer=layer, value=0.5) for q, layer in measured]
    figure = training.initialisation(
        pd.concat(rows), cells.assign(subset="fresh", accuracy=0.5), models
    )
    points = figure.axes[0].collections
    looks = {(p.get_facecolor().tobytes(), p.get_paths()[0].vertices.tobytes()) for p in points}
    assert len(looks) == len(groups)


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

"""Tables of uneven classes, and answers that little or nothing is certain."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fewpixels.statistics.classes import uneven, weights
from fewpixels.statistics.intervals import another_sample, other_images, wilson
from fewpixels.statistics.sampling import Dealt, Fixed
from fewpixels.tables.accuracy import remedies
from fewpixels.tables.answer import COST, answered, beside, best, judged
from fewpixels.tables.lead import answer_report, sentence
from fewpixels.tables.pairs import intervals, pairs
from fewpixels.tables.sizes import learned, smallest
from fewpixels.tables.summary import columns, line_of_chance, summary, told

pytestmark = pytest.mark.filterwarnings("error")
OF = Dealt(8, 1, 10)
NINE_IN_TEN = np.repeat([0, 1], [90, 10])


def scores(y, share, replicates=3, seed=0):
    """A model that labels a share of each class's images rightly, whichever they are."""
    rng = np.random.default_rng(seed)
    right = np.zeros((replicates, len(y)))
    for c, own in enumerate(share):
        members = np.flatnonzero(y == c)
        for row in right:
            row[rng.permutation(members)[: round(own * len(members))]] = 1
    return right


def cells(y, found, uneven=True):
    """What `pareto` gives of models' scores by name and size."""
    rows = []
    for (name, size), right in found.items():
        row = {"size": size, "model": name, "title": name.title(), "fresh_diverged": 0}
        kinds = {"": right, "_balanced": right * weights(y)} if uneven else {"": right}
        for kind, values in kinds.items():
            for subset in ("validation", "fresh"):
                row |= {f"{subset}{kind}_mean": values.mean(), f"{subset}{kind}_sd": 0.0}
        rows.append(row | dict.fromkeys([*COST, "train_seconds"], 1.0) | {"front": "yes"})
    return pd.DataFrame(rows)


def answer_of(y, found, of=OF, uneven=True):
    table = cells(y, found, uneven)
    return table, *answered(best(table), found, of, y)


@pytest.mark.parametrize("of", [OF, Fixed()])
@pytest.mark.parametrize("replicates", [1, 3])
def test_always_naming_the_commonest_class_is_nothing_learned(of, replicates):
    found = {("one", s): scores(NINE_IN_TEN, (1, 0), replicates) for s in (14, 7)}
    table, answer, shares = answer_of(NINE_IN_TEN, found, of)
    assert shares["size"].isna().all()
    told = sentence(answer, shares, 2)
    assert "labels 0.900" in told
    assert "always naming the commonest class gives 0.90" in told
    assert "that is 0.500" in told
    assert "guessing gives 0.50" in told
    assert "nothing was learned that is certain, and no size is enough" in told
    assert "takes" not in told
    text = answer_report(answer, table, shares, 2, of)
    assert text.startswith(f"**{told}**\n")
    assert "nan" not in text.lower()


def test_noise_of_even_classes_is_nothing_learned_either():
    y = np.repeat(np.arange(4), 25)
    found = {("noise", s): scores(y, (0.24, 0.28, 0.24, 0.28), seed=s) for s in (14, 7)}
    _, answer, shares = answer_of(y, found, uneven=False)
    told = sentence(answer, shares, 4)
    assert shares["size"].isna().all()
    assert "guessing gives 0.25. At 14×14 that is not certainly better" in told
    assert "alanced" not in told


def test_a_model_of_a_rare_class_is_preferred_to_one_that_names_the_commonest():
    """The one is right 0.9 times, the other 0.82 times, and 0.85 of them by class."""
    found = {}
    for size in (14, 7):
        found["one", size] = scores(NINE_IN_TEN, (1, 0))
        found["both", size] = scores(NINE_IN_TEN, (0.8, 0.9 if size == 14 else 0.8), seed=size)
    table, answer, shares = answer_of(NINE_IN_TEN, found)
    assert answer["model"].tolist() == ["both", "both"]
    assert answer["fresh_mean"].tolist() == pytest.approx([0.81, 0.8])
    assert answer["fresh_balanced_mean"].tolist() == pytest.approx([0.85, 0.8])
    assert answer["majority"].tolist() == [0.9, 0.9]
    right = found["both", 14] * weights(NINE_IN_TEN)
    ends = another_sample(right, 8, 10, classes=NINE_IN_TEN)
    assert answer.loc[0, ["fresh_balanced_low", "fresh_balanced_high"]].tolist() == pytest.approx(
        np.clip(ends, 0, 1)
    )
    last = shares.iloc[-1]
    assert (last["share"], last["size"]) == (0.99, 14)
    nine = shares[shares["share"] == 0.9].iloc[0]
    assert nine["size"] == 7
    assert nine["ratio"] == pytest.approx(0.8 / 0.85)
    told = sentence(answer, shares, 2)
    assert "Of the balanced accuracy at 14×14" in told
    text = answer_report(answer, table, shares, 2, OF)
    assert "| balanced" in text
    assert "0.850 (" in text
    answer, shares = beside(answer, shares, *answer_of(NINE_IN_TEN, found)[1:])
    assert answer["within_fresh_balanced_mean"].tolist() == pytest.approx([0.85, 0.8])


@pytest.mark.parametrize("of", [OF, Fixed()])
@pytest.mark.parametrize(
    ("y", "said"),
    [
        ([0, 1, 2, 3], "90% takes 4×4 (2×2 to 28×28)"),
        ([0, 0, 1, 1], "nothing was learned that is certain, and no size is enough"),
        ([0, 1, 1, 1], "nothing was learned that is certain, and no size is enough"),
    ],
    ids=["four classes", "two classes", "uneven"],
)
def test_the_lead_claims_no_certainty_of_four_fresh_images_all_right(y, said, of):
    """Twenty replicates that all label them rightly down to 4×4, and wrongly at 2×2."""
    y = np.array(y)
    found = {("one", s): np.full((20, 4), float(s >= 4)) for s in (28, 14, 7, 4, 2)}
    table, answer, shares = answer_of(y, found, of, uneven=uneven(y))
    told = sentence(answer, shares, len(np.unique(y)))
    assert said in told
    assert "alone" not in told
    low = answer["fresh_low"].iloc[0]
    assert f"1.000 ({low:.3f} to 1.000) at 28×28" in told
    assert 0.3 < low < wilson(4, 4)[0]
    assert answer_report(answer, table, shares, 2, of).startswith(f"**{told.split()[0]}")


def test_of_300_uneven_classes_what_most_are_named_rightly_is_learned():
    y = np.repeat(np.arange(300), 1 + np.arange(300) % 4)
    found = {("good", 7): scores(y, [1] * 300), ("good", 2): scores(y, [0.5] * 300)}
    _, answer, shares = answer_of(y, found)
    assert shares["size"].notna().all()
    assert answer["fresh_balanced_mean"].iloc[0] == pytest.approx(1)
    assert answer["majority"].iloc[0] == 4 / len(y)
    assert "guessing gives 0.003" in sentence(answer, shares, 300)


def test_one_replicate_is_judged_by_its_images_and_its_sizes_are_told_without_a_set():
    found = {("good", s): scores(NINE_IN_TEN, (0.9, 0.9), 1, seed=s) for s in (14, 7)}
    _, answer, shares = answer_of(NINE_IN_TEN, found)
    told = sentence(answer, shares, 2)
    assert answer["fresh_balanced_low"].isna().all()
    assert "90% takes 7×7," in told
    assert "is not known" in told
    assert "(" not in told
    right = found["good", 14] * weights(NINE_IN_TEN)
    assert other_images(right, classes=NINE_IN_TEN)[0] > 0.5
    assert learned({14: found["good", 14]}, OF, 0.5)
    assert not learned({14: scores(NINE_IN_TEN, (0, 1), 1)}, OF, 0.5)


def test_sizes_of_a_model_that_learned_nothing_are_missing():
    models = [{"name": n, "title": n} for n in ("one", "both")]
    found = {
        "one": {14: scores(NINE_IN_TEN, (1, 0))},
        "both": {14: scores(NINE_IN_TEN, (0.9, 0.9))},
    }
    weighted = {
        n: {s: v * weights(NINE_IN_TEN) for s, v in own.items()} for n, own in found.items()
    }
    table = smallest(weighted, models, Dealt(8, 1, 10, NINE_IN_TEN), 0.5)
    assert table[table["model"] == "one"]["size"].isna().all()
    assert (table[table["model"] == "both"]["size"] == 14).all()


def test_intervals_and_pairs_stand_beside_those_of_all_images():
    a, b = scores(NINE_IN_TEN, (1, 0)), scores(NINE_IN_TEN, (0.8, 0.9))
    found = {("a", 7): a, ("b", 7): b}
    tests = {cell: np.full(3, 0.9) for cell in found}
    balanced = {("a", 7): np.full(3, 0.5), ("b", 7): np.full(3, np.nan)}
    table = intervals(tests, found.items(), OF, NINE_IN_TEN, balanced).set_index("model")
    plain = intervals(tests, found.items(), OF).set_index("model")
    pd.testing.assert_frame_equal(table[plain.columns], plain)
    assert table["fresh_balanced"].tolist() == pytest.approx([0.5, 0.85])
    assert table["majority"].tolist() == [0.9, 0.9]
    assert table["test_balanced"].tolist() == pytest.approx([0.5, np.nan], nan_ok=True)
    own = pairs([("models", "a", "b", 7)], tests, found, OF, NINE_IN_TEN).iloc[0]
    assert own["difference"] == pytest.approx(0.09)
    assert own["balanced_difference"] == pytest.approx(-0.35)
    assert own["balanced_difference_low"] < -0.35 < own["balanced_difference_high"]
    assert line_of_chance(table, 2) == 0.9
    assert line_of_chance(plain, 2) == 0.5
    even = np.repeat([0, 1], 50)
    pd.testing.assert_frame_equal(
        intervals(tests, found.items(), OF, even).set_index("model"), plain
    )


def test_balanced_accuracies_are_summarised_beside_the_others():
    rows = [
        ("d", "heldout", 7, name, r, subset, value, balanced, 0.9 if subset == "fresh" else np.nan)
        for name in ("a", "b")
        for subset in ("validation", "fresh")
        for r, (value, own) in enumerate([(0.9, 0.5), (0.8, 0.7)])
        for balanced in [own + (name == "b") / 10 if subset == "fresh" else np.nan]
    ]
    names = ["dataset", "split", "size", "model", "replicate", "subset", "accuracy", "balanced"]
    metrics = pd.DataFrame(rows, columns=[*names, "majority"])
    means = summary(metrics)
    found = columns(means, ("heldout", 7, "a", "fresh"), "fresh")
    assert found["fresh_balanced_mean"] == pytest.approx(0.6)
    assert list(columns(means, ("heldout", 7, "a", "validation"), "x")) == ["x_mean", "x_sd"]
    base = {"title": "t", "sizes": (7,), "overview": True, "beyond": "", "published": {}}
    models = [
        base | {"name": "a", "remedy_of": "", "remedy": ""},
        base | {"name": "b", "remedy_of": "a", "remedy": "better"},
    ]
    table = remedies(metrics, models, "heldout")
    assert table["gain_balanced_mean"].iloc[1] == pytest.approx(0.1)
    assert table["gain_mean"].iloc[1] == 0


NUMBERS = st.lists(st.none() | st.floats(0.01, 1), min_size=1, max_size=5)


@given(st.dictionaries(st.sampled_from(["fresh", "validation", "majority"]), NUMBERS))
def test_what_is_judged_is_balanced_only_where_a_number_is_told(found):
    names = {"majority": "majority"} | {s: f"{s}_balanced_mean" for s in ("fresh", "validation")}
    rows = max(map(len, found.values()), default=1)
    table = pd.DataFrame(
        {names[key]: [*own, *[None] * (rows - len(own))] for key, own in found.items()}, dtype=float
    )
    known = {key: [value for value in own if value is not None] for key, own in found.items()}
    for key, name in names.items():
        assert told(table, name) == bool(known.get(key))
    for subset in ("fresh", "validation"):
        wanted = f"{subset}_balanced" if known.get(subset) else subset
        assert judged(table, subset) == wanted
    assert judged(table) == judged(table, "fresh")
    for classes in (2, 300):
        assert line_of_chance(table, classes) == max(known.get("majority") or [1 / classes])


def test_what_is_judged_is_balanced_only_where_classes_are_uneven():
    found = {("one", 7): scores(NINE_IN_TEN, (1, 0))}
    assert judged(cells(NINE_IN_TEN, found)) == "fresh_balanced"
    assert judged(cells(NINE_IN_TEN, found, uneven=False)) == "fresh"

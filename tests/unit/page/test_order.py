"""What the page needs to train perceptrons again."""

import json
import re

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from random_studies import TITLES

from fewpixels.models.perceptron import HYPERPARAMETERS
from fewpixels.page.charts import drawn
from fewpixels.page.forms import perceptron, trained_in_page
from fewpixels.page.order import (
    EPOCHS,
    MOST_CLASSES,
    accuracy_chart,
    confusion_chart,
    order,
    rehearsed,
)
from fewpixels.study.validation import filled

OWN = st.fixed_dictionaries(
    {
        "scheme": st.sampled_from(["one-vs-rest", "one-vs-one"]),
        "kernel": st.sampled_from(["linear", "quadratic"]),
        "order": st.sampled_from(["sorted", "shuffled"]),
        "bias": st.booleans(),
    }
)
MODEL = st.fixed_dictionaries(
    {
        "own": OWN,
        "family": st.sampled_from(["perceptron", "knn", "own/perceptron.py"]),
        "augmented": st.booleans(),
        "sizes": st.sets(st.sampled_from([28, 14, 9, 7, 5, 4, 3, 2, 1]), min_size=1).map(sorted),
        "splits": st.sampled_from([("apart",), ("last", "apart"), ("last",)]),
    }
)


def suits(model):
    """Whether weights are one a pixel and class, and trained on the honest split's images alone."""
    own = model["own"]
    plain = own["scheme"] == "one-vs-rest" and own["kernel"] == "linear" and not own["bias"]
    here = model["family"] == "perceptron" and not model["augmented"]
    whole = any(28 % size == 0 for size in model["sizes"])
    return plain and here and whole and "apart" in model["splits"]


@given(st.lists(MODEL, max_size=5))
def test_the_model_that_is_trained_again_is_a_plain_one(models):
    own = [m | {"name": f"m{i}"} for i, m in enumerate(models)]
    parameters = {m["name"]: filled(m["own"] | {"epochs": 2}, HYPERPARAMETERS) for m in own}
    copied = {m["name"]: "distorted" if m["augmented"] else "" for m in own}
    sources = {m["family"]: m["family"] for m in own}
    found = rehearsed(own, parameters, sources, copied, "apart", 28)
    suited = [m for m in own if suits(m)]
    for m in own:
        asked = trained_in_page(m["family"], parameters[m["name"]])
        plain = perceptron.trained_in_page(parameters[m["name"]])
        assert asked == (plain and m["family"] == "perceptron")
    if not suited:
        assert found is None
        return
    model, size = found
    in_order = [m for m in suited if m["own"]["order"] == "sorted"]
    assert model == (in_order or suited)[0]
    whole = [s for s in model["sizes"] if 28 % s == 0]
    assert size in whole
    assert size > 2 or max(whole) <= 2
    assert all(abs(size - 4) <= abs(s - 4) for s in whole if s > 2)


@settings(max_examples=10, deadline=None)
@given(
    st.integers(1, 4), st.integers(1, 60), st.sampled_from([4, 2, 1]), st.integers(0, 99),
    st.booleans(),
)  # fmt: skip
def test_what_is_packed_is_what_was_trained_on(classes, n, size, seed, published):
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 256, (n, 4, 4), np.uint8)
    y, names = rng.integers(0, classes, n), [f"<{c}>" for c in range(classes)]
    part, (record, arrays) = order(
        images, y, size, names, published, np.random.default_rng(seed + 1)
    )
    block = 4 // size
    for i in range(n):
        for p, total in enumerate(arrays["pixels"][i]):
            row, column = block * (p // size), block * (p % size)
            assert total == images[i, row : row + block, column : column + block].sum(dtype=int)
    assert arrays["labels"].tolist() == y.tolist()
    again = np.random.default_rng(seed + 1)
    assert arrays["orders"].tolist() == [again.permutation(n).tolist() for _ in range(EPOCHS)]
    assert record == {"size": size, "epochs": EPOCHS, "published": published, "classes": names}
    assert (part["images"], part["classes"]) == (n, names)
    assert "<0>" not in part["confusion"]["specification"]


@given(st.sampled_from(["fractions", "classes", "images"]))
def test_what_the_page_cannot_train_is_left_out(why):
    n = 70_000 if why == "images" else 3
    images = np.ones((n, 2, 2), np.float32 if why == "fractions" else np.uint8)
    names = ["c"] * (MOST_CLASSES + 1 if why == "classes" else 2)
    rng = np.random.default_rng(0)
    assert order(images, np.zeros(n, np.int64), 2, names, False, rng) is None


@settings(max_examples=10, deadline=None)
@given(st.lists(TITLES, min_size=1, max_size=6))
def test_charts_take_what_the_page_gives(names):
    """Drawn without data they are axes; with it they have a mark of each."""
    matrix, curves = confusion_chart(names), accuracy_chart(len(names))
    pairs = [(a, b) for a in range(len(names)) for b in range(len(names))]
    counts = [{"actual": a, "label": b, "share": 0.5} for a, b in pairs]
    points = [{"series": "s", "epoch": e, "accuracy": 0.5} for e in (1, 2)]
    given_counts = matrix | {"datasets": {"counts": counts}}
    curves["layer"][1]["data"] = {"values": points}
    for specification, mark in ((given_counts, "mark-rect"), (curves, "mark-line")):
        assert mark in drawn(specification)
    marks = re.search(r'class="mark-rect role-mark[^>]*>(.*?)</g>', drawn(given_counts))[1]
    assert marks.count("<path") == len(pairs)
    assert json.dumps(names) in matrix["encoding"]["x"]["axis"]["labelExpr"]

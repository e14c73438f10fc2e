"""Costs, against plain predictions that count their products as they go."""

from itertools import combinations_with_replacement, permutations

import numpy as np
from helpers import subset
from hypothesis import given
from hypothesis import strategies as st

from fewpixels.contract import Cost
from fewpixels.models import knn, mlp, perceptron
from fewpixels.perceptrons.schemes import signs_of
from fewpixels.perceptrons.scoring import coefficients


class Counting:
    """Multiplies, divides, and counts."""

    def __init__(self):
        self.count = 0

    def times(self, a, b):
        self.count += 1
        return a * b

    def over(self, a, b):
        self.count += 1
        return a / b

    def dot(self, a, b):
        return sum(self.times(x, y) for x, y in zip(a, b, strict=True))


def check(found, replicates, replicate, numbers, count):
    """Numbers, by type, and products are those that the prediction of one replicate took."""
    assert isinstance(found, Cost)
    for values in vars(found).values():
        assert (values.shape, values.dtype) == ((replicates,), np.int64)
    assert found.parameters[replicate] == sum(len(own) for own in numbers.values())
    assert found.multiplications[replicate] == count
    sizes = [len(own) * np.dtype(kind).itemsize for kind, own in numbers.items()]
    assert found.bytes[replicate] == sum(sizes)


def explicit(x, z, alpha, c, quadratic, bias):
    """Scores of one image from explicit weights, the numbers kept, and the products."""
    counting, d = Counting(), len(x)
    pairs = list(combinations_with_replacement(range(d), 2)) if quadratic else []
    features = [*x, *(counting.times(x[j], x[k]) for j, k in pairs)]
    scores, kept = [], []
    for own in alpha:
        # What a constant feature brings: the products c² and c⁴, and c² with each pixel.
        pixel = 1 + c**2 if quadratic else 1
        offset = 1 + c**2 + c**4 if quadratic else c**2
        weights = [sum(a * pixel * v[j] for a, v in zip(own, z, strict=True)) for j in range(d)]
        weights += [sum(a * v[j] * v[k] for a, v in zip(own, z, strict=True)) for j, k in pairs]
        kept += weights
        score = counting.dot(weights, features)
        if quadratic or bias:
            kept.append(offset * sum(own))
            score += kept[-1]
        scores.append(score)
    return scores, {"float64": kept}, counting.count


def in_kernel_form(x, z, alpha, c, quadratic, bias):
    """The same from the training images that have a coefficient."""
    counting = Counting()
    scores, images = [0] * len(alpha), []
    coefficients = [c**2] if bias else []
    for i, image in enumerate(z):
        own = [a[i] for a in alpha]
        if not any(own):
            continue
        images += image
        coefficients += own
        products = [counting.times(a, b) for a, b in zip(x, image, strict=True)]
        k = dot = sum(products)
        if quadratic:
            squares = counting.times(dot, dot) + sum(counting.times(p, p) for p in products)
            k = 1 + dot + counting.times(squares, 0.5)
        if bias:
            k += c**2  # a number that is kept
            if quadratic:
                k += counting.times(c**2, dot) + c**4
        scores = [s + counting.times(a, k) for s, a in zip(scores, own, strict=True)]
    return scores, {"float32": images, "float64": coefficients}, counting.count


def label(scores, scheme, classes):
    if scheme == "one-vs-rest":
        return scores.index(max(scores))
    votes = [0] * classes
    for score, (a, b) in zip(scores, permutations(range(classes), 2), strict=True):
        votes[a if score >= 0 else b] += 1
    return votes.index(max(votes))


@given(st.integers(1, 5), st.integers(2, 3), st.integers(1, 9), st.booleans(), st.booleans(),
       st.sampled_from(["one-vs-rest", "one-vs-one"]), st.integers(0, 999))  # fmt: skip
def test_a_perceptron_costs_what_the_cheaper_of_two_plain_predictions_takes(
    pixels, classes, extra, quadratic, bias, scheme, seed
):
    """Pixels and coefficients are small integers, so that arithmetic is exact."""
    rng = np.random.default_rng(seed)
    n = classes + extra
    y = np.append(np.arange(classes), rng.integers(0, classes, extra))
    train = subset(rng.integers(0, 4, (n, pixels)), y, [range(n)] * 2)
    perceptrons = classes if scheme == "one-vs-rest" else classes * (classes - 1)
    inside = signs_of(scheme, classes)[y] != 0
    kept = rng.integers(-1, 2, (2, n, inside[0].sum())) * (rng.random((2, n, 1)) < rng.random())
    parameters = {"alpha": kept.astype(np.int8), "visits": np.ones((2, perceptrons), np.int8)}
    parameters["constant"] = np.full(2, 2.0 * bias)
    kernel = "quadratic" if quadratic else "linear"
    hyperparameters = {"scheme": scheme, "kernel": kernel, "degree": 2, "bias": bias}
    found = perceptron.cost(parameters, hyperparameters, n, pixels)
    x = rng.integers(0, 4, pixels)
    labels = perceptron.predict(parameters, hyperparameters, train, x[None].astype("f4")).labels
    for r in range(2):
        z, own = train.x[r].astype(int).tolist(), coefficients(parameters, r, inside).tolist()
        arguments = (x.tolist(), z, own, 2 * bias, quadratic, bias)
        first, second = explicit(*arguments), in_kernel_form(*arguments)
        assert first[0] == second[0]
        assert label(first[0], scheme, classes) == labels[r, 0]
        _, numbers, count = min(first, second, key=lambda form: form[2])
        check(found, 2, r, numbers, count)


@given(st.integers(1, 4), st.integers(1, 4), st.booleans(), st.integers(0, 999))
def test_polynomial_and_voted_perceptrons_cost_what_plain_predictions_take(
    pixels, degree, bias, seed
):
    rng = np.random.default_rng(seed)
    x, *z = rng.integers(0, 4, (6, pixels)).tolist()
    alpha = rng.integers(-1, 2, (3, 5)) * (rng.random(5) < 0.6)
    options = {"kernel": "polynomial", "degree": degree, "bias": bias}
    constant = np.full(1, 2.0 * bias)
    # Explicit weights: each monomial of a higher degree is one of a lower times a pixel.
    counting = Counting()
    features = [
        [(pixel,) for pixel in range(pixels)],
        *(list(combinations_with_replacement(range(pixels), k)) for k in range(2, degree + 1)),
    ]
    values = {(j,): x[j] for j in range(pixels)}
    for own in features[1:]:
        values |= {m: counting.times(values[m[:-1]], x[m[-1]]) for m in own}
    for _ in alpha:
        counting.dot(list(values.values()), [1] * len(values))
    explicit = {"float64": [0] * 3 * (len(values) + 1)}, counting.count
    weights = {"weights": np.zeros((1, 3, len(values) + 1)), "constant": constant}
    check(perceptron.cost(weights, options, 5, pixels), 1, 0, *explicit)
    # In kernel form.
    counting, support = Counting(), [i for i in range(5) if alpha[:, i].any()]
    for i in support:
        base = value = 1 + counting.dot(x, z[i]) + (4 if bias else 0)
        for _ in range(1, degree):
            value = counting.times(value, base)
        assert value == base**degree
    voted = counting.count
    for i in support:
        counting.dot([1] * 3, alpha[:, i])
    images = [0] * (len(support) * pixels)
    kernel = {"float32": images, "float64": [0] * (3 * len(support) + bias)}, counting.count
    kept = {"alpha": alpha.T[None], "visits": np.ones((1, 3), np.int64), "constant": constant}
    found = perceptron.cost(kept, options, 5, pixels)
    check(found, 1, 0, *min(explicit, kernel, key=lambda form: form[1]))
    # By votes, with the same images.
    logs = np.full((1, 3, 5), -1, np.int32)
    for p, own in enumerate(alpha):
        logs[0, p, : np.count_nonzero(own)] = np.flatnonzero(own)
    log = {"mistakes": logs, "survived": np.zeros((1, 3, 6), np.int64), "constant": constant}
    made = np.count_nonzero(alpha)
    numbers = {"float32": images, "int32": [0] * made, "int64": [0] * (made + 3)}
    numbers["float64"] = [0] * bias
    check(perceptron.cost(log, options, 5, pixels), 1, 0, numbers, voted)


@given(st.integers(1, 6), st.integers(2, 9), st.integers(0, 999))
def test_a_look_up_costs_what_a_plain_search_takes(pixels, n, seed):
    rng = np.random.default_rng(seed)
    train = subset(rng.integers(0, 4, (n, pixels)), rng.integers(0, 3, n), [range(n)] * 2)
    parameters = {"chosen": np.ones(2, np.int64)}
    x = rng.integers(0, 4, pixels)
    found = knn.cost(parameters, {"k_max": 1, "ties": "nearer"}, n, pixels)
    predicted = knn.predict(
        parameters, {"k_max": 1, "ties": "nearer"}, train, x[None].astype(np.float32)
    )
    for r in range(2):
        counting = Counting()
        differences = [[a - b for a, b in zip(x, z, strict=True)] for z in train.x[r].tolist()]
        distances = [counting.dot(own, own) for own in differences]
        assert predicted.labels[r, 0] == train.y[r, distances.index(min(distances))]
        numbers = {"float32": train.x[r].ravel(), "int64": [*train.y[r], 1]}
        check(found, 2, r, numbers, counting.count)


@given(st.lists(st.integers(1, 5), min_size=2, max_size=4), st.booleans(), st.integers(0, 999))
def test_a_network_costs_what_a_plain_forward_pass_takes(sizes, standardise, seed):
    rng = np.random.default_rng(seed)
    sizes = [*sizes, 3]
    parameters = {"mean": np.zeros(2, "f4"), "deviation": np.ones(2, "f4")}
    if standardise:
        parameters = {"mean": np.full(2, 2, "f4"), "deviation": np.full(2, 4, "f4")}
    for i in range(len(sizes) - 1):
        for name, height in ((f"w{i}", sizes[i]), (f"b{i}", 1)):
            parameters[name] = rng.integers(-2, 3, (2, height, sizes[i + 1])).astype(np.float32)
    hyperparameters = {
        "activation": "relu",
        "protocol": "remedied" if standardise else "published",
    }
    x = rng.integers(0, 8, sizes[0])
    found = mlp.cost(parameters, hyperparameters, 7, sizes[0])
    labels = mlp.predict(parameters, hyperparameters, None, x[None].astype(np.float32)).labels
    for r in range(2):
        counting, kept = Counting(), [2, 4] if standardise else []
        h = [counting.over(a - 2, 4) for a in x] if standardise else list(x)
        for i in range(len(sizes) - 1):
            w, b = parameters[f"w{i}"][r], parameters[f"b{i}"][r, 0]
            kept += [*w.ravel(), *b]
            h = [counting.dot(h, own) + offset for own, offset in zip(w.T, b, strict=True)]
            if i < len(sizes) - 2:
                h = [max(value, 0) for value in h]
        assert h.index(max(h)) == labels[r, 0]
        check(found, 2, r, {"float32": kept}, counting.count)


@given(st.integers(1, 4), *[st.integers(0, 99)] * 3)
def test_equal_costs_are_those_of_each_replicate(replicates, parameters, multiplications, size):
    cost = Cost.equal(replicates, parameters, multiplications, size)
    numbers = [values.tolist() for values in vars(cost).values()]
    assert numbers == [[value] * replicates for value in (parameters, multiplications, size)]

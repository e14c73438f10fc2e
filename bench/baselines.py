"""What the study is timed against: plain loops, and scikit-learn.

Every function trains on one replicate, one model at a time. Images come class by class.
"""

from collections.abc import Callable, Mapping
from itertools import combinations_with_replacement, pairwise, permutations
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import Perceptron
from sklearn.multiclass import OneVsOneClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import PolynomialFeatures

from fewpixels.networks.batches import draw_batches

Doubles = NDArray[np.float64]
Labels = NDArray[np.int64]
Predict = Callable[[Doubles], Labels]
"""From images (n, d) to labels (n,)."""

ACTIVATIONS = {"relu": torch.relu, "atan": torch.atan, "sigmoid": torch.sigmoid}


def monomials(x: Doubles) -> Doubles:
    """All monomials of degree 0, 1 and 2 of the pixels; shape (n, 1 + d + d (d + 1) / 2)."""
    first, second = np.array(list(combinations_with_replacement(range(x.shape[1]), 2))).T
    return np.hstack([np.ones((len(x), 1)), x, x[:, first] * x[:, second]])


def plain_perceptron(x: Doubles, signs: Doubles, epochs: int) -> Doubles:
    """Rosenblatt's loop over single images; the last weights."""
    w = np.zeros(x.shape[1])
    for _ in range(epochs):
        for image, sign in zip(x, signs, strict=True):
            predicted = 1.0 if w @ image >= 0 else -1.0
            if predicted != sign:
                w += sign * image
    return w


def plain_perceptrons(x: Doubles, y: Labels, parameters: Mapping[str, Any], epochs: int) -> Predict:
    """Train a perceptron for each class, or for each ordered pair of classes, in plain NumPy.

    Parameters
    ----------
    x : ndarray, shape (n, d)
    y : ndarray, shape (n,)
    parameters : mapping
        ``scheme`` and ``kernel`` of the study's perceptrons.
    epochs : int
    """
    features = monomials if parameters["kernel"] == "quadratic" else np.asarray
    phi, classes = features(x), int(y.max()) + 1
    if parameters["scheme"] == "one-vs-rest":
        rest = [plain_perceptron(phi, np.where(y == c, 1.0, -1.0), epochs) for c in range(classes)]
        return lambda images: (features(images) @ np.array(rest).T).argmax(axis=1)
    pairs = list(permutations(range(classes), 2))
    weights = []
    for a, b in pairs:
        members = (y == a) | (y == b)
        weights.append(plain_perceptron(phi[members], np.where(y[members] == a, 1.0, -1.0), epochs))

    def predict(images: Doubles) -> Labels:
        scores = features(images) @ np.array(weights).T
        votes = np.zeros((len(images), classes), np.int64)
        for (a, b), score in zip(pairs, scores.T, strict=True):
            votes[np.arange(len(images)), np.where(score >= 0, a, b)] += 1
        return votes.argmax(axis=1)

    return predict


def sklearn_perceptrons(
    x: Doubles, y: Labels, parameters: Mapping[str, Any], epochs: int
) -> Predict:
    """Train scikit-learn's perceptrons; parameters as `plain_perceptrons`.

    One against one it trains a perceptron for each unordered pair. It counts a score of 0 as
    a mistake for both classes, so its weights differ a little from the study's.
    """
    features = PolynomialFeatures(2) if parameters["kernel"] == "quadratic" else None
    phi = features.fit_transform(x) if features else x
    model = Perceptron(max_iter=epochs, tol=None, shuffle=False, fit_intercept=False, n_jobs=1)
    if parameters["scheme"] == "one-vs-one":
        model = OneVsOneClassifier(model, n_jobs=1)
    model.fit(phi, y)
    return lambda images: model.predict(features.transform(images) if features else images)


def sklearn_sweep(x: Doubles, y: Labels, queries: list[Doubles], k_max: int) -> list[Labels]:
    """Fit and predict for k = 1…k_max; for each query images' labels (k_max, n)."""
    labels: list[list[Labels]] = [[] for _ in queries]
    for k in range(1, k_max + 1):
        model = KNeighborsClassifier(k, algorithm="brute", n_jobs=1).fit(x, y)
        for images, found in zip(queries, labels, strict=True):
            found.append(model.predict(images))
    return [np.array(found) for found in labels]


def sklearn_network(
    train: tuple[Doubles, Labels], parameters: Mapping[str, Any], updates: int
) -> Predict:
    """Train scikit-learn's network on as many full batches, by plain gradient descent.

    It starts from weights of its own, and has no validation images.

    Parameters
    ----------
    train : tuple
        Images (n, d) and classes (n,).
    parameters : mapping
        ``layers`` and ``width`` of the study's ``mlp`` family, and its ``learning_rate``.
    updates : int
    """
    x, y = train
    mean, deviation = x.mean(), x.std()
    model = MLPClassifier(
        (parameters["width"],) * (parameters["layers"] - 1),
        solver="sgd",
        batch_size=len(x),
        momentum=0,
        alpha=0,
        learning_rate_init=parameters["learning_rate"],
        max_iter=updates,
        n_iter_no_change=updates,
        shuffle=False,
        random_state=0,
    )
    model.fit(((x - mean) / deviation).astype(np.float32), y)
    return lambda images: model.predict(((images - mean) / deviation).astype(np.float32))


def torch_network(
    train: tuple[Doubles, Labels],
    validation: tuple[Doubles, Labels],
    parameters: Mapping[str, Any],
    rng: np.random.Generator,
    *,
    updates: int,
    single: bool,
) -> Predict:
    """Train one network as the notebook did, with torch's autograd.

    It starts from the same weights as the study's, and takes the same mini-batches.

    Parameters
    ----------
    train, validation : tuple
        Images (n, d) and classes (n,).
    parameters : mapping
        Hyperparameters of the study's ``mlp`` family, protocol ``published``.
    rng : Generator
        The stream of the cell's replicate.
    updates : int
        Validation accuracy is measured after each; none stops early.
    single : bool
        One image at a time goes through the network; otherwise the whole batch.
    """
    (x, y), (x_val, y_val) = (
        (torch.tensor(x, dtype=torch.float32), torch.tensor(y)) for x, y in (train, validation)
    )
    activation = ACTIVATIONS[parameters["activation"]]
    classes = int(y.max()) + 1
    sizes = [x.shape[1], *[parameters["width"]] * (parameters["layers"] - 1), classes]
    weights = []
    for fan_in, fan_out in pairwise(sizes):
        drawn = rng.uniform(-1.0, 1.0, (fan_in + 1, fan_out)) * parameters["init_range"]
        for part in (drawn[:-1], drawn[-1:]):
            weights.append(torch.tensor(part, dtype=torch.float32, requires_grad=True))

    def forward(images: torch.Tensor) -> torch.Tensor:
        for i in range(0, len(weights), 2):
            z = images @ weights[i] + weights[i + 1]
            images = activation(z)
        return z

    mini = parameters["batch"] == "mini"
    per_class = np.bincount(train[1])
    if mini:
        per_class = np.minimum(per_class, parameters["per_class"])
        batches = torch.tensor(draw_batches([rng], train[1][None], per_class, updates)[0])
    rate = parameters["learning_rate"] / per_class.mean()
    batch = torch.arange(len(y))
    for update in range(updates):
        if mini:
            batch = batches[update]
        for part in batch.split(1 if single else len(batch)):
            p = torch.softmax(forward(x[part]), dim=1)
            loss = -torch.log(p[torch.arange(len(part)), y[part]] + 1e-8).sum()
            loss.backward()
        with torch.no_grad():
            for w in weights:
                w -= rate * w.grad
                w.grad = None
            correct = 0
            for images, truth in zip(
                x_val.split(1 if single else len(x_val)),
                y_val.split(1 if single else len(x_val)),
                strict=True,
            ):
                correct += int((forward(images).argmax(dim=1) == truth).sum())

    def predict(images: Doubles) -> Labels:
        with torch.no_grad():
            return forward(torch.tensor(images, dtype=torch.float32)).argmax(dim=1).numpy()

    return predict

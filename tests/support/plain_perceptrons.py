"""Rosenblatt's loop over explicit features."""

import numpy as np
from helpers import monomials


def explicit(x, kernel, constant):
    """Feature vectors (n, f): the bias's feature is appended to the pixels, then the kernel's."""
    if constant is not None:
        x = np.hstack([x, np.full((len(x), 1), constant)])
    return np.array([monomials(row) for row in x]) if kernel == "quadratic" else x


def rosenblatt(phi, signs, visits):
    """Train one perceptron; after each epoch its last and averaged weights, and the mistakes."""
    w, total, count = np.zeros(phi.shape[1]), np.zeros(phi.shape[1]), 0
    epochs = []
    for epoch in visits:
        mistakes = 0
        for i in epoch:
            if signs[i] == 0:
                continue  # an image of neither class of the pair
            predicted = -1 if w @ phi[i] < 0 else 1
            if predicted != signs[i]:
                w = w + signs[i] * phi[i]
                mistakes += 1
            total = total + w
            count += 1
        epochs.append({"last": w, "averaged": total / count, "mistakes": mistakes})
    return epochs


def kernel_matrix(x, z, kernel, degree, c):
    """K from the explicit features above, or from its formula."""
    x, z = (s.astype(np.float64) for s in (x, z))
    if kernel == "polynomial":
        return (1 + x @ z.T + c**2) ** degree
    return explicit(x, kernel, c or None) @ explicit(z, kernel, c or None).T


def one_at_a_time(gram, crossed, sign, order):
    """Train one perceptron, storing every weight vector as coefficients.

    Returns its mistakes (image, time), visits, and for each way to weigh the vectors the scores
    of the images of `crossed` (n, m).
    """
    alpha, vectors, lasted, mistakes, t = np.zeros(len(gram)), [], [], [], 0
    vectors.append(alpha)
    lasted.append(0)
    for i in order:
        if sign[i] == 0:
            continue
        if (1 if gram[i] @ alpha >= 0 else -1) != sign[i]:
            alpha = alpha.copy()
            alpha[i] += sign[i]
            mistakes.append((i, t))
            vectors.append(alpha)
            lasted.append(0)
        lasted[-1] += 1
        t += 1
    each = crossed @ np.array(vectors).T
    scores = {
        "last": each[:, -1],
        "averaged": each @ lasted / max(t, 1),
        "voted": np.where(each >= 0, 1, -1) @ lasted,
    }
    return mistakes, t, scores

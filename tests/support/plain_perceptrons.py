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

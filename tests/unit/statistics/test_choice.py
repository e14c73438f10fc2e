"""How good the choice is of the best of 20 models on 100 validation images, in simulated studies.

A model labels an image rightly where a normal number stays below the threshold that gives the
model its accuracy. Of its variance 60% is the image's, alike for all models, 20% of that image
and model, and 20% of the replicate too. Replicates draw their validation images from one pool of
1,000, so that 20 of them see some 878 different ones. `docs/statistics.md` has what each test
measured, to within what 400 studies tell.
"""

import numpy as np
import pytest
from scipy.special import ndtri

POOL, IMAGES, MODELS, STUDIES = 1000, 100, 20, 400
SETTINGS = 50


def validated(rng, accuracy, replicates, settings=1):
    """Mean accuracy of each model on validation images, (m,).

    A model may have several settings, all equally accurate, which differ by a tenth of the
    variance of image and model: two label 94 to 97% of images alike. Each replicate takes
    that which is best on its own images.
    """
    m = len(accuracy)
    ease = np.sqrt(0.6) * rng.standard_normal((POOL, 1, 1))
    ease = ease + np.sqrt(0.18) * rng.standard_normal((POOL, m, 1))
    ease = ease + np.sqrt(0.02) * rng.standard_normal((POOL, m, settings))
    threshold = ndtri(accuracy)[:, None]
    found = []
    for _ in range(replicates):
        drawn = ease[rng.choice(POOL, IMAGES, replace=False)]
        noise = np.sqrt(0.2) * rng.standard_normal((IMAGES, m, 1))
        found.append((drawn + noise < threshold).mean(axis=0).max(axis=1))
    return np.mean(found, axis=0)


def choices(level, spread, replicates):
    """By study: what the choice loses, and how much better it looks than it is."""
    rng = np.random.default_rng(9)
    found = []
    for _ in range(STUDIES):
        accuracy = level + spread * rng.standard_normal(MODELS)
        seen = validated(rng, accuracy, replicates)
        chosen = seen.argmax()
        found.append((accuracy.max() - accuracy[chosen], seen[chosen] - accuracy[chosen]))
    return np.mean(found, axis=0)


@pytest.mark.parametrize(
    ("level", "spread", "replicates", "lost", "better"),
    [
        (0.9, 0.003, 1, 0.005, 0.044),
        (0.9, 0.01, 1, 0.012, 0.040),
        (0.75, 0.01, 1, 0.013, 0.059),
        (0.9, 0.003, 20, 0.004, 0.011),
        (0.9, 0.01, 20, 0.003, 0.006),
        (0.75, 0.01, 20, 0.005, 0.011),
        (0.9, 0.03, 20, 0.001, 0.002),
    ],
)
def test_the_best_on_validation_images_looks_better_than_it_is_and_may_not_be_the_best(
    level, spread, replicates, lost, better
):
    found = choices(level, spread, replicates)
    assert found == pytest.approx([lost, better], abs=0.001)


@pytest.mark.parametrize(("level", "better"), [(0.9, 0.026), (0.75, 0.039), (0.5, 0.045)])
def test_settings_chosen_on_the_same_images_make_a_model_look_better(level, better):
    """One of 50 in each replicate; more replicates do not help, since each chooses anew."""
    rng = np.random.default_rng(10)
    seen = [validated(rng, np.array([level]), 20, SETTINGS)[0] for _ in range(STUDIES // 8)]
    assert np.mean(seen) - level == pytest.approx(better, abs=0.001)

"""The leak: copies and accuracies, counted image by image."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from fewpixels.page.cells import Described
from fewpixels.page.leak import MOST, figures, leak, leaking
from fewpixels.statistics.sampling import Dealt, Fixed
from fewpixels.tables.leakage import apart

SIDE, PER_CLASS, R = 4, 6, 3
SPLITS = {
    "last": {"kind": "dealt", "title": "last", "test": "last", "trains_as": "apart"},
    "apart": {"kind": "dealt", "title": "apart", "test": "shuffled"},
}
MODELS = {"small": (2,), "both": (4, 2)}
PUBLISHED = {"small": {}, "both": {"accuracy": {"4px": 0.9}}}
SHOWN = [{"name": name, "published": own} for name, own in PUBLISHED.items()]


@dataclass(frozen=True)
class Leaky:
    """A pool, a split that leaks, and what two models label."""

    images: np.ndarray
    labels: np.ndarray
    dealt: dict
    labelled: dict  # (R, n), by cell
    accuracy: pd.DataFrame
    metrics: pd.DataFrame
    intervals: pd.DataFrame
    study: Described

    def copies(self, size):
        """Which test images (R, n) have the pixels of a training image at a size."""
        block = SIDE // size
        small = self.images.reshape(-1, size, block, size, block).mean(axis=(2, 4))
        return np.array(
            [
                [any(np.array_equal(small[i], small[j]) for j in train) for i in test]
                for train, test in zip(self.dealt["train"], self.dealt["test"], strict=True)
            ]
        )


@st.composite
def leaky(draw):
    """Of few grey values, so that images can be alike at two pixels a side alone."""
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    classes = draw(st.integers(2, 4))
    labels = np.repeat(np.arange(classes), PER_CLASS)
    images = rng.integers(0, draw(st.integers(2, 200)), (len(labels), SIDE, SIDE), np.uint8)
    own = np.arange(len(labels)).reshape(classes, -1)
    train = [np.concatenate([rng.permutation(c)[:3] for c in own]) for _ in range(R)]
    dealt = {"train": np.int32(train), "test": np.int32([own[:, -2:].ravel()] * R)}
    names, samplings = [f"c{c}" for c in range(classes)], dict.fromkeys(SPLITS, Dealt(9, 6, 18))
    study = Described(names, SHOWN, SPLITS, samplings, "apart")
    made = Leaky(images, labels, dealt, {}, *[pd.DataFrame()] * 3, study)
    accuracy, metrics, intervals = [], [], []
    for model, sizes in MODELS.items():
        for size in sizes:
            y = labels[dealt["test"]]
            found = np.where(rng.random(y.shape) < 0.6, y, rng.integers(0, classes, y.shape))
            if draw(st.booleans()):
                found[rng.integers(R)] = -1
            made.labelled["last", size, model] = found
            place = {"split": "last", "size": size, "model": model}
            row = apart(found, y, made.copies(size))
            accuracy.append(place | {"title": model.upper()} | row)
            intervals.append(place | {"sample_low": 0.25, "sample_high": rng.choice([0.5, np.nan])})
            for r, labelled in enumerate(found):
                shares = {"test": (labelled == y[r]).mean(), "fresh": rng.random()}
                for subset, share in shares.items():
                    share = np.nan if labelled[0] < 0 else share
                    n = {"test": y.shape[1], "fresh": 40}[subset]
                    metrics.append(
                        place | {"replicate": r, "subset": subset, "n": n, "accuracy": share}
                    )
    frames = [pd.DataFrame(rows) for rows in (accuracy, metrics, intervals)]
    return Leaky(images, labels, dealt, made.labelled, *frames, study)


@settings(max_examples=40)
@given(leaky())
def test_copies_and_accuracies_are_those_of_each_image(e):
    cells = leaking(e.accuracy, e.study)
    if not e.accuracy["leaked_images"].any():
        assert cells == []
        return
    assert cells == [("last", 4, "both"), ("last", 2, "both")]
    found = figures(cells, e.accuracy, e.metrics, e.intervals, e.study)
    assert [own["published"] for own in found] == [0.9, None]
    first = np.stack([e.labelled[cell][0] for cell in cells])
    part, (record, arrays) = leak(found, "T", e.images, e.labels, e.dealt, first, e.study)
    y = e.labels[e.dealt["test"]]
    for i, (own, cell) in enumerate(zip(found, cells, strict=True)):
        copies, right = e.copies(cell[1]), e.labelled[cell] == y
        kept = [r for r in range(R) if e.labelled[cell][r, 0] >= 0]
        for name, part_of in (("copies", copies), ("others", ~copies)):
            shares = [right[r][part_of[r]].mean() for r in kept if part_of[r].any()]
            if shares:
                np.testing.assert_allclose(own[name], np.mean(shares))
            else:
                assert own[name] is None
            assert own["images"][name] == part_of[kept].sum()
        np.testing.assert_allclose(own["test"], right[kept].mean())
        assert own["images"]["test"] == len(kept) * y.shape[1]
        assert own["images"]["fresh"] == 40
        assert (own["spread"] is None) == (own["others"] is None)
        ends = e.intervals.loc[[False] + [True] * 2].iloc[i]
        missing = np.isnan(ends["sample_high"])
        assert own["interval"] == (None if missing else [0.25, ends["sample_high"]])
        assert arrays["copies"][record["sizes"].index(cell[1])].tolist() == copies[0].tolist()
        lost = e.labelled[cell][0] < 0
        assert arrays["labels"][i].tolist() == np.where(lost, len(e.study.names), first[i]).tolist()
    assert arrays["classes"].tolist() == y[0].tolist()
    assert arrays["pixels"].shape == (y.shape[1], SIDE**2)
    order = e.images[e.dealt["test"][0]].reshape(arrays["pixels"].shape).astype(int)
    assert (np.diff(arrays["pixels"].astype(int)) * np.diff(order) >= 0).all()
    n = y.shape[1]
    assert (part["title"], part["images"], part["shown"]) == ("T", n, min(n, MOST))
    assert 0 < part["share"] <= 1


@given(leaky(), st.sampled_from(["fixed", "shuffled"]))
def test_other_splits_do_not_leak(e, kind):
    """Where all replicates have the same images, or test images are held out: whatever is alike."""
    splits = SPLITS | {"last": SPLITS["last"] | {"test": "shuffled"}}
    of = Fixed() if kind == "fixed" else Dealt(9, 6, 18)
    own = SPLITS if kind == "fixed" else splits
    study = Described(e.study.names, [], own, dict.fromkeys(SPLITS, of), "apart")
    assert leaking(e.accuracy, study) == []

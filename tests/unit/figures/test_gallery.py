"""Pictures in figures: each in its place, with every text as it stands."""

import numpy as np
import pytest
from drawn_figures import check_texts, few
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from random_studies import TITLES

from fewpixels.figures import gallery, style
from fewpixels.figures.samples import samples
from fewpixels.figures.ticks import apart

pytestmark = pytest.mark.filterwarnings("error")


PIXELS = st.sampled_from([0.0, 0.0, 1.0, 255.0, -1e-300, 1e30, -1e30, 0.5])


@st.composite
def pictures(draw, kind):
    """Pixels of n images by size, and a name for each image."""
    names = draw(st.lists(TITLES, min_size=1, max_size=4))
    sizes = draw(st.lists(st.integers(1, 9), min_size=1, max_size=3, unique=True))
    elements = PIXELS.map(lambda value: float(kind(value)))
    shapes = {size: (len(names), size**2) for size in sizes}
    return {s: draw(arrays(kind, shape, elements=elements)) for s, shape in shapes.items()}, names


@few
@given(pictures(np.float32))
def test_images_of_any_pixels_are_drawn_with_their_names(given_):
    examples, names = given_
    of_all = np.concatenate([x.ravel() for x in examples.values()])
    check_texts(
        gallery.images(examples, names, gallery.brightness(of_all)),
        *names,
        *[f"{s}×{s}" for s in apart(list(examples))],
    )


@few
@given(st.lists(st.sampled_from([28, 7, 2]), min_size=1, unique=True), st.integers(1, 3), TITLES)
def test_images_stand_beside_their_copies_at_each_size(sizes, copies, name):
    examples = {
        size: np.full((2, 1 + copies, size**2), size) + np.arange(1 + copies)[:, None]
        for size in sizes
    }
    figure = gallery.augmentation(examples, [name, "b"], (0, 30))
    canvas = figure.axes[0].images[0].get_array()
    row = [value for size in sorted(sizes, reverse=True)
           for value in [*range(size, size + 1 + copies), np.nan]][:-1]  # fmt: skip
    np.testing.assert_array_equal(np.ma.filled(canvas[10::90, 10::90], np.nan), [row, row])
    check_texts(figure, name, "b", "copies", *[f"{size}×{size}" for size in sizes])


@few
@given(pictures(np.float64), TITLES)
def test_any_weights_are_drawn_with_their_names(given_, title):
    learned, names = given_
    figure = gallery.weights(learned, title, names)
    check_texts(figure, *names, f"{title}: blue speaks for the class, orange against it")


def test_of_many_classes_the_first_are_drawn():
    names = [f"a class with a long name {c}" for c in range(300)]
    for figure in (
        gallery.weights({2: np.ones((300, 4))}, "Model", names),
        gallery.images({2: np.ones((300, 4), np.float32)}, names, (0, 1)),
    ):
        assert figure.get_size_inches()[0] <= style.PAGE
        assert len(figure.axes[0].get_xticks()) == gallery.MOST_CLASSES
    check_texts(gallery.weights({2: np.ones((300, 4))}, "Model", names),
                "Model, 20 of 300: blue speaks for the class, orange against it")  # fmt: skip


@few
@given(st.integers(2, 12), st.lists(TITLES, min_size=1, max_size=3), st.data())
def test_confusions_are_drawn_with_the_share_that_is_right(classes, titles, data):
    titles = {f"m{i}": title for i, title in enumerate(titles)}
    names = [f"class {c}" for c in range(classes)]
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    shares, right = {}, []
    for name in titles:
        shares[name] = {}
        for size in data.draw(st.lists(st.sampled_from([7, 2]), min_size=1, unique=True)):
            labels, y = rng.integers(0, classes, (2, 5)), rng.integers(0, classes, 5)
            own = gallery.confusion(labels, y, classes)
            shares[name][size] = own
            right.append(f"{size}×{size}: {np.diag(own).mean():.2f} right")
    shown = names if classes <= 10 else []
    figure = gallery.confusions(shares, titles, names)
    check_texts(figure, *titles.values(), *shown, "true class", *right)


@few
@given(st.integers(1, 100), st.sampled_from(["u1", "u2", "f4"]), st.integers(2, 25), TITLES)
def test_samples_show_some_images_of_each_class(side, kind, classes, title):
    """Of the first 20 classes; of a class with few images, all of them."""
    rng = np.random.default_rng(side)
    labels = np.array([*range(classes), *rng.integers(0, classes, 3 * classes)])
    images = rng.integers(0, 200, (len(labels), side, side)).astype(kind)
    names = [f"{c} {'x' * c}" for c in range(classes)]
    figure = samples(images, labels, names, title)
    shown = [name if len(name) <= 16 else f"{name[:15]}…" for name in names[:20]]
    assert max(map(len, shown)) <= 16
    more = "" if classes <= 20 else f", 20 of {classes} classes"
    canvas = figure.axes[0].images[0].get_array()
    drawn = ~np.isnan(canvas[40::90, 40::90]).T
    assert drawn.sum(axis=1).tolist() == np.minimum(np.bincount(labels), 6)[:20].tolist()
    check_texts(figure, f"{title}{more}", *shown)


@given(arrays(np.uint8, (5, 3, 3)))
def test_bytes_are_drawn_on_their_scale_and_other_pixels_on_their_own(images):
    assert gallery.brightness(images) == (0, 255)
    expected = (images.min() * 2.5, images.max() * 2.5)
    assert gallery.brightness(images * np.float32(2.5)) == expected


@few
@given(st.integers(1, 4), st.integers(1, 3), TITLES)
def test_a_mosaic_has_each_image_in_its_place(rows, columns, label):
    tiles = np.arange(rows * columns * 4.0).reshape(rows, columns, 4)
    names = [str(c) for c in range(columns)]
    figure = gallery.mosaic([(label, row) for row in tiles], names, "gray", (0, 9))
    canvas = figure.axes[0].images[0].get_array()
    np.testing.assert_array_equal(canvas[10::90, 10::90], tiles[:, :, 0])
    np.testing.assert_array_equal(canvas[10::90, 70::90], tiles[:, :, 1])
    check_texts(figure, label, *names)


@given(st.integers(1, 5), st.integers(1, 3), st.integers(1, 9), st.data())
def test_confusion_counts_labels_by_true_class_one_by_one(classes, replicates, n, data):
    labels = data.draw(arrays(np.int64, (replicates, n), elements=st.integers(0, classes - 1)))
    y = data.draw(arrays(np.int64, n, elements=st.integers(0, classes - 1)))
    found = gallery.confusion(labels, y, classes)
    assert found.shape == (classes, classes)
    for true, label in np.ndindex(found.shape):
        own = [x for row in labels for x, t in zip(row, y, strict=True) if t == true]
        assert found[true, label] == (own.count(label) / len(own) if own else 0)

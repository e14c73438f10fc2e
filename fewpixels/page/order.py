"""Why the order of visits matters: perceptrons that the page trains, on the study's own images."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from fewpixels.images.downscale import block_sums
from fewpixels.page.charts import Specification, drawn, specified
from fewpixels.page.forms import trained_in_page
from fewpixels.page.html import json_in_script
from fewpixels.page.pack import DTYPES
from fewpixels.page.portable import Portable

EPOCHS = 30
"""That the page holds orders for."""

SIZE, MOST_CLASSES, MOST = 4, 40, 300_000
"""The size that shows it best, classes at the most, and characters that the section may take."""

# Letters of all names that stand beside each other on a narrow screen.
_CHARACTERS = 30

Arrays = dict[str, NDArray[Any]]


def rehearsed(
    models: Iterable[Mapping[str, Any]],
    parameters: Mapping[str, Mapping[str, Any]],
    families: Mapping[str, str],
    augmentations: Mapping[str, str],
    honest: str,
    side: int,
) -> tuple[Mapping[str, Any], int] | None:
    """Choose the model that the page trains again, and its size.

    Parameters
    ----------
    models : iterable of mappings
        As `fewpixels.study.model.Model.shown` gives them.
    parameters : mapping
        Hyperparameters by model.
    families, augmentations : mapping of str to str
        Sources of families by name, and augmentations by model, empty without one.
    honest : str
        The split that it is trained on.
    side : int
        Of the images, in pixels; sums over blocks are whole at sizes that divide it.

    Returns
    -------
    model, size : mapping and int
        The first that visits classes in order, else the first; the size nearest to `SIZE` of those
        above 2, else of all, and of two such sizes the smaller. None without one.
    """
    found = [
        model
        for model in models
        if honest in model["splits"]
        and not augmentations[model["name"]]
        and any(side % size == 0 for size in model["sizes"])
        and trained_in_page(families[model["family"]], parameters[model["name"]])
    ]
    if not found:
        return None
    ordered = [m for m in found if parameters[m["name"]]["order"] == "sorted"]
    model = (ordered or found)[0]
    sizes = [size for size in model["sizes"] if side % size == 0]
    large = [size for size in sizes if size > 2]
    return model, min(large or sizes, key=lambda size: (abs(size - SIZE), size))


def order(
    images: NDArray[Any],
    labels: NDArray[np.int64],
    size: int,
    names: Sequence[str],
    published: bool,
    rng: np.random.Generator,
) -> tuple[dict[str, Any], tuple[dict[str, Any], Arrays]] | None:
    """Gather what the section of the order shows and computes with.

    Parameters
    ----------
    images : ndarray, shape (n, side, side)
        What the first replicate was trained on.
    labels : ndarray of int64, shape (n,)
        Their classes, 0…C−1.
    size : int
        Pixels a side to train at; divides the side.
    names : sequence of str
        Of the C classes.
    published : bool
        Whether visiting class by class was published.
    rng : Generator
        Of the first replicate's order.

    Returns
    -------
    part : dict
        For the template: ``size``, ``images``, ``classes``, ``epochs``, ``published``, and the
        charts ``accuracy`` and ``confusion``.
    pack : (record, arrays)
        ``size``, ``epochs``, ``classes`` and ``published``; ``pixels`` (n, size²), sums over
        blocks, ``labels`` (n,) and ``orders`` (epochs, n) of shuffled visits.
    None
        Where pixels are no whole numbers, or where there are too many classes or images.
    """
    pixels, _ = block_sums(images, size)
    whole = pixels.dtype.kind == "u" and pixels.dtype.name in DTYPES
    if not whole or len(names) > MOST_CLASSES or len(images) > np.iinfo(np.uint16).max:
        return None
    orders = [rng.permutation(len(images)) for _ in range(EPOCHS)]
    arrays: Arrays = {"pixels": pixels, "labels": labels.astype(np.uint8)}
    arrays["orders"] = np.array(orders, np.uint16)
    if Portable("", {}, arrays).packed_size() > MOST:
        return None
    common = {"size": size, "epochs": EPOCHS, "published": published}
    classes = [str(name) for name in names]
    charts = {"accuracy": accuracy_chart(len(names)), "confusion": confusion_chart(classes)}
    part = common | {"images": len(images), "classes": classes}
    part |= {
        name: {"drawn": drawn(own), "specification": json_in_script(own)}
        for name, own in charts.items()
    }
    return part, (common | {"classes": classes}, arrays)


def accuracy_chart(classes: int) -> Specification:
    """Specify accuracy by epoch; the page sets ``points`` and the parameter ``shown``.

    Parameters
    ----------
    classes : int
        C; a line shows what guessing gives.

    Returns
    -------
    dict
        Of Vega-Lite. Of each point the page gives ``series``, ``epoch`` and ``accuracy``, and of
        the last of a series ``label``, and ``top``, the accuracy to write it above.
    """
    shown = "datum.series === shown"
    x = alt.X(
        "epoch:Q",
        title="epochs",
        scale=alt.Scale(domain=[0, EPOCHS]),
        axis=alt.Axis(grid=False, tickCount=6),
    )
    y = alt.Y("accuracy:Q", title="accuracy", scale=alt.Scale(domain=[0, 1]))
    colour = alt.condition(shown, alt.value("var(--accent)"), alt.value("currentColor"))
    opacity = alt.condition(shown, alt.value(1), alt.value(0.6))
    points = alt.Chart(alt.NamedData("points"))
    lines = points.mark_line(strokeWidth=2).encode(
        x=x, y=y, detail="series:N", color=colour, opacity=opacity
    )
    ends = points.transform_filter("isValid(datum.label)")
    # Without a role of its own, which would want a name while there is no point yet.
    dots = ends.mark_point(filled=True, size=60, aria=False).encode(
        x=x, y=y, color=colour, opacity=opacity
    )
    # At the right, above what their lines reach there, on a ground that hides other lines.
    text = {"x": alt.value("width"), "y": alt.Y("top:Q"), "text": "label:N"}
    words = ends.mark_text(align="right", dx=-8, dy=-11)
    ground = words.encode(**text, stroke=alt.value("var(--paper)"), strokeWidth=alt.value(5))
    written = words.encode(**text, color=colour)
    chance = alt.Chart(alt.InlineData([{"accuracy": 1 / classes}]))
    chance = chance.mark_rule(strokeDash=[2, 3], opacity=0.7).encode(y="accuracy:Q")
    layers = alt.layer(chance, lines, dots, ground, written).add_params(
        alt.param(name="shown", value="")
    )
    return specified(layers.properties(width="container", height=240))


def confusion_chart(names: Sequence[str]) -> Specification:
    """Specify the confusion matrix; the page sets ``counts``.

    Parameters
    ----------
    names : sequence of str
        Of the C classes.

    Returns
    -------
    dict
        Of Vega-Lite. The page gives, of each pair of a class and a label, ``actual`` and ``label``,
        0…C−1, and the ``share`` of the class.
    """
    classes = list(range(len(names)))
    turned = len(names) * max(map(len, names)) > _CHARACTERS
    named = f"{json.dumps(list(names))}[datum.value]"
    axis: dict[str, Any] = {"labelExpr": named, "labelLimit": 70, "ticks": False, "domain": False}
    x = alt.X(
        "label:O",
        title="labelled",
        scale=alt.Scale(domain=classes, paddingInner=0.06),
        axis=alt.Axis(**axis, orient="top", labelAngle=-90 if turned else 0),
    )
    y = alt.Y(
        "actual:O",
        title="true class",
        scale=alt.Scale(domain=classes, paddingInner=0.06),
        axis=alt.Axis(**axis),
    )
    scale = alt.Scale(domain=[0, 1], range=[0.06, 1])
    matrix = (
        alt.Chart(alt.NamedData("counts"))
        .mark_rect(color="var(--accent)")
        .encode(x=x, y=y, opacity=alt.Opacity("share:Q", scale=scale, legend=None))
    )
    return specified(matrix.properties(width="container", height=240))

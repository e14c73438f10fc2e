"""The answer in words: a sentence that the page leads with, and what stands below it."""

from typing import Any

import pandas as pd

from fewpixels.artifacts.markdown import markdown, plain, with_ends
from fewpixels.statistics.sampling import Sampling
from fewpixels.tables.answer import COST, ENDS, judged
from fewpixels.tables.sizes import DIFFERENCE, confidence_set, pixels

# Sizes that a sentence can name.
_MOST = 6
_BALANCED = (
    " Classes have unequal numbers of images, so models are judged by accuracy balanced by class: "
    "the mean of the classes' recalls."
)


def answer_report(
    answer: pd.DataFrame, cells: pd.DataFrame, shares: pd.DataFrame, classes: int, of: Sampling
) -> str:
    """Write the answer in Markdown: in a sentence, and in three tables.

    Parameters
    ----------
    answer, shares : DataFrame
        Of `with_interval` and `enough`, or of `beside`.
    cells : DataFrame
        Of `pareto`.
    classes : int
    of : Sampling

    Returns
    -------
    str
    """
    balanced = judged(answer) != "fresh"
    uncounted = cells.dropna(subset="fresh_mean").query("multiplications.isna()")["title"].unique()
    besides = (
        f" Costs are not counted of {', '.join(map(plain, uncounted))}." if len(uncounted) else ""
    )
    kind = "balanced accuracy" if balanced else "accuracy"
    return "\n".join(
        [
            f"**{sentence(answer, shares, classes)}**\n",
            "The best model at each size, chosen on validation images. Accuracy on fresh images "
            f"stands with its 95% interval for {of.another}; costs are of labelling one image, "
            "and seconds of training one replicate."
            f"{_BALANCED if balanced else ''}{_choice(answer, cells)}\n",
            markdown(pd.DataFrame(_by_size(answer))),
            f"How few pixels reach a share of the {kind} at the largest size: the smallest size "
            "measured to do so, and the sizes that the truly smallest one is among, with 95% "
            f"confidence. Above the share by how much, with its 95% interval for {of.another}.\n",
            markdown(pd.DataFrame(_reached(shares))),
            "The Pareto front: no other cell of the study is at least as accurate on fresh images "
            f"{'(balanced) ' if balanced else ''}with no more multiplications, and better in one "
            "of the two. Being on it was chosen on the fresh images, and so is a little "
            f"optimistic.{besides}\n",
            markdown(pd.DataFrame(_on_front(cells))),
        ]
    )


def _by_size(answer: pd.DataFrame) -> dict[str, Any]:
    """The best model at each size; what the study lacks has no column."""
    name = judged(answer)
    columns = {
        "pixels": [pixels(size) for size in answer["size"]],
        "best model": answer["title"],
        "validation": [f"{value:.3f}" for value in answer["validation_mean"]],
        "fresh": _with_ends(answer, "fresh"),
    }
    if name != "fresh":
        columns["balanced"] = _with_ends(answer, name)
    if answer["fresh_diverged"].any():
        columns["diverged"] = answer["fresh_diverged"]
    columns |= _costs(answer)
    if "within_model" in answer:
        columns["best without those beyond"] = answer["within_title"]
        columns["its fresh"] = _with_ends(answer, "within_fresh")
        if name != "fresh":
            columns["its balanced"] = _with_ends(answer, f"within_{name}")
    return columns


def _on_front(cells: pd.DataFrame) -> dict[str, Any]:
    """The models on the Pareto front, from the cheapest up."""
    front, name = cells[cells["front"] == "yes"], judged(cells)
    front = front.sort_values("multiplications", kind="stable")
    shown = {"fresh": "fresh"} | ({"balanced": name} if name != "fresh" else {})
    accuracies = {
        head: [f"{value:.3f}" for value in front[f"{column}_mean"]]
        for head, column in shown.items()
    }
    sizes = {"pixels": [pixels(size) for size in front["size"]]}
    return sizes | {"model": front["title"]} | accuracies | _costs(front)


def _reached(shares: pd.DataFrame) -> dict[str, Any]:
    """How few pixels reach each share."""
    return {
        "share": [f"{share:.0%}" for share in shares["share"]],
        "enough": [pixels(size) for size in shares["size"]],
        "95% confidence set": [confidence_set(row) for row in shares.itertuples()],
        "of the largest": ["" if pd.isna(r) else f"{r:.3f}" for r in shares["ratio"]],
        "above the share": [with_ends(*row) for row in shares[DIFFERENCE].itertuples(index=False)],
    }


def sentence(answer: pd.DataFrame, shares: pd.DataFrame, classes: int) -> str:
    """Say in a few sentences what the sizes reach, and how few pixels are enough.

    Parameters
    ----------
    answer, shares : DataFrame
        Of `with_interval` and `enough`, or of `beside`.
    classes : int

    Returns
    -------
    str
        Of many sizes, only the largest and the smallest are named.
    """
    if answer.empty:
        return "Every replicate of every model diverged."
    largest, name = pixels(answer["size"].iloc[0]), judged(answer)
    named = answer if len(answer) <= _MOST else answer.iloc[[0, -1]]
    at = [f" at {pixels(size)}" for size in named["size"]]
    reached, balanced = (
        _listed([own + place for own, place in zip(_with_ends(named, which), at, strict=True)])
        for which in ("fresh", name)
    )
    guessing = f"guessing gives {1 / classes:.{2 if classes <= 100 else 3}f}"
    told = f"Of the fresh images the best model labels {reached} pixels rightly, where "
    if name == "fresh":
        told += f"{guessing}."
    else:
        told += (
            f"always naming the commonest class gives {answer['majority'].iloc[0]:.2f}. Balanced "
            f"by class, so that each counts alike, that is {balanced}, where {guessing}."
        )
    return f"{told} {_enough(shares, largest, answer, name)}"


def _enough(shares: pd.DataFrame, largest: str, answer: pd.DataFrame, name: str) -> str:
    """Say how few pixels are enough, if anything was learned, and how certain that is."""
    certain = answer[f"{name}_low"].notna().any()
    rows = list(shares.dropna(subset="size").itertuples())
    if not rows:
        return (
            f"At {largest} that is not certainly better than guessing: nothing was learned that is "
            "certain, and no size is enough. More replicates or fresh images would tell more."
            f"{' In parentheses: 95% intervals.' if certain else ''}"
        )
    takes = _listed(
        [
            f"{row.share:.0%} takes {pixels(row.size)}"
            + (f" ({confidence_set(row)})" if certain else "")
            for row in rows
        ]
    )
    kind = "accuracy" if name == "fresh" else "balanced accuracy"
    known = (
        "In parentheses: 95% intervals, and the sizes that it may be, with 95% confidence."
        if certain
        else "Of one replicate: how far these numbers would be others in another is not known."
    )
    return f"Of the {kind} at {largest}, {takes}.{_ceiling(answer, shares)} {known}"


def _with_ends(table: pd.DataFrame, name: str) -> list[str]:
    """Write accuracies with their intervals."""
    columns = (table[f"{name}_{part}"] for part in ENDS)
    return [with_ends(*row) for row in zip(*columns, strict=True)]


def _listed(parts: list[str]) -> str:
    """Join parts of a sentence."""
    return " and ".join([part for part in (", ".join(parts[:-1]), parts[-1]) if part])


def _ceiling(answer: pd.DataFrame, shares: pd.DataFrame) -> str:
    """Say for which share fewer pixels seemed to be enough, without the models beyond others."""
    if "within_size" not in shares:
        return ""
    fewer = shares[(shares["within_size"] < shares["size"]).fillna(False)]
    if fewer.empty:
        return ""
    *_, row = fewer.itertuples()
    reached = answer.set_index("size")[f"within_{judged(answer)}_mean"]
    return (
        f" An earlier answer, of models that go no further than remedies, was that {row.share:.0%} "
        f"takes {pixels(row.within_size)}, with {reached[row.within_size]:.3f} there and "
        f"{reached.iloc[0]:.3f} at {pixels(reached.index[0])}: a ceiling of those classifiers, not "
        "of the pixels."
    )


def _choice(answer: pd.DataFrame, cells: pd.DataFrame) -> str:
    """Say what it means that models were chosen, where there were several to choose from."""
    models = cells.dropna(subset="validation_mean").groupby("size")
    most, name = models.size().max(), judged(answer)
    if not most > 1:
        return ""
    lost = models[f"{name}_mean"].max() - answer.set_index("size")[f"{name}_mean"]
    balanced = ", balanced by class" if name != "fresh" else ""
    told = (
        f"another labels up to {lost.max():.3f} more of the fresh images rightly{balanced} (at "
        f"{pixels(lost.idxmax())})"
        if lost.max() >= 0.0005
        else f"here no other labels more of the fresh images rightly{balanced}"
    )
    return (
        f" Each is chosen among up to {most} models, and among near equals few validation images "
        f"choose by luck: {told}. What they chose looks better on them than it is; on the fresh "
        "images it does not."
    )


def _costs(frame: pd.DataFrame) -> dict[str, Any]:
    columns: dict[str, Any] = {
        name: ["" if pd.isna(value) else f"{value:,.0f}" for value in frame[name]] for name in COST
    }
    return columns | {"training seconds": frame["train_seconds"]}

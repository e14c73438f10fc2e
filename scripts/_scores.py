"""Reading who labelled which fresh image rightly, for the scripts that compare models."""

from collections.abc import Container, Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fewpixels.artifacts.arrays import read_npz
from fewpixels.statistics.sampling import Dealt, Fixed, Sampling


def read_scores(predictions: str, fresh: str) -> NDArray[np.float64]:
    """Read which fresh images a cell labels rightly: (R, n), 1 or 0; NaN where a fit diverged."""
    y = read_npz(fresh, y="int64 n")["y"]
    labels = read_npz(predictions, fresh=f"int64 R {len(y)}")["fresh"]
    return np.where(labels < 0, np.nan, labels == y)


def each_score(
    predictions: Iterable[str],
    fresh: Iterable[str],
    wanted: Container[tuple[str, int]] | None = None,
) -> Iterator[tuple[tuple[str, int], NDArray[np.float64]]]:
    """Scores of many cells, or of those that are wanted, each with its model and size."""
    of_size = {Path(file).stem: file for file in fresh}
    for file in predictions:
        size, model = Path(file).parts[-3:-1]
        cell = model, int(size.removesuffix("px"))
        if wanted is None or cell in wanted:
            yield cell, read_scores(file, of_size[size])


def read_sampling(counts: Mapping[str, int], data: str) -> Sampling:
    """How replicates drew their images; `counts` is empty where all have the same."""
    if not counts:
        return Fixed()
    return Dealt(**counts, n_pool=len(read_npz(data, labels="int64 N")["labels"]))

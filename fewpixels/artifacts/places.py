"""What the place of a file says of it."""

from pathlib import Path


def cell_of(file: str) -> tuple[str, int, str]:
    """Split, size and model, by a file of the cell.

    >>> cell_of("results/mnist/heldout/7px/ovr/metrics.csv")
    ('heldout', 7, 'ovr')
    """
    split, size, model = Path(file).parts[-4:-1]
    return split, size_of(size), model


def size_of(name: str) -> int:
    """Pixels a side, by the name of a folder or a file.

    >>> size_of("results/mnist/fresh/14px.npz")
    14
    """
    return int(Path(name).stem.removesuffix("px"))

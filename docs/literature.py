"""Set results beside published figures: `make literature`, after the studies of MNIST.

Copies the rows that docs/literature.md shows from the results of config/mnist.yaml,
config/mnist-1000.yaml, config/lecun.yaml and config/freund-schapire.yaml to
docs/results/literature.csv, and fills in docs/literature.md.j2. With --check nothing is written:
what differs is named. Without a study's results, its rows in docs/results count.
"""

import sys
from pathlib import Path

import pandas as pd
from jinja2 import Environment, StrictUndefined
from pages import drifted, wrapped

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
COPY = DOCS / "results" / "literature.csv"
STUDIES = ("mnist", "mnist-1000", "mnist-lecun", "mnist-60000")
KEY = ["study", "model", "size"]
COLUMNS = [*KEY, "fresh", "low", "high", "runs_low", "runs_high"]


def read(study: str) -> pd.DataFrame:
    """Accuracy of each cell of a study on the official test images, with its 95% interval."""
    frame = pd.read_csv(ROOT / "results" / study / "tables" / "intervals.csv")
    prefix = "images" if "images_low" in frame else "sample"
    ends = {f"{prefix}_{end}": end for end in ("low", "high")}
    return frame.rename(columns=ends).assign(study=study).reindex(columns=COLUMNS)


def rows() -> pd.DataFrame:
    """Rows of all studies: of results here, or else as copied."""
    kept = pd.read_csv(COPY) if COPY.exists() else pd.DataFrame(columns=COLUMNS)
    found = []
    for study in STUDIES:
        there = (ROOT / "results" / study / "tables" / "intervals.csv").exists()
        found.append(read(study) if there else kept[kept["study"] == study])
    return pd.concat([own for own in found if len(own)], ignore_index=True)


def rendered(frame: pd.DataFrame) -> str:
    """Fill in the page's template."""
    cells = frame.set_index(KEY)

    def percent(share: float) -> str:
        return f"{100 * share:.2f}"

    def error(model: str, size: int = 28, study: str = "mnist") -> str:
        """Test error in percent, with its interval."""
        row = cells.loc[study, model, size]
        return f"{percent(1 - row['fresh'])} ({percent(1 - row['high'])}–{percent(1 - row['low'])})"

    def runs(model: str, size: int = 28, study: str = "mnist") -> str:
        """Range of the test error over runs, in percent."""
        row = cells.loc[study, model, size]
        return f"{percent(1 - row['runs_high'])}–{percent(1 - row['runs_low'])}"

    def mean(model: str, size: int = 28, study: str = "mnist") -> str:
        return percent(1 - cells.loc[(study, model, size), "fresh"])

    environment = Environment(undefined=StrictUndefined, keep_trailing_newline=True)
    template = environment.from_string((DOCS / "literature.md.j2").read_text(encoding="utf-8"))
    return wrapped(template.render(error=error, runs=runs, mean=mean))


def main() -> None:
    """Write the page, or check it."""
    check = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not check:
        sys.exit(f"literature.py: found {' '.join(sys.argv[1:])}, expected --check or nothing")
    frame, page = rows(), DOCS / "literature.md"
    if not check:
        frame.to_csv(COPY, index=False, lineterminator="\n")
        page.write_text(rendered(frame), encoding="utf-8")
        return
    wrong = []
    try:  # sums differ in the last digits between processors
        pd.testing.assert_frame_equal(frame, pd.read_csv(COPY), check_dtype=False)
    except AssertionError:
        wrong.append("docs/results/literature.csv: not as in results")
    wrong += drifted(page, rendered(pd.read_csv(COPY)))
    if wrong:
        sys.exit("\n".join([*wrong, "edit docs/literature.md.j2, and run: make literature"]))


if __name__ == "__main__":
    main()

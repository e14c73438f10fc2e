"""Take the README's numbers and figures from results: `make readme`.

Copies the tables that README.md draws on, and its figures, from the results of the default study
to docs/, and fills in docs/README.md.j2. With --check nothing is written: what differs is named.
Without results, the copies in docs/results are what counts.
"""

import shutil
import sys
from pathlib import Path

import pandas as pd
from jinja2 import Environment, StrictUndefined
from pages import drifted

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
RESULTS = ROOT / "results" / "mini-mnist"
TABLES = [
    "claims.csv",
    *(
        f"tables/{name}.csv"
        for name in ("accuracy", "answer", "enough", "intervals", "leakage", "leakage-accuracy")
    ),
]
FIGURES = {"accuracy.png": "headline.png", "answer.png": "answer.png"}


def read(folder: Path, table: str) -> pd.DataFrame:
    """Read a table, without its columns of seconds, which differ between runs."""
    frame = pd.read_csv(folder / table)
    return frame[[column for column in frame if "seconds" not in column]]


def copied() -> list[str]:
    """Tables and figures whose copies in docs/ differ from the results here."""
    wrong = []
    for table in TABLES:
        if (RESULTS / table).exists():
            ours = read(DOCS / "results", Path(table).name)
            try:  # sums differ in the last digits between processors
                pd.testing.assert_frame_equal(read(RESULTS, table), ours)
            except AssertionError:
                wrong.append(table)
    for figure, name in FIGURES.items():
        made = RESULTS / "figures" / figure
        if made.exists() and made.read_bytes() != (DOCS / name).read_bytes():
            wrong.append(f"figures/{figure}")
    return wrong


def copy() -> None:
    """Copy tables and figures to docs/."""
    for table in TABLES:
        frame = read(RESULTS, table)
        frame.to_csv(DOCS / "results" / Path(table).name, index=False, lineterminator="\n")
    for figure, name in FIGURES.items():
        shutil.copyfile(RESULTS / "figures" / figure, DOCS / name)


def share(value: float) -> str:
    """Write an accuracy."""
    return f"{value:.3f}"


def with_ends(mean: float, low: float, high: float) -> str:
    """Write an accuracy with its interval."""
    return f"{share(mean)} ({share(low)} to {share(high)})"


def rendered() -> str:
    """Fill in the README's template from docs/results."""
    tables = {Path(t).stem: read(DOCS / "results", Path(t).name) for t in TABLES}
    claims = tables["claims"].set_index("id", drop=False)
    cells = tables["intervals"].set_index(["model", "size"])
    answer = tables["answer"].set_index("size")
    leaks = tables["leakage-accuracy"].set_index(["model", "size"])
    leaks = leaks[leaks["split"] == "published"]

    def best(size: int) -> str:
        row = answer.loc[size]
        return with_ends(row["fresh_mean"], row["fresh_low"], row["fresh_high"])

    def fresh(model: str, size: int) -> str:
        row = cells.loc[model, size]
        return with_ends(row["fresh"], row["sample_low"], row["sample_high"])

    def gain(model: str, other: str) -> str:
        gains = cells.loc[model]["fresh"] - cells.loc[other]["fresh"]
        low, high = (round(end, 2) + 0.0 for end in (gains.min(), gains.max()))  # not -0.00
        return f"{low:.2f} to {high:.2f}"

    published = tables["accuracy"].dropna(subset=["published", "published_test_mean"])
    published = published[published.groupby("model")["size"].transform("size") > 1]
    published = published.assign(
        first=~published["model"].duplicated(),
        reproduced=[
            f"{share(mean)} ± {share(sd)}"
            for mean, sd in zip(
                published["published_test_mean"], published["published_test_sd"], strict=True
            )
        ],
    )
    values = claims[claims["kind"] == "value"]
    environment = Environment(undefined=StrictUndefined, keep_trailing_newline=True)
    environment.filters |= {
        "percent": lambda value: f"{100 * value:.0f}%",
        "share": share,
        "short": lambda value: f"{value:.3g}",
    }
    leakage = tables["leakage"].set_index(["split", "size", "subset"])
    template = environment.from_string((DOCS / "README.md.j2").read_text(encoding="utf-8"))
    return template.render(
        accuracy=published.to_dict("records"),
        best=best,
        claims=claims.to_dict("records"),
        enough=tables["enough"].to_dict("records"),
        fresh=fresh,
        gain=gain,
        leak=lambda model, size: leaks.loc[model, size],
        leaked=leakage.loc[("published", 28, "test"), "by_id_mean"],
        mean=lambda model, size: share(cells.loc[(model, size), "fresh"]),
        measured=lambda name: claims.loc[name],
        missed=values[values["verdict"] == "not reproduced"].to_dict("records"),
        values=values.to_dict("records"),
        with_ends=lambda row: with_ends(row["measured"], row["low"], row["high"]),
    )


def main() -> None:
    """Write the README, or check it."""
    check = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not check:
        sys.exit(f"readme.py: found {' '.join(sys.argv[1:])}, expected --check or nothing")
    if not check:
        if RESULTS.exists():
            copy()
        (ROOT / "README.md").write_text(rendered(), encoding="utf-8")
        return
    wrong = [f"docs: the copy of {file} is not as in {RESULTS}" for file in copied()]
    wrong += drifted(ROOT / "README.md", rendered())
    if wrong:
        sys.exit("\n".join([*wrong, "edit docs/README.md.j2, and run: make readme"]))


if __name__ == "__main__":
    main()

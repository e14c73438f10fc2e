"""Take numbers and figures from results for README.md and pages of docs: `make readme`.

Copies the tables that they draw on, and figures, from the results of `STUDIES` to docs/, fills in
the templates of `PAGES`, and makes the badges of what pyproject.toml says. With --check nothing is
written: what differs is named. Without a study's results, the copies in docs/results count.
"""

import shutil
import sys
import tomllib
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, StrictUndefined
from packaging.requirements import Requirement
from pages import drifted, wrapped

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PICTURES = DOCS / "pictures"
PAGES = {
    ROOT / "README.md": "README.md.j2",
    DOCS / "claims.md": "claims.md.j2",
    DOCS / "findings.md": "findings.md.j2",
    DOCS / "lesson.md": "lesson.md.j2",
}
RESULTS = ROOT / "results"
TABLES = [
    "claims.csv",
    *(
        f"tables/{name}.csv"
        for name in ("accuracy", "answer", "enough", "intervals", "leakage", "leakage-accuracy")
    ),
]
# By study, its tables, and its figures with the names of their copies.
STUDIES: dict[str, tuple[list[str], dict[str, str]]] = {
    "mini-mnist": (TABLES, {"accuracy.png": "accuracy.png", "answer.png": "answer.png"}),
    "mini-mnist-sizes": (
        ["tables/sizes.csv", "tables/steps.csv"],
        {"sizes.png": "pixel-by-pixel.png"},
    ),
    "mini-mnist-epochs": (["tables/tuning.csv"], {"tuning.png": "epochs.png"}),
}
# Models of the study of every size: the strongest, and one whose form does not change with the
# size, so that it is the judge of steps between sizes.
STRONGEST, JUDGE = "convnet-distorted", "ovr-quadratic-bias"
BADGE = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img">
<title>{label}: {text}</title>
<rect width="{width}" height="20" rx="3" fill="#1f6f8b"/>
<path d="M3 0H{middle}V20H3A3 3 0 0 1 0 17V3A3 3 0 0 1 3 0" fill="#444c56"/>
<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">
<text x="{left}" y="14">{label}</text>
<text x="{right}" y="14">{text}</text>
</g>
</svg>
"""


def read(folder: Path, table: str) -> pd.DataFrame:
    """Read a table, without its columns of seconds, which differ between runs."""
    frame = pd.read_csv(folder / table)
    return frame[[column for column in frame if "seconds" not in column]]


def copied() -> list[str]:
    """Tables and figures whose copies in docs/ differ from the results here."""
    wrong = []
    for study, (tables, figures) in STUDIES.items():
        results = RESULTS / study
        for table in tables:
            if (results / table).exists():
                try:  # sums differ in the last digits between processors
                    pd.testing.assert_frame_equal(
                        read(results, table), read(DOCS / "results", Path(table).name)
                    )
                except (AssertionError, FileNotFoundError):
                    wrong.append(f"{table} is not as in {results}")
        for figure, name in figures.items():
            made, ours = results / "figures" / figure, PICTURES / name
            if made.exists() and not (ours.exists() and made.read_bytes() == ours.read_bytes()):
                wrong.append(f"figures/{figure} is not as in {results}")
    return wrong


def copy() -> None:
    """Copy tables and figures of the studies whose results are here to docs/."""
    for study, (tables, figures) in STUDIES.items():
        results = RESULTS / study
        if not results.exists():
            continue
        for table in tables:
            frame = read(results, table)
            frame.to_csv(DOCS / "results" / Path(table).name, index=False, lineterminator="\n")
        for figure, name in figures.items():
            shutil.copyfile(results / "figures" / figure, PICTURES / name)


def share(value: float) -> str:
    """Write an accuracy."""
    return f"{value:.3f}"


def with_set(row: Any) -> str:
    """Write the smallest size that suffices, with its confidence set if that has other sizes."""
    size, low, high = (
        f"{side:.0f}×{side:.0f}" for side in (row["size"], row["size_low"], row["size_high"])
    )
    return size if low == high else f"{size} ({low} to {high})"


def with_ends(mean: float, low: float, high: float) -> str:
    """Write an accuracy with its interval."""
    return f"{share(mean)} ({share(low)} to {share(high)})"


def badges() -> list[dict[str, str]]:
    """What pyproject.toml says of the licence, Python and Snakemake."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    stated = "Programming Language :: Python :: "
    pythons = [c.removeprefix(stated) for c in project["classifiers"] if c.startswith(stated)]
    needed = {own.name: str(own.specifier) for own in map(Requirement, project["dependencies"])}
    return [
        {"label": "licence", "text": project["license"], "link": "LICENSE"},
        {"label": "python", "text": " | ".join(pythons), "link": "pyproject.toml"},
        {"label": "snakemake", "text": needed["snakemake"].strip("="), "link": "Snakefile"},
    ]


def drawn(label: str, text: str) -> str:
    """Draw a badge."""
    first, second = (7 * len(part) + 12 for part in (label, text))
    return BADGE.format(
        label=label,
        text=text,
        width=first + second,
        middle=first,
        left=first / 2,
        right=first + second / 2,
    )


def by_pixel() -> dict[str, Any] | None:
    """What the study of every size found, if its tables are there."""
    if not (DOCS / "results" / "sizes.csv").exists():
        return None
    sizes, steps = (read(DOCS / "results", f"{name}.csv") for name in ("sizes", "steps"))
    means = steps[steps["size"].isna()].set_index("model")
    rows = sizes.to_dict("records")
    reaching = {(row["model"], row["share"]): with_set(row) for row in rows}
    judge = means.loc[JUDGE]
    up, down = judge["difference_low"] > 0, judge["difference_high"] < 0
    return {
        "models": sizes.drop_duplicates("model")[["model", "title"]].to_dict("records"),
        "reaching": reaching,
        "strongest": {share: own for (model, share), own in reaching.items() if model == STRONGEST},
        "step": {
            model: f"{row['difference']:+.4f} "
            f"({row['difference_low']:+.4f} to {row['difference_high']:+.4f})"
            for model, row in means.iterrows()
        },
        "verdict": "steps up" if up else "steps down" if down else "shows no step",
    }


def by_epochs() -> dict[str, Any] | None:
    """What training longer or shorter changes on validation images, if its table is there.

    Of each entry and size, the last number of epochs but one is the study's own.
    """
    if not (DOCS / "results" / "tuning.csv").exists():
        return None
    table = read(DOCS / "results", "tuning.csv")
    curves = table.sort_values("value").groupby(["entry", "size"])
    means = curves["validation_mean"].agg(list)
    errors = curves["standard_error"].agg(lambda own: own.iloc[-2])

    def change(first: int, second: int) -> str:
        low, *_, high = sorted(mean[second] - mean[first] for mean in means)
        return f"{low:+.3f} to {high:+.3f}"

    return {
        "shorter": change(-2, -3),
        "longer": change(-2, -1),
        "mean_error": f"{errors.median():.3f}",
    }


def context() -> dict[str, Any]:
    """What templates can name, from docs/results."""
    tables = {Path(t).stem: read(DOCS / "results", Path(t).name) for t in TABLES}
    claims = tables["claims"].set_index("id", drop=False)
    cells = tables["intervals"].set_index(["model", "size"])
    answer = tables["answer"].set_index("size")
    leaks = tables["leakage-accuracy"].set_index(["model", "size"])
    leaks = leaks[leaks["split"] == "published"]
    leakage = tables["leakage"].set_index(["split", "size", "subset"])

    def best(size: int, prefix: str = "fresh") -> str:
        row = answer.loc[size]
        return with_ends(*(row[f"{prefix}_{part}"] for part in ("mean", "low", "high")))

    def within(size: int) -> str:
        return best(size, "within_fresh")

    def pixels(size: float) -> str:
        return f"{size:.0f}×{size:.0f}"

    def fresh(model: str, size: int) -> str:
        row = cells.loc[model, size]
        return with_ends(row["fresh"], row["sample_low"], row["sample_high"])

    def gain(model: str, other: str) -> str:
        gains = cells.loc[model]["fresh"] - cells.loc[other]["fresh"]
        low, high = (round(end, 2) + 0.0 for end in (gains.min(), gains.max()))  # not -0.00
        return f"{low:.2f} to {high:.2f}"

    published = tables["accuracy"].dropna(subset=["published", "published_test_mean"])
    published = published[published.groupby("model")["size"].transform("size") > 1]
    accuracy = [
        {
            "model": row.model,
            "title": row.title,
            "size": row.size,
            "published": f"{row.published:.2f}",
            "reproduced": f"{share(row.published_test_mean)} ± {share(row.published_test_sd)}",
            "fresh": fresh(row.model, row.size),
            "remedied": fresh(row.remedied, row.size),
        }
        for row in published.itertuples()
    ]
    values = claims[claims["kind"] == "value"]
    words = claims[claims["kind"] != "value"]
    return {
        "accuracy": accuracy,
        "answer": list(answer.index),
        "badges": badges(),
        "best": best,
        "pixels": pixels,
        "within": within,
        "by_epochs": by_epochs(),
        "by_pixel": by_pixel(),
        "claims": claims.to_dict("records"),
        "enough": {row["share"]: row for row in tables["enough"].to_dict("records")},
        "fresh": fresh,
        "gain": gain,
        "leak": lambda model, size: leaks.loc[model, size],
        "leaked": leakage.loc[("published", 28, "test"), "by_id_mean"],
        "mean": lambda model, size: cells.loc[(model, size), "fresh"],
        "measured": lambda name: claims.loc[name],
        "contradicted": (words["own_numbers"] == "contradict").sum(),
        "missed": values[values["repeated"] == "not repeated"].to_dict("records"),
        "overturned": (words["corrected"] == "overturned").sum(),
        "repeated": (values["repeated"] == "repeated").sum(),
        "survive": (words["corrected"] == "survives").sum(),
        "values": values.to_dict("records"),
        "with_set": with_set,
        "words": words.to_dict("records"),
        "with_ends": lambda row: with_ends(row["measured"], row["low"], row["high"]),
    }


def rendered() -> dict[Path, str]:
    """Fill in all templates, and draw the badges."""
    environment = Environment(undefined=StrictUndefined, keep_trailing_newline=True)
    environment.filters |= {
        "percent": lambda value: f"{100 * value:.0f}%",
        "share": share,
        "short": lambda value: f"{value:.3g}",
    }
    values = context()
    made = {
        page: wrapped(environment.from_string((DOCS / name).read_text("utf-8")).render(values))
        for page, name in PAGES.items()
    }
    for badge in badges():
        made[PICTURES / f"{badge['label']}.svg"] = drawn(badge["label"], badge["text"])
    return made


def main() -> None:
    """Write the pages, or check them."""
    check = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not check:
        sys.exit(f"readme.py: found {' '.join(sys.argv[1:])}, expected --check or nothing")
    if not check:
        copy()
        for page, text in rendered().items():
            page.write_text(text, encoding="utf-8")
        return
    wrong = [f"docs: the copy of {different}" for different in copied()]
    found = {page: drifted(page, text) for page, text in rendered().items()}
    wrong += [line for lines in found.values() for line in lines]
    if wrong:
        templates = [f"docs/{name}" for page, name in PAGES.items() if found[page]]
        edit = f"edit {' and '.join(templates)}, and " if templates else ""
        sys.exit("\n".join([*wrong, f"{edit}run: make readme"]))


if __name__ == "__main__":
    main()

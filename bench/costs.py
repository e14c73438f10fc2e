"""Fit what jobs cost: `make costs`, after the studies and `make bench-scale`.

Reads the logs and files of finished studies, in the folders that are named or else in this one,
and docs/results/growth.csv; fits the model of fewpixels/jobs/costs.py; writes workflow/costs.yaml;
prints how well it fits.

Seconds and bytes are fitted by least squares of the logarithms, with coefficients ≥ 0. Memory is
the least such sum that no measured job exceeds.
"""

import re
import sys
from ast import literal_eval
from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from scipy.optimize import least_squares, linprog, nnls

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from snakemake.common.configfile import load_configfile
from snakemake.utils import validate

from fewpixels.jobs.costs import Costs
from fewpixels.jobs.work import TERMS, grams_fit, job_of, terms
from fewpixels.study.plan import plan
from fewpixels.study.validation import check

ROOT = Path(__file__).resolve().parents[1]
SCHEMA = str(ROOT / "workflow" / "schemas" / "config.schema.yaml")
TABLE = ROOT / "workflow" / "costs.yaml"
GROWTH = ROOT / "docs" / "results" / "growth.csv"
USED = re.compile(r"INFO (\w+) used ([\d.]+) s, (\d+) MB$", re.MULTILINE)
MADE = re.compile(r"INFO \[.*\] -> (\[.*\])$", re.MULTILINE)
QUANTITIES = ("seconds", "megabytes", "bytes")

HEADER = """\
# What a job of each rule costs: coefficients of the terms of fewpixels/jobs/work.py, fitted by
# `make costs` to the jobs of this project's studies and of `make bench-scale`; see docs/scale.md.
"""


def studies():
    """The studies of the configurations here, by dataset."""
    found = {}
    for path in (ROOT / "config.yaml", *sorted((ROOT / "config").glob("*.yaml"))):
        config = load_configfile(str(path))
        check(config, load_configfile(SCHEMA))
        validate(config, SCHEMA)
        study = plan(config, ROOT)
        found |= dict.fromkeys(study.datasets, study)
    return found


def measured(folder, known):
    """Rule, terms, and the three quantities of each job that a folder has a log of."""
    for log in sorted((folder / "logs").rglob("*.log")):
        dataset, *parts = log.relative_to(folder / "logs").with_suffix("").parts
        text = log.read_text(encoding="utf-8")
        used, made = USED.findall(text), MADE.findall(text)
        if dataset not in known or not used or not made:
            continue
        ((rule, seconds, megabytes),) = used
        if not rule.startswith(("train_", "reuse_", "evaluate_")) and rule not in IMAGES:
            continue
        written = sum((folder / file).stat().st_size for file in literal_eval(made[0]))
        own = job_of_log(known[dataset], dataset, rule, parts, folder)
        yield rule, own, (float(seconds), int(megabytes), written)


IMAGES = ("data", "split", "downscale", "downscale_fresh", "augment")


def job_of_log(study, dataset, rule, parts, folder):
    """The job that wrote a log."""
    split = parts[0] if parts[0] in study.splits else study.honest
    size = next((int(part[:-2]) for part in parts if re.fullmatch(r"\d+px", part)), 0)
    if rule in IMAGES:
        return job_of(study, dataset, split, size, grams=int(rule == "augment"))
    grams = folder / "results" / dataset / split / f"{size}px"
    model = parts[2]
    kernel = study.models[model].parameters.get("kernel")
    files = list(grams.glob("gram-*.npz")) if kernel else []
    return job_of(
        study, dataset, split, size,
        grams=min(len(files), 1), stage=rule.split("_")[0], model=model,
    )  # fmt: skip


def fit(quantity, rows, values):
    """Coefficients ≥ 0 of the terms: an envelope of memory, or least squares."""
    shares = rows / values[:, None]
    scale = shares.max(axis=0)
    scale[scale == 0] = 1
    shares = shares / scale
    if quantity == "megabytes":
        found = linprog(shares.sum(axis=0), A_ub=-shares, b_ub=-np.ones(len(values))).x
    else:
        start = nnls(shares, np.ones(len(values)), maxiter=1000)[0] + 1e-3
        found = least_squares(lambda x: np.log(shares @ x), start, bounds=(0, np.inf)).x
    # What never makes a thousandth of a job's cost is rounding.
    counts = (shares * found).max(axis=0) > 1e-3
    return {
        term: float(f"{x:.3g}")
        for term, x, used in zip(TERMS, found / scale, counts, strict=True)
        if used
    }


def projected(costs, study, dataset):
    """What the cells of a study are estimated to cost, those of the split that tables show."""
    found = []
    for cell in study.cells(dataset):
        stages = ("train", "evaluate")
        rules = [f"{stage}_{study.models[cell.model].family}" for stage in stages]
        if cell.split != study.honest or rules[0] not in costs.rules:
            continue
        kernel = study.models[cell.model].parameters.get("kernel")
        held = bool(kernel) and grams_fit(study, dataset, cell.split)
        jobs = [
            job_of(
                study, dataset, cell.split, cell.size,
                grams=int(held), stage=stage, model=cell.model,
            )
            for stage in stages
        ]  # fmt: skip
        parts = list(zip(rules, map(terms, jobs), strict=True))
        found.append([
            sum(costs.seconds(*part) for part in parts),
            max(costs.megabytes(*part) for part in parts),
            sum(costs.bytes(*part) for part in parts) / 2**20,
        ])  # fmt: skip
    seconds, megabytes, size = np.array(found).T
    return (
        str(len(found)),
        f"{seconds.mean():.2f}",
        f"{megabytes.max():.0f}",
        f"{size.mean():.2f}",
    )


def main():
    known = studies()
    jobs = defaultdict(list)
    for folder in map(Path, sys.argv[1:] or [ROOT]):
        for rule, job, costs in measured(folder, known):
            jobs[rule].append((list(terms(job).values()), costs))
    if not any(rule.startswith("train_") for rule in jobs):
        sys.exit("logs: found no training, expected finished studies; make reproduce")
    grown = defaultdict(list)
    if GROWTH.exists():
        from growth import OURS, job_of_work

        for row in pd.read_csv(GROWTH).itertuples():
            if row.work in OURS:
                rule, job = job_of_work(row.work, row.images)
                grown[rule].append((list(terms(job).values()), row.cpu_seconds))
    table = {}
    print("| rule | jobs | seconds | off by | MB | bytes |\n|---|---|---|---|---|---|")
    for rule, own in sorted(jobs.items()):
        rows = np.array([row for row, _ in own], float)
        costs = np.array([cost for _, cost in own], float)
        table[rule], off = {}, {}
        for quantity, values in zip(QUANTITIES, costs.T, strict=True):
            x, y = rows, np.maximum(values, 0.01)
            if quantity == "seconds" and grown[rule]:
                x = np.vstack([x, [row for row, _ in grown[rule]]])
                y = np.append(y, [seconds for _, seconds in grown[rule]])
            table[rule][quantity] = fit(quantity, x, y)
            estimate = x @ [table[rule][quantity].get(term, 0) for term in TERMS]
            off[quantity] = np.exp(np.sqrt(np.mean(np.log(np.maximum(estimate, 0.01) / y) ** 2)))
        print(
            f"| {rule} | {len(own) + len(grown[rule])} | {costs[:, 0].min():.2f}–"
            f"{costs[:, 0].max():.2f} | × {off['seconds']:.2f} | {costs[:, 1].max():.0f} "
            f"(× {off['megabytes']:.2f}) | × {off['bytes']:.2f} |"
        )
    print(
        "\n| study | cells | seconds a cell | MB at most | MB of files a cell |\n"
        + 5 * "|---"
        + "|"
    )
    for dataset, study in known.items():
        print(f"| {dataset} | {' | '.join(projected(Costs(table), study, dataset))} |")
    text = yaml.safe_dump({"rules": table}, sort_keys=False, default_flow_style=None, width=100)
    TABLE.write_text(HEADER + text, encoding="utf-8")


if __name__ == "__main__":
    main()

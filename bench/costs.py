"""Measure what jobs of the default study cost: `make costs`, after `make reproduce`.

Reads the logs of the finished study, writes workflow/costs.yaml, and prints the memory that jobs
used.
"""

import re
from collections import defaultdict
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "workflow" / "costs.yaml"
USED = re.compile(r"INFO (\w+) used ([\d.]+) s, (\d+) MB$", re.MULTILINE)

HEADER = """\
# Mean CPU seconds of a job of each rule, measured by `make costs` on the default study. A job of
# another study takes these times the ratio of what they grow with: training images of all
# replicates, or pairs of such images.
"""

# All others grow with images.
PAIRS = {"augment", "train_knn", "evaluate_knn", "train_perceptron", "evaluate_perceptron"}


def measured(logs):
    """Seconds and megabytes of each job, by rule."""
    jobs = defaultdict(list)
    for log in logs.rglob("*.log"):
        for rule, seconds, megabytes in USED.findall(log.read_text(encoding="utf-8")):
            jobs[rule].append((float(seconds), int(megabytes)))
    return jobs


def main():
    jobs = measured(ROOT / "logs")
    if not any(rule.startswith("train_") for rule in jobs):
        raise SystemExit("logs: found no training, expected a finished study; make reproduce")
    config = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    (dataset,) = config["datasets"].values()
    work = {
        "replicates": config["replicates"],
        "train": dataset["classes"] * config["subsets"]["train"],
    }
    lines = [HEADER, f"measured_on: {{replicates: {work['replicates']}, train: {work['train']}}}\n"]
    lines.append("rules:\n")
    print(f"{'rule':24}{'jobs':>6}{'mean s':>9}{'most s':>9}{'most MB':>9}")
    for rule, used in sorted(jobs.items()):
        seconds, megabytes = zip(*used, strict=True)
        mean = sum(seconds) / len(seconds)
        print(f"{rule:24}{len(used):6}{mean:9.2f}{max(seconds):9.2f}{max(megabytes):9}")
        if not rule.startswith(("table_", "figure_", "verify")):
            grows = "pairs" if rule in PAIRS else "images"
            lines.append(f"  {rule}: {{seconds: {mean:.2f}, grows: {grows}}}\n")
    TABLE.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()

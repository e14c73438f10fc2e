"""What Snakemake and SLURM cost a job, with nothing to compute: the figures of docs/scale.md.

`tests/cluster/slurm-up` first. Jobs are scripts that import NumPy and write one line.
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

SNAKEFILE = """
rule all:
    input: expand("out/{i}", i=range(int(config["jobs"])))
    localrule: True

rule one:
    output: "out/{i}"
    group: "batch"
    resources: mem_mb=400, runtime=1
    script: "one.py"
"""
SCRIPT = """
import numpy
with open(snakemake.output[0], "w") as file:
    file.write("done\\n")
"""
LOCAL = ["--cores", "2"]
SLURM = ["--executor", "slurm", "--cores", "1", "--jobs", "40", "--default-resources"]
SLURM += ["slurm_partition=main", "--slurm-no-account", "--slurm-status-command", "squeue"]
SLURM += ["--slurm-init-seconds-before-status-checks", "2"]


def seconds(jobs: int, *options: str) -> float:
    """Run so many empty jobs in an empty folder; the wall time."""
    with TemporaryDirectory() as folder:
        Path(folder, "Snakefile").write_text(SNAKEFILE)
        Path(folder, "one.py").write_text(SCRIPT)
        # --config takes all words up to the next option.
        command = [sys.executable, "-m", "snakemake", "--config", f"jobs={jobs}", "--quiet"]
        start = perf_counter()
        subprocess.run(
            [*command, "--scheduler", "greedy", *options],
            cwd=folder,
            check=True,
            capture_output=True,
        )
        return perf_counter() - start


def main() -> None:
    for jobs in (100, 1000, 10_000):
        planned = seconds(jobs, "--dry-run", *LOCAL)
        print(f"{jobs:6} jobs planned: {planned:.1f} s, {1000 * planned / jobs:.2f} ms each")
    start = seconds(1, *LOCAL)
    ways = {
        "on this machine": (200, LOCAL),
        "on SLURM, one by one": (40, [*SLURM, "--group-components", "batch=1"]),
        "on SLURM, 20 together": (40, [*SLURM, "--group-components", "batch=20"]),
        "on SLURM, 100 together": (200, [*SLURM, "--group-components", "batch=100"]),
    }
    for way, (jobs, options) in ways.items():
        print(f"{way:24} {(seconds(jobs, *options) - start) / jobs:6.2f} s a job, of {jobs}")


if __name__ == "__main__":
    main()

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

onstart:
    workflow.executor_plugin.common_settings.pass_group_args = bool(config["whole"])

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


def seconds(jobs: int, *options: str, whole: bool = True) -> float:
    """Run so many empty jobs in an empty folder; the wall time.

    A batch runs in one Snakemake if it is sent as a whole, as this project sends it, or else each
    of its jobs in one of its own, as the plugin does by itself.
    """
    with TemporaryDirectory() as folder:
        Path(folder, "Snakefile").write_text(SNAKEFILE)
        Path(folder, "one.py").write_text(SCRIPT)
        # --config takes all words up to the next option.
        command = [sys.executable, "-m", "snakemake", "--quiet"]
        command += ["--config", f"jobs={jobs}", f"whole={int(whole)}"]
        start = perf_counter()
        subprocess.run(
            [*command, "--scheduler", "greedy", *options],
            cwd=folder,
            check=True,
            capture_output=True,
        )
        return perf_counter() - start


def main() -> None:
    for jobs in (1000, 10_000, 100_000):
        planned = seconds(jobs, "--dry-run", *LOCAL)
        print(f"{jobs:6} jobs planned: {planned:.1f} s, {1000 * planned / jobs:.2f} ms each")
    start = seconds(1, *LOCAL)
    batches = {size: [*SLURM, "--group-components", f"batch={size}"] for size in (1, 20, 100)}
    ways = {
        "on this machine": (200, LOCAL, True),
        "on SLURM, one by one": (40, batches[1], True),
        "on SLURM, 20 a batch": (40, batches[20], True),
        "the same, a Snakemake each": (40, batches[20], False),
        "on SLURM, 100 a batch": (200, batches[100], True),
    }
    for way, (jobs, options, whole) in ways.items():
        took = seconds(jobs, *options, whole=whole) - start
        print(f"{way:28} {took / jobs:6.2f} s a job, of {jobs}", flush=True)


if __name__ == "__main__":
    main()

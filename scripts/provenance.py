"""Note the configuration, versions, processor, commit and dates behind a dataset's results."""

import json
import os
import platform
import subprocess  # nosec B404 # of one fixed command
from datetime import UTC, datetime
from importlib.metadata import distributions
from pathlib import Path

from _job import begin

from fewpixels.artifacts.files import write_text


def commit() -> str:
    """The commit of the code, with ``-dirty`` after it if files differ; or ``unknown``."""
    command = ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    folder = Path(snakemake.scriptdir)
    try:
        found = subprocess.run(  # nosec B603 # git and fixed arguments
            command, cwd=folder, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return found.stdout.strip()


def processor() -> str:
    """The processor's name."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


values = begin(snakemake)
record = {
    "configuration": json.loads(values["config"]),
    "datasets": values["datasets"],
    "hyperparameters": values["parameters"],
    "commit": commit(),
    "written": datetime.now(UTC).isoformat(timespec="seconds"),
    "python": platform.python_version(),
    "platform": platform.platform(),
    "processor": processor(),
    "cores": os.cpu_count(),
    "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
    "packages": {d.name: d.version for d in sorted(distributions(), key=lambda d: d.name.lower())},
}
write_text(snakemake.output[0], json.dumps(record, indent=2, ensure_ascii=False) + "\n")

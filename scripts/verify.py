"""Report artifacts that are missing, altered, or left over from another configuration."""

import sys
from pathlib import Path

from _job import begin

from fewpixels.artifacts.files import inspect

values = begin(snakemake)
expected = values["artifacts"]
data, results = map(Path, values["folders"])
# Of the files in data, those that have a checksum: others are the user's own.
made = [file.with_name(file.name[1:].removesuffix(".sha256")) for file in data.glob(".*")]
there = [*map(Path, expected), *made, *results.glob("*/**/*")]
found = inspect(expected, [str(path) for path in there if path.is_file()])
for path in found.missing:
    print(f"missing: {path}")
for path, problem in found.altered.items():
    print(f"altered: {path}: {problem}")
for path in found.left_over:
    print(f"left over: {path}: no part of this configuration; delete it if you like")
broken = [*found.missing, *found.altered]
print(f"{len(expected) - len(broken)} of {len(expected)} artifacts are as they were written")
if broken:
    advice = "to make them again, run snakemake, without verify, with: --forcerun"
    sys.exit(f"{advice} {' '.join(broken)}")

"""What `snakemake --lint` says, but for functions that stand above the one rule that uses them.

It would have these in a file of their own, away from their rule.
"""

import re
import subprocess
import sys

command = [sys.executable, "-m", "snakemake", "--lint"]
done = subprocess.run(command, capture_output=True, text=True, check=False)
titles = {*re.findall(r"^ +\* (.+)", done.stderr, flags=re.M)}
if titles - {"Mixed rules and functions in same snakefile.:"} or (done.returncode and not titles):
    sys.exit(done.stdout + done.stderr)

"""Making the page of a small study."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
WIDTHS = (200, 360, 800, 1400, 2560)


def run(folder, *arguments, study="study.yaml"):
    """Run Snakemake on a study of the folder of browser tests, in another folder."""
    command = [sys.executable, "-m", "snakemake", "--cores", "2", "--directory", str(folder)]
    command += ["--configfile", str(ROOT / "tests" / "browser" / study), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def without_section_five(file):
    """The page's text but for how it was made: dates and seconds."""
    text = file.read_text(encoding="utf-8")
    cut = re.sub(r'<section id="made".*?</section>', "", text, flags=re.DOTALL)
    assert len(cut) < len(text)
    return cut

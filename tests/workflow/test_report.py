"""snakemake --report: every table and figure with its caption, and no network."""

import json
import os
import re
import subprocess
from zipfile import ZipFile

import pytest
from running import ROOT, command

# A proxy that no machine has: any download fails.
NOWHERE = dict.fromkeys(
    ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"], "http://127.0.0.1:9"
)


@pytest.mark.slow
def test_every_table_and_figure_is_in_the_report(one_core, tmp_path):
    archive = tmp_path / "report.zip"
    arguments = command(one_core, "--report", str(archive), study="config/tiny.yaml")
    done = subprocess.run(
        arguments, cwd=ROOT, env=os.environ | NOWHERE, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    with ZipFile(archive) as held:
        texts = [held.read(name).decode(errors="replace") for name in held.namelist()]
    everything = "\n".join(texts)
    results = one_core / "results" / "tiny-mnist"
    files = [*results.glob("tables/*.csv"), *results.glob("figures/*.svg")]
    assert len(files) > 15
    for file in files:
        kind = file.parent.name.removesuffix("s")
        name = re.sub("^(grid|weights)-.*", r"\1", file.stem)
        caption = (ROOT / "workflow" / "report" / f"{kind}-{name}.rst").read_text().split("{{")[0]
        assert caption.strip()[:40] in everything, file
        assert json.dumps(file.stem) in everything, file
    assert {"Tables", "Figures"} <= set(re.findall(r'"(Tables|Figures)"', everything))


def test_every_caption_is_used():
    rules = "".join(file.read_text() for file in (ROOT / "workflow").rglob("*.smk"))
    rules += (ROOT / "workflow" / "Snakefile").read_text()
    captions = {file.name for file in (ROOT / "workflow" / "report").glob("*.rst")}
    drawn = {f"figure-{name}.rst" for name in re.findall(r'\*\*figure\("([a-z]+)', rules)}
    assert captions == drawn | set(re.findall(r'report/([a-z-]+\.rst)"', rules))

"""Print, as JSON, the rule, inputs and outputs of every job of a study, without running it.

Snakemake's own summaries know the inputs of finished jobs only.
"""

import json
import sys
from pathlib import Path

from snakemake.api import SnakemakeApi
from snakemake.settings.types import ConfigSettings, OutputSettings, Quietness, ResourceSettings

root, study, folder = map(Path, sys.argv[1:])
with SnakemakeApi(OutputSettings(quiet={Quietness.ALL}, stdout=False)) as api:
    workflow = api.workflow(
        resource_settings=ResourceSettings(cores=1),
        config_settings=ConfigSettings(configfiles=(study,)),
        snakefile=root / "Snakefile",
        workdir=folder,
    )
    standard_output, sys.stdout = sys.stdout, sys.stderr
    workflow.dag().summary()
    json.dump(
        [
            {"rule": job.rule.name, "input": list(job.input), "output": list(job.output)}
            for job in workflow._workflow.dag.jobs
        ],
        standard_output,
    )

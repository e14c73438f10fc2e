"""What would not fit this machine is refused before anything runs."""

import logging
import sys

from snakemake.logging import logger
from snakemake_interface_logger_plugins.common import LogEvent

from fewpixels.jobs.memory import megabytes_there


def refuse_too_large():
    """Of the jobs that are to run here, the largest must fit."""
    if on_cluster() or workflow.remote_exec or workflow.touch:
        return
    asked = {
        job: job.resources.get("mem_mb", 0)
        for job in workflow.dag.needrun_jobs(exclude_finished=False)
    }
    largest = max(asked, key=asked.get)
    need, there = int(asked[largest] / MARGIN), megabytes_there()
    if need > there:
        logger.error(
            f"{' '.join([largest.rule.name, *largest.wildcards])}: found an estimate of {need:,} MB of "
            f"memory, expected at most the {there:,} MB that this machine has; take fewer images or "
            "smaller sizes, or run it on a larger machine"
        )
        sys.exit(
            1
        )  # an exception would add the frames of what said that there is a plan


class Plans(logging.Handler):
    """Listen to what Snakemake says of its plan, also in a dry run, where there is one."""

    def emit(self, record):
        if getattr(record, "event", None) == LogEvent.RUN_INFO:
            refuse_too_large()


logger.addHandler(Plans())

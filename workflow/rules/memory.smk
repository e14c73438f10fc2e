"""What would fail is refused before anything runs: a job too large for this machine, or that needs
what it lacks, and a class too small for its subsets."""

import logging
import sys

from snakemake.logging import logger
from snakemake_interface_logger_plugins.common import LogEvent

from fewpixels import FewpixelsError
from fewpixels.images.used import left_out
from fewpixels.jobs.estimates import check_machine
from fewpixels.jobs.memory import megabytes_there


def refuse(message):
    logger.error(message)
    sys.exit(1)  # an exception would add the frames of what said that there is a plan


def refuse_too_large(jobs):
    """Of the jobs that are to run here, the largest must fit."""
    asked = {job: job.resources.get("mem_mb", 0) for job in jobs}
    largest = max(asked, key=asked.get)
    name = largest.rule.name
    given = "mem_mb" in workflow.resource_settings.overwrite_resources.get(name, {})
    need, there = int(asked[largest] / (1 if given else MARGIN)), megabytes_there()
    if need > there:
        refuse(
            f"{' '.join([name, *largest.wildcards])}: found {'--set-resources' if given else 'an estimate'} "
            f"of {need:,} MB of memory, expected at most the {there:,} MB that this machine has; take "
            "fewer images or smaller sizes, or run it on a larger machine"
        )


def refuse_lacking(jobs):
    """Of the models that are to be trained or evaluated here, the machine must have what they need."""
    stages = {f"{stage}_{f}" for stage in ("train", "evaluate") for f in used_families}
    models = {job.wildcards.model for job in jobs if job.rule.name in stages}
    try:
        check_machine(study, sorted(models))
    except FewpixelsError as error:
        refuse(str(error))


def refuse_too_small(jobs):
    """Of the splits that are to be made, each class must have enough images.

    Without a file of the dataset, or with one that is to be made anew, its source tells; what it does
    not tell, such as of a download, the job says that deals the images out.
    """
    files = {file for job in jobs for file in map(str, job.output)}
    said = {}
    for dataset in study.datasets:
        if placed(f"data/{dataset}.npz") in files:
            for line in empty_folders(dataset):
                logger.warning(f"datasets.{dataset}: {line}")
        for split in study.splits:
            if placed(f"results/{dataset}/{split}/split.npz") not in files:
                continue
            own = pool(dataset, made=placed(f"data/{dataset}.npz") not in files)
            if own is None:
                continue
            try:
                used = plan_split(study, dataset, split, own)
            except FewpixelsError as error:
                refuse(str(error))
            dealt = study.splits[split]["kind"] == "dealt"
            subsets = study.subsets if dealt else None
            said[left_out(used, own.sizes, own.names, subsets)] = dataset
    for line, dataset in said.items():
        if line:
            logger.warning(f"datasets.{dataset}: {line}")


class Plans(logging.Handler):
    """Listen to what Snakemake says of its plan, also in a dry run, where there is one."""

    def emit(self, record):
        if getattr(record, "event", None) != LogEvent.RUN_INFO:
            return
        if workflow.remote_exec or workflow.touch:
            return
        jobs = list(workflow.dag.needrun_jobs(exclude_finished=False))
        refuse_too_small(jobs)
        if not on_cluster():
            refuse_too_large(jobs)
            # Not of those for whose jobs Snakemake itself installs what they need.
            if not workflow.deployment_settings.deployment_method:
                refuse_lacking(jobs)


logger.addHandler(Plans())

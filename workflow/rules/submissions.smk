"""What a cluster is given: batches, named in a dry run; and which job was at work where it killed one."""

import logging

from snakemake.logging import logger
from snakemake.persistence.file import FilePersistence
from snakemake_interface_logger_plugins.common import LogEvent


def batch_of_cell(wildcards):
    """The batch of a cell's jobs: one for a cell on all its splits, since one may train for all."""
    model, seconds = study.models[wildcards.model], []
    for split in model.splits:
        cell = Cell(wildcards.dataset, split, int(wildcards.size), model.name)
        stages = ["train", "evaluate"] if split in training_splits else ["evaluate"]
        for stage in stages:
            seconds.append(estimated(f"{stage}_{model.family}", cell)[0])
    return batch(None if None in seconds else sum(seconds))


def batch_of_images(wildcards):
    return f"images_{wildcards.dataset}"


class Submissions(logging.Handler):
    """Listen to what Snakemake says of groups of jobs, which its progress bar leaves out."""

    def emit(self, record):
        if workflow.remote_exec and workflow.scheduler:
            # On the node, where no profile is read.
            workflow.scheduler.keepgoing = True
        event = getattr(record, "event", None)
        if event == LogEvent.GROUP_INFO and workflow.dryrun and on_cluster():
            self.announce(record.group_id, [job.resources for job in record.jobs])
        elif event == LogEvent.GROUP_ERROR:
            files = [file for job in record.job_error_info for file in job["log"]]
            self.explain([*files, *record.aux_logs])
        elif event == LogEvent.JOB_ERROR:
            self.explain(record.log)

    def announce(self, name, jobs):
        logger.info(
            f"to submit: {name}: {len(jobs)} jobs one after another, "
            f"{max(job.mem_mb for job in jobs)} MB, {sum(job.runtime for job in jobs)} minutes"
        )

    def explain(self, files):
        """Of one submission: its jobs' own logs, and what SLURM kept of its output."""
        own, slurms = [], []
        for file in map(Path, files):
            (slurms if "slurm_logs" in file.parts else own).append(file)
        for output in filter(Path.is_file, slurms):
            why = reason(output.read_text(encoding="utf-8", errors="replace"))
            if why:
                job = interrupted(own) or "a job that had not begun"
                logger.error(f"killed: {job}: {why} (see {output})")


logger.addHandler(Submissions())


def leave_to_submitter(persistence, *arguments):
    """Only the Snakemake that submitted jobs may say what is complete.

    It alone records what outputs were made with. Where it was killed, the next makes them again.
    """


if workflow.remote_exec:
    FilePersistence._mark_incomplete = leave_to_submitter
    FilePersistence._unmark_incomplete = leave_to_submitter


def remove_stale():
    """Remove what is to be made again: a failed submission keeps all outputs that it finds."""
    for job in workflow.dag.needrun_jobs():
        workflow.async_run(job.remove_existing_output())

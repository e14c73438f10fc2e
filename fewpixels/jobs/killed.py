"""What became of jobs that SLURM killed: they could not say so themselves, but their logs tell."""

import re
from collections.abc import Iterable
from pathlib import Path

_SAID = re.compile(r"^(?:slurmstepd\S*|srun): error: (.+)$", re.MULTILINE)
_LIMIT = re.compile(r"memory limit|oom|out of memory|due to", re.IGNORECASE)

_ENDED = re.compile(r" used [\d.]+ s, \d+ MB\n\Z")


def reason(slurm_log: str) -> str | None:
    """Find why SLURM killed a job in what the job printed.

    Parameters
    ----------
    slurm_log : str
        Output of the job, among which SLURM says what it does with it.

    Returns
    -------
    str or None
        SLURM's own words; of several sentences, one about a limit. None if it says nothing.
    """
    said = _SAID.findall(slurm_log)
    about_limits = [sentence for sentence in said if _LIMIT.search(sentence)]
    return next(iter(about_limits + said), None)


def interrupted(logs: Iterable[Path]) -> Path | None:
    """Find the job that was at work, which therefore could not log what it used.

    Parameters
    ----------
    logs : iterable of Path
        Logs of jobs that ran one after another; of those that did not, none or empty ones.

    Returns
    -------
    Path or None
        The newest log without an end.
    """
    begun = [log for log in logs if log.is_file() and log.stat().st_size]
    open_ended = [log for log in begun if not _ENDED.search(log.read_text(encoding="utf-8"))]
    return max(open_ended, key=lambda log: log.stat().st_mtime_ns, default=None)

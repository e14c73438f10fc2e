"""What every script does first: set up its log, and read what it computes from."""

import atexit
import gc
import json
import logging
import os
import resource
import sys
from pathlib import Path
from threading import Thread
from time import sleep
from types import TracebackType
from typing import Any

from fewpixels import FewpixelsError


def begin(snakemake: Any) -> dict[str, Any]:
    """Send messages and uncaught exceptions to the rule's log, and watch Snakemake.

    An exception also shows as one line on standard error; one that explains itself leaves no
    traceback. The log's last line says what the job used. If Snakemake is killed the job stops,
    lest it write beside the job that the next Snakemake starts.

    Parameters
    ----------
    snakemake : object
        As Snakemake gives it to a script.

    Returns
    -------
    dict
        The values of the rule's recipe.
    """
    gc.freeze()  # modules, which Python would search for garbage when the script ends
    logging.basicConfig(
        filename=snakemake.log[0],
        filemode="w",
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(message)s",
    )
    logging.captureWarnings(True)

    def report(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        explained = isinstance(error, FewpixelsError)
        logging.critical("%s", error, exc_info=None if explained else (kind, error, trace))
        print(f"error in {snakemake.rule}: {error or kind.__name__}", file=sys.stderr)

    sys.excepthook = report
    atexit.register(_account, snakemake.rule)
    Thread(target=_stop_without, args=[int(os.environ["FEWPIXELS_SNAKEMAKE"])], daemon=True).start()
    logging.info("%s -> %s", list(snakemake.input), list(snakemake.output))
    values: dict[str, Any] = json.loads(snakemake.params.recipe)["values"]
    return values


def _account(rule: str) -> None:
    """Log what the job took; one that was killed has no such line."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    peak = usage.ru_maxrss / 2**20
    status = Path("/proc/self/status")
    if status.exists():  # on Linux, ru_maxrss counts the process that started this one
        peak = int(status.read_text(encoding="ascii").split("VmHWM:")[1].split()[0]) / 2**10
    logging.info("%s used %.2f s, %.0f MB", rule, usage.ru_utime + usage.ru_stime, peak)


def _stop_without(process: int) -> None:
    try:
        while True:
            os.kill(process, 0)  # sends nothing, and fails if the process is gone
            sleep(0.2)
    except ProcessLookupError:
        os._exit(1)

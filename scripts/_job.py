"""What every script does first: set up its log, and read what it computes from."""

import json
import logging
import sys
from types import TracebackType
from typing import Any


def begin(snakemake: Any) -> dict[str, Any]:
    """Send messages and uncaught exceptions to the rule's log.

    An exception also shows as one line on standard error.

    Parameters
    ----------
    snakemake : object
        As Snakemake gives it to a script.

    Returns
    -------
    dict
        The values of the rule's recipe.
    """
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
        logging.critical("%s", error, exc_info=(kind, error, trace))
        print(f"error in {snakemake.rule}: {error or kind.__name__}", file=sys.stderr)

    sys.excepthook = report
    logging.info("%s -> %s", list(snakemake.input), list(snakemake.output))
    values: dict[str, Any] = json.loads(snakemake.params.recipe)["values"]
    return values

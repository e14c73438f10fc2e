"""The command line: ``python -m fewpixels``, or ``fewpixels`` where it is installed."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

import yaml


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Parameters
    ----------
    arguments : sequence of str, optional
        Those of the command line, unless given.

    Returns
    -------
    int
        The exit status.
    """
    parser = ArgumentParser("fewpixels", description="Tools beside the workflow.")
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("sources", help="list the sources of images and their options")
    command.set_defaults(run=_sources)
    command = commands.add_parser("check-model", help="does a model keep to the contract?")
    command.set_defaults(run=_check_model)
    command.add_argument("module", help="of fewpixels/models, or a path that ends with .py")
    command.add_argument(
        "--parameters",
        type=yaml.safe_load,
        default={},
        help="hyperparameters that have no defaults, as in '{k_max: 3}'",
    )
    options = parser.parse_args(arguments)
    status: int = options.run(options)
    return status


def _sources(options: Namespace) -> int:
    from fewpixels.study.sources import listing

    print(listing(Path(__file__).resolve().parents[1]), end="")
    return 0


def _check_model(options: Namespace) -> int:
    # Numba and the like take their time to import; --help has no need of them.
    from fewpixels.check_model import findings

    faults = 0
    for finding in findings(options.module, options.parameters):
        print(finding)
        faults += bool(finding.fault)
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main())

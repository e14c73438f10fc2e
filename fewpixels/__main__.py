"""The command line: ``python -m fewpixels sources`` lists the sources of images."""

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from fewpixels.sources import listing


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; of this process, unless arguments are given."""
    parser = ArgumentParser(prog="python -m fewpixels")
    commands = parser.add_subparsers(required=True)
    commands.add_parser("sources", help="list the sources of images and their options")
    parser.parse_args(arguments)
    print(listing(Path(__file__).resolve().parents[1]), end="")


if __name__ == "__main__":
    main()

"""What memory jobs can have here: the machine's, or less in a container or a batch system."""

from collections.abc import Iterator
from os import sysconf
from pathlib import Path


def megabytes_there(root: Path = Path("/")) -> int:
    """Megabytes that jobs on this machine can have at the most, whatever is free at present.

    Parameters
    ----------
    root : Path
        Where the folders of Linux are.

    Returns
    -------
    int
        Of the machine, or of the least of the control groups that this process is in.
    """
    machine = sysconf("SC_PHYS_PAGES") * sysconf("SC_PAGE_SIZE")
    return min([machine, *_limits(root)]) // 2**20


def _limits(root: Path) -> Iterator[int]:
    """Bytes that this process' control groups may have, of either version (cgroups(7))."""
    own = root / "proc" / "self" / "cgroup"
    if not own.is_file():
        return  # not on Linux
    for line in own.read_text(encoding="utf-8", errors="replace").splitlines():
        _, controllers, path = line.split(":", 2)
        top, name = root / "sys" / "fs" / "cgroup", "memory.max"
        if "memory" in controllers.split(","):
            top, name = top / "memory", "memory.limit_in_bytes"
        elif controllers:
            continue
        # Each group is limited by those that it is in, too; in a container only the top is seen.
        group = top / path.lstrip("/")
        for folder in (group, *group.parents):
            if not folder.is_relative_to(top):
                break
            limit = folder / name
            said = limit.read_text(encoding="ascii").strip() if limit.is_file() else "max"
            if said.isdecimal():  # else there is none
                yield int(said)

"""What memory there is: the machine's, or the least of the limits that control groups set."""

import os

import pytest

from fewpixels.jobs.memory import megabytes_there

MACHINE = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**20


@pytest.mark.parametrize(
    ("groups", "limits", "expected"),
    [
        # Version 2: of the group, of one that it is in, of a container's only visible one.
        ("0::/user/job", {"user/job/memory.max": "104857600"}, 100),
        (
            "0::/user/job",
            {"user/job/memory.max": "max", "user/memory.max": str(200 * 2**20)},
            200,
        ),
        ("0::/", {"memory.max": str(70 * 2**20)}, 70),
        ("0::/not/seen/here", {"memory.max": str(70 * 2**20)}, 70),
        # Version 1; other controllers do not count.
        (
            "5:cpu:/job\n4:hugetlb,memory:/job",
            {"memory/job/memory.limit_in_bytes": str(90 * 2**20), "memory.max": "1"},
            90,
        ),
        ("4:memory:/", {"memory/memory.limit_in_bytes": "9223372036854771712"}, MACHINE),
        # No limit, and no Linux.
        ("0::/", {"memory.max": "max"}, MACHINE),
        ("0::/", {}, MACHINE),
        (None, {}, MACHINE),
    ],
)
def test_the_least_limit_counts(groups, limits, expected, tmp_path):
    if groups is not None:
        own = tmp_path / "proc" / "self" / "cgroup"
        own.parent.mkdir(parents=True)
        own.write_text(f"{groups}\n")
    for name, said in limits.items():
        file = tmp_path / "sys" / "fs" / "cgroup" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{said}\n")
    assert megabytes_there(tmp_path) == expected


def test_this_machine_has_some():
    assert 100 < megabytes_there() <= MACHINE

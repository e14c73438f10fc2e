"""What memory there is: the machine's, or the least of the limits that control groups set."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


@given(st.lists(st.none() | st.integers(0, 2**60), min_size=1, max_size=5))
def test_a_group_may_have_no_more_than_those_that_it_is_in(limits):
    with TemporaryDirectory() as folder:
        root = Path(folder)
        names = [f"g{level}" for level in range(1, len(limits))]
        (root / "proc" / "self").mkdir(parents=True)
        (root / "proc" / "self" / "cgroup").write_text(f"0::/{'/'.join(names)}\n")
        group = root / "sys" / "fs" / "cgroup"
        for name, limit in zip(["", *names], limits, strict=True):
            group /= name
            group.mkdir(parents=True, exist_ok=True)
            (group / "memory.max").write_text("max\n" if limit is None else f"{limit}\n")
        told = [limit // 2**20 for limit in limits if limit is not None]
        assert megabytes_there(root) == min([MACHINE, *told])


def test_this_machine_has_some():
    assert 100 < megabytes_there() <= MACHINE

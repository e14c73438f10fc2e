"""Work in fixed blocks, in as many threads as a job has."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from threadpoolctl import ThreadpoolController

Result = TypeVar("Result")


def threads() -> int:
    """Threads of this job: ``OMP_NUM_THREADS``, which Snakemake sets; 1 without it."""
    return int(os.environ.get("OMP_NUM_THREADS", "1"))


def in_blocks(function: Callable[[slice], Result], n: int, block: int) -> Iterator[Result]:
    """Call a function for each block of a range, some at a time.

    Blocks do not depend on the number of threads, and the libraries that a block calls get one
    thread each. So results do not depend on it either.

    Parameters
    ----------
    function : callable
        From a slice of the range to a result. It should spend its time where Python's lock is
        released: in NumPy, or compiled with ``nogil``.
    n : int
        Length of the range, ≥ 0.
    block : int
        Length of a block, ≥ 1; the last can be shorter.

    Yields
    ------
    object
        Results, block by block.
    """
    slices = [slice(start, min(start + block, n)) for start in range(0, n, block)]
    if threads() == 1:
        yield from map(function, slices)
        return
    with _libraries().limit(limits=1):
        if len(slices) == 1:  # to start threads takes longer than many a block
            yield from map(function, slices)
            return
        with ThreadPoolExecutor(threads()) as pool:
            yield from pool.map(function, slices)


@cache
def _libraries() -> ThreadpoolController:
    # To look for them takes longer than many a block.
    return ThreadpoolController()

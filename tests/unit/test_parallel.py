"""Work in blocks, whatever the number of threads."""

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from threadpoolctl import threadpool_info

from fewpixels.parallel import in_blocks, threads


@given(st.integers(0, 30), st.integers(1, 12), st.integers(1, 3))
def test_blocks_cover_the_range_once_in_order_however_many_threads(n, block, workers):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OMP_NUM_THREADS", str(workers))
        assert threads() == workers
        found = list(in_blocks(lambda s: np.arange(n)[s], n, block))
    assert [len(part) for part in found] == [min(block, n - i) for i in range(0, n, block)]
    np.testing.assert_array_equal(np.concatenate([*found, []]), np.arange(n))


def test_blocks_run_side_by_side_with_one_blas_thread_each(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    both = threading.Barrier(2, timeout=10)  # neither passes alone

    def block(_):
        both.wait()
        return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}

    assert list(in_blocks(block, 2, 1)) == [{1}, {1}]


def test_a_job_has_one_thread_unless_told(monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    assert threads() == 1

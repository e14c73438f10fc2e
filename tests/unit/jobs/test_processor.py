"""What OpenBLAS is told: only what is true of the processor."""

import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fewpixels.jobs.processor import openblas_settings

AVX512 = ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]
SUM = "import numpy as np; a = np.arange(9.0).reshape(3, 3); print((a @ a).sum())"


@given(
    st.sampled_from(["AuthenticAMD", "GenuineIntel"]),
    st.sets(st.sampled_from([*AVX512, "avx2", "avx512_vnni"])),
)
def test_only_amds_with_all_instructions_are_told(tmp_path_factory, vendor, flags):
    file = tmp_path_factory.mktemp("cpu") / "cpuinfo"
    file.write_text(f"vendor_id\t: {vendor}\nflags\t\t: fpu {' '.join(flags)} sse\nbugs\t:\n")
    told = vendor == "AuthenticAMD" and set(AVX512) <= flags
    assert openblas_settings(file) == ({"OPENBLAS_CORETYPE": "SkylakeX"} if told else {})


@pytest.mark.parametrize("text", ["", "Processor\t: ARMv8\nFeatures\t: fp asimd\n"])
def test_other_processors_are_left_alone(tmp_path, text):
    (tmp_path / "cpuinfo").write_text(text)
    assert openblas_settings(tmp_path / "cpuinfo") == {}
    assert openblas_settings(tmp_path / "none") == {}


def test_numpy_multiplies_with_what_this_processor_is_told():
    run = subprocess.run(
        [sys.executable, "-c", SUM],
        env=os.environ | openblas_settings(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == "486.0\n"

"""What OpenBLAS, by which NumPy multiplies, is to be told of the processor."""

import re
from pathlib import Path

# What its kernels for the first servers with AVX-512 need.
_NEEDED = {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}


def openblas_settings(cpuinfo: Path = Path("/proc/cpuinfo")) -> dict[str, str]:
    """Environment variables for a faster OpenBLAS; none, unless it would misjudge the processor.

    OpenBLAS 0.3.31 does not know AMD's newest processors. It takes them for ones without AVX-512,
    and multiplies half as fast as they can.

    Parameters
    ----------
    cpuinfo : Path
        What Linux says of the processor; elsewhere there is no such file.

    Returns
    -------
    dict of str to str
    """
    if not cpuinfo.is_file():
        return {}
    text = cpuinfo.read_text(encoding="ascii", errors="replace")
    flags = re.search(r"^flags\s*:(.*)$", text, re.MULTILINE)
    newest = "AuthenticAMD" in text and flags and set(flags[1].split()) >= _NEEDED
    return {"OPENBLAS_CORETYPE": "SkylakeX"} if newest else {}

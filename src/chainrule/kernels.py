"""Which of OpenBLAS's kernels runs, and whether the processor supports a better one.

OpenBLAS chooses a kernel by the processor's model, and for a model that it does not know takes an old one: half the
speed where AVX-512 is left unused. The choice is made when the library is loaded and read from the environment, so a
better kernel is for worker processes, which are started with it; the program that imports chainrule keeps its own.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Sequence
from pathlib import Path

from chainrule.threads import ONE_EACH

CORETYPE = "OPENBLAS_CORETYPE"
"""The environment variable by which OpenBLAS is told what to choose; what the user has set there stays."""

SWITCH = "CHAINRULE_KERNEL"
"""Set to ``off``, it leaves the choice to OpenBLAS."""

_NEEDS = (
    ("SkylakeX", {"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"}),
    ("Haswell", {"avx2", "fma"}),
)
"""Kernels, the best first, and what the processor must be able to do for each."""

_AS_GOOD = {
    "SkylakeX": {"skylakex", "cooperlake", "sapphirerapids"},
    "Haswell": {"skylakex", "cooperlake", "sapphirerapids", "haswell", "zen", "excavator"},
}


def better_kernel(flags: Collection[str], chosen: Sequence[str]) -> str | None:
    """The best kernel for a processor with these flags, where one chosen is a lesser one; else None.

    Args:
        flags: as in /proc/cpuinfo.
        chosen: the kernels of the loaded libraries, by OpenBLAS's names.
    """
    for kernel, needs in _NEEDS:
        if needs <= set(flags):
            return kernel if any(name.lower() not in _AS_GOOD[kernel] for name in chosen) else None
    return None


def chosen_kernels() -> list[str]:
    """The kernels of the OpenBLAS libraries that are loaded here, each once."""
    from threadpoolctl import threadpool_info

    libraries = [one for one in threadpool_info() if one["internal_api"] == "openblas"]
    return sorted({one["architecture"] for one in libraries})


def kernel_for_workers() -> str | None:
    """The kernel that workers are started with; None where OpenBLAS's own choice is as good, or is to stand."""
    if os.environ.get(SWITCH, "").lower() == "off" or CORETYPE in os.environ:
        return None
    return better_kernel(_processor_flags(), chosen_kernels())


def worker_environment() -> dict[str, str]:
    """What worker processes have in their environment: one BLAS thread, and the better kernel where there is one."""
    kernel = kernel_for_workers()
    return ONE_EACH | ({CORETYPE: kernel} if kernel else {})


def note() -> str | None:
    """A line for the user where workers run another kernel than OpenBLAS chose."""
    kernel = kernel_for_workers()
    if kernel is None:
        return None
    chosen = ", ".join(chosen_kernels())
    return (
        f"OpenBLAS chose its {chosen} kernel; workers use {kernel}, which this processor supports "
        f"({SWITCH}=off leaves the choice to OpenBLAS)"
    )


def _processor_flags() -> list[str]:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines() if sys.platform == "linux" else []
    except OSError:
        return []
    return next((line.partition(":")[2].split() for line in lines if line.startswith("flags")), [])

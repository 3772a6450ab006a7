"""Which of OpenBLAS's kernels runs, and whether another is faster on this processor.

OpenBLAS chooses a kernel by the processor's model, and for a model that it does not know takes an old one: half the
speed where AVX-512 is left unused (measured on Zen 5). Zen 4 does AVX-512 in two halves: there the AVX2 kernel was 4%
faster in a large float32 product and 1 to 9% in a training step. The choice is made when the library is loaded and
read from the environment, so another kernel is for worker processes, which are started with it; the program that
imports chainrule keeps its own.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from chainrule.machine.processor import Processor, processor
from chainrule.machine.threads import WORKER

CORETYPE = "OPENBLAS_CORETYPE"
"""The environment variable by which OpenBLAS is told what to choose; what the user has set there stays."""

SWITCH = "CHAINRULE_KERNEL"
"""Set to ``off``, it leaves the choice to OpenBLAS."""

_AVX512 = {"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"}
_AVX2 = {"avx2", "fma"}
_ZEN_3_AND_4 = ("AuthenticAMD", 25)

_SAME = {
    "SkylakeX": {"skylakex", "cooperlake", "sapphirerapids"},
    "Haswell": {"haswell", "zen", "excavator"},
}
"""Names under which OpenBLAS has the same float32 product."""


def better_kernel(which: Processor, chosen: Sequence[str]) -> str | None:
    """The fastest kernel for a processor, where one that was chosen is another; None where none is known to be faster.

    Args:
        which: whose instructions count.
        chosen: the kernels of the loaded libraries, by OpenBLAS's names.
    """
    if which.flags >= _AVX512 and (which.vendor, which.family) != _ZEN_3_AND_4:
        fastest = "SkylakeX"
    elif which.flags >= _AVX2:
        fastest = "Haswell"
    else:
        return None
    return fastest if any(name.lower() not in _SAME[fastest] for name in chosen) else None


def chosen_kernels() -> list[str]:
    """The kernels of the OpenBLAS libraries that are loaded here, each once."""
    from threadpoolctl import threadpool_info

    libraries = [library for library in threadpool_info() if library["internal_api"] == "openblas"]
    return sorted({library["architecture"] for library in libraries})


def kernel_for_workers() -> str | None:
    """The kernel that workers are started with; None where OpenBLAS's own choice is as good, or is to stand."""
    if os.environ.get(SWITCH, "").lower() == "off" or CORETYPE in os.environ:
        return None
    return better_kernel(processor(), chosen_kernels())


def worker_environment() -> dict[str, str]:
    """What worker processes have in their environment: how BLAS threads behave, and the kernel where one is faster."""
    kernel = kernel_for_workers()
    return WORKER | ({CORETYPE: kernel} if kernel else {})


def note() -> str | None:
    """A line for the user where workers run another kernel than OpenBLAS chose."""
    kernel = kernel_for_workers()
    if kernel is None:
        return None
    chosen = ", ".join(chosen_kernels())
    return (
        f"OpenBLAS chose its {chosen} kernel; workers use {kernel}, which is faster on this processor "
        f"({SWITCH}=off leaves the choice to OpenBLAS)"
    )

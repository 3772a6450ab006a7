"""Which of OpenBLAS's kernels runs, and whether another is faster on this processor.

OpenBLAS chooses a kernel by the processor's model, and for a model that it does not know takes an old one: half the
speed where AVX-512 is left unused (measured on Zen 5). Zen 4 does AVX-512 in two halves: there the AVX2 kernel was 4%
faster in a large float32 product and 1 to 9% in a training step. The choice is made when the library is loaded and
read from the environment, so another kernel is for worker processes, which are started with it; the program that
imports chainrule keeps its own.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from chainrule.threads import WORKER

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


@dataclass(frozen=True)
class Processor:
    """Vendor, family and flags as in /proc/cpuinfo."""

    vendor: str
    family: int
    flags: frozenset[str]


def better_kernel(processor: Processor, chosen: Sequence[str]) -> str | None:
    """The fastest kernel for a processor, where one that was chosen is another; None where none is known to be faster.

    Args:
        processor: whose instructions count.
        chosen: the kernels of the loaded libraries, by OpenBLAS's names.
    """
    if processor.flags >= _AVX512 and (processor.vendor, processor.family) != _ZEN_3_AND_4:
        fastest = "SkylakeX"
    elif processor.flags >= _AVX2:
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
    processor = _processor()
    return better_kernel(processor, chosen_kernels()) if processor else None


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


def _processor() -> Processor | None:
    """The first processor of /proc/cpuinfo; None where there is no such file or it tells nothing of x86."""
    try:
        text = Path("/proc/cpuinfo").read_text() if sys.platform == "linux" else ""
    except OSError:
        return None
    lines = [line.partition(":") for line in text.partition("\n\n")[0].splitlines()]
    said = {name.strip(): value.strip() for name, _, value in lines}
    if not {"vendor_id", "cpu family", "flags"} <= said.keys():
        return None
    return Processor(said["vendor_id"], int(said["cpu family"]), frozenset(said["flags"].split()))

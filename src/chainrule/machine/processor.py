"""What the system says of the processor."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Processor:
    """The first processor of /proc/cpuinfo; empty where that says nothing.

    Attributes:
        name: as it is sold.
        vendor, family, flags: of x86.
    """

    name: str = ""
    vendor: str = ""
    family: int = 0
    flags: frozenset[str] = frozenset()


def processor() -> Processor:
    """This machine's; where there is no /proc/cpuinfo, as Python names it."""
    try:
        text = Path("/proc/cpuinfo").read_text() if sys.platform == "linux" else ""
    except OSError:
        text = ""
    lines = [line.partition(":") for line in text.partition("\n\n")[0].splitlines()]
    said = {name.strip(): value.strip() for name, _, value in lines}
    name = said.get("model name") or platform.processor() or platform.machine()
    if not {"vendor_id", "cpu family", "flags"} <= said.keys():
        return Processor(name)
    return Processor(name, said["vendor_id"], int(said["cpu family"]), frozenset(said["flags"].split()))

"""On what a result was made: versions, machine, command."""

from __future__ import annotations

import os
import platform
from typing import Any

from chainrule.machine import compiler
from chainrule.machine.kernels import kernel_for_workers
from chainrule.machine.processor import processor
from chainrule.version import version_of

_PACKAGES = ("chainrule", "numpy", "scipy", "scikit-learn", "loky", "pydantic", "safetensors")


def describe(command: str) -> dict[str, Any]:
    """A description that is equal for equal runs on one machine: no times, no paths of data."""
    packages = (*_PACKAGES, *(["numba"] if compiler.available() else []))
    versions = {"python": platform.python_version()} | {name: version_of(name) for name in packages}
    return {
        "command": command,
        "versions": {name: version for name, version in versions.items() if version is not None},
        "machine": {
            "system": platform.platform(),
            "processor": processor().name,
            "cores": os.cpu_count(),
            "blas": blas(),
        },
    }


def blas() -> list[str]:
    """The loaded BLAS libraries with their kernels, and the better kernel that workers get."""
    from threadpoolctl import threadpool_info

    libraries = [library for library in threadpool_info() if library["user_api"] == "blas"]
    kernel = kernel_for_workers()
    workers = [f"workers: {kernel}"] if kernel else []
    names = {
        f"{library['internal_api']} {library['version']} {library.get('architecture', '')}".strip()
        for library in libraries
    }
    return sorted(names) + workers

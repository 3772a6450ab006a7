"""The training step and evaluation as machine code, by numba: the optional extra ``chainrule[fast]``.

What is computed is said by the layers in :mod:`chainrule.nn`, which train wherever this is not installed; tests hold
both against each other.
"""

from __future__ import annotations

import functools
import os
import sys
from pathlib import Path

from chainrule.compiled import openblas

SWITCH = "CHAINRULE_COMPILED"
"""Set to ``off``, it leaves training to the layers as they are."""


def available() -> bool:
    """Whether nets are trained by compiled code here: numba works and NumPy's products are OpenBLAS's."""
    return os.environ.get(SWITCH, "").lower() != "off" and _installed()


def note() -> str | None:
    """A line for the user where the first step is still to be compiled."""
    if not available() or "NUMBA_CACHE_DIR" in os.environ:
        return None
    here = Path(__file__).parent
    # Where Python's own cache cannot be written numba has another place, and nothing is said.
    if not os.access(here, os.W_OK) or all(_kept(here, name) for name in ("steps", "evaluate")):
        return None
    return (
        "the training step is compiled now, which takes about half a minute once on this machine "
        f"({SWITCH}=off does without)"
    )


def _kept(here: Path, name: str) -> bool:
    """Whether a function of ``net.py`` was compiled by this Python since the file was written."""
    version = f"py{sys.version_info.major}{sys.version_info.minor}"
    written = (here / "net.py").stat().st_mtime
    return any(
        file.stat().st_mtime >= written for file in (here / "__pycache__").glob(f"net.{name}-*.{version}.nbi")
    )


@functools.cache
def _installed() -> bool:
    # A numba that does not fit the NumPy beside it says so when it is imported.
    try:
        from numba import config
    except ImportError:
        return False
    return not config.DISABLE_JIT and openblas.library() is not None  # type: ignore[attr-defined]

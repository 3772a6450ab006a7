"""The training step and evaluation as machine code, by numba: the optional extra ``chainrule[fast]``.

What is computed is said by the layers in :mod:`chainrule.nn`, which train wherever this is not installed; tests hold
both against each other. Nothing here imports numba until :mod:`chainrule.compiled.net` is asked for.
"""

from __future__ import annotations

import functools
import importlib.util
import os
from pathlib import Path

from chainrule.compiled import openblas

SWITCH = "CHAINRULE_COMPILED"
"""Set to ``off``, it leaves training to the layers as they are."""


def available() -> bool:
    """Whether nets are trained by compiled code here: numba is installed and NumPy's products are OpenBLAS's."""
    return os.environ.get(SWITCH, "").lower() != "off" and _installed()


def note() -> str | None:
    """A line for the user where the first step is still to be compiled."""
    # Where Python's own cache cannot be written numba has another place, and nothing is said.
    cache = Path(__file__).parent / "__pycache__"
    if not available() or any(cache.glob("net.steps-*.nbi")) or not os.access(cache.parent, os.W_OK):
        return None
    return (
        "the training step is compiled now, which takes about half a minute once on this machine "
        f"({SWITCH}=off does without)"
    )


@functools.cache
def _installed() -> bool:
    return importlib.util.find_spec("numba") is not None and openblas.library() is not None

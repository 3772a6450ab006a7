"""Whether numba, the optional extra ``chainrule[fast]``, compiles here: the training step and evaluation then run as
machine code. What is computed is said by the layers in :mod:`chainrule.nn`, which train wherever it is not installed.
"""

from __future__ import annotations

import functools
import hashlib
import os
import sys
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

import platformdirs

SWITCH = "CHAINRULE_COMPILED"
"""Set to ``off``, it leaves training to the layers as they are."""

REPAIR = f"install chainrule[fast] and leave {SWITCH} unset"
"""Where nothing is compiled."""

UNKEPT = (
    "what is compiled can be kept in no folder, and nothing is compiled then; name one in NUMBA_CACHE_DIR"
)

_PACKAGE = Path(__file__).parents[1]


def available() -> bool:
    """Whether nets are trained by compiled code here: numba works and can keep what it compiles."""
    return _wanted() and cache_folder() is not None


def _wanted() -> bool:
    return os.environ.get(SWITCH, "").lower() != "off" and _installed()


class KeptFunction(NamedTuple):
    """A function by what it is kept as.

    Attributes:
        source: its module.
        name: its own, or that of what it is made from.
        kind: of :func:`kept_kind`.
    """

    source: Path
    name: str
    kind: str


def note(functions: Iterable[KeptFunction]) -> str | None:
    """A line for the user where the first step is still to be compiled, or nothing can be kept that was.

    Args:
        functions: those that a training waits for.
    """
    if _wanted() and not available():
        return f"NumPy trains, as {UNKEPT}"
    folder, digest = cache_folder(), functools.cache(_digest)
    if (
        not _wanted()
        or folder is None
        or all(_is_kept(folder, one, digest(one.source.parent)) for one in functions)
    ):
        return None
    return (
        "the first training compiles its steps, which takes some ten seconds once on this machine "
        f"({SWITCH}=off does without; chainrule warm does it beforehand)"
    )


def kept_name(source: Path, name: str) -> str:
    """The name that a function of a module is kept by, once compiled: with a digest of all modules of its folder, of
    those that kernels of components come from, and of what compiles them.

    numba compiles a function anew when its own file changes, whatever becomes of others that it calls into.
    """
    return f"{name}_{_digest(source.parent)}"


def _digest(folder: Path) -> str:
    kernels = ("nn", "train/optimizers")
    files = [*folder.glob("*.py"), *(file for of in kernels for file in (_PACKAGE / of).rglob("*.py"))]
    text = b"".join(file.read_bytes() for file in sorted(files)) + metadata.version("numba").encode()
    return hashlib.sha256(text).hexdigest()[:12]


def kept_kind(real: str, weights: str | None = None) -> str:
    """What a function is compiled for, as the names of its files say it.

    Args:
        real: the type of all numbers.
        weights: that of weights of samples, where it reads them.

    >>> kept_kind("float32"), kept_kind("float32", "float64")
    ('float32', 'float32_weighted_float64')
    """
    return real if weights is None else f"{real}_weighted_{weights}"


def _is_kept(folder: Path, one: KeptFunction, digest: str) -> bool:
    """Whether a function, as it is now, was compiled by this Python for such numbers."""
    version = f"py{sys.version_info.major}{sys.version_info.minor}"
    return any(folder.glob(f"{one.source.stem}.{one.name}_{digest}-*.{version}.{one.kind}.*.nbc"))


def cache_folder() -> Path | None:
    """Where compiled code is kept for all of a user's environments; None: nowhere, and then nothing is compiled."""
    named = os.environ.get("NUMBA_CACHE_DIR")
    places = [platformdirs.user_cache_path("chainrule") / "compiled", _PACKAGE / "__pycache__"]
    return next(filter(_can_be_written, [Path(named), *places] if named else places), None)


def _can_be_written(folder: Path) -> bool:
    """Whether a folder can, or can be made."""
    there = next((path for path in (folder, *folder.parents) if os.path.exists(path)), Path())  # noqa: PTH110 - no error
    return os.access(there, os.W_OK)


@functools.cache
def _installed() -> bool:
    # A numba that does not fit the NumPy beside it says so when it is imported.
    try:
        from numba import config
    except ImportError:
        return False
    return not config.DISABLE_JIT  # type: ignore[attr-defined]

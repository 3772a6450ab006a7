"""What the process of a user's file may take and do, held by the kernel: it can compute and answer, and nothing else.

Three measures of Linux hold at once, so that what one lets through another stops. What runs in an interpreter cannot
be kept in by that interpreter; none of this is Python's, and nothing in the process can take it back.

- A root of its own (:mod:`.own_root`): of the machine's files it sees those of Python and its libraries, and a folder
  in memory.
- Landlock (:mod:`.landlock`): those files can be read, and that folder alone can be written to.
- seccomp (:mod:`.seccomp`): of the system's calls those are left that computing takes.

Memory, processor time, descriptors and the size of files are limited beside (:mod:`.process_limits`), on every system
that has the limits. Wall time and output are limited from outside (:mod:`chainrule.gradcheck.sandbox.process`).
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from chainrule.gradcheck.sandbox.landlock import landlock
from chainrule.gradcheck.sandbox.own_root import MOUNT_POINT, new_root
from chainrule.gradcheck.sandbox.process_limits import limit
from chainrule.gradcheck.sandbox.seccomp import seccomp
from chainrule.gradcheck.sandbox.system_calls import PR_SET_PDEATHSIG, libc

OWN_ROOT, LANDLOCK, SECCOMP, LIMITS = "own root", "landlock", "seccomp", "limits"
MEASURES: Mapping[str, str] = {
    OWN_ROOT: "no other file is seen, no network is there, and what is written is limited in size",
    LANDLOCK: "no other file is read or written",
    SECCOMP: "no program or process is started, no other one is reached, and there are no sockets",
    LIMITS: "memory, processor time and descriptors are limited",
}
"""Each measure, and what holds by it."""

_SYSTEM = (
    "/usr", "/lib", "/lib32", "/lib64", "/nix/store", "/gnu/store", "/etc/ld.so.cache", "/etc/ld.so.conf",
    "/etc/ld.so.conf.d", "/etc/alternatives", "/etc/localtime", "/etc/fonts", "/etc/mime.types",
    "/sys/devices/system/cpu",
)  # fmt: skip
"""What libraries of Python load or look up on the way, beside Python's own folders."""

_CHAINRULE = Path(__file__).parents[2]

Missing = dict[str, str]
"""Of each measure that does not hold: why."""


@contextlib.contextmanager
def confined(
    private: Path, apart: Sequence[Path], memory: int, seconds: float
) -> Iterator[tuple[Path, Missing]]:
    """From its end on this process can compute and answer, and nothing else, as far as the system gives it.

    Gives the folder that will be ``private`` then, to be filled within, and what does not hold, complete at the end.

    Args:
        private: a path at which there is nothing yet: the folder that may be written to.
        apart: folders that are not read, though Python may import from them or from a folder above.
        memory, seconds: as of :func:`.process_limits.limit`.
    """
    missing: Missing = {}
    readable = readable_folders([*apart, private])
    # First, as long as /proc says how much memory is in use.
    with _noted(LIMITS, missing):
        limit(memory, seconds)
    with _in_own_root(private, readable, missing) as inside:
        yield inside, missing
    with _noted(LANDLOCK, missing):
        landlock(private, readable)
    with _noted(SECCOMP, missing):
        seccomp()


@contextlib.contextmanager
def _noted(measure: str, missing: Missing) -> Iterator[None]:
    """A measure that this system does not give is added to ``missing``."""
    try:
        yield
    except (OSError, AttributeError, ImportError, ValueError) as error:
        missing[measure] = str(getattr(error, "strerror", None) or error)


def refusal(missing: Missing) -> str:
    """Why code that nobody vouches for is not run, in a line."""
    reasons = "; ".join(f"no {name} ({why})" for name, why in missing.items())
    return (
        f"this system cannot keep other people's code in: {reasons}; run the check elsewhere, or give --trust-code if "
        "you would run that code yourself"
    )


def readable_folders(apart: Sequence[Path]) -> list[Path]:
    """Python and its libraries: where this process imports from, and where shared libraries lie.

    A folder on the path of imports that holds one of ``apart`` is left out: it holds more than libraries.
    """
    linked = os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep)
    python = [sys.prefix, sys.base_prefix, sys.exec_prefix, str(_CHAINRULE), *_SYSTEM]
    imported = [
        name
        for name in (*sys.path, *linked)
        if not any(place.is_relative_to(Path(name).resolve()) for place in apart)
    ]
    folders = dict.fromkeys(Path(name) for name in (*python, *imported) if name.startswith("/"))
    return [folder for folder in folders if folder.exists()]


def die_with_parent() -> None:
    """Let the system end this process when the one that started it is gone (Linux)."""
    if sys.platform == "linux":
        libc().prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


@contextlib.contextmanager
def _in_own_root(private: Path, readable: Sequence[Path], missing: Missing) -> Iterator[Path]:
    """Within it, a new root is put together, into which this process goes at its end.

    Gives the folder that will be ``private`` then. Where the system does not let this process have a root of its own,
    that is ``private`` itself, and why is added to ``missing``.
    """
    inside = private
    with _noted(OWN_ROOT, missing):
        inside = new_root(private, readable)
    if OWN_ROOT in missing:
        private.mkdir(parents=True)
    yield inside
    if OWN_ROOT not in missing:
        os.chroot(MOUNT_POINT)
        os.chdir(private)

"""How a command ends: whatever happens, with an exit code that means something and a line on standard error."""

from __future__ import annotations

import contextlib
import errno
import select
import sys
from collections.abc import Callable, Iterator

from chainrule.errors import TRACEBACK, ChainruleError, show_traceback
from chainrule.text import LONGEST_LINE, one_line

YES, NO, COULD_NOT = 0, 1, 2
INTERRUPTED = 130
READER_GONE = 141
"""As programs end that the system stops when nobody reads what they write."""

_PLACE = "is there space, and may you write there?"
_FILES = "allow more, as with `ulimit -n 256`, or use fewer --jobs"
_NOT_OURS = dict.fromkeys(
    (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EACCES, errno.EPERM, errno.EROFS, errno.EIO), _PLACE
) | dict.fromkeys((errno.EMFILE, errno.ENFILE), _FILES)
"""What the system refuses however right a program is, and what can be done."""


def ended(command: Callable[[], int], interrupted: Callable[[], bool] = lambda: False) -> int:
    """Run a command to its end, whatever that is; its exit code.

    Args:
        command: which.
        interrupted: whether a signal came: libraries make errors of their own of it.
    """
    try:
        return command()
    except BaseException as error:  # libraries in Rust raise what is no Exception
        return told(error, interrupted())


def told(error: BaseException, interrupted: bool = False) -> int:
    """Say why a command ends, a line for each problem; the exit code that this comes to."""
    show_traceback(error)
    chain = list(_chain(error))
    interruptions = [cause for cause in chain if isinstance(cause, KeyboardInterrupt)]
    if interruptions or interrupted:
        kept = next((str(cause) for cause in interruptions if str(cause)), _KEPT)
        _say(f"interrupted; {kept}")
        return INTERRUPTED
    # rich makes an exit of it, and lets go of standard output.
    gone = isinstance(error, SystemExit) or _reader_is_gone()
    if gone and any(isinstance(cause, BrokenPipeError) for cause in chain):
        return READER_GONE
    for line in _lines(error):
        _say(line)
    return COULD_NOT


_KEPT = "what was finished is kept: the same command goes on from there"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error, and those that it came of."""
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        cause = cause.__cause__ or cause.__context__


def _lines(error: BaseException) -> tuple[str, ...]:
    if isinstance(error, ChainruleError) and error.problems:
        return error.problems
    if isinstance(error, MemoryError):
        return ("there is not enough memory; use smaller settings or fewer --jobs",)
    if isinstance(error, OSError) and error.errno in _NOT_OURS:
        where = f"{error.filename}: " if error.filename else ""
        return (f"{where}{error.strerror or error}; {_NOT_OURS[error.errno]}",)
    message = one_line(str(error), _LONGEST)
    what = f"{type(error).__name__}: {message}" if message else type(error).__name__
    whose = (
        "the installation is broken: install chainrule and what it needs again"
        if isinstance(error, ImportError)
        else "this is a fault of chainrule or of its installation, not of yours"
    )
    return (f"{what}; {whose}; {TRACEBACK}=1 shows all of it",)


_LONGEST = 800
"""Of an exception's message: what is to be done about it must stand on the line, too."""


def _reader_is_gone() -> bool:
    """Whether nobody reads standard output or standard error any more, as behind ``| head -1``."""
    if not hasattr(select, "poll"):
        return True
    streams = select.poll()
    for descriptor in (1, 2):
        streams.register(descriptor, 0)
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in streams.poll(0))


def _say(line: str) -> None:
    with contextlib.suppress(Exception):
        sys.stderr.write(f"chainrule: {one_line(line, LONGEST_LINE)}\n")
        sys.stderr.flush()

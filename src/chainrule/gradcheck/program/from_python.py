"""A check of functions of this process, as those see it who call it from Python: one at a time, and none of our lines
in what is raised."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from types import TracebackType

from chainrule.errors import wants_traceback
from chainrule.gradcheck.program.source import OURS

_ONE_AT_A_TIME = threading.RLock()
"""While functions are watched their code is another, and so are the filters of warnings, for all threads."""


class CalledFromPython:
    """Within it no other thread checks anything; what is raised out of it has a traceback of the user's lines alone,
    unless ``CHAINRULE_TRACEBACK`` asks for all of it.

    It is no generator, as those put back the traceback that an exception came with.
    """

    def __enter__(self) -> None:
        _ONE_AT_A_TIME.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _ONE_AT_A_TIME.release()
        if not wants_traceback():
            for each in _chained(error):
                each.__traceback__ = _behind_ours(each.__traceback__)


def _chained(error: BaseException | None) -> Iterator[BaseException]:
    """An exception, and those that it came of."""
    waiting, seen = [error], set()
    while waiting:
        each = waiting.pop()
        if each is not None and id(each) not in seen:
            seen.add(id(each))
            yield each
            waiting += [each.__cause__, each.__context__]


def _behind_ours(trace: TracebackType | None) -> TracebackType | None:
    """What a traceback shows behind our last frame, which is what the user's code did; all where none is ours."""
    behind = each = trace
    while each is not None:
        if each.tb_frame.f_code.co_filename.startswith(OURS):
            behind = each.tb_next
        each = each.tb_next
    return behind

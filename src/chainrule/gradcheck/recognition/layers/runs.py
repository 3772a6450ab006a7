"""Which lines of a layer's passes run."""

from __future__ import annotations

import contextlib
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import CodeType, FrameType
from typing import Any

from numpy.random import default_rng

from chainrule.gradcheck.program.limited import OutOfTimeError, limited
from chainrule.gradcheck.program.reaching import is_users
from chainrule.gradcheck.program.signatures import Function
from chainrule.gradcheck.program.source import ADAPTER
from chainrule.gradcheck.recognition import adapter

LinesRun = Mapping[CodeType, set[int]]


def lines_of_backward(texts: Iterable[str], namespace: dict[str, Any], seed: int) -> LinesRun:
    """The lines that the backward pass of a layer runs, by function, without functions that the forward pass calls.

    Args:
        texts: its adapters, each with other settings.
        namespace: the module's own.
        seed: of what adapters draw.
    """
    forward: dict[CodeType, set[int]] = defaultdict(set)
    backward: dict[CodeType, set[int]] = defaultdict(set)
    for text in texts:
        with contextlib.suppress(OutOfTimeError, Exception), limited():
            program = adapter.declared(text, namespace, default_rng(seed))
            given = program.describe()
            with lines_watched(lambda code, line: forward[code].add(line)):
                program.cost(given.arrays, given.data)
            with lines_watched(lambda code, line: backward[code].add(line)):
                program.gradient(given.arrays, given.data)
    return {code: lines for code, lines in backward.items() if code not in forward}


def reached_backwards(
    texts: Iterable[str], functions: Iterable[Function], namespace: dict[str, Any], seed: int
) -> set[str]:
    """Those of some functions that run where adapters compute gradients, by how they are shown: methods too, of
    whatever objects these go through."""
    run = set[CodeType]()
    for text in texts:
        with contextlib.suppress(OutOfTimeError, Exception), limited():
            program = adapter.declared(text, namespace, default_rng(seed))
            given = program.describe()
            with lines_watched(lambda code, _: run.add(code)):
                program.gradient(given.arrays, given.data)
    return {f.shown for f in functions if code_of(f, namespace) in run}


def code_of(function: Function, namespace: dict[str, Any]) -> CodeType | None:
    """The code of a function of a file, or of a method of its classes; None where it has none."""
    found = namespace.get(function.owner or function.name)
    found = getattr(found, function.name, None) if function.owner else found
    code = getattr(found, "__code__", None)
    return code if isinstance(code, CodeType) else None


@contextlib.contextmanager
def lines_watched(note: Callable[[CodeType, int], object]) -> Iterator[None]:
    """Within it, each line of the user's functions that is run is noted.

    Args:
        note: what is told of it.
    """

    def entered(frame: FrameType, event: str, _: object) -> Callable[..., Any] | None:
        file = frame.f_code.co_filename
        return inside if file != ADAPTER and is_users(file) else None

    def inside(frame: FrameType, event: str, _: object) -> Callable[..., Any]:
        if event == "line":
            note(frame.f_code, frame.f_lineno)
        return inside

    before = sys.gettrace()
    sys.settrace(entered)
    try:
        yield
    finally:
        sys.settrace(before)

"""Watching a user's function at work: the value of every expression, by line; the same with a value replaced; and
which functions it calls.

Every function of the user's that it can reach runs as wrapped code (:mod:`.wrapping`) while it is
watched. Nothing of the user's is run twice or changed on disk, what other threads do meanwhile is not watched, and
whoever else watches (a profiler, a debugger, coverage) goes on as before.
"""

from __future__ import annotations

import contextvars
import linecache
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from types import CodeType, FrameType, FunctionType
from typing import Any, NamedTuple

import numpy as np

from chainrule.gradcheck.program.interface import Replacement, SourceLine, WatchedValue
from chainrule.gradcheck.program.reaching import is_users, reachable
from chainrule.gradcheck.program.wrapping import FIRST_USE, ValueProbe, wrapped

MOST_RECORDED = 4000
"""How many are recorded, in all."""

_MOST_OF_ONE = 64


class _Occurrence(NamedTuple):
    """One evaluation of an expression, and whether its value was formed in place; or one use of a value."""

    site: str
    occurrence: int
    file: str
    line: int
    use: str
    text: str
    in_place: bool


WithReplacements = AbstractContextManager[None]
"""Within it, some evaluations give other values."""

_Visit = Callable[[_Occurrence, Any], Any]
"""Given an evaluation and its value: the value that takes its place."""


@contextmanager
def recording(
    function: Callable[..., Any], replacements: Sequence[Replacement] = (), *, uses: bool = False
) -> Iterator[list[WatchedValue]]:
    """Within it, a list grows by every value that an expression of the user's gives, and by the ``uses`` of values;
    with some of them replaced. Of what a loop changes in place very often the last state is kept too, at the end."""
    recorded: list[WatchedValue] = []
    last: dict[str, WatchedValue] = {}
    wanted = _by_place(replacements)

    def visit(at: _Occurrence, value: Any) -> Any:
        value = _or_other(at, value, wanted)
        if at.occurrence < _MOST_OF_ONE and len(recorded) < MOST_RECORDED:
            recorded.append(_seen(at, value))
        elif at.in_place:
            last[at.site] = _seen(at, value)
        return value

    with _visiting(function, visit, uses=uses):
        yield recorded
    recorded += [*last.values()][: MOST_RECORDED - len(recorded)]


def _seen(at: _Occurrence, value: Any) -> WatchedValue:
    line = source_line(at.file, at.line)
    return WatchedValue(at.site, at.occurrence, line, at.use, at.text, np.array(value))


def _or_other(at: _Occurrence, value: Any, others: Mapping[tuple[str, int], Any]) -> Any:
    """A value, or what is to take its place."""
    if (at.site, at.occurrence) not in others:
        return value
    return _exchanged(value, others[at.site, at.occurrence], in_place=at.in_place)


def _by_place(replacements: Sequence[Replacement]) -> dict[tuple[str, int], Any]:
    return {(other.site, other.occurrence): other.array for other in replacements}


def _numbers(replacements: Sequence[Replacement]) -> set[int]:
    """The numbers of their expressions in their files; a parameter has none."""
    return {int(other.site.rpartition(":")[2]) for other in replacements if other.site}


@contextmanager
def watching(function: Callable[..., Any], see: Callable[[WatchedValue], None]) -> Iterator[None]:
    """Within it, ``see`` is called with every such value."""

    def visit(at: _Occurrence, value: Any) -> Any:
        see(_seen(at, value))
        return value

    with _visiting(function, visit):
        yield


@contextmanager
def replacing(function: Callable[..., Any], replacements: Sequence[Replacement]) -> Iterator[None]:
    """Within it, those evaluations give another value. What a statement has changed in place is replaced in place."""
    with exchanging(function) as exchanged, exchanged(replacements):
        yield


@contextmanager
def exchanging(function: Callable[..., Any]) -> Iterator[Callable[[Sequence[Replacement]], WithReplacements]]:
    """The same for many runs in turn: within it, what is called with replacements gives a context for one run."""
    wanted: dict[tuple[str, int], Any] = {}
    only: set[int] = set()

    def visit(at: _Occurrence, value: Any) -> Any:
        return _or_other(at, value, wanted)

    with _visiting(function, visit, only=only) as begin:

        @contextmanager
        def exchanged(replacements: Sequence[Replacement]) -> Iterator[None]:
            wanted.update(_by_place(replacements))
            only.update(_numbers(replacements))
            begin()
            try:
                yield
            finally:
                wanted.clear()
                only.clear()

        yield exchanged


@contextmanager
def moving(
    function: Callable[..., Any], held: Sequence[Replacement] = ()
) -> Iterator[Callable[[Replacement], None]]:
    """Within it, what is called with a place and an array moves the value that is formed, or used, there by the array
    in the next call of ``function``. Some values are ``held``: they stay what they are given as."""
    way: Replacement | None = None
    fixed, only = _by_place(held), _numbers(held)
    of_held = frozenset(only)

    def visit(at: _Occurrence, value: Any) -> Any:
        if way is None or (at.site, at.occurrence) != (way.site, way.occurrence):
            return _or_other(at, value, fixed)
        return _exchanged(value, np.asarray(value, dtype=float) + way.array, in_place=at.in_place)

    with _visiting(function, visit, uses=True, only=only) as begin:

        def move(along: Replacement) -> None:
            nonlocal way
            way = along
            only.clear()
            only.update(of_held, _numbers([along]))
            begin()

        yield move


def lines_of(function: Callable[..., Any], run: Callable[[], object]) -> set[tuple[str, int]]:
    """The files and lines whose expressions give or use a value while ``run`` calls a function."""
    lines: set[tuple[str, int]] = set()

    def visit(at: _Occurrence, value: Any) -> Any:
        lines.add((at.file, at.line))
        return value

    with _visiting(function, visit, uses=True):
        run()
    return lines


def calls_of(run: Callable[[], object]) -> list[CodeType]:
    """Every function of the user's that ``run`` calls, in order."""
    codes: list[CodeType] = []

    def see(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and is_users(frame.f_code.co_filename):
            codes.append(frame.f_code)

    def profiled() -> None:
        sys.setprofile(see)
        try:
            run()
        finally:
            sys.setprofile(None)

    if sys.getprofile() is None:
        profiled()
    else:
        # A profiler that is at work cannot be put back where Python did not put it in: cProfile is no function.
        _in_a_thread(profiled)
    return codes


def _in_a_thread(run: Callable[[], None]) -> None:
    """Run in a thread, which has a profiler of its own.

    Raises:
        Exception: what ``run`` raises.
    """
    with ThreadPoolExecutor(1) as thread:
        thread.submit(contextvars.copy_context().run, run).result()


def _is_value(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "fiub"
    return isinstance(value, float | int | np.floating | np.integer) and not isinstance(value, bool)


def _exchanged(value: Any, wanted: Any, *, in_place: bool) -> Any:
    if not isinstance(value, np.ndarray):
        return type(value)(np.asarray(wanted).item())
    if in_place:
        value[...] = wanted
        return value
    return np.array(wanted)


@contextmanager
def _visiting(
    function: Callable[..., Any], visit: _Visit, *, uses: bool = False, only: Set[int] | None = None
) -> Iterator[Callable[[], None]]:
    """The user's functions that ``function`` can reach, with their code exchanged for a wrapped one that calls
    ``visit`` with every array and number, or with those of expressions of some numbers ``only``. What it gives begins
    to count them anew."""
    watched_thread = threading.get_ident()
    counts: dict[str, int] = {}
    probe = _counting(visit, lambda: threading.get_ident() == watched_thread, counts, uses=uses)
    probe = probe if only is None else _of_some(probe, only)
    exchanged: list[tuple[FunctionType, CodeType, CodeType]] = []
    for reached in reachable(function):
        code = wrapped(reached.__code__, probe)
        if code is not None:
            exchanged.append((reached, reached.__code__, code))
    try:
        for reached, _, code in exchanged:
            reached.__code__ = code
        yield counts.clear
    finally:
        # Functions that were made meanwhile, and other threads, may still run wrapped code.
        watched_thread = 0
        for reached, code, _ in exchanged:
            reached.__code__ = code


def _counting(
    visit: _Visit, watched: Callable[[], bool], counts: dict[str, int], *, uses: bool
) -> ValueProbe:
    """The probe: where it is ``watched``, it counts the evaluations of every expression, and passes arrays and numbers
    on to ``visit``; those that are only used there with the ``uses``."""

    def probe(number: int, line: int, file: str, use: str, text: str, value: Any) -> Any:
        if (number >= FIRST_USE and not uses) or not _is_value(value) or not watched():
            return value
        site = f"{file}:{number}"
        counts[site] = occurrence = counts.get(site, -1) + 1
        return visit(_Occurrence(site, occurrence, file, line, use, text, in_place=number < 0), value)

    return probe


def _of_some(probe: ValueProbe, numbers: Set[int]) -> ValueProbe:
    """The same for expressions of some numbers alone: most runs are about one of hundreds."""

    def probe_of_some(number: int, line: int, file: str, use: str, text: str, value: Any) -> Any:
        return probe(number, line, file, use, text, value) if number in numbers else value

    return probe_of_some


def source_line(file: str, number: int) -> SourceLine:
    """A line with its text."""
    return SourceLine(file, number, linecache.getline(file, number).rstrip("\n"))

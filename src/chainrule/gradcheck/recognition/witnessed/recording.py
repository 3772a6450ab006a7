"""The rest of a file is run, and its functions are watched until they have been called.

Whatever else the file does then, it trains, plots or fails, is of no matter: it is stopped as soon as nothing new comes
of it.
"""

from __future__ import annotations

import contextlib
import random
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any, Protocol, runtime_checkable

import numpy as np

from chainrule.errors import CheckError
from chainrule.gradcheck.program.drawn_data import LETTERS, MOST_LETTERS
from chainrule.gradcheck.program.drawn_files import drawing, told
from chainrule.gradcheck.program.function_names import FunctionKind, rank
from chainrule.gradcheck.program.generators import NumberGenerator, state_of
from chainrule.gradcheck.program.leaves import is_own_object
from chainrule.gradcheck.program.limited import OutOfTimeError, limited
from chainrule.gradcheck.program.reaching import is_users
from chainrule.gradcheck.recognition.witnessed.copying import copies
from chainrule.gradcheck.recognition.witnessed.witnessed_call import (
    ArgumentSource,
    EarlierCall,
    HandedValues,
    WitnessedCall,
)

NAME = "own_call"
"""What adapters call it."""

_MOST_SECONDS = 4.0
_QUIET_SECONDS, _QUIET_CALLS = 0.4, 50
"""How long nothing new may come of what is run, and of how many calls: a few that take long may be those that load the
data."""

_MOST_EARLIER = 12
_LEAST_LETTERS, _MOST_ALPHABETS = 20, 3
"""How many characters a text has at least, and how many sizes that a file writes down are tried for it."""

_MOST_SKIPPED = 2
"""How many times a failing run is gone through with what fails left out."""

_SEED = 0


class EnoughSeenError(OutOfTimeError):
    """Nothing that the file does from here on is needed."""


@runtime_checkable
class WaitingStatements(Protocol):
    """The names of a module of which statements wait for something to ask for them."""

    def run_rest(self) -> None:
        """Run them."""

    def failed_while_watched(self) -> list[str]:
        """What could not run of it, in words."""

    def skipping_failures(self, kept: Callable[[str], bool]) -> contextlib.AbstractContextManager[None]:
        """Within it, functions in which something has failed leave out what fails, but for those to be kept."""

    def need_rest(self) -> None:
        """Note that what is checked needs them."""


def _may_be_checked(function: str) -> bool:
    kinds: tuple[FunctionKind, ...] = ("cost", "gradient", "numeric", "forward")
    return any(rank(function.rpartition(".")[2], kind) is not None for kind in kinds)


class OwnCalls:
    """What a file calls its functions with, found out when something asks for it.

    Args:
        namespace: the names of its module.
        run_rest: runs all of it that waits for something to ask for it.
    """

    def __init__(self, namespace: Mapping[str, Any], run_rest: Callable[[], None]) -> None:
        self._namespace, self._run_rest = namespace, run_rest
        self._seen: dict[str, WitnessedCall] = {}

    def __call__(self, function: str, since: str = "", begun: Sequence[str] = ()) -> HandedValues:
        """What an adapter is given of the first call of a function.

        Args:
            function: it.
            since: the function as whose first call began objects are to be; empty for as they are at the call.
            begun: where states stand that are 0 still, in whose place others are drawn.

        Raises:
            CheckError: the file does not call it.
        """
        if function not in self._seen:
            self._seen |= self._run(function)
        if function not in self._seen:
            raise CheckError(
                f"{NAME}({function!r}): the file does not call it, fails before it does, or takes more than "
                f"{_MOST_SECONDS:g} s until then"
            )
        call = self._seen[function]
        return (call.begun_with(self._seen[since]) if since else call).with_states(begun).handed()

    def every(self) -> Mapping[str, WitnessedCall]:
        """The first call of each function, by how that is shown."""
        self._seen = self._run("")
        return self._seen

    def _run(self, wanted: str) -> dict[str, WitnessedCall]:
        """The calls of a run; where it fails, what others see beside it in which texts have as many characters as the
        file may have written down."""
        calls = self._watched(wanted, len(LETTERS))
        for number in self._written_sizes() if wanted not in calls else ():
            calls = {**self._watched(wanted, number), **calls}
        for _ in range(_MOST_SKIPPED):
            if wanted in calls or any(
                rank(name.rpartition(".")[2], "gradient") is not None for name in calls
            ):
                break
            calls = {**self._skipping(wanted), **calls}
        return calls

    def _skipping(self, wanted: str) -> dict[str, WitnessedCall]:
        """What is seen where what has failed is left out, but for what is to be checked."""
        names = self._namespace
        if not (isinstance(names, WaitingStatements) and names.failed_while_watched()):
            return {}
        with names.skipping_failures(_may_be_checked):
            calls = self._watched(wanted, len(LETTERS))
        return {name: call._replace(is_cut=True) for name, call in calls.items()}

    def _written_sizes(self) -> list[int]:
        """Numbers of the module of which one may be how many characters its text has, where something could not run."""
        names = self._namespace
        if not (isinstance(names, WaitingStatements) and names.failed_while_watched() and told(names)):
            return []
        written = {value for value in [*names.values()] if type(value) is int}
        return sorted(number for number in written if _LEAST_LETTERS <= number <= MOST_LETTERS)[
            :_MOST_ALPHABETS
        ]

    def _watched(self, wanted: str, characters: int) -> dict[str, WitnessedCall]:
        recorder = _CallRecorder(self._namespace, wanted)
        random.seed(_SEED)
        np.random.seed(_SEED)  # noqa: NPY002
        before = sys.getprofile()
        with (
            drawing(self._namespace, characters),
            limited(_MOST_SECONDS),
            contextlib.suppress(OutOfTimeError),
        ):
            try:
                sys.setprofile(recorder.see)
                self._run_rest()
            finally:
                sys.setprofile(before)
        return recorder.told()


@dataclass
class _MetCall:
    """A call as it is met: what it holds is the file's own, and changes as the file goes on."""

    function: str
    frame: FrameType
    arguments: Mapping[str, Any]
    result: Any = None


def own_calls(namespace: Any) -> OwnCalls:
    """Those of a module of which statements wait; there is one of them, under its name."""
    known: OwnCalls = namespace.setdefault(NAME, OwnCalls(namespace, namespace.run_rest))
    return known


class _CallRecorder:
    """Sees every call of the user's functions, and keeps the first of each.

    Args:
        namespace: of the module.
        wanted: the function that is meant; empty for all of them.
    """

    def __init__(self, namespace: Mapping[str, Any], wanted: str) -> None:
        self.calls: dict[str, WitnessedCall] = {}
        self._namespace, self._wanted = namespace, wanted
        self._last: dict[str, Mapping[str, Any]] = {}
        self._made_by: dict[FrameType, list[_MetCall]] = {}
        self._running: dict[FrameType, _MetCall] = {}
        self._twice: set[str] = set()
        self._handed_as: dict[str, Mapping[str, str]] = {}
        self._heard, self._calls_since = time.process_time(), 0

    def told(self) -> dict[str, WitnessedCall]:
        """The first call of each function."""
        return {name: call._replace(handed_as=self._handed_as) for name, call in self.calls.items()}

    def see(self, frame: FrameType, event: str, value: Any) -> None:
        """As of :func:`sys.setprofile`."""
        if event == "return":
            self._made_by.pop(frame, None)
            if frame in self._running:
                self._running.pop(frame).result = value
        elif event == "call" and _is_function(frame.f_code):
            self._see(_MetCall(frame.f_code.co_qualname, frame, _arguments(frame)))

    def _see(self, call: _MetCall) -> None:
        name, back = call.function, call.frame.f_back
        self._calls_since += 1
        if name not in self.calls:
            self.calls[name] = self._first(call)
            self._hear()
        elif name not in self._twice:
            self._twice.add(name)
            self.calls[name] = self.calls[name]._replace(later=copies(call.arguments))
            self._hear()
        elif time.process_time() - self._heard > _QUIET_SECONDS and self._calls_since > _QUIET_CALLS:
            raise EnoughSeenError
        if name == self._wanted:
            raise EnoughSeenError
        self._last[name] = call.arguments
        self._running[call.frame] = call
        if back is not None:
            self._made_by[back] = [*self._made_by.get(back, []), call][-_MOST_EARLIER:]

    def _hear(self) -> None:
        """Note that something new has come of what is run."""
        self._heard, self._calls_since = time.process_time(), 0

    def _first(self, call: _MetCall) -> WitnessedCall:
        back = call.frame.f_back
        known = self._known(call)
        names = {id(value): name for name, value in reversed(known.items())}
        self._handed_as[call.function] = _handed_as(call)
        made = self._made_by.get(back, []) if back is not None else []
        last = list({each.function: each for each in made}.values())
        earlier = [
            EarlierCall(each.function, _sources(each, names, last[:place])) for place, each in enumerate(last)
        ]
        return WitnessedCall(
            function=call.function,
            place=_place(back),
            sources=_sources(call, names, last),
            values=copies(known),
            earlier=earlier,
            later={},
            caller=id(back),
            generators=[(generator, state_of(generator)) for generator in self._generators()],
        )

    def _known(self, call: _MetCall) -> dict[str, Any]:
        """What is known by name: the nearest first; further objects under the names of their classes."""
        known = dict(call.arguments)
        for others in (*_around(call.frame), *reversed(self._last.values())):
            for name, value in others.items():
                if name not in known:
                    known[name] = value
                elif value is not known[name] and is_own_object(value):
                    known.setdefault(f"{name}_{type(value).__name__}", value)
        return known

    def _generators(self) -> list[NumberGenerator]:
        return [value for value in self._namespace.values() if isinstance(value, NumberGenerator)]


def _sources(
    call: _MetCall, names: Mapping[int, str], before: Sequence[_MetCall]
) -> dict[str, ArgumentSource]:
    """How each argument of a call is had, by a name and from an earlier call of the same code."""
    given = {id(value): text for text, value in reversed([*_given(before)])}
    return {
        name: ArgumentSource(names.get(id(value), ""), given.get(id(value), ""))
        for name, value in call.arguments.items()
    }


def _given(before: Sequence[_MetCall]) -> Iterator[tuple[str, Any]]:
    """What earlier calls gave that holds arrays and was not handed to them, with its expression."""
    for place, call in enumerate(before):
        handed = {id(value) for value in call.arguments.values()}
        parts = call.result if isinstance(call.result, tuple | list) else ()
        every = [(f"out{place}", call.result), *((f"out{place}[{i}]", part) for i, part in enumerate(parts))]
        yield from (
            (text, value)
            for text, value in every
            if isinstance(value, np.ndarray | np.floating | dict | list | tuple) and id(value) not in handed
        )


def _handed_as(call: _MetCall) -> dict[str, str]:
    """What the code that makes a call has its arguments as: by a name, or as an attribute of an object."""
    around = next(_around(call.frame), {})
    held = [(name, value) for name, value in around.items() if is_own_object(value)]
    inner = [(f"{name}.{key}", part) for name, value in held for key, part in vars(value).items()]
    texts = {id(value): text for text, value in reversed([*around.items(), *inner])}
    return {
        name: texts[id(value)]
        for name, value in call.arguments.items()
        if isinstance(value, np.ndarray | list | dict) and id(value) in texts
    }


def _place(frame: FrameType | None) -> str:
    """Where a frame stands, in words."""
    if frame is None:
        return "an unknown line"
    _, _, cell = frame.f_code.co_filename.rpartition(", cell ")
    in_cell = f" of cell {cell}" if cell.isdigit() else ""
    return f"line {frame.f_lineno}{in_cell}"


def _is_function(code: CodeType) -> bool:
    return "<" not in code.co_qualname and is_users(code.co_filename)


def _arguments(frame: FrameType) -> dict[str, Any]:
    """What a function is called with, by its own names, that of the object first."""
    code, local = frame.f_code, frame.f_locals
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    return {name: local[name] for name in names if name in local}


def _around(frame: FrameType) -> Iterator[Mapping[str, Any]]:
    """What the code holds that called, directly or not: without functions and modules."""
    back = frame.f_back
    while back is not None and is_users(back.f_code.co_filename):
        yield {
            name: value
            for name, value in back.f_locals.items()
            if not name.startswith("_") and not isinstance(value, ModuleType | FunctionType | type | OwnCalls)
        }
        back = back.f_back

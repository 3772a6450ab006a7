"""The first call of each function of a file, recorded while it runs.

Whatever else the file does then, it trains, plots or fails, is of no matter: it is stopped as soon as nothing new comes
of it.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Mapping, Sequence
from types import FrameType
from typing import Any, NamedTuple

import numpy as np

from chainrule.errors import show_traceback
from chainrule.gradcheck.program.function_names import FunctionKind, rank
from chainrule.gradcheck.program.generators import NumberGenerator, state_of
from chainrule.gradcheck.program.leaves import is_own_object
from chainrule.gradcheck.program.limited import OutOfTimeError
from chainrule.gradcheck.recognition.witnessed.argument_sources import (
    MetCall,
    handed_as,
    names_of_values,
    sources_of,
    takes,
    with_numbers,
)
from chainrule.gradcheck.recognition.witnessed.copying import copies, is_of_arrays
from chainrule.gradcheck.recognition.witnessed.frames import (
    arguments_of,
    around,
    callers_of,
    is_function,
    place_of,
)
from chainrule.gradcheck.recognition.witnessed.witnessed_call import (
    EarlierCall,
    WitnessedCall,
)

_QUIET_SECONDS, _QUIET_CALLS = 0.4, 50
"""How long nothing new may come of what is run, and of how many calls: a few that take long may be those that load the
data."""

_CALLS_BEFORE_GRADIENTS = 200
"""The same of calls where no gradient has been called yet, and no numeric one: something may be computed of each sample
in front of a training."""

_MOST_EARLIER, _MOST_BEHIND = 12, 6
"""How many calls of the code that calls a function are known, of those before it and those behind it."""


class EnoughSeenError(OutOfTimeError):
    """Nothing that the file does from here on is needed."""


class _FirstCall(NamedTuple):
    """What was known where a function was first called.

    Attributes:
        known: by name; held, so that nothing else comes to lie where these lie.
        names: of the values, by where they lie.
        last: what the same code had called before, at each place once.
        before: how many these are.
        met: the call itself.
    """

    known: Mapping[str, Any]
    names: Mapping[int, str]
    last: Sequence[MetCall]
    before: int
    met: MetCall


class CallRecorder:
    """Sees every call of the user's functions, and keeps the first of each.

    Args:
        namespace: of the module.
        wanted: the function that is meant; empty for all of them.
        begun: the expression that is run; empty where it is the rest of the file.
    """

    def __init__(self, namespace: dict[str, Any], wanted: str, begun: str) -> None:
        self.calls: dict[str, WitnessedCall] = {}
        self._namespace, self._wanted, self._begun = namespace, wanted, begun
        self._open: dict[FrameType, dict[str, _FirstCall]] = {}
        self._last: dict[str, Mapping[str, Any]] = {}
        self._made_by: dict[FrameType, dict[tuple[str, int], MetCall]] = {}
        self._running: dict[FrameType, MetCall] = {}
        self._twice: set[str] = set()
        self._handed_as: dict[str, Mapping[str, str]] = {}
        self._heard, self._calls_since = time.process_time(), 0

    def told(self) -> dict[str, WitnessedCall]:
        """The first call of each function."""
        return {name: call._replace(handed_as=self._handed_as) for name, call in self.calls.items()}

    def see(self, frame: FrameType, event: str, value: Any) -> None:
        """As of :func:`sys.setprofile`."""
        try:
            if event == "return":
                self._made_by.pop(frame, None)
                self._open.pop(frame, None)
                if frame in self._running:
                    self._end(self._running.pop(frame), value)
            elif event == "call" and is_function(frame.f_code):
                self._see(MetCall(frame.f_code.co_qualname, frame, arguments_of(frame)))
        except Exception as error:
            # Raised here, it would be raised by the user's code; so it costs this call alone.
            show_traceback(error)

    def _see(self, call: MetCall) -> None:
        name, back = call.function, call.frame.f_back
        self._calls_since += 1
        if back is not None:
            self._follow(back, call)
        if name not in self.calls:
            self.calls[name] = self._first(call)
            self._hear()
        elif name not in self._twice:
            self._twice.add(name)
            self.calls[name] = self.calls[name]._replace(later=copies(call.arguments))
            self._hear()
        elif self._is_quiet() and not any(map(_is_gradient, self._running.values())):
            raise EnoughSeenError
        if name == self._wanted:
            raise EnoughSeenError
        self._last[name] = call.arguments
        self._running[call.frame] = call
        if back is not None:
            self._keep(back, call)

    def _keep(self, back: FrameType, call: MetCall) -> None:
        """Keep a call with the last that the same code has made before it: of those that it makes at one place, as in a
        loop over all samples, the last."""
        made = self._made_by.setdefault(back, {})
        made.pop((call.function, back.f_lasti), None)
        made[call.function, back.f_lasti] = call
        while len(made) > _MOST_EARLIER:
            del made[next(iter(made))]

    def _end(self, call: MetCall, result: Any) -> None:
        """Note what a call gives; behind a gradient, what it is called with the next time is still to come."""
        call.result = result
        if _is_gradient(call) and call.function not in self._twice:
            self._hear()

    def _is_quiet(self) -> bool:
        """Whether nothing new has come for long."""
        return time.process_time() - self._heard > _QUIET_SECONDS and self._calls_since > self._patience()

    def _patience(self) -> int:
        """Of how many calls nothing new may come."""
        kinds: tuple[FunctionKind, ...] = ("gradient", "numeric")
        comes = any(_is_called(name, kind) for name in self.calls for kind in kinds)
        return _QUIET_CALLS if comes else _CALLS_BEFORE_GRADIENTS

    def _follow(self, back: FrameType, call: MetCall) -> None:
        """Note a call with those that the same code has made before it, and with one whose result it takes."""
        before = self._open.get(back, {})
        before.pop(call.function, None)
        for name, first in before.items():
            earlier = [*self.calls[name].earlier]
            known = [each.function for each in earlier]
            if call.function in known or len(earlier) >= first.before + _MOST_BEHIND:
                continue
            made = [*enumerate(first.last)]
            if takes(call, first.met):
                if name not in known:
                    earlier.append(EarlierCall(name, self.calls[name].sources, behind=True))
                made.append(([*known, name].index(name), first.met))
            sources = with_numbers(sources_of(call, first.names, made), call.arguments)
            earlier.append(EarlierCall(call.function, sources, behind=True))
            self.calls[name] = self.calls[name]._replace(earlier=earlier)

    def _hear(self) -> None:
        """Note that something new has come of what is run."""
        self._heard, self._calls_since = time.process_time(), 0

    def _first(self, call: MetCall) -> WitnessedCall:
        back = call.frame.f_back
        known = self._known(call)
        names = names_of_values(known)
        self._handed_as[call.function] = handed_as(call)
        last = [*self._made_by.get(back, {}).values()] if back is not None else []
        earlier = [
            EarlierCall(
                each.function,
                with_numbers(sources_of(each, names, [*enumerate(last[:place])]), each.arguments),
            )
            for place, each in enumerate(last)
        ]
        if back is not None:
            first = _FirstCall(known, names, last, len(earlier), call)
            self._open.setdefault(back, {})[call.function] = first
        return WitnessedCall(
            function=call.function,
            place=place_of(back),
            sources=sources_of(call, names, [*enumerate(last)]),
            values=copies(known),
            earlier=earlier,
            later={},
            caller=id(back),
            generators=[(generator, state_of(generator)) for generator in self._generators()],
            begun=self._begun,
            of_module=frozenset(n for n in self._of_module(call.frame) if is_of_arrays(known.get(n))),
            module=self._namespace,
        )

    def _known(self, call: MetCall) -> dict[str, Any]:
        """What is known by name: the nearest first; further objects under the names of their classes, and what the same
        code has handed to others without a name, as ``X[i:i + n]``, as minibatches."""
        known = dict(call.arguments)
        for others in (*around(call.frame), *reversed(self._last.values())):
            for name, value in others.items():
                if name not in known:
                    known[name] = value
                elif value is not known[name] and is_own_object(value):
                    known.setdefault(f"{name}_{type(value).__name__}", value)
        named = names_of_values(known)
        back = call.frame.f_back
        for other in self._made_by.get(back, {}).values() if back is not None else ():
            # What the call has itself under this name is the minibatch that is meant.
            for name in (n for n in other.arguments if n not in call.arguments):
                value = other.arguments[name]
                if isinstance(value, np.ndarray) and id(value) not in named:
                    known.setdefault(f"{name}_batch", value)
        return known

    def _of_module(self, frame: FrameType) -> set[str]:
        """The names of what the code that called, directly or not, holds in the module, and not beside it."""
        outer = next((f for f in callers_of(frame) if f.f_locals is self._namespace), None)
        nearer = itertools.takewhile(lambda f: f is not outer, (frame, *callers_of(frame)))
        return (
            {*outer.f_locals} - {name for f in nearer for name in f.f_locals} if outer is not None else set()
        )

    def _generators(self) -> list[NumberGenerator]:
        return [value for value in self._namespace.values() if isinstance(value, NumberGenerator)]


def _is_called(function: str, kind: FunctionKind) -> bool:
    return rank(function.rpartition(".")[2], kind) is not None


def _is_gradient(call: MetCall) -> bool:
    return _is_called(call.function, "gradient")

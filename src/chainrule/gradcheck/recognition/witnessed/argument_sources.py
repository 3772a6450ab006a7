"""How the arguments of calls are had: by names, from earlier calls of the same code, or as attributes of objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Any

import numpy as np

from chainrule.gradcheck.program.leaves import is_own_object
from chainrule.gradcheck.recognition.witnessed.frames import around
from chainrule.gradcheck.recognition.witnessed.witnessed_call import ArgumentSource


@dataclass
class MetCall:
    """A call as it is met: what it holds is the file's own, and changes as the file goes on."""

    function: str
    frame: FrameType
    arguments: Mapping[str, Any]
    result: Any = None


def sources_of(
    call: MetCall, names: Mapping[int, str], before: Sequence[tuple[int, MetCall]]
) -> dict[str, ArgumentSource]:
    """How each argument of a call is had, by a name and from an earlier call of the same code."""
    given = {id(value): text for text, value in reversed([*_given(before)])}
    itself = call.arguments.get("self")
    if is_own_object(itself) and not vars(itself):
        # One that holds nothing is as good as another.
        kind = type(itself).__name__
        given.setdefault(id(itself), f"{kind}.__new__({kind})")
    return {
        name: _source(names.get(id(value), ""), given.get(id(value), ""))
        for name, value in call.arguments.items()
    }


def _source(name: str, given: str) -> ArgumentSource:
    """How a value is had; where an object has it, by that."""
    return ArgumentSource("", given or f"own.{name}") if "." in name else ArgumentSource(name, given)


def names_of_values(known: Mapping[str, Any]) -> dict[int, str]:
    """Names of values, by where these lie: the nearest, else what an object has them as, ``self.W``."""
    return {id(value): name for name, value in reversed([*known.items(), *_held(known)])}


def _held(known: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The arrays that known objects have as attributes, each with its name there."""
    return [
        (f"{name}.{key}", part)
        for name, value in known.items()
        if is_own_object(value)
        for key, part in vars(value).items()
        if isinstance(part, np.ndarray | list | dict)
    ]


def with_numbers(
    sources: Mapping[str, ArgumentSource], arguments: Mapping[str, Any]
) -> dict[str, ArgumentSource]:
    """The same with numbers, texts and switches that have no name as they are: those that are so by default."""
    plain = {name: repr(v) for name, v in arguments.items() if isinstance(v, float | int | str | None)}
    return {
        name: source if source.name or source.given else source._replace(given=plain.get(name, ""))
        for name, source in sources.items()
    }


def takes(call: MetCall, other: MetCall) -> bool:
    """Whether a call is handed what another one has given."""
    handed = {id(value) for value in call.arguments.values()}
    return any(id(value) in handed for _, value in _given([(0, other)]))


def _given(before: Sequence[tuple[int, MetCall]]) -> Iterator[tuple[str, Any]]:
    """What earlier calls, by their places, gave that holds arrays and was not handed to them, with its expression."""
    for place, call in before:
        handed = {id(value) for value in call.arguments.values()}
        parts = call.result if isinstance(call.result, tuple | list) else ()
        every = [(f"out{place}", call.result), *((f"out{place}[{i}]", part) for i, part in enumerate(parts))]
        yield from (
            (text, value)
            for text, value in every
            if isinstance(value, np.ndarray | np.floating | dict | list | tuple) and id(value) not in handed
        )


def handed_as(call: MetCall) -> dict[str, str]:
    """What the code that makes a call has its arguments as: by a name, or as an attribute of an object."""
    outer = next(around(call.frame), {})
    texts = {id(value): text for text, value in reversed([*outer.items(), *_held(outer)])}
    return {
        name: texts[id(value)]
        for name, value in call.arguments.items()
        if isinstance(value, np.ndarray | list | dict) and id(value) in texts
    }

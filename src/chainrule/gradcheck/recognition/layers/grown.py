"""Lists of an object that each forward pass makes longer, as inputs that are kept until an update."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chainrule.gradcheck.program.leaves import is_own_object

_MOST_OBJECTS_DEEP = 4


def cut_back(once: Any, twice: Any, text: str) -> list[str]:
    """The expressions that take from an object's lists what its first pass has added to them: as much as its second
    one, for what stands before that is a first state.

    Args:
        once: the object after a pass.
        twice: the same after two of them.
        text: the expression of the object after one.
    """
    lengths = dict(_lengths(once, text))
    longer = [(at, length - lengths[at]) for at, length in _lengths(twice, text) if at in lengths]
    return [f"{at}.__delitem__(slice({max(lengths[at] - more, 0)}, None))" for at, more in longer if more > 0]


def _lengths(value: Any, text: str, around: tuple[Any, ...] = ()) -> Iterator[tuple[str, int]]:
    """How long each list of an object is, those in its dictionaries and in objects that it holds as well."""
    if type(value) is list:
        yield text, len(value)
    inner: list[tuple[Any, str]] = []
    if isinstance(value, dict):
        inner = [(part, f"{text}[{name!r}]") for name, part in value.items()]
    elif isinstance(value, list | tuple):
        inner = [(part, f"{text}[{place}]") for place, part in enumerate(value)]
    elif is_own_object(value):
        inner = [(part, f"{text}.{name}") for name, part in getattr(value, "__dict__", {}).items()]
    if len(around) <= 2 * _MOST_OBJECTS_DEEP and not any(value is outer for outer in around):
        for part, at in inner:
            yield from _lengths(part, at, (value, *around))

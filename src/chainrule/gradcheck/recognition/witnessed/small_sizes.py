"""Smaller nets than those of a file, where its own take too long: other sizes as the defaults of constructors."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterable, Iterator, Mapping
from types import FunctionType
from typing import Any

from chainrule.gradcheck.program.reaching import is_users

SMALL = "with_small_sizes"
"""What runs something with them, in an expression that begins a training."""

_LARGEST = 12
"""What is no larger stays: kernels, strides and classes are as small, and belong to what the file reads."""

_FIRST = 4
"""The least that one of the others becomes. No two of them become the same, and none what another one is."""


@contextlib.contextmanager
def small_sizes(namespace: Mapping[str, Any]) -> Iterator[bool]:
    """Within it, what the constructors of a module's classes take by default is small, in tuples and lists too; whether
    it was not before."""
    makers = {id(maker): maker for maker in _makers(namespace.values())}.values()
    before = [(maker, maker.__defaults__, maker.__kwdefaults__) for maker in makers]
    sizes = {size for _, *defaults in before for size in _numbers(defaults)}
    large = sorted(size for size in sizes if size > _LARGEST)
    small = dict(zip(large, (n for n in itertools.count(_FIRST) if n not in sizes), strict=False))
    for maker, defaults, by_name in before:
        maker.__defaults__, maker.__kwdefaults__ = _with(small, defaults), _with(small, by_name)
    try:
        yield bool(large)
    finally:
        for maker, defaults, by_name in before:
            maker.__defaults__, maker.__kwdefaults__ = defaults, by_name


def _makers(values: Iterable[Any]) -> Iterator[FunctionType]:
    """The constructors of classes of the user's among some values."""
    for value in [*values]:
        maker = vars(value).get("__init__") if isinstance(value, type) else None
        if isinstance(maker, FunctionType) and is_users(maker.__code__.co_filename):
            yield maker


def _numbers(value: Any) -> Iterator[int]:
    if type(value) is int:
        yield value
    for part in _parts(value):
        yield from _numbers(part)


def _parts(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value.values()]
    return [*value] if type(value) in (tuple, list) else []


def _with(small: Mapping[int, int], value: Any) -> Any:
    """A value with small numbers in the place of large ones.

    >>> _with({50: 6}, (50, 5, [50], None))
    (6, 5, [6], None)
    """
    if type(value) is int:
        return small.get(value, value)
    if isinstance(value, dict):
        return {key: _with(small, part) for key, part in value.items()}
    return type(value)(_with(small, part) for part in value) if type(value) in (tuple, list) else value

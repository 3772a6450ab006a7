"""What the user's objects keep, put back as it was: code that is run with a change leaves other things in them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import FunctionType, MethodType, ModuleType
from typing import Any

from chainrule.gradcheck.program.reaching import cells

_MOST_OBJECTS = 2000


@contextmanager
def as_it_was(*owners: Any) -> Iterator[None]:
    """Within it, objects, lists and dictionaries may come to hold other things; afterwards they hold what they did."""
    before = _reachable(owners)
    try:
        yield
    finally:
        for held, content in before:
            _put_back(held, content)


def _reachable(owners: tuple[Any, ...]) -> list[tuple[Any, Any]]:
    """The lists, dictionaries and objects that these are, hold or, being functions, were made with; each with a copy of
    what it holds."""
    reached: dict[int, tuple[Any, Any]] = {}
    waiting = list(owners)
    while waiting and len(reached) < _MOST_OBJECTS:
        item = waiting.pop()
        if isinstance(item, MethodType):
            item = item.__self__
        if isinstance(item, FunctionType):
            waiting += cells(item)
        if isinstance(item, tuple):
            waiting += item
        content = _content(item) if id(item) not in reached else None
        if content is not None:
            reached[id(item)] = item, content
            waiting += content.values() if isinstance(content, dict) else content
    return list(reached.values())


def _content(item: Any) -> dict[Any, Any] | list[Any] | None:
    """A copy of what something holds; None for what holds nothing that can be put back."""
    if isinstance(item, dict | list):
        return item.copy()
    if isinstance(item, type | ModuleType | FunctionType) or not isinstance(
        getattr(item, "__dict__", None), dict
    ):
        return None
    return dict(vars(item))


def _put_back(held: Any, content: Any) -> None:
    if isinstance(held, list):
        held[:] = content
        return
    own = held if isinstance(held, dict) else vars(held)
    own.clear()
    own.update(content)

"""The values of a computation as its statements name them, and what each is made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.interface import NamedStatement, WatchedValue

ArrayKey = tuple[tuple[int, ...], str, bytes]
"""What two arrays share that are the same."""


@dataclass(eq=False)
class Node:
    """A value as a statement names it, or as it is given.

    Attributes:
        name: what it is called.
        values: one for each turn.
        statement: which forms it; None where it is given.
        sources: what it is made of.
    """

    name: str
    values: list[WatchedValue]
    statement: NamedStatement | None = None
    sources: list[Node] = field(default_factory=list)

    def is_now(self, value: WatchedValue) -> bool:
        """Whether it is a value, as it was formed last."""
        return key_of(self.values[-1].array) == key_of(value.array)


def with_sources(nodes: Iterable[Node]) -> list[Node]:
    """Some nodes and all that they are made of."""
    found: dict[int, Node] = {}
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        if id(node) not in found:
            found[id(node)] = node
            waiting += node.sources
    return list(found.values())


def after(nodes: Iterable[Node], sources: Iterable[Node]) -> set[int]:
    """The identities of the nodes that are made of some others, which are not among them."""
    own = {id(source) for source in sources}
    return {id(node) for node in nodes if any(id(each) in own for each in with_sources(node.sources))} - own


def without_beginnings(nodes: Sequence[Node]) -> list[Node]:
    """Those that are more than an array of zeros or ones where a later one of the same name stands for both."""
    last = {(node.name, node.statement and node.statement.function): node for node in nodes}
    return [
        node
        for node in nodes
        if node.sources
        or node.statement is None
        or is_telling(node.values[-1].array)
        or last[node.name, node.statement.function] is node
    ]


def short_name(text: str) -> str:
    """A name without the object it is an attribute of, and without needless quotes: ``W`` of ``self.W``.

    >>> short_name("self.W"), short_name("cache['x']"), short_name("dx[i]")
    ('W', 'x', 'dx[i]')
    """
    inside = re.fullmatch(r"""[\w.]+\[["'](\w+)["']\]""", text)
    return inside[1] if inside else text.removeprefix("self.")


def each_once(nodes: Iterable[Node]) -> list[Node]:
    """Some nodes in their order, none twice."""
    return list({id(node): node for node in nodes}.values())


def key_of(array: Array) -> ArrayKey:
    """What an array is found again by."""
    return array.shape, array.dtype.str, array.tobytes()


def is_telling(array: Array) -> bool:
    """Whether an array could hardly be the same as another one by chance."""
    return array.size > 0 and not np.all(array == array.flat[0]) if array.ndim else True

"""Which values of a computation are made of which: told by watching what each statement reads.

A statement is made of the values that are the same arrays as what it reads, wherever these come from: a name, a cache, a
dictionary, an attribute of an object. What was never formed before is given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from chainrule.arrays import Array
from chainrule.gradcheck.program.interface import Statement, WatchedValue
from chainrule.gradcheck.program.wrapping import LONGEST_SHOWN

_Key = tuple[tuple[int, ...], str, bytes]
_Function = tuple[str, int]

_NAMES_ALONE = re.compile(r"""[\w.]+(\[["']?\w+["']?\])*""")
"""What names a value and computes nothing: ``dout``, ``self.x``, ``params["W"]``."""


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
    statement: Statement | None = None
    sources: list[Node] = field(default_factory=list)

    def is_now(self, value: WatchedValue) -> bool:
        """Whether it is a value, as it was formed last."""
        return _key(self.values[-1].array) == _key(value.array)


@dataclass
class _Open:
    """A statement that is being evaluated: what it has read so far, with the expressions."""

    statement: Statement
    read: list[tuple[str, list[Node]]] = field(default_factory=list)

    @property
    def function(self) -> _Function:
        """In which it stands."""
        return self.statement.line.file, self.statement.start

    def made_of(self, text: str, *, all_of_it: bool) -> list[Node]:
        """What it has read that an expression takes more of than the shape; where the text is ``all_of_it``, only what
        stands there."""
        found = [nodes for own, nodes in self.read if _takes_more_than_the_shape(text, own)]
        if all_of_it:
            found = [nodes for own, nodes in self.read if own in text and _takes_more_than_the_shape(text, own)]
        return _each_once(node for nodes in found for node in nodes)


class Dataflow:
    """The values of a computation, followed through one call after the other.

    Args:
        statements: of the source.
        parameters: arrays that are given, by name.
        once: tell every statement once; else those alone that a loop repeats.

    Attributes:
        nodes: all, in the order in which they are formed or first read.
    """

    def __init__(
        self, statements: Sequence[Statement], parameters: Mapping[str, Array], *, once: bool
    ) -> None:
        self.nodes: list[Node] = []
        self._once = once
        self._named: dict[tuple[str, int, str], Statement] = {}
        self._around: dict[tuple[str, int], Statement] = {}
        for statement in statements:
            self._named.setdefault((*statement.line[:2], statement.text), statement)
            for row in range(statement.first, statement.last + 1):
                self._around.setdefault((statement.line.file, row), statement)
        self._parameters = {_key(array): name for name, array in parameters.items() if _is_telling(array)}
        self._of: dict[_Key, dict[str, list[Node]]] = {}
        self._by_target: dict[tuple[_Function, str], Node] = {}
        self._formed: dict[tuple[Statement, object], Node] = {}
        self._stack: list[_Open] = []
        self._earlier: set[int] = set()
        self._last: Node | None = None

    def follow(self, watched: Sequence[WatchedValue], known: Iterable[WatchedValue] = ()) -> list[Node]:
        """The new nodes of a call. What is ``known`` from an earlier one forms none."""
        before, self._stack, self._last = len(self.nodes), [], None
        self._earlier = {id(node) for node in self.nodes}
        in_place = {(*value.line[:2], value.text) for value in watched if value.in_place}
        forms_none = {(value.site, value.occurrence, _key(value.array)) for value in known}
        for value in watched:
            if _is_plain_number(value.array):
                continue
            statement = self._statement(value, in_place)
            around = statement or self._around.get((value.line.file, value.line.number))
            if around is None:
                continue
            opened = self._opened(around)
            if statement and (value.site, value.occurrence, _key(value.array)) not in forms_none:
                self._form(value, statement, opened)
                opened.read.clear()
            else:
                opened.read.append((value.text, self._read(value, opened)))
        return self.nodes[before:]

    def _statement(self, value: WatchedValue, in_place: set[tuple[str, int, str]]) -> Statement | None:
        """The statement whose value this is; of a part of an array that is seen as a whole none."""
        if value.use == "read":
            return None
        found = self._named.get((*value.line[:2], value.text))
        if found is None or found.whole == found.target:
            return found
        whole = (found.line.file, found.first, found.whole)
        return None if found.whole and whole in in_place else found

    def _opened(self, statement: Statement) -> _Open:
        """A statement that goes on, or begins, in its function: those that this has called are done."""
        new = _Open(statement)
        place = next((i for i, each in enumerate(self._stack) if each.function == new.function), None)
        if place is None:
            self._stack.append(new)
            return new
        del self._stack[place + 1 :]
        if self._stack[place].statement.first != statement.first:
            self._stack[place] = new
        return self._stack[place]

    def _read(self, value: WatchedValue, opened: _Open) -> list[Node]:
        """The nodes that a value is, or is made of."""
        nodes = self._found(value)
        if not nodes and (held := self._by_target.get((opened.function, value.text))):
            # Changed in place meanwhile.
            nodes = [held]
        if nodes or value.use == "read":
            return nodes or self._given(value, short_name(value.text))
        nodes = opened.made_of(value.text, all_of_it=_is_on_one_line(opened.statement))
        self._keep(value, "", nodes)
        return nodes

    def _found(self, value: WatchedValue) -> list[Node]:
        """The nodes that an array is: by its name, else the last one; a parameter that was not read before."""
        key = _key(value.array)
        candidates = self._of.get(key, {})
        if short_name(value.text) in candidates:
            return candidates[short_name(value.text)]
        if not _is_telling(value.array):
            return []
        if key not in self._of and key in self._parameters:
            return self._given(value, short_name(value.text) if value.use == "read" else self._parameters[key])
        return next(reversed(candidates.values()), [])

    def _given(self, value: WatchedValue, name: str) -> list[Node]:
        """What is read and was never formed."""
        if not value.array.ndim:
            return []
        node = Node(name, [value])
        self.nodes.append(node)
        self._keep(value, name, [node])
        return [node]

    def _keep(self, value: WatchedValue, name: str, nodes: list[Node]) -> None:
        names = self._of.setdefault(_key(value.array), {})
        names.pop(name, None)
        names[name] = nodes

    def _form(self, value: WatchedValue, statement: Statement, opened: _Open) -> None:
        known = self._found(value) if _NAMES_ALONE.fullmatch(statement.text) and not statement.joins else []
        node = self._same(value, statement, known)
        if node is None:
            node = self._node(value, statement)
            whole_text = _is_on_one_line(statement) and not statement.joins
            sources = known or opened.made_of(statement.text, all_of_it=whole_text)
            held = self._by_target.get((opened.function, statement.whole or statement.target))
            sources = [held, *sources] if statement.joins and held else sources
            node.values.append(value)
            node.sources = _each_once([*node.sources, *(source for source in sources if source is not node)])
        self._keep(value, short_name(statement.target or node.name), [node])
        self._by_target[opened.function, statement.target] = self._last = node

    def _same(self, value: WatchedValue, statement: Statement, known: Sequence[Node]) -> Node | None:
        """The node that a statement forms again, names only, or hands on; None where it forms a new one."""
        if not _is_telling(value.array):
            return None
        last, held = self._last, self._of.get(_key(value.array), {}).get(short_name(statement.target), [])
        if last and last.statement and _is_of_another(last.statement, statement) and last.is_now(value):
            # What a function returns gets its name where it is called.
            last.name = statement.target or last.name
            return last
        if not statement.target and (every := [*self._of.get(_key(value.array), {}).values()]):
            return next(iter(every[-1]), None)
        is_first = not self._earlier
        again = (
            node
            for node in (*held, *known)
            if id(node) in self._earlier or (is_first and node.statement is None)
        )
        return next(again, None)

    def _node(self, value: WatchedValue, statement: Statement) -> Node:
        """A new node; that of the turns before where a loop repeats it."""
        turn: object = value.occurrence
        if self._once or any(each.statement.repeats for each in self._stack):
            turn = () if self._once else tuple((each.function, each.statement.first) for each in self._stack)
        node = self._formed.get((statement, turn))
        if node is None:
            node = Node(statement.target or f"{statement.function}()", [], statement)
            self._formed[statement, turn] = node
            self.nodes.append(node)
        return node


def _is_of_another(statement: Statement, other: Statement) -> bool:
    """Whether two statements stand in two functions."""
    return (statement.line.file, statement.start) != (other.line.file, other.start)


def _is_on_one_line(statement: Statement) -> bool:
    """Whether the text of a value is all of its expression."""
    return statement.first == statement.last and len(statement.text) < LONGEST_SHOWN


def _takes_more_than_the_shape(text: str, name: str) -> bool:
    """Whether an expression takes more of a name than its shape.

    >>> _takes_more_than_the_shape("dout @ W.T / x.shape[0]", "x"), _takes_more_than_the_shape("x.reshape(-1)", "x")
    (False, True)
    """
    found = rf"(?<![\w.]){re.escape(name)}(?!\w)"
    sized = rf"{found}\.(shape|size|ndim|dtype)\b|\b(len|np\.\w+_like|np\.(size|shape|ndim))\(\s*{found}"
    count = len(re.findall(found, text))
    return count == 0 or count > len(re.findall(sized, text))


def short_name(text: str) -> str:
    """A name without the object it is an attribute of, and without needless quotes: ``W`` of ``self.W``.

    >>> short_name("self.W"), short_name("cache['x']"), short_name("dx[i]")
    ('W', 'x', 'dx[i]')
    """
    inside = re.fullmatch(r"""[\w.]+\[["'](\w+)["']\]""", text)
    return inside[1] if inside else text.removeprefix("self.")


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


def without_beginnings(nodes: Sequence[Node]) -> list[Node]:
    """Those that are more than an array of zeros or ones where a later one of the same name stands for both."""
    last = {(node.name, node.statement and node.statement.function): node for node in nodes}
    return [
        node
        for node in nodes
        if node.sources
        or node.statement is None
        or _is_telling(node.values[-1].array)
        or last[node.name, node.statement.function] is node
    ]


def _each_once(nodes: Iterable[Node]) -> list[Node]:
    return list({id(node): node for node in nodes}.values())


def _key(array: Array) -> _Key:
    return array.shape, array.dtype.str, array.tobytes()


def _is_plain_number(array: Array) -> bool:
    """Whether a value is a size or a setting: a whole number, or one of few digits."""
    return array.ndim == 0 and (array.dtype.kind != "f" or len(repr(float(array))) < 9)


def _is_telling(array: Array) -> bool:
    """Whether an array could hardly be the same as another one by chance."""
    return array.size > 0 and not np.all(array == array.flat[0]) if array.ndim else True

"""Which values of a computation are made of which: told by watching what each statement reads.

A statement is made of the values that are the same arrays as what it reads, wherever these come from: a name, a cache,
a dictionary, an attribute of an object. What was never formed before is given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from chainrule.arrays import Array
from chainrule.gradcheck.diagnosis.nodes import ArrayKey, Node, each_once, is_telling, key_of, short_name
from chainrule.gradcheck.program.interface import NamedStatement, WatchedValue
from chainrule.gradcheck.program.wrapping import LONGEST_SHOWN

_FunctionKey = tuple[str, int]

_MOST_LINES, _MOST_ALIKE = 200, 8
"""Of a statement, and of what it reads under one name."""

_NAMES_ALONE = re.compile(r"""[\w.]+(\[["']?\w+["']?\])*""")
"""What names a value and computes nothing: ``dout``, ``self.x``, ``params["W"]``."""


@dataclass(eq=False)
class _Open:
    """A statement that is being evaluated: what it has read so far, with the expressions."""

    statement: NamedStatement
    read: list[tuple[str, list[Node]]] = field(default_factory=list)

    @property
    def function(self) -> _FunctionKey:
        """In which it stands."""
        return self.statement.line.file, self.statement.start

    def take(self, value: WatchedValue, nodes: list[Node]) -> None:
        """Take a value in the place of those that stand in its expression."""
        texts = {own for own, _ in self.read} if value.use != "read" else set()
        left = {own: len(re.findall(_alone(own), value.text)) for own in texts}
        for place in range(len(self.read) - 1, -1, -1):
            own = self.read[place][0]
            if left.get(own) and own != value.text:
                left[own] -= 1
                del self.read[place]
        if sum(own == value.text for own, _ in self.read) < _MOST_ALIKE:
            self.read.append((value.text, nodes))

    def made_of(self, text: str, *, all_of_it: bool) -> list[Node]:
        """What it has read that an expression takes more of than the shape; where the text is ``all_of_it``, only what
        stands there."""
        found = [nodes for own, nodes in self.read if _takes_more_than_the_shape(text, own)]
        if all_of_it:
            found = [
                nodes
                for own, nodes in self.read
                if re.search(_alone(own), text) and _takes_more_than_the_shape(text, own)
            ]
        return each_once(node for nodes in found for node in nodes)


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
        self, statements: Sequence[NamedStatement], parameters: Mapping[str, Array], *, once: bool
    ) -> None:
        self.nodes: list[Node] = []
        self._once = once
        self._named: dict[tuple[str, int, str], NamedStatement] = {}
        self._around: dict[tuple[str, int], NamedStatement] = {}
        for statement in statements:
            self._named.setdefault((*statement.line[:2], statement.text), statement)
            for row in range(statement.first, min(statement.last, statement.first + _MOST_LINES) + 1):
                self._around.setdefault((statement.line.file, row), statement)
        self._parameters = {key_of(array): name for name, array in parameters.items() if is_telling(array)}
        self._of: dict[ArrayKey, dict[str, list[Node]]] = {}
        self._by_target: dict[tuple[_FunctionKey, str], Node] = {}
        self._formed: dict[tuple[NamedStatement, object], Node] = {}
        self._stack: list[_Open] = []
        self._earlier: set[int] = set()
        self._last: Node | None = None

    def follow(self, watched: Sequence[WatchedValue], known: Iterable[WatchedValue] = ()) -> list[Node]:
        """The new nodes of a call. What is ``known`` from an earlier one forms none."""
        before, self._stack, self._last = len(self.nodes), [], None
        self._earlier = {id(node) for node in self.nodes}
        in_place = {(*value.line[:2], value.text) for value in watched if value.in_place}
        forms_none = {(value.site, value.occurrence, key_of(value.array)) for value in known}
        for value in watched:
            if _is_plain_number(value.array):
                continue
            statement = self._statement(value, in_place)
            around = statement or self._around.get((value.line.file, value.line.number))
            if around is None:
                continue
            opened = self._opened(around)
            if statement and (value.site, value.occurrence, key_of(value.array)) not in forms_none:
                del self._stack[self._stack.index(opened) + 1 :]
                self._form(value, statement, opened)
                opened.read.clear()
            else:
                opened.take(value, self._read(value, opened))
        return self.nodes[before:]

    def _statement(self, value: WatchedValue, in_place: set[tuple[str, int, str]]) -> NamedStatement | None:
        """The statement whose value this is; of a part of an array that is seen as a whole none."""
        if value.use == "read":
            return None
        found = self._named.get((*value.line[:2], value.text))
        if found is None or found.whole == found.target:
            return found
        whole = (found.line.file, found.first, found.whole)
        return None if found.whole and whole in in_place else found

    def _opened(self, statement: NamedStatement) -> _Open:
        """A statement that goes on, or begins, in its function: once it is another one, those that the one before has
        called are done. A lambda goes on with the statement in which it stands."""
        new = _Open(statement)
        place = next(
            (i for i, each in enumerate(self._stack) if each.function == new.function), len(self._stack)
        )
        if place < len(self._stack) and self._stack[place].statement.first == statement.first:
            return self._stack[place]
        self._stack[place:] = [new]
        return new

    def _read(self, value: WatchedValue, opened: _Open) -> list[Node]:
        """The nodes that a value is, or is made of."""
        is_read, last = value.use == "read", self._last
        if not is_read:
            if (
                last
                and last.statement
                and _is_of_another(last.statement, opened.statement)
                and last.is_now(value)
            ):
                return [last]
            inside = opened.made_of(value.text, all_of_it=_is_on_one_line(opened.statement))
            if inside:
                # What has a name already is not only a part of an expression.
                self._of.setdefault(key_of(value.array), {"": inside})
                return inside
        nodes = self._found(value)
        if not nodes and (held := self._by_target.get((opened.function, value.text))):
            # Changed in place meanwhile.
            nodes = [held]
        return nodes or (self._given(value, short_name(value.text)) if is_read else [])

    def _found(self, value: WatchedValue) -> list[Node]:
        """The nodes that an array is: by its name, else the last one; a parameter that was not read before."""
        key = key_of(value.array)
        candidates = self._of.get(key, {})
        if short_name(value.text) in candidates:
            return candidates[short_name(value.text)]
        if not is_telling(value.array):
            return []
        if key not in self._of and key in self._parameters:
            return self._given(
                value, short_name(value.text) if value.use == "read" else self._parameters[key]
            )
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
        names = self._of.setdefault(key_of(value.array), {})
        names.pop(name, None)
        names[name] = nodes

    def _form(self, value: WatchedValue, statement: NamedStatement, opened: _Open) -> None:
        known = self._found(value) if _NAMES_ALONE.fullmatch(statement.text) and not statement.joins else []
        node = self._same(value, statement, known)
        if node is None:
            node = self._node(value, statement)
            whole_text = _is_on_one_line(statement) and not statement.joins
            sources = known or opened.made_of(statement.text, all_of_it=whole_text)
            held = self._by_target.get((opened.function, statement.whole or statement.target))
            sources = [held, *sources] if statement.joins and held else sources
            node.values.append(value)
            node.sources = each_once([*node.sources, *(source for source in sources if source is not node)])
        self._keep(value, short_name(statement.target or node.name), [node])
        self._by_target[opened.function, statement.target] = self._last = node

    def _same(self, value: WatchedValue, statement: NamedStatement, known: Sequence[Node]) -> Node | None:
        """The node that a statement forms again, names only, or hands on; None where it forms a new one."""
        if not is_telling(value.array):
            return None
        last, held = self._last, self._of.get(key_of(value.array), {}).get(short_name(statement.target), [])
        if last and last.statement and _is_of_another(last.statement, statement) and last.is_now(value):
            # What a function returns gets its name where it is called.
            last.name = statement.target or last.name
            return last
        if not statement.target and (every := [*self._of.get(key_of(value.array), {}).values()]):
            return next(iter(every[-1]), None)
        is_first = not self._earlier
        again = (
            node
            for node in (*held, *known)
            if id(node) in self._earlier or (is_first and node.statement is None)
        )
        return next(again, None)

    def _node(self, value: WatchedValue, statement: NamedStatement) -> Node:
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


def _is_of_another(statement: NamedStatement, other: NamedStatement) -> bool:
    """Whether two statements stand in two functions."""
    return (statement.line.file, statement.start) != (other.line.file, other.start)


def _is_on_one_line(statement: NamedStatement) -> bool:
    """Whether the text of a value is all of its expression."""
    return statement.first == statement.last and len(statement.text) < LONGEST_SHOWN


def _alone(name: str) -> str:
    """A pattern that finds a name or an expression where it is no part of a longer one."""
    return rf"(?<![\w.]){re.escape(name)}(?!\w)"


def _takes_more_than_the_shape(text: str, name: str) -> bool:
    """Whether an expression takes more of a name than its shape.

    >>> _takes_more_than_the_shape("dout @ W.T / x.shape[0]", "x"), _takes_more_than_the_shape("x.reshape(-1)", "x")
    (False, True)
    """
    found = _alone(name)
    sized = rf"{found}\.(shape|size|ndim|dtype)\b|\b(len|np\.\w+_like|np\.(size|shape|ndim))\(\s*{found}"
    count = len(re.findall(found, text))
    return count == 0 or count > len(re.findall(sized, text))


def _is_plain_number(array: Array) -> bool:
    """Whether a value is a size or a setting: a whole number, or one of few digits."""
    return array.ndim == 0 and (array.dtype.kind != "f" or len(repr(float(array))) < 9)
